-- What tells a client that lost the reply to a refresh from a thief. An older program that rotates a session leaves
-- telling_generation behind `generation`: what it issued does not tell, and the fixed grace holds.
UPDATE schema_compatibility SET oldest_program = 4;
ALTER TABLE session ADD COLUMN telling_generation INTEGER NOT NULL DEFAULT 0;  -- the last whose access tokens have `gen`
ALTER TABLE session ADD COLUMN arrived_generation INTEGER NOT NULL DEFAULT 1;  -- the newest that the client has shown
ALTER TABLE session ADD COLUMN arrived_at         INTEGER;                     -- when it was first shown
ALTER TABLE session ADD COLUMN late_repeats       INTEGER NOT NULL DEFAULT 0;  -- of the predecessor of `generation`
