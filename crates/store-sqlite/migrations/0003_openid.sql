-- Pushed requests live for a minute and are written with every login that begins with one: the row alone, in the order
-- in which they come. Its id is ordered by time, so the sweep needs no index. Those that are on their way stay.
CREATE TABLE pushed_requests_by_id (
    id BLOB NOT NULL PRIMARY KEY,
    secret BLOB NOT NULL,
    client TEXT NOT NULL,
    -- Form-encoded.
    parameters TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO pushed_requests_by_id SELECT id, secret, client, parameters, expires_at FROM pushed_requests;
DROP TABLE pushed_requests;
ALTER TABLE pushed_requests_by_id RENAME TO pushed_requests;
