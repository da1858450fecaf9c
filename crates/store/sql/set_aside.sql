-- put
INSERT INTO set_aside (sum, at_ms, chain, seq, reason, message, waits, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (sum) DO UPDATE SET reason = excluded.reason, message = excluded.message, waits = excluded.waits;

-- all
SELECT id, at_ms, chain, seq, reason, message, waits, length(bytes) FROM set_aside ORDER BY id;

-- waiting
SELECT bytes FROM set_aside WHERE chain = ?1 AND waits = 1 ORDER BY id;

-- bytes
SELECT bytes FROM set_aside WHERE id = ?1;

-- remove
DELETE FROM set_aside WHERE id = ?1;

-- entered
DELETE FROM set_aside WHERE sum = ?1;

-- size
SELECT count(*), coalesce(sum(length(bytes)), 0) FROM set_aside;

-- any
SELECT 1 FROM set_aside LIMIT 1;
