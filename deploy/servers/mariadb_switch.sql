-- The second of the four steps of a switchover: the replica that is to lead ends to follow its primary, which refuses writes and
-- has written up to {position}. If it has not applied that within half a second, it goes on to follow.
DELIMITER //
BEGIN NOT ATOMIC
    IF MASTER_GTID_WAIT('{position}', 0.5) <> 0 THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Not switched: it has not applied all changes within half a second';
    END IF;
END //
DELIMITER ;
STOP SLAVE;
RESET SLAVE ALL;
