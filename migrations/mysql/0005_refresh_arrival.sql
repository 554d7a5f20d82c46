-- What tells a client that lost the reply to a refresh from a thief. An older program that rotates a session leaves
-- telling_generation behind `generation`: what it issued does not tell, and the fixed grace holds.
UPDATE schema_compatibility SET oldest_program = 4;
ALTER TABLE session
    ADD COLUMN IF NOT EXISTS telling_generation BIGINT NOT NULL DEFAULT 0,  -- the last one whose access tokens have `gen`
    ADD COLUMN IF NOT EXISTS arrived_generation BIGINT NOT NULL DEFAULT 1,  -- the newest that the client has shown
    ADD COLUMN IF NOT EXISTS arrived_at         BIGINT,                     -- when it was first shown
    ADD COLUMN IF NOT EXISTS late_repeats       BIGINT NOT NULL DEFAULT 0;  -- of the predecessor of `generation`
-- A repeated refresh has two addresses.
ALTER TABLE audit_event MODIFY address VARCHAR(160) NOT NULL;
