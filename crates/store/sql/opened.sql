-- add
INSERT INTO opened (arrival, kind, record, glance) VALUES (?1, ?2, ?3, ?4);

-- has_record
SELECT 1 FROM opened WHERE record = ?1 LIMIT 1;

-- forget_glance
UPDATE opened SET glance = NULL WHERE record = ?1 AND glance IS NOT NULL;

-- of_record
SELECT e.hash, c.chain, e.seq, e.sealed, c.content_key
FROM opened o JOIN entries e ON e.arrival = o.arrival JOIN chains c ON c.id = e.chain
WHERE o.record = ?1 ORDER BY o.arrival;

-- of_kind
SELECT e.hash, c.chain, e.seq, e.sealed, c.content_key
FROM opened o JOIN entries e ON e.arrival = o.arrival JOIN chains c ON c.id = e.chain
WHERE o.kind = ?1 ORDER BY o.arrival;

-- unseen
SELECT e.hash, c.chain, e.seq, e.sealed, c.content_key
FROM opened o JOIN entries e ON e.arrival = o.arrival JOIN chains c ON c.id = e.chain
WHERE o.kind = ?1 AND o.glance IS NULL ORDER BY o.arrival;

-- one
SELECT e.hash, c.chain, e.seq, e.sealed, c.content_key
FROM entries e JOIN opened o ON o.arrival = e.arrival JOIN chains c ON c.id = e.chain
WHERE e.hash = ?1;

-- since
SELECT e.hash, c.chain, e.seq, e.sealed, c.content_key, e.arrival
FROM opened o JOIN entries e ON e.arrival = o.arrival JOIN chains c ON c.id = e.chain
WHERE o.arrival > ?1 ORDER BY o.arrival LIMIT ?2;

-- records
SELECT record, min(arrival) AS first FROM opened WHERE kind = ?1 GROUP BY record ORDER BY first;

-- firsts
SELECT c.chain, e.hash FROM opened o JOIN entries e ON e.arrival = o.arrival JOIN chains c ON c.id = e.chain
WHERE o.kind = ?1 AND e.seq = 1 ORDER BY o.arrival;

-- written
SELECT c.chain, o.kind, count(*)
FROM entries e JOIN opened o ON o.arrival = e.arrival JOIN chains c ON c.id = e.chain
GROUP BY e.chain, o.kind;

-- is_open
SELECT 1 FROM opened WHERE arrival = ?1;

-- closed
SELECT e.arrival FROM entries e JOIN chains c ON c.id = e.chain
WHERE c.chain = ?1 AND e.has_body = 1 AND NOT EXISTS (SELECT 1 FROM opened o WHERE o.arrival = e.arrival)
ORDER BY e.arrival;

-- sealed
SELECT sealed FROM entries WHERE arrival = ?1;

-- count_closed
SELECT count(*) FROM entries e
WHERE e.has_body = 1 AND NOT EXISTS (SELECT 1 FROM opened o WHERE o.arrival = e.arrival);

-- drop
DELETE FROM opened;
