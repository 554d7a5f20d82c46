-- The oldest program that may run on this schema, so that a newer version can be rolled out beside an older one and
-- rolled back. Each later migration starts by writing its own answer here.
CREATE TABLE IF NOT EXISTS schema_compatibility (
    id             BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    oldest_program BIGINT NOT NULL  -- a program may run if it knows the migration with this number
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;
INSERT IGNORE INTO schema_compatibility (id, oldest_program) VALUES (1, 4);
