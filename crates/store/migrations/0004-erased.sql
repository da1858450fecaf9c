-- Entries whose bodies were erased, and chunks: they never come back.
CREATE TABLE erased (
    id   INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE erased_chunks (
    id    INTEGER PRIMARY KEY,
    chunk BLOB NOT NULL UNIQUE CHECK (length(chunk) = 32)
) STRICT;

-- One row while files beside the database still hold what was erased.
CREATE TABLE erasing (
    id INTEGER PRIMARY KEY CHECK (id = 1)
) STRICT;
