-- add
INSERT OR IGNORE INTO receipts (entry, hub, receipt) VALUES (?1, ?2, ?3);

-- of
SELECT r.receipt FROM receipts r JOIN entries e ON e.arrival = r.entry WHERE e.hash = ?1 ORDER BY r.id;

-- unsent
SELECT count(*) FROM chains c CROSS JOIN entries e ON e.chain = c.id
WHERE c.own > 0 AND NOT EXISTS (SELECT 1 FROM receipts r WHERE r.entry = e.arrival);

-- unsent_records
SELECT DISTINCT o.record FROM chains c CROSS JOIN entries e ON e.chain = c.id CROSS JOIN opened o ON o.arrival = e.arrival
WHERE c.own > 0 AND NOT EXISTS (SELECT 1 FROM receipts r WHERE r.entry = e.arrival);

-- received
SELECT DISTINCT e.hash FROM receipts r JOIN entries e ON e.arrival = r.entry WHERE EXISTS (SELECT 1 FROM receipts);

-- unsent_bytes
SELECT coalesce(sum(length(e.sealed)), 0) FROM chains c CROSS JOIN entries e ON e.chain = c.id
WHERE c.own > 0 AND NOT EXISTS (SELECT 1 FROM receipts r WHERE r.entry = e.arrival);

-- received_to
SELECT c.chain, max(e.seq) FROM receipts r JOIN entries e ON e.arrival = r.entry JOIN chains c ON c.id = e.chain
GROUP BY c.id;

-- confirmed_by
SELECT c.chain, max(e.seq) FROM receipts r JOIN entries e ON e.arrival = r.entry JOIN chains c ON c.id = e.chain
WHERE r.hub = ?1 GROUP BY c.id;

-- is_met
SELECT 1 FROM hubs WHERE hub = ?1;

-- meet
INSERT OR IGNORE INTO hubs (hub) VALUES (?1);

-- meet_all
INSERT OR IGNORE INTO unreceipted (hub, entry)
SELECT (SELECT id FROM hubs WHERE hub = ?1), e.arrival FROM entries e
WHERE e.has_body = 1 AND NOT EXISTS (SELECT 1 FROM receipts r WHERE r.entry = e.arrival AND r.hub = ?1);

-- without
SELECT e.arrival, e.hash FROM unreceipted u CROSS JOIN entries e ON e.arrival = u.entry
WHERE u.hub = (SELECT id FROM hubs WHERE hub = ?1) AND u.entry > ?2 ORDER BY u.entry LIMIT ?3;

-- without_of_stranger
SELECT e.arrival, e.hash FROM entries e
WHERE e.arrival > ?2 AND e.has_body = 1
AND NOT EXISTS (SELECT 1 FROM receipts r WHERE r.entry = e.arrival AND r.hub = ?1)
ORDER BY e.arrival LIMIT ?3;

-- add_chunk
INSERT OR IGNORE INTO chunks_on_hub (hub, chunk) VALUES (?1, ?2);

-- chunks
SELECT chunk FROM chunks_on_hub WHERE hub = ?1;
