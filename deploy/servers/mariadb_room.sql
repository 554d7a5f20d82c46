-- Makes the procedure by which the program ends a wait for room on the disk.
--
-- A commit that finds no room waits, and looks for room once a minute. KILL QUERY makes it look at once. But a commit that is
-- told so while there still is no room fails, and leaves a part of itself in the binary log, which damages it. So the procedure
-- first tries to fill some of the disk with a table, which fails at once without room.
SET SESSION sql_log_bin = 0;
DELIMITER //
CREATE OR REPLACE PROCEDURE {database}.end_wait_for_room() SQL SECURITY DEFINER
BEGIN
    DECLARE waiting BIGINT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        DROP TABLE IF EXISTS {database}.room;
        DO RELEASE_LOCK('userinfo room');
        RESIGNAL;
    END;
    IF GET_LOCK('userinfo room', 0) THEN
        SET SESSION sql_log_bin = 0;
        CREATE OR REPLACE TABLE {database}.room (filling LONGBLOB NOT NULL);
        INSERT INTO {database}.room SELECT REPEAT('x', 1000000) FROM seq_1_to_16;
        DROP TABLE {database}.room;
        SET waiting = (SELECT id FROM information_schema.processlist
                       WHERE state = 'Waiting for someone to free space' AND user <> 'system user' LIMIT 1);
        IF waiting IS NOT NULL THEN
            KILL QUERY waiting;
        END IF;
        DO RELEASE_LOCK('userinfo room');
    END IF;
END //
DELIMITER ;
