-- loosen
INSERT OR IGNORE INTO loose_chunks (chunk) VALUES (?1);

-- name
DELETE FROM loose_chunks WHERE chunk = ?1;

-- loose
SELECT chunk FROM loose_chunks ORDER BY id;

-- start
INSERT INTO recordings (draft, path, about, started_ms) VALUES (?1, ?2, ?3, ?4);

-- put
INSERT INTO recording_pieces (recording, chunk, key, len) VALUES (?1, ?2, ?3, ?4);

-- one
SELECT r.id, d.record, r.path, r.about, r.started_ms FROM recordings r JOIN drafts d ON d.id = r.draft WHERE r.id = ?1;

-- of_draft
SELECT r.id, d.record, r.path, r.about, r.started_ms
FROM recordings r JOIN drafts d ON d.id = r.draft WHERE d.record = ?1 ORDER BY r.id;

-- pieces
SELECT chunk, key, len FROM recording_pieces WHERE recording = ?1 ORDER BY id;

-- unfinished
SELECT chunk FROM recording_pieces UNION ALL SELECT chunk FROM loose_chunks;

-- loosen_pieces
INSERT OR IGNORE INTO loose_chunks (chunk) SELECT chunk FROM recording_pieces WHERE recording = ?1;

-- loosen_draft
INSERT OR IGNORE INTO loose_chunks (chunk)
SELECT p.chunk FROM recording_pieces p
JOIN recordings r ON r.id = p.recording JOIN drafts d ON d.id = r.draft WHERE d.record = ?1;

-- drop
DELETE FROM recordings WHERE id = ?1;
