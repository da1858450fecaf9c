-- mark
INSERT OR IGNORE INTO erased (hash) VALUES (?1);

-- mark_chunk
INSERT OR IGNORE INTO erased_chunks (chunk) VALUES (?1);

-- is_erased
SELECT 1 FROM erased WHERE hash = ?1;

-- any_erased
SELECT 1 FROM erased LIMIT 1;

-- is_chunk_erased
SELECT 1 FROM erased_chunks WHERE chunk = ?1;

-- all
SELECT hash FROM erased;

-- chunks
SELECT chunk FROM erased_chunks ORDER BY id;

-- since
SELECT id, hash FROM erased WHERE id > ?1 ORDER BY id LIMIT ?2;

-- chunks_since
SELECT id, chunk FROM erased_chunks WHERE id > ?1 ORDER BY id LIMIT ?2;

-- strip
UPDATE entries SET sealed = ?2, has_body = 0 WHERE hash = ?1 AND has_body = 1;

-- close
DELETE FROM opened WHERE arrival = (SELECT arrival FROM entries WHERE hash = ?1);

-- aside
SELECT id, bytes FROM set_aside;

-- strip_aside
UPDATE OR REPLACE set_aside SET bytes = ?2, sum = ?3 WHERE id = ?1;

-- forget_answer
DELETE FROM draft_changes WHERE path = ?2 AND draft = (SELECT id FROM drafts WHERE record = ?1);

-- begin
INSERT OR IGNORE INTO erasing (id) VALUES (1);

-- pending
SELECT 1 FROM erasing;

-- end
DELETE FROM erasing;
