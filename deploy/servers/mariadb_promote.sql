-- Makes a replica the primary. The raised epoch keeps the former one from writes, should it come back.
STOP SLAVE;
RESET SLAVE ALL;
UPDATE {database}.cluster_state SET epoch = epoch + 1;
SET GLOBAL read_only = 0;
