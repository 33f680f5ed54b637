-- Times are milliseconds since the epoch; ids are 16 bytes that begin with the time, so that new rows land side by
-- side. Nothing refers to anything by foreign key: a grant outlives its session, and what a change deletes it names.

-- What people edit is a document beside the columns that are looked up.
CREATE TABLE clients (
    id TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;

-- Web origins of the clients that are enabled.
CREATE TABLE client_origins (
    client TEXT NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY (client, origin)
) STRICT, WITHOUT ROWID;
CREATE INDEX client_origins_by_origin ON client_origins (origin);

CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY,
    -- The login name in lower case.
    username_key TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE scopes (
    name TEXT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE resources (
    id TEXT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    secret BLOB NOT NULL,
    user BLOB NOT NULL,
    auth_time INTEGER NOT NULL,
    -- JSON array of amr values.
    authentication_methods TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user, id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE consents (
    user BLOB NOT NULL,
    client TEXT NOT NULL,
    -- Separated by spaces.
    scope TEXT NOT NULL,
    -- JSON array of resource indicators.
    resources TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (user, client)
) STRICT, WITHOUT ROWID;
CREATE INDEX consents_by_client ON consents (client);

-- A rotation updates a row in place and touches no index.
CREATE TABLE grants (
    id BLOB NOT NULL PRIMARY KEY,
    client TEXT NOT NULL,
    user BLOB NOT NULL,
    session BLOB,
    scope TEXT NOT NULL,
    resources TEXT NOT NULL,
    nonce TEXT,
    auth_time INTEGER NOT NULL,
    authentication_methods TEXT NOT NULL,
    code BLOB NOT NULL,
    salt BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- When the sweep looks at the row: never later than expires_at, which every rotation moves.
    look_at INTEGER NOT NULL,
    -- pending, active or revoked; the columns below belong to the state and are null in the others.
    state TEXT NOT NULL,
    redirect_uri TEXT,
    response_uri TEXT,
    challenge BLOB,
    generation INTEGER,
    rotated_at INTEGER,
    revoked_at INTEGER,
    revocation_reason TEXT
) STRICT;
CREATE INDEX grants_by_user ON grants (user, id);
CREATE INDEX grants_by_client ON grants (client, id);
CREATE INDEX grants_to_look_at ON grants (look_at);
CREATE INDEX grants_revoked ON grants (id) WHERE state = 'revoked';

CREATE TABLE denied_tokens (
    id BLOB NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX denied_tokens_by_end ON denied_tokens (expires_at);

CREATE TABLE login_attempts (
    key BLOB NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_attempts_by_time ON login_attempts (last_at);

CREATE TABLE keys (
    id TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    use_from INTEGER NOT NULL,
    retire_at INTEGER,
    wrapped BLOB NOT NULL
) STRICT;

-- Positions have no gaps: rows are added by one writer at a time and go from the front.
CREATE TABLE events (
    position INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject BLOB,
    ends_at INTEGER
) STRICT;

-- The position that the stream had at some time: what lies before it is at least that old.
CREATE TABLE event_mark (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    position INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
