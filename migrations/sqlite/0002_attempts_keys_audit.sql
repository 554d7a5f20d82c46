-- A third purpose of keys, and the chain over the audit trail.

-- Purpose 3 (internal): one secret that keys the MACs of what the service keeps for itself: the throttle's identifiers,
-- the audit chain. SQLite changes a CHECK only by building the table anew.
CREATE TABLE new_crypto_key (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    kid            TEXT    NOT NULL UNIQUE,
    purpose        INTEGER NOT NULL CHECK (purpose IN (1, 2, 3)),   -- access, refresh, internal
    state          INTEGER NOT NULL CHECK (state IN (1, 2, 3, 4)),  -- next, active, retiring, gone
    public_jwk     TEXT    NOT NULL,   -- empty for a symmetric key
    sealed         BLOB    NOT NULL,   -- the private part under the master key; empty once it is gone
    sealing_key_id TEXT    NOT NULL,   -- which master key
    not_before     INTEGER NOT NULL,
    sign_until     INTEGER,
    verify_until   INTEGER,
    created_at     INTEGER NOT NULL
) STRICT;
INSERT INTO new_crypto_key SELECT * FROM crypto_key;
DROP TABLE crypto_key;
ALTER TABLE new_crypto_key RENAME TO crypto_key;
CREATE UNIQUE INDEX crypto_key_active ON crypto_key (purpose) WHERE state = 2;

-- Each audit event gets its place in a chain shortly after it was written. Address and user agent enter it only through
-- `personal`, so that they can be dropped later without breaking it.
CREATE TABLE audit_chain (
    place    INTEGER PRIMARY KEY,  -- 1, 2, 3 … without a gap
    event_id INTEGER UNIQUE,       -- NULL in an anchor: this event and all before it are past their retention
    salt     BLOB,                 -- of `personal`; NULL: address and user agent were dropped
    personal BLOB    NOT NULL,     -- SHA-256 over salt, address and user agent
    mac      BLOB    NOT NULL,     -- over the mac of the place before, the place and the event
    anchor   BLOB                  -- in an anchor alone: a mac that says that the purge was the program's
) STRICT;
