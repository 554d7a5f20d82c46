-- What tells several database servers apart. An SQLite file is alone: here the row only keeps the schemas the same.
CREATE TABLE cluster_state (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    epoch     INTEGER NOT NULL,  -- raised on the server that becomes the primary
    heartbeat INTEGER NOT NULL   -- counted up on the primary; how far behind it is tells a replica's lag
) STRICT;
INSERT INTO cluster_state (id, epoch, heartbeat) VALUES (1, 1, 0);
