-- The restricted chain is written here too: what stands in it is kept in the black box like the rest. `own` says 1 of ordinary
-- chains and 2 of all others of this laptop.
UPDATE chains SET own = 2 WHERE own = 0 AND chain = (SELECT value FROM settings WHERE key = 'restricted-chain');
