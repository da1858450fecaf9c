-- state
SELECT version, upto FROM folding;

-- all
SELECT record, summary FROM summaries ORDER BY id;

-- put
INSERT INTO summaries (record, summary) VALUES (?1, ?2)
ON CONFLICT (record) DO UPDATE SET summary = excluded.summary;

-- remove
DELETE FROM summaries WHERE record = ?1;

-- advance
UPDATE folding SET upto = max(upto, ?1);

-- begin
UPDATE folding SET version = ?1, upto = 0;

-- drop
DELETE FROM summaries;

-- since
SELECT arrival, record, glance FROM opened WHERE arrival > ?1 ORDER BY arrival LIMIT ?2;

-- newest
SELECT coalesce(max(arrival), 0) FROM opened;

-- glances
SELECT record, glance FROM opened WHERE arrival <= ?1 AND glance IS NOT NULL ORDER BY arrival;

-- stale
SELECT record FROM stale;

-- any_stale
SELECT 1 FROM stale LIMIT 1;

-- note
INSERT OR IGNORE INTO stale (record) VALUES (?1);

-- note_kind
INSERT OR IGNORE INTO stale (record) SELECT record FROM opened WHERE kind = ?1;

-- fresh
DELETE FROM stale WHERE record = ?1;

-- none_stale
DELETE FROM stale;

-- forget_entry
DELETE FROM summaries WHERE record = (SELECT o.record FROM opened o JOIN entries e ON e.arrival = o.arrival WHERE e.hash = ?1);

-- note_entry
INSERT OR IGNORE INTO stale (record)
SELECT o.record FROM opened o JOIN entries e ON e.arrival = o.arrival WHERE e.hash = ?1;
