-- entries
SELECT hash, sealed FROM entries ORDER BY arrival;

-- hashes
SELECT hash FROM entries;
