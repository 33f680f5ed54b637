-- What OpenID Connect needs: sessions over many clients, jobs, registrations, and what a request asked for beyond scopes.

-- What an authentication request asked for beyond scopes: JSON.
ALTER TABLE grants ADD COLUMN openid TEXT;

-- Clients that registered themselves, and when they go unless they are used.
ALTER TABLE clients ADD COLUMN registered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN unused_until INTEGER;
CREATE INDEX clients_registered ON clients (id) WHERE registered = 1;
CREATE INDEX clients_unused ON clients (unused_until) WHERE unused_until IS NOT NULL;

CREATE TABLE initial_access_tokens (
    id BLOB NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- Null is any number.
    uses_left INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX initial_access_tokens_by_end ON initial_access_tokens (expires_at);

-- Which clients were logged in to by way of a session.
CREATE TABLE session_clients (
    session BLOB NOT NULL,
    client TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (session, client)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_clients_by_end ON session_clients (expires_at);

CREATE TABLE jobs (
    id BLOB NOT NULL PRIMARY KEY,
    -- JSON.
    task TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_due ON jobs (due_at, id);

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
