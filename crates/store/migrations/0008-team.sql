-- What is written for the team is written here too: `own` says 1 of an ordinary chain and 2 of a team chain.
UPDATE chains SET own = 2 WHERE own = 0 AND chain = (SELECT value FROM settings WHERE key = 'team-chain');
