-- The oldest program that may run on this schema, so that a newer version can be rolled out beside an older one and
-- rolled back. Each later migration starts by writing its own answer here.
CREATE TABLE schema_compatibility (
    id             INTEGER PRIMARY KEY CHECK (id = 1),
    oldest_program INTEGER NOT NULL  -- a program may run if it knows the migration with this number
) STRICT;
INSERT INTO schema_compatibility (id, oldest_program) VALUES (1, 4);
