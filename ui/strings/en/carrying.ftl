# How far a sync or a stick is

carry-begin = Beginning
carry-negotiate = Asking the hub what it has
carry-push-entries = Sending records
carry-push-chunks = Sending photographs and recordings
carry-pull-entries = Fetching records
carry-pull-chunks = Fetching photographs and recordings
carry-receipts = Checking receipts
carry-write-entries = Writing records
carry-write-chunks = Writing photographs and recordings
carry-verify = Reading it again to check
carry-read = Reading the stick
carry-settle = Saving on this laptop
carry-of = { $done } of { $total }
carry-file = file { $file } of { $files }
carry-stopping = Stopping
carry-stopped = Stopped. What was sent, fetched or written is kept; the next one goes on from here.
carry-short = Syncing
carry-ended = Synced
carry-ended-early = Sync not finished
stick-written-all = { $count ->
    [one] One entry was written: all that is here.
   *[other] { $count } entries were written: all that is here.
}
stick-written-news = { $laptops ->
    [one] The stick has the card of one laptop; the { $count } entries that it lacks were written.
   *[other] The stick has the cards of { $laptops } laptops; the { $count } entries that they lack were written.
}
stick-written-continued = It was interrupted last time, and went on from there.
stick-missing = These files are missing on the stick: { $files }. The others were taken in. Find them, or write the stick once more on the laptop that wrote them.
sync-hub-rewound = The hub's log is shorter than last time: it was put back to an old backup. What is on this laptop is sent again. Tell whoever runs the hub, and let every laptop sync once more.
sync-hub-rewritten = The hub's log does not go on from what this laptop saw last time: it was put back to an old backup and used since, or somebody wrote it anew. The records here are untouched. Ask whoever runs the hub why; until that is clear, give the lead a stick as well.
drafts-found = { $count ->
    [one] One interview of { $person } ({ $device }), whose passphrase was forgotten, holds answers that are in no entry yet
   *[other] { $count } interviews of { $person } ({ $device }), whose passphrase was forgotten, hold answers that are in no entry yet
}
drafts-found-means = You may take them over: they become drafts of yours on this laptop, on Today, with a remark of whose they were.
drafts-take = Take over as my drafts
drafts-remark = { $person } ({ $device }) had filled this in; the passphrase was forgotten, and the lead took it over.
drafts-taken = { $count ->
    [one] One draft of { $person } ({ $device }) is yours now. Open it from Today and finish it.
   *[other] { $count } drafts of { $person } ({ $device }) are yours now. Open them from Today and finish them.
}
drafts-left-out = { $count ->
    [one] One stays out: taken over before, erased, being filled in here, or its records have not come yet.
   *[other] { $count } stay out: taken over before, erased, being filled in here, or their records have not come yet.
}
