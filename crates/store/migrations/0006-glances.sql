-- What whoever takes entries in saw of one that stands alone in its record: as long as it does, nobody need open it again to
-- draw a list. NULL where it is not alone, or was not looked at. Can be dropped.
ALTER TABLE opened ADD COLUMN glance BLOB;
