# Safety copies, and recovery after the database was damaged

copies = Safety copies
copies-open = See the safety copies
copies-line = The records stand on this laptop more than once; another copy can be kept on another medium.
copies-title = { $count ->
    [one] The records are kept in one place
   *[other] The records are kept in { $count } places
}
copies-title-bad = A copy is damaged; please make another one now
copies-title-away = The other medium is not in the laptop
copies-help = Copies are encrypted like the database, and open with the same passphrase. When an interview is erased, it goes from the copies too.
copies-what = Which
copies-state = State
copies-size = Size
copies-database = The database itself
copies-kind-snapshot = Copy of the whole database
copies-kind-black-box = Backup of interviews, on this laptop
copies-kind-second-box = Backup of interviews, on another medium
copies-made = Made { $at }
copies-whole = { $count ->
    [one] Looked at { $at }: whole, one entry
   *[other] Looked at { $at }: whole, { $count } entries
}
copies-lacking = { $count ->
    [one] one entry is newer
   *[other] { $count } entries are newer
}
copies-bad = Looked at { $at }: damaged
copies-not-looked = Not looked at yet
copies-empty = Nothing written yet
copies-away = The medium is not in the laptop. Put it in, and what is missing is added by itself.
copies-trouble = Could not be written last time: { $why }
copies-none-whole = There is no copy of the whole database yet
copies-none-second = Nothing is kept on another medium. If the laptop is lost or its disk fails, interviews that were not synced are gone.
copies-drafts = { $count ->
    [one] One interview is not finished: its last answers stand in the database alone, until the interview is left.
   *[other] { $count } interviews are not finished: their last answers stand in the database alone, until they are left.
}
copies-aside = Damaged databases that a recovery set aside. The program never deletes them on its own; they may still hold what is erased later:
copies-aside-one = Set aside { $at }
copies-aside-look = Discard…
copies-aside-all = { $count ->
    [one] The one entry that can be read in it is among the records.
   *[other] All { $count } entries that can be read in it are among the records.
}
copies-aside-missing = { $count ->
    [one] One entry that can be read in it is NOT among the records. Keep it, and ask the lead.
   *[other] { $count } entries that can be read in it are NOT among the records. Keep it, and ask the lead.
}
copies-aside-drafts = { $count ->
    [one] One interview that was not finished is NOT among the records.
   *[other] { $count } interviews that were not finished are NOT among the records.
}
copies-aside-lost = Parts of it cannot be read; nobody knows what stood there. Look at the unfinished interviews and the last answers of that day first.
copies-aside-erasures = { $count ->
    [one] One erasure is not complete because of it.
   *[other] { $count } erasures are not complete because of it.
}
copies-aside-final = Once discarded, nobody can bring it back.
copies-aside-keep = Keep it
copies-aside-discard = Discard for good
copies-aside-gone = Discarded. Erasures that waited for it are told at the next sync.
copies-make = Copy the whole database now
copies-look = Look at each of them again
copies-second = Choose a folder on another medium…
copies-second-other = Choose another medium…
copies-second-none = Keep none on another medium
copies-made-now = Made, opened and checked.
copies-looked-now = Each of them was looked at.
copies-second-now = From now on every finished interview is written there too.
copies-second-gone = Nothing is written there any more. What was written is still there.
copies-try = Try a recovery
copies-try-help = Tries a recovery beside the database, to see what would come back if it were gone. The records are not touched.
copies-tried-all = Tried: all { $own } entries written on this laptop would come back; { $whole } of { $interviews } interviews are whole.
copies-tried-missing = { $count ->
    [one] Tried: one entry written on this laptop is in no copy. Copy the whole database now, and try again.
   *[other] Tried: { $count } entries written on this laptop are in no copy. Copy the whole database now, and try again.
}
copies-tried-on = From the copy of { $at } and the backups of interviews, without the hub.
copies-tried-elsewhere = { $count ->
    [one] One entry of other laptops is not in the copies; a sync brings it again.
   *[other] { $count } entries of other laptops are not in the copies; a sync brings them again.
}
copies-tried-drafts = { $count ->
    [one] One interview is not finished; { $back } of it in the copy.
   *[other] { $count } interviews are not finished; { $back } of them are in the copy.
}
copies-tried-note = Recovery tried: all { $own } entries come back, { $whole } interviews whole.

recover = Recover…
recover-title = The records are damaged; they can be recovered
recover-help = Nothing is deleted: the damaged file is set aside as it is. What there was is then looked for in this order:
recover-from-snapshot = the newest good copy of the whole database
recover-from-remains = what the damaged database still gives, unfinished interviews among it
recover-from-boxes = the backups of interviews, on this laptop and on another medium
recover-from-hub = the hub, with a network
recover-boxes = Look for backups on a stick or card…
recover-boxes-found = { $count ->
    [one] One backup of interviews found
   *[other] { $count } backups of interviews found
}
recover-boxes-none = There is no backup of interviews in that folder
recover-ask-hub = Fetch from the hub what is still missing (needs a network)
recover-now = Recover
recovering = Recovering; please leave the laptop on
recover-done = { $count ->
    [one] One interview is back
   *[other] { $count } interviews are back
}
recover-done-drafts = { $count ->
    [one] One interview is back, and { $drafts } unfinished
   *[other] { $count } interviews are back, and { $drafts } unfinished
}
recover-whole = The database is whole; it was left as it is
recover-on-snapshot = The new database stands on the copy of { $at }.
recover-on-remains = No copy of the whole database was good; what the damaged one still gave was used.
recover-lost-some = Parts of the damaged database could not be read. Please look at the unfinished interviews and the last answers.
recover-aside = The damaged file lies here as it was. Decide whether to delete it when everything was looked at:
recover-bad-snapshots = Damaged copies of the database, left alone: { $paths }
recover-box-missing = Not found: { $path }
recover-box-damaged = Partly damaged; what is good was taken: { $path }
recover-hub-asked = The hub was asked too.
recover-hub-not = The hub was not asked. Sync when there is a network: what is still missing comes back.
recover-hub-failed = The hub could not be asked: { $why }
recover-code = Code
recover-came = Where it came from
recover-origin-store = the database itself
recover-origin-snapshot = copy of the database
recover-origin-remains = damaged database
recover-origin-black-box = backup on this laptop
recover-origin-second-box = backup on another medium
recover-origin-hub = hub
recover-origin-count = { $count ->
    [one] { $from }: one entry
   *[other] { $from }: { $count } entries
}
recover-draft = unfinished
recover-go-on = Go on working
recovery-key-title = Recovery key
recovery-key-for = It opens the data of any laptop of this project whose passphrase was forgotten, to be read. It signs nothing, and opens no notes of harm.
recovery-key-open = Show…
recovery-key-warning = Whoever sees this key can read every laptop of the project. Show it when nobody looks on, only to who answers for the project. Write it on paper and lock it away; no photograph, file, chat or cloud.
recovery-key-show = Show
recovery-key-first = Type the passphrase of this laptop first
recovery-key-write = Written down? Compare it letter by letter, then close. It is shown again whenever you ask.
