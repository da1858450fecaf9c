-- Who writes entries says once for a whole run of them which hubs have given no receipt for them: a trigger on each entry made
-- SQLite keep what each page was before, entry by entry.
DROP TRIGGER entry_came;
