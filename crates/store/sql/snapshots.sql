-- entries
SELECT hash, sealed FROM entries ORDER BY arrival;
