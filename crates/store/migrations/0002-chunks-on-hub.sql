-- Which chunks a hub is known to have, so that they are not offered again at every sync.
CREATE TABLE chunks_on_hub (
    id    INTEGER PRIMARY KEY,
    hub   BLOB NOT NULL,
    chunk BLOB NOT NULL CHECK (length(chunk) = 32),
    UNIQUE (hub, chunk)
) STRICT;
