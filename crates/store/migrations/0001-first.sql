-- The first layout. Every table is clustered by arrival (integer rowid); hashes stand in secondary indexes.
-- Identities are BLOBs as on the wire, times are milliseconds since 1970 UTC by an untrusted clock.

CREATE TABLE settings (
    key   TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) STRICT;

-- Sealed a second time with the person key, which only the passphrase opens.
CREATE TABLE secrets (
    name   TEXT PRIMARY KEY NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

-- Drafts: what is being filled in on this laptop.

CREATE TABLE drafts (
    id          INTEGER PRIMARY KEY,
    record      BLOB NOT NULL UNIQUE CHECK (length(record) = 16),
    form        BLOB NOT NULL,
    subject     BLOB CHECK (length(subject) = 16),
    language    TEXT NOT NULL,
    state       TEXT NOT NULL,
    position    TEXT,
    parents     BLOB NOT NULL,
    extra       TEXT NOT NULL,
    started_ms  INTEGER NOT NULL,
    changed_ms  INTEGER NOT NULL,
    sealed_upto INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Every change, in order; never updated but for `undone`, which names the change that took it back.
CREATE TABLE draft_changes (
    id     INTEGER PRIMARY KEY,
    draft  INTEGER NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    path   TEXT NOT NULL,
    answer TEXT,
    note   TEXT,
    at_ms  INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    undoes INTEGER,
    undone INTEGER
) STRICT;
CREATE INDEX draft_changes_by_path ON draft_changes (draft, path, id);

-- The entries, byte for byte as they travel.

CREATE TABLE chains (
    id          INTEGER PRIMARY KEY,
    chain       BLOB NOT NULL UNIQUE CHECK (length(chain) = 16),
    own         INTEGER NOT NULL DEFAULT 0,
    content_key BLOB
) STRICT;

-- Content keys that came before the chain they are said to open, so that its opening entry could not vouch for them.
CREATE TABLE early_keys (
    id    INTEGER PRIMARY KEY,
    chain BLOB NOT NULL CHECK (length(chain) = 16),
    key   BLOB NOT NULL,
    UNIQUE (chain, key)
) STRICT;

-- What this laptop reads parcels of content keys with.
CREATE TABLE reading_keys (
    id  INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE CHECK (length(key) = 32)
) STRICT;

CREATE TABLE entries (
    arrival  INTEGER PRIMARY KEY,
    chain    INTEGER NOT NULL REFERENCES chains (id),
    seq      INTEGER NOT NULL CHECK (seq > 0),
    hash     BLOB NOT NULL CHECK (length(hash) = 32),
    previous BLOB NOT NULL,
    has_body INTEGER NOT NULL,
    parcel   INTEGER NOT NULL,
    sealed   BLOB NOT NULL
) STRICT;
-- A chain split in two has several entries in one place, so places are not unique.
CREATE UNIQUE INDEX entries_by_hash ON entries (hash);
CREATE INDEX entries_by_place ON entries (chain, seq);

-- The ends of each chain: normally one, more after a fork.
CREATE TABLE heads (
    id    INTEGER PRIMARY KEY,
    chain INTEGER NOT NULL REFERENCES chains (id),
    seq   INTEGER NOT NULL,
    hash  BLOB NOT NULL UNIQUE
) STRICT;
CREATE INDEX heads_by_chain ON heads (chain);

-- Bodies once opened. Can be dropped and built again from the entries and the content keys.
CREATE TABLE opened (
    arrival   INTEGER PRIMARY KEY REFERENCES entries (arrival) ON DELETE CASCADE,
    kind      INTEGER NOT NULL,
    record    BLOB NOT NULL CHECK (length(record) = 16),
    parents   BLOB NOT NULL,
    author    BLOB NOT NULL CHECK (length(author) = 16),
    at_ms     INTEGER NOT NULL,
    at_offset INTEGER NOT NULL,
    content   BLOB NOT NULL
) STRICT;
CREATE INDEX opened_by_record ON opened (record, arrival);
CREATE INDEX opened_by_kind ON opened (kind, record);

-- A hub's signed word that it has an entry.
CREATE TABLE receipts (
    id      INTEGER PRIMARY KEY,
    entry   INTEGER NOT NULL REFERENCES entries (arrival) ON DELETE CASCADE,
    hub     BLOB NOT NULL,
    receipt BLOB NOT NULL,
    UNIQUE (entry, hub)
) STRICT;

-- What did not enter, kept with the reason. `waits`: may enter once other entries have come.
CREATE TABLE set_aside (
    id      INTEGER PRIMARY KEY,
    sum     BLOB NOT NULL UNIQUE,
    at_ms   INTEGER NOT NULL,
    chain   BLOB,
    seq     INTEGER,
    reason  TEXT NOT NULL,
    message TEXT NOT NULL,
    waits   INTEGER NOT NULL,
    bytes   BLOB NOT NULL
) STRICT;
CREATE INDEX set_aside_waiting ON set_aside (chain) WHERE waits = 1;
