-- chain
SELECT id FROM chains WHERE chain = ?1;

-- add_chain
INSERT INTO chains (chain, own) VALUES (?1, 0);

-- make_own
UPDATE chains SET own = 1 WHERE id = ?1;

-- make_own_too
UPDATE chains SET own = 2 WHERE id = ?1 AND own = 0;

-- own_chain
SELECT chain FROM chains WHERE own = 1 ORDER BY id DESC LIMIT 1;

-- opening
SELECT e.sealed FROM entries e JOIN chains c ON c.id = e.chain WHERE c.chain = ?1 AND e.seq = 1 ORDER BY e.arrival;

-- has
SELECT 1 FROM entries WHERE hash = ?1;

-- add
INSERT INTO entries (chain, seq, hash, previous, has_body, parcel, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- came
INSERT INTO unreceipted (hub, entry)
SELECT h.id, e.arrival FROM hubs h CROSS JOIN entries e WHERE e.arrival >= ?1 AND e.has_body = 1;

-- fill_body
UPDATE entries SET sealed = ?2, has_body = 1 WHERE hash = ?1 AND has_body = 0;

-- by_hash
SELECT sealed FROM entries WHERE hash = ?1;

-- place_of
SELECT c.chain, e.seq FROM entries e JOIN chains c ON c.id = e.chain WHERE e.hash = ?1;

-- arrival
SELECT arrival FROM entries WHERE hash = ?1;

-- place
SELECT e.hash FROM entries e JOIN chains c ON c.id = e.chain WHERE c.chain = ?1 AND e.seq = ?2 ORDER BY e.arrival;

-- newest
SELECT max(seq) FROM entries WHERE chain = (SELECT id FROM chains WHERE chain = ?1);

-- back_from
WITH RECURSIVE back (hash, previous) AS (
    SELECT hash, previous FROM entries WHERE hash = ?1
    UNION ALL
    SELECT e.hash, e.previous FROM entries e JOIN back b ON e.hash = b.previous
)
SELECT hash FROM back;

-- alone_up_to
SELECT min(e.hash) FROM entries e JOIN chains c ON c.id = e.chain
WHERE c.chain = ?1 AND e.seq <= ?2 GROUP BY e.seq HAVING count(*) = 1;

-- count_in
SELECT count(*) FROM entries e JOIN chains c ON c.id = e.chain WHERE c.chain = ?1;

-- after
SELECT e.seq, e.sealed FROM entries e JOIN chains c ON c.id = e.chain
WHERE c.chain = ?1 AND e.seq > ?2 ORDER BY e.seq, e.arrival;

-- own
SELECT e.hash, e.sealed FROM chains c CROSS JOIN entries e ON e.chain = c.id WHERE c.own > 0 ORDER BY e.arrival;

-- parcels
SELECT sealed FROM entries WHERE parcel = 1 ORDER BY arrival;

-- count
SELECT count(*) FROM entries;

-- heads
SELECT c.chain, h.seq, h.hash FROM heads h JOIN chains c ON c.id = h.chain ORDER BY c.id, h.seq, h.hash;

-- heads_of
SELECT h.seq, h.hash FROM heads h JOIN chains c ON c.id = h.chain WHERE c.chain = ?1 ORDER BY h.seq, h.hash;

-- behead
DELETE FROM heads WHERE hash = ?1;

-- add_head
INSERT INTO heads (chain, seq, hash) VALUES (?1, ?2, ?3);

-- forked
SELECT c.chain FROM heads h JOIN chains c ON c.id = h.chain GROUP BY c.id HAVING count(*) > 1 ORDER BY c.id;

-- drop_heads
DELETE FROM heads;

-- rebuild_heads
INSERT INTO heads (chain, seq, hash)
SELECT e.chain, e.seq, e.hash FROM entries e
WHERE NOT EXISTS (SELECT 1 FROM entries n WHERE n.chain = e.chain AND n.seq = e.seq + 1 AND n.previous = e.hash)
ORDER BY e.arrival;
