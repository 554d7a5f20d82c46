-- A third purpose of keys, and the chain over the audit trail.

-- Purpose 3 (internal): one secret that keys the MACs of what the service keeps for itself: the throttle's identifiers,
-- the audit chain.
ALTER TABLE crypto_key
    DROP CONSTRAINT IF EXISTS crypto_key_purpose,
    DROP CONSTRAINT IF EXISTS crypto_key_known_purpose,
    ADD CONSTRAINT crypto_key_known_purpose CHECK (purpose IN (1, 2, 3));

-- Each audit event gets its place in a chain shortly after it was written. Address and user agent enter it only through
-- `personal`, so that they can be dropped later without breaking it.
CREATE TABLE IF NOT EXISTS audit_chain (
    place    BIGINT         NOT NULL PRIMARY KEY,  -- 1, 2, 3 … without a gap
    event_id BIGINT,                  -- NULL in an anchor: this event and all before it are past their retention
    salt     VARBINARY(255),          -- of `personal`; NULL: address and user agent were dropped
    personal VARBINARY(255) NOT NULL, -- SHA-256 over salt, address and user agent
    mac      VARBINARY(255) NOT NULL, -- over the mac of the place before, the place and the event
    anchor   VARBINARY(255),          -- in an anchor alone: a mac that says that the purge was the program's
    UNIQUE INDEX audit_chain__event_id (event_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;
