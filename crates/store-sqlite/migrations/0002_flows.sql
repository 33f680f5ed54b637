-- Device authorizations, pushed requests, personal access tokens, trusted issuers, bound keys, and what is used once.
-- Only adds: every row of before stays as it is.

-- The JWK thumbprint that the tokens of a grant are bound to.
ALTER TABLE grants ADD COLUMN dpop_key BLOB;

-- What a grant came from, when it is of a token exchange: JSON.
ALTER TABLE grants ADD COLUMN exchange TEXT;

CREATE TABLE trusted_issuers (
    issuer TEXT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE used_once (
    key BLOB NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_once_by_end ON used_once (expires_at);

CREATE TABLE device_authorizations (
    id BLOB NOT NULL PRIMARY KEY,
    secret BLOB NOT NULL,
    -- A keyed hash of what a person types.
    user_code BLOB NOT NULL UNIQUE,
    client TEXT NOT NULL,
    scope TEXT NOT NULL,
    resources TEXT NOT NULL,
    device TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- pending, approved, denied or redeemed; the columns below belong to the state and are null in the others.
    state TEXT NOT NULL,
    user BLOB,
    session BLOB,
    auth_time INTEGER,
    authentication_methods TEXT,
    redeemed_grant BLOB
) STRICT;
CREATE INDEX device_authorizations_by_end ON device_authorizations (expires_at);

CREATE TABLE pushed_requests (
    id BLOB NOT NULL PRIMARY KEY,
    secret BLOB NOT NULL,
    client TEXT NOT NULL,
    -- Form-encoded.
    parameters TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX pushed_requests_by_end ON pushed_requests (expires_at);

CREATE TABLE personal_access_tokens (
    id BLOB NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    user BLOB NOT NULL,
    client TEXT,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- A use updates the row in place and touches no index.
    last_used_at INTEGER
) STRICT;
CREATE INDEX personal_access_tokens_by_user ON personal_access_tokens (user, id);
CREATE INDEX personal_access_tokens_by_end ON personal_access_tokens (expires_at);
