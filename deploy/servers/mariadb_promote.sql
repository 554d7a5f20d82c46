-- Makes a replica the primary. The raised epoch keeps the former one from writes, should it come back.
--
-- The former primary may have called a change committed as soon as this server had received it. RESET SLAVE throws away what
-- is received and not applied, so that is applied first, however long it takes. If it cannot be, the server stays a replica.
-- The thread that applies must be well before the one that receives is stopped: when both have stopped, the next start of
-- either throws away what was received, too. It is at its end when it, and the workers that it has given changes to, have said so
-- for half a second: they may not have woken yet for what came last.
START SLAVE SQL_THREAD;
DELIMITER //
BEGIN NOT ATOMIC
    DECLARE does TEXT;
    DECLARE receives BOOLEAN DEFAULT TRUE;
    DECLARE works BOOLEAN;
    DECLARE looks_at_end, looks_without_it INT DEFAULT 0;  -- in a row
    WHILE receives OR looks_at_end < 25 DO
        SET does = COALESCE((SELECT state FROM information_schema.processlist WHERE command = 'Slave_SQL'), '');
        SET works = EXISTS (SELECT 1 FROM information_schema.processlist
                            WHERE command = 'Slave_worker' AND COALESCE(state, '') NOT LIKE 'Waiting for work%');
        SET looks_at_end = IF(does LIKE 'Slave has read all relay log%' AND NOT works, looks_at_end + 1, 0);
        SET looks_without_it = IF(does = '', looks_without_it + 1, 0);
        IF looks_without_it = 100 THEN
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Not promoted: it cannot apply all that it has received';
        END IF;
        IF receives AND looks_at_end > 0 THEN
            STOP SLAVE IO_THREAD;
            SET receives = FALSE;
            SET looks_at_end = 0;
        END IF;
        DO SLEEP(0.02);
    END WHILE;
END //
DELIMITER ;
STOP SLAVE;
RESET SLAVE ALL;
UPDATE {database}.cluster_state SET epoch = epoch + 1;
SET GLOBAL read_only = 0;
