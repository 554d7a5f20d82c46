-- The whole schema of userinfo on SQLite. The MySQL form has the same numbers, tables and columns.
--
-- Times are microseconds since 1970-01-01 UTC. Public ids and session ids (sid) are the 16 bytes of a UUID. Keys are
-- BLOBs, so that they compare byte by byte. AUTOINCREMENT: an id is never given twice. Tables are STRICT.

CREATE TABLE schema_migration (
    number     INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;

-- A deleted account stays as a tombstone without personal data, so that its public id is never given again.
CREATE TABLE account (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id     BLOB    NOT NULL UNIQUE CHECK (length(public_id) = 16),  -- random; the `sub` of its tokens
    status        INTEGER NOT NULL DEFAULT 0 CHECK (status IN (0, 1, 2)),  -- active, suspended, deleted
    session_epoch INTEGER NOT NULL DEFAULT 1,   -- only sessions of today's epoch are live
    origin        TEXT    NOT NULL,             -- how it came to be: 'register', 'cli'
    locale        TEXT    NOT NULL DEFAULT '',
    version       INTEGER NOT NULL DEFAULT 1,   -- rises with each change of status or password
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE login_identifier (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id  INTEGER NOT NULL REFERENCES account (id),
    kind        INTEGER NOT NULL CHECK (kind IN (1, 2)),  -- email, legacy (compatibility.reference)
    value       TEXT    NOT NULL,                         -- as typed; mail goes here
    value_key   BLOB    NOT NULL UNIQUE,                  -- what makes two spellings one
    is_primary  INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
    verified_at INTEGER,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX login_identifier_by_account ON login_identifier (account_id);
CREATE UNIQUE INDEX login_identifier_primary ON login_identifier (account_id) WHERE is_primary = 1;

CREATE TABLE credential (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id  INTEGER NOT NULL REFERENCES account (id),
    kind        INTEGER NOT NULL,             -- 1 password; later TOTP, passkey, recovery code
    data        TEXT    NOT NULL,             -- password: a PHC string
    version     INTEGER NOT NULL DEFAULT 1,   -- rises with each new password, not with a new hash of the same one
    set_at      INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;
CREATE INDEX credential_by_account ON credential (account_id);
CREATE UNIQUE INDEX credential_password ON credential (account_id) WHERE kind = 1;

CREATE TABLE session (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    sid                 BLOB    NOT NULL UNIQUE CHECK (length(sid) = 16),
    account_id          INTEGER NOT NULL REFERENCES account (id),
    nonce               BLOB    NOT NULL CHECK (length(nonce) = 16),  -- part of the refresh token's MAC
    generation          INTEGER NOT NULL,                             -- of the refresh token that is good now
    epoch               INTEGER NOT NULL,                             -- the account's when the session began
    transport           INTEGER NOT NULL CHECK (transport IN (1, 2)), -- cookie, bearer
    client              TEXT    NOT NULL,
    amr                 TEXT    NOT NULL,      -- how the person proved themselves: RFC 8176 values with commas
    device              TEXT    NOT NULL,
    address             TEXT    NOT NULL,      -- where it began
    last_address        TEXT    NOT NULL,      -- where it was last refreshed
    auth_time           INTEGER NOT NULL,
    created_at          INTEGER NOT NULL,
    last_seen_at        INTEGER NOT NULL,      -- log-in or last refresh
    rotated_at          INTEGER,               -- when `generation` last rose
    idle_expires_at     INTEGER NOT NULL CHECK (idle_expires_at <= absolute_expires_at),
    absolute_expires_at INTEGER NOT NULL,
    ended_at            INTEGER,
    end_reason          INTEGER                -- enum end_reason
) STRICT;
CREATE INDEX session_by_account ON session (account_id, ended_at);
CREATE INDEX session_by_expiry ON session (idle_expires_at);
CREATE INDEX session_by_end ON session (ended_at) WHERE ended_at IS NOT NULL;

-- The tail of this table tells every process which sessions ended. It outlives session and account; it is purged when
-- the last access token of then has expired.
CREATE TABLE revoked_session (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    sid        BLOB    NOT NULL CHECK (length(sid) = 16),
    revoked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX revoked_session_by_time ON revoked_session (revoked_at);

CREATE TABLE crypto_key (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    kid            TEXT    NOT NULL UNIQUE,
    purpose        INTEGER NOT NULL CHECK (purpose IN (1, 2)),      -- access, refresh
    state          INTEGER NOT NULL CHECK (state IN (1, 2, 3, 4)),  -- next, active, retiring, gone
    public_jwk     TEXT    NOT NULL,   -- empty for a symmetric key
    sealed         BLOB    NOT NULL,   -- the private part under the master key
    sealing_key_id TEXT    NOT NULL,   -- which master key
    not_before     INTEGER NOT NULL,
    sign_until     INTEGER,
    verify_until   INTEGER,
    created_at     INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX crypto_key_active ON crypto_key (purpose) WHERE state = 2;

-- Failed attempts by what they were made with. Swept.
CREATE TABLE throttle (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    kind          INTEGER NOT NULL,    -- what the key is of
    key_hash      BLOB    NOT NULL,    -- HMAC of an identifier or a source, whether it exists or not
    failures      INTEGER NOT NULL,
    first_at      INTEGER NOT NULL,
    last_at       INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    UNIQUE (kind, key_hash)
) STRICT;
CREATE INDEX throttle_by_time ON throttle (last_at);

-- Written in the transaction of what it records; outlives the account, so it refers to none.
CREATE TABLE audit_event (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    occurred_at INTEGER NOT NULL,
    type        TEXT    NOT NULL,       -- 'register', 'log_in', …
    succeeded   INTEGER NOT NULL CHECK (succeeded IN (0, 1)),
    reason      TEXT    NOT NULL,       -- one inner word, or empty
    actor       TEXT    NOT NULL,       -- a public id, 'cli:<uid>', or empty: nobody known
    subject    BLOB,                   -- public id of the account that it happened to
    session     TEXT    NOT NULL,       -- label (hash) of the session's id, or empty
    address     TEXT    NOT NULL,
    user_agent  TEXT    NOT NULL,
    request_id  TEXT    NOT NULL,
    details     TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX audit_event_by_subject ON audit_event (subject, occurred_at);
CREATE INDEX audit_event_by_time ON audit_event (occurred_at);

-- At most one for each account. The email that a profile shows is the account's primary login_identifier.
CREATE TABLE profile (
    account_id INTEGER PRIMARY KEY REFERENCES account (id),
    username   TEXT,
    birthday   TEXT,                         -- YYYY-MM-DD
    avatar     TEXT    NOT NULL DEFAULT '',
    version    INTEGER NOT NULL,             -- one more with each write, on across delete and re-create
    deleted    INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),  -- a tombstone: the version alone
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK (deleted = 1 OR username IS NOT NULL),
    CHECK (deleted = 0 OR (username IS NULL AND birthday IS NULL AND avatar = ''))
) STRICT;
