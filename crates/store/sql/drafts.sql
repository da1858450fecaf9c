-- start
INSERT INTO drafts (record, form, subject, language, state, parents, extra, started_ms, changed_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8);

-- id
SELECT id FROM drafts WHERE record = ?1;

-- one
SELECT record, form, subject, language, state, position, parents, extra, started_ms, changed_ms,
       EXISTS (SELECT 1 FROM draft_changes c WHERE c.draft = d.id AND c.id > d.sealed_upto)
FROM drafts d WHERE record = ?1;

-- all
SELECT record, form, subject, language, state, position, parents, extra, started_ms, changed_ms,
       EXISTS (SELECT 1 FROM draft_changes c WHERE c.draft = d.id AND c.id > d.sealed_upto)
FROM drafts d ORDER BY id;

-- set_state
UPDATE drafts SET state = ?2 WHERE record = ?1;

-- set_language
UPDATE drafts SET language = ?2 WHERE record = ?1;

-- set_position
UPDATE drafts SET position = ?2 WHERE record = ?1;

-- set_subject
UPDATE drafts SET subject = ?2 WHERE record = ?1;

-- set_form
UPDATE drafts SET form = ?2 WHERE record = ?1;

-- set_parents
UPDATE drafts SET parents = ?2 WHERE record = ?1;

-- set_extra
UPDATE drafts SET extra = ?2 WHERE record = ?1;

-- drop
DELETE FROM drafts WHERE record = ?1;

-- touch
UPDATE drafts SET changed_ms = ?2 WHERE id = ?1;

-- change
INSERT INTO draft_changes (draft, path, answer, note, at_ms, offset, undoes)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- latest_of
SELECT answer, note FROM draft_changes WHERE draft = ?1 AND path = ?2 ORDER BY id DESC LIMIT 1;

-- before
SELECT answer, note FROM draft_changes WHERE draft = ?1 AND path = ?2 AND id < ?3 ORDER BY id DESC LIMIT 1;

-- latest
SELECT c.path, c.answer, c.note, c.at_ms, c.offset, c.id > d.sealed_upto
FROM draft_changes c JOIN drafts d ON d.id = c.draft
WHERE d.record = ?1
  AND c.id = (SELECT max(l.id) FROM draft_changes l WHERE l.draft = c.draft AND l.path = c.path)
ORDER BY c.id;

-- unsealed
SELECT c.path, c.answer, c.note, c.at_ms, c.offset, s.id IS NOT NULL, s.answer, s.note
FROM draft_changes c JOIN drafts d ON d.id = c.draft
LEFT JOIN draft_changes s ON s.id = (SELECT max(o.id) FROM draft_changes o
                                     WHERE o.draft = c.draft AND o.path = c.path AND o.id <= d.sealed_upto)
WHERE d.record = ?1 AND c.id > d.sealed_upto
  AND c.id = (SELECT max(l.id) FROM draft_changes l WHERE l.draft = c.draft AND l.path = c.path)
ORDER BY c.id;

-- history
SELECT c.path, c.answer, c.note, c.at_ms, c.offset, c.id > d.sealed_upto
FROM draft_changes c JOIN drafts d ON d.id = c.draft
WHERE d.record = ?1 ORDER BY c.id;

-- undoable
SELECT c.id, c.path FROM draft_changes c JOIN drafts d ON d.id = c.draft
WHERE d.id = ?1 AND c.id > d.sealed_upto AND c.undoes IS NULL AND c.undone IS NULL AND c.path LIKE '/%'
ORDER BY c.id DESC LIMIT 1;

-- mark_undone
UPDATE draft_changes SET undone = ?2 WHERE id = ?1;

-- mark_sealed
UPDATE drafts SET sealed_upto = (SELECT coalesce(max(c.id), 0) FROM draft_changes c WHERE c.draft = drafts.id)
WHERE record = ?1;
