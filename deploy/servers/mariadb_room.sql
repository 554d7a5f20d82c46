-- Makes the procedure by which the program ends a wait for room on the disk, and the table that it needs.
--
-- A commit that finds no room waits, and looks for room once a minute. KILL QUERY makes it look at once. But a commit that is
-- told so while there still is no room fails, and leaves a part of itself in the binary log, which damages it. So the procedure
-- first copies a table of 16 MB, which fails at once without room.
--
-- OPTIMIZE LOCAL copies a table without the binary log. So the procedure leaves sql_log_bin alone: a call that is interrupted
-- would leave it off in the caller's session.
SET SESSION sql_log_bin = 0;
CREATE DATABASE IF NOT EXISTS room_of_{database};
USE room_of_{database};
CREATE TABLE IF NOT EXISTS filling (bytes LONGBLOB NOT NULL) ENGINE = InnoDB;
INSERT INTO filling SELECT REPEAT('x', 1000000) FROM seq_1_to_16 WHERE NOT EXISTS (SELECT 1 FROM filling);
DELIMITER //
CREATE OR REPLACE PROCEDURE {database}.end_wait_for_room() SQL SECURITY DEFINER
BEGIN
    DECLARE old_file, new_file, waiting BIGINT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        DO RELEASE_LOCK('userinfo room');
        RESIGNAL;
    END;
    IF NOT @@global.read_only AND GET_LOCK('userinfo room', 0) THEN
        SET old_file = (SELECT space FROM information_schema.innodb_sys_tables WHERE name = 'room_of_{database}/filling');
        SET STATEMENT lock_wait_timeout = 1 FOR OPTIMIZE LOCAL TABLE room_of_{database}.filling;
        SET new_file = (SELECT space FROM information_schema.innodb_sys_tables WHERE name = 'room_of_{database}/filling');
        IF new_file <=> old_file THEN
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'there is no room';
        END IF;
        SET waiting = (SELECT id FROM information_schema.processlist
                       WHERE state = 'Waiting for someone to free space' AND user <> 'system user' LIMIT 1);
        IF waiting IS NOT NULL THEN
            KILL QUERY waiting;
        END IF;
        DO RELEASE_LOCK('userinfo room');
    END IF;
END //
DELIMITER ;
