-- put
INSERT INTO settings (key, value) VALUES (?1, ?2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- get
SELECT value FROM settings WHERE key = ?1;

-- remove
DELETE FROM settings WHERE key = ?1;

-- put_secret
INSERT INTO secrets (name, sealed) VALUES (?1, ?2)
ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed;

-- get_secret
SELECT sealed FROM secrets WHERE name = ?1;
