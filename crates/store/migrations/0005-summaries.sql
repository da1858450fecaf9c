-- What an entry says stands in `entries`, sealed, and is opened when it is read: a second copy took half of the database
-- and half of the time of taking entries in. `opened` says which entries can be opened, and whose they are.
ALTER TABLE opened RENAME TO opened_whole;
CREATE TABLE opened (
    arrival INTEGER PRIMARY KEY REFERENCES entries (arrival) ON DELETE CASCADE,
    kind    INTEGER NOT NULL,
    record  BLOB NOT NULL CHECK (length(record) = 16)
) STRICT;
INSERT INTO opened (arrival, kind, record) SELECT arrival, kind, record FROM opened_whole ORDER BY arrival;
DROP TABLE opened_whole;
CREATE INDEX opened_by_record ON opened (record, arrival);
-- By arrival within a kind: an index that also named the record would be written all over for each entry.
CREATE INDEX opened_by_kind ON opened (kind);

-- What a record's entries came to when they were folded last. Can be dropped and built again.
CREATE TABLE summaries (
    id      INTEGER PRIMARY KEY,
    record  BLOB NOT NULL UNIQUE CHECK (length(record) = 16),
    summary BLOB NOT NULL
) STRICT;

-- One row: by which version of the fold, and up to which arrival.
CREATE TABLE folding (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    upto    INTEGER NOT NULL
) STRICT;
INSERT INTO folding (id, version, upto) VALUES (1, 0, 0);

-- Records whose entries up to there changed since: opened late, or erased.
CREATE TABLE stale (
    id     INTEGER PRIMARY KEY,
    record BLOB NOT NULL UNIQUE CHECK (length(record) = 16)
) STRICT;
