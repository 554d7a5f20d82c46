-- The last of the four steps of a switchover: the server takes writes. The raised epoch tells services that it is the primary.
UPDATE {database}.cluster_state SET epoch = epoch + 1;
SET GLOBAL read_only = 0;
