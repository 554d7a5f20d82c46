-- Makes a server a replica, from where its own data end: a former primary wrote the last of them itself.
SET GLOBAL read_only = 1;
STOP SLAVE;
SET GLOBAL gtid_slave_pos = @@gtid_current_pos;
CHANGE MASTER TO MASTER_HOST = '{primary}', MASTER_PORT = {port}, MASTER_USER = 'replication',
    MASTER_PASSWORD = '{password}', MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1, MASTER_HEARTBEAT_PERIOD = 1,
    MASTER_SSL = 1, MASTER_SSL_CA = '{authority}', MASTER_SSL_VERIFY_SERVER_CERT = 1;
START SLAVE;
