-- What each hub has given no receipt for yet, so that a sync asks for what is new and does not look through the project.
-- Hubs that ever gave a receipt; `hub` is their key.
CREATE TABLE hubs (
    id  INTEGER PRIMARY KEY,
    hub BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE unreceipted (
    hub   INTEGER NOT NULL REFERENCES hubs (id),
    entry INTEGER NOT NULL REFERENCES entries (arrival) ON DELETE CASCADE,
    PRIMARY KEY (hub, entry)
) STRICT, WITHOUT ROWID;

-- Whatever writes entries and receipts, these follow.
CREATE TRIGGER entry_came AFTER INSERT ON entries WHEN NEW.has_body = 1 BEGIN
    INSERT INTO unreceipted (hub, entry) SELECT id, NEW.arrival FROM hubs;
END;
CREATE TRIGGER body_came AFTER UPDATE OF has_body ON entries WHEN OLD.has_body = 0 AND NEW.has_body = 1 BEGIN
    INSERT OR IGNORE INTO unreceipted (hub, entry)
    SELECT h.id, NEW.arrival FROM hubs h
    WHERE NOT EXISTS (SELECT 1 FROM receipts r WHERE r.entry = NEW.arrival AND r.hub = h.hub);
END;
CREATE TRIGGER body_went AFTER UPDATE OF has_body ON entries WHEN OLD.has_body = 1 AND NEW.has_body = 0 BEGIN
    DELETE FROM unreceipted WHERE hub IN (SELECT id FROM hubs) AND entry = NEW.arrival;
END;
CREATE TRIGGER receipt_came AFTER INSERT ON receipts BEGIN
    DELETE FROM unreceipted WHERE hub = (SELECT id FROM hubs WHERE hub = NEW.hub) AND entry = NEW.entry;
END;
