-- What tells several database servers apart.
CREATE TABLE IF NOT EXISTS cluster_state (
    id        BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch     BIGINT NOT NULL,  -- raised on the server that becomes the primary
    heartbeat BIGINT NOT NULL   -- counted up on the primary; how far behind it is tells a replica's lag
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;
INSERT IGNORE INTO cluster_state (id, epoch, heartbeat) VALUES (1, 1, 0);
