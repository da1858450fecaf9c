-- has_person
SELECT EXISTS (SELECT 1 FROM settings) AND EXISTS (SELECT 1 FROM reading_keys);

-- settings
SELECT rowid, key, value FROM settings WHERE rowid > ?1 ORDER BY rowid;

-- put_setting
INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2);

-- secrets
SELECT rowid, name, sealed FROM secrets WHERE rowid > ?1 ORDER BY rowid;

-- put_secret
INSERT OR REPLACE INTO secrets (name, sealed) VALUES (?1, ?2);

-- reading_keys
SELECT id, key FROM reading_keys WHERE id > ?1 ORDER BY id;

-- put_reading_key
INSERT OR IGNORE INTO reading_keys (key) VALUES (?1);

-- early_keys
SELECT id, chain, key FROM early_keys WHERE id > ?1 ORDER BY id;

-- put_early_key
INSERT OR IGNORE INTO early_keys (chain, key) VALUES (?1, ?2);

-- erased
SELECT id, hash FROM erased WHERE id > ?1 ORDER BY id;

-- put_erased
INSERT OR IGNORE INTO erased (hash) VALUES (?1);

-- erased_chunks
SELECT id, chunk FROM erased_chunks WHERE id > ?1 ORDER BY id;

-- put_erased_chunk
INSERT OR IGNORE INTO erased_chunks (chunk) VALUES (?1);

-- loose_chunks
SELECT id, chunk FROM loose_chunks WHERE id > ?1 ORDER BY id;

-- put_loose_chunk
INSERT OR IGNORE INTO loose_chunks (chunk) VALUES (?1);

-- chains
SELECT id, chain, own, content_key FROM chains WHERE id > ?1 ORDER BY id;

-- put_chain
INSERT INTO chains (chain, own, content_key) VALUES (?1, ?2, ?3)
ON CONFLICT (chain) DO UPDATE SET own = max(own, excluded.own), content_key = coalesce(content_key, excluded.content_key);

-- set_aside
SELECT id, sum, at_ms, chain, seq, reason, message, waits, bytes FROM set_aside WHERE id > ?1 ORDER BY id;

-- put_aside
INSERT OR IGNORE INTO set_aside (sum, at_ms, chain, seq, reason, message, waits, bytes)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- drafts
SELECT id, id, record, form, subject, language, state, position, parents, extra, started_ms, changed_ms, sealed_upto
FROM drafts WHERE id > ?1 ORDER BY id;

-- put_draft
INSERT INTO drafts (id, record, form, subject, language, state, position, parents, extra, started_ms, changed_ms, sealed_upto)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12);

-- drop_drafts
DELETE FROM drafts;

-- changes
SELECT id, id, draft, path, answer, note, at_ms, offset, undoes, undone FROM draft_changes WHERE id > ?1 ORDER BY id;

-- put_change
INSERT INTO draft_changes (id, draft, path, answer, note, at_ms, offset, undoes, undone)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);

-- recordings
SELECT id, id, draft, path, about, started_ms FROM recordings WHERE id > ?1 ORDER BY id;

-- put_recording
INSERT INTO recordings (id, draft, path, about, started_ms) VALUES (?1, ?2, ?3, ?4, ?5);

-- pieces
SELECT id, id, recording, chunk, key, len FROM recording_pieces WHERE id > ?1 ORDER BY id;

-- put_piece
INSERT INTO recording_pieces (id, recording, chunk, key, len) VALUES (?1, ?2, ?3, ?4, ?5);

-- forget
DELETE FROM summaries; DELETE FROM stale; UPDATE folding SET upto = 0;

-- entries
SELECT arrival, sealed FROM entries WHERE arrival > ?1 ORDER BY arrival;

-- all_chains
SELECT chain FROM chains ORDER BY id;
