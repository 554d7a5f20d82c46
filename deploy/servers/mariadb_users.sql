-- Each may do what its job needs: the program serves as `app` and makes its tables as `migrate`. Words in braces are filled in.
SET SESSION sql_log_bin = 0;
CREATE DATABASE IF NOT EXISTS {database} CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE OR REPLACE USER app@'{host}' IDENTIFIED BY '{app}';
GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON `{database}%`.* TO app@'{host}';
CREATE OR REPLACE USER migrate@'{host}' IDENTIFIED BY '{migrate}';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON `{database}%`.* TO migrate@'{host}';
CREATE OR REPLACE USER monitor@'{host}' IDENTIFIED BY '{monitor}';
GRANT SLAVE MONITOR, BINLOG MONITOR, PROCESS ON *.* TO monitor@'{host}';
CREATE OR REPLACE USER replication@'{host}' IDENTIFIED BY '{replication}' REQUIRE SSL;
GRANT REPLICATION SLAVE ON *.* TO replication@'{host}';
CREATE OR REPLACE USER rescue@'127.0.0.1' IDENTIFIED BY '{rescue}';
GRANT CONNECTION ADMIN, PROCESS ON *.* TO rescue@'127.0.0.1';
