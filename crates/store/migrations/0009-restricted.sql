-- The restricted chain is written here too: what stands in it is kept in the black box like the rest. `own` says 1 of ordinary
-- chains and 2 of all others of this laptop; a team chain that a recovery once took for an ordinary one is among those again.
UPDATE chains SET own = 2 WHERE chain IN (SELECT value FROM settings WHERE key IN ('restricted-chain', 'team-chain'));
