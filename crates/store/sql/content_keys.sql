-- get
SELECT content_key FROM chains WHERE chain = ?1 AND content_key IS NOT NULL;

-- set
UPDATE chains SET content_key = ?2 WHERE chain = ?1;

-- put_early
INSERT OR IGNORE INTO early_keys (chain, key) VALUES (?1, ?2);

-- early
SELECT key FROM early_keys WHERE chain = ?1 ORDER BY id;

-- all_early
SELECT key FROM early_keys ORDER BY id;

-- drop_early
DELETE FROM early_keys WHERE chain = ?1;

-- count_early
SELECT count(*) FROM early_keys;

-- put_reading
INSERT OR IGNORE INTO reading_keys (key) VALUES (?1);

-- reading
SELECT key FROM reading_keys ORDER BY id;

-- readable_chains
SELECT chain FROM chains WHERE content_key IS NOT NULL ORDER BY id;
