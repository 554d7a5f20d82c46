-- A program without this migration cannot read refresh tokens of version 2, which this one issues.
UPDATE schema_compatibility SET oldest_program = 6;

-- Browsers and programs that have logged in to an account before. A client keeps a sealed proof, which names the row
-- and its generation. Swept.
CREATE TABLE device (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id     BLOB    NOT NULL UNIQUE CHECK (length(public_id) = 16),  -- random
    account_id    INTEGER NOT NULL REFERENCES account (id),
    generation    INTEGER NOT NULL,   -- rises with each log-in; an older one proves nothing
    name          TEXT    NOT NULL,   -- the user agent of its last log-in
    created_at    INTEGER NOT NULL,
    last_used_at  INTEGER NOT NULL,   -- its last log-in
    trusted_until INTEGER             -- for later versions: no second factor is asked for here
) STRICT;
CREATE INDEX device_by_account ON device (account_id, last_used_at);
CREATE INDEX device_by_use ON device (last_used_at);
