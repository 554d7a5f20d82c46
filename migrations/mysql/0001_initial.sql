-- The whole schema of userinfo on MariaDB. The SQLite form has the same numbers, tables and columns.
--
-- Times are microseconds since 1970-01-01 UTC. Public ids and session ids (sid) are the 16 bytes of a UUID. Keys are
-- binary, and text is compared byte by byte, trailing spaces included. An id is never given twice.
--
-- MariaDB commits each of these statements by itself. So each may be run again: a migration that died half-way is run
-- from its beginning, and counts as applied only when its row is in schema_migration.
--
-- A unique index is called TABLE__COLUMN: that is all that MariaDB tells of a violation. What SQLite does with a partial
-- unique index a generated column does here, which is NULL in all other rows.

CREATE TABLE IF NOT EXISTS schema_migration (
    number     BIGINT       NOT NULL PRIMARY KEY,
    name       VARCHAR(255) NOT NULL,
    applied_at BIGINT       NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

-- A deleted account stays as a tombstone without personal data, so that its public id is never given again.
CREATE TABLE IF NOT EXISTS account (
    id            BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
    public_id     BINARY(16)  NOT NULL,             -- random; the `sub` of its tokens
    status        TINYINT     NOT NULL DEFAULT 0 CHECK (status IN (0, 1, 2)),  -- active, suspended, deleted
    session_epoch BIGINT      NOT NULL DEFAULT 1,   -- only sessions of today's epoch are live
    origin        VARCHAR(64) NOT NULL,             -- how it came to be: 'register', 'cli'
    locale        VARCHAR(64) NOT NULL DEFAULT '',
    version       BIGINT      NOT NULL DEFAULT 1,   -- rises with each change of status or password
    created_at    BIGINT      NOT NULL,
    updated_at    BIGINT      NOT NULL,
    UNIQUE INDEX account__public_id (public_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE TABLE IF NOT EXISTS login_identifier (
    id          BIGINT         NOT NULL AUTO_INCREMENT PRIMARY KEY,
    account_id  BIGINT         NOT NULL,
    kind        TINYINT        NOT NULL CHECK (kind IN (1, 2)),  -- email, legacy (compatibility.reference)
    value       VARCHAR(512)   NOT NULL,                         -- as typed; mail goes here
    value_key   VARBINARY(512) NOT NULL,                         -- what makes two spellings one
    is_primary  TINYINT        NOT NULL CHECK (is_primary IN (0, 1)),
    verified_at BIGINT,
    created_at  BIGINT         NOT NULL,
    primary_of  BIGINT AS (IF(is_primary = 1, account_id, NULL)) PERSISTENT,
    UNIQUE INDEX login_identifier__value_key (value_key),
    UNIQUE INDEX login_identifier__account_id (primary_of),
    INDEX login_identifier_by_account (account_id),
    CONSTRAINT login_identifier_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE TABLE IF NOT EXISTS credential (
    id          BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
    account_id  BIGINT        NOT NULL,
    kind        TINYINT       NOT NULL,             -- 1 password; later TOTP, passkey, recovery code
    data        VARCHAR(1024) NOT NULL,             -- password: a PHC string
    version     BIGINT        NOT NULL DEFAULT 1,   -- rises with each new password, not with a new hash of the same one
    set_at      BIGINT        NOT NULL,
    disabled_at BIGINT,
    password_of BIGINT AS (IF(kind = 1, account_id, NULL)) PERSISTENT,
    UNIQUE INDEX credential__account_id (password_of),
    INDEX credential_by_account (account_id),
    CONSTRAINT credential_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE TABLE IF NOT EXISTS session (
    id                  BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    sid                 BINARY(16)   NOT NULL,
    account_id          BIGINT       NOT NULL,
    nonce               BINARY(16)   NOT NULL,                            -- part of the refresh token's MAC
    generation          BIGINT       NOT NULL,                            -- of the refresh token that is good now
    epoch               BIGINT       NOT NULL,                            -- the account's when the session began
    transport           TINYINT      NOT NULL CHECK (transport IN (1, 2)), -- cookie, bearer
    client              VARCHAR(255) NOT NULL,
    amr                 VARCHAR(255) NOT NULL,      -- how the person proved themselves: RFC 8176 values with commas
    device              VARBINARY(512) NOT NULL,    -- a user agent: whatever bytes were sent
    address             VARCHAR(64)  NOT NULL,      -- where it began
    last_address        VARCHAR(64)  NOT NULL,      -- where it was last refreshed
    auth_time           BIGINT       NOT NULL,
    created_at          BIGINT       NOT NULL,
    last_seen_at        BIGINT       NOT NULL,      -- log-in or last refresh
    rotated_at          BIGINT,                     -- when `generation` last rose
    idle_expires_at     BIGINT       NOT NULL,
    absolute_expires_at BIGINT       NOT NULL,
    ended_at            BIGINT,
    end_reason          TINYINT,                    -- enum end_reason
    CHECK (idle_expires_at <= absolute_expires_at),
    UNIQUE INDEX session__sid (sid),
    INDEX session_by_account (account_id, ended_at),
    INDEX session_by_expiry (idle_expires_at),
    INDEX session_by_end (ended_at),
    CONSTRAINT session_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

-- The tail of this table tells every process which sessions ended. It outlives session and account; it is purged when
-- the last access token of then has expired.
CREATE TABLE IF NOT EXISTS revoked_session (
    id         BIGINT     NOT NULL AUTO_INCREMENT PRIMARY KEY,
    sid        BINARY(16) NOT NULL,
    revoked_at BIGINT     NOT NULL,
    INDEX revoked_session_by_time (revoked_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE TABLE IF NOT EXISTS crypto_key (
    id             BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kid            VARCHAR(255) NOT NULL,
    purpose        TINYINT      NOT NULL,   -- access, refresh
    state          TINYINT      NOT NULL CHECK (state IN (1, 2, 3, 4)),  -- next, active, retiring, gone
    public_jwk     TEXT         NOT NULL,   -- empty for a symmetric key
    sealed         BLOB         NOT NULL,   -- the private part under the master key
    sealing_key_id VARCHAR(255) NOT NULL,   -- which master key
    not_before     BIGINT       NOT NULL,
    sign_until     BIGINT,
    verify_until   BIGINT,
    created_at     BIGINT       NOT NULL,
    active_for     TINYINT AS (IF(state = 2, purpose, NULL)) PERSISTENT,
    UNIQUE INDEX crypto_key__kid (kid),
    UNIQUE INDEX crypto_key__purpose (active_for),
    CONSTRAINT crypto_key_purpose CHECK (purpose IN (1, 2))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

-- Failed attempts by what they were made with. Swept.
CREATE TABLE IF NOT EXISTS throttle (
    id            BIGINT         NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind          BIGINT         NOT NULL,    -- what the key is of
    key_hash      VARBINARY(255) NOT NULL,    -- HMAC of an identifier or a source, whether it exists or not
    failures      BIGINT         NOT NULL,
    first_at      BIGINT         NOT NULL,
    last_at       BIGINT         NOT NULL,
    blocked_until BIGINT         NOT NULL,
    UNIQUE INDEX throttle__kind (kind, key_hash),
    INDEX throttle_by_time (last_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

-- Written in the transaction of what it records; outlives the account, so it refers to none.
CREATE TABLE IF NOT EXISTS audit_event (
    id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    occurred_at BIGINT       NOT NULL,
    type        VARCHAR(64)  NOT NULL,       -- 'register', 'log_in', …
    succeeded   TINYINT      NOT NULL CHECK (succeeded IN (0, 1)),
    reason      VARCHAR(255) NOT NULL,       -- one inner word, or empty
    actor       VARCHAR(255) NOT NULL,       -- a public id, 'cli:<uid>', or empty: nobody known
    subject     BINARY(16),                  -- public id of the account that it happened to
    session     VARCHAR(64)  NOT NULL,       -- label (hash) of the session's id, or empty
    address     VARCHAR(64)  NOT NULL,
    user_agent  VARBINARY(512) NOT NULL,     -- whatever bytes were sent
    request_id  VARCHAR(64)  NOT NULL,
    details     TEXT         NOT NULL DEFAULT '',
    INDEX audit_event_by_subject (subject, occurred_at),
    INDEX audit_event_by_time (occurred_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

-- At most one for each account. The email that a profile shows is the account's primary login_identifier.
CREATE TABLE IF NOT EXISTS profile (
    account_id BIGINT        NOT NULL PRIMARY KEY,
    username   VARCHAR(1024),
    birthday   VARCHAR(10),                         -- YYYY-MM-DD
    avatar     TEXT          NOT NULL DEFAULT '',
    version    BIGINT        NOT NULL,              -- one more with each write, on across delete and re-create
    deleted    TINYINT       NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),  -- a tombstone: the version alone
    created_at BIGINT        NOT NULL,
    updated_at BIGINT        NOT NULL,
    CHECK (deleted = 1 OR username IS NOT NULL),
    CHECK (deleted = 0 OR (username IS NULL AND birthday IS NULL AND avatar = '')),
    CONSTRAINT profile_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;
