-- A program without this migration cannot read refresh tokens of version 2, which this one issues.
UPDATE schema_compatibility SET oldest_program = 6;

-- Browsers and programs that have logged in to an account before. A client keeps a sealed proof, which names the row
-- and its generation. Swept.
CREATE TABLE IF NOT EXISTS device (
    id            BIGINT         NOT NULL AUTO_INCREMENT PRIMARY KEY,
    public_id     BINARY(16)     NOT NULL,   -- random
    account_id    BIGINT         NOT NULL,
    generation    BIGINT         NOT NULL,   -- rises with each log-in; an older one proves nothing
    name          VARBINARY(512) NOT NULL,   -- the user agent of its last log-in: whatever bytes were sent
    created_at    BIGINT         NOT NULL,
    last_used_at  BIGINT         NOT NULL,   -- its last log-in
    trusted_until BIGINT,                    -- for later versions: no second factor is asked for here
    UNIQUE INDEX device__public_id (public_id),
    INDEX device_by_account (account_id, last_used_at),
    INDEX device_by_use (last_used_at),
    CONSTRAINT device_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;
