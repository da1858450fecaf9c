-- Chunks that were made here and that nothing names yet. A chunk stands here before it is written; the step that names
-- it takes it out. What a crash left here is swept.
CREATE TABLE loose_chunks (
    id    INTEGER PRIMARY KEY,
    chunk BLOB NOT NULL UNIQUE CHECK (length(chunk) = 32)
) STRICT;

-- Files that come in piece by piece (a recording while it runs), of a draft's question, until they are an answer.
CREATE TABLE recordings (
    id         INTEGER PRIMARY KEY,
    draft      INTEGER NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    path       TEXT NOT NULL,
    about      TEXT NOT NULL,
    started_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX recordings_by_draft ON recordings (draft);

CREATE TABLE recording_pieces (
    id        INTEGER PRIMARY KEY,
    recording INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    chunk     BLOB NOT NULL CHECK (length(chunk) = 32),
    key       BLOB NOT NULL CHECK (length(key) = 32),
    len       INTEGER NOT NULL CHECK (len > 0)
) STRICT;
CREATE INDEX recording_pieces_by_recording ON recording_pieces (recording, id);
