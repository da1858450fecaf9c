# Erasing what somebody said.
erase = Erase
erasures = Erasures
erase-title = Erase: { $code } { $name }
erase-what = What shall be erased?
erase-what-interview = This interview, the whole of it
erase-what-answers = Only some answers of it, or a recording
erase-what-person = Everything of this respondent
erase-person-line = The card, { $consents ->
    [one] 1 consent
   *[other] { $consents } consents
  }, { $assignments ->
    [one] 1 assignment
   *[other] { $assignments } assignments
  }, { $interviews ->
    [one] 1 interview
   *[other] { $interviews } interviews
  }.
erase-why = Why?
erase-why-withdrawn = The person, or who speaks for them, took their consent back
erase-why-misplaced = It does not belong here, and is kept safely elsewhere
erase-why-retention = The time for which it might be kept is over
erase-why-mistake = It should never have been written down
erase-note = Note (may stay empty)
erase-note-hint = It stays in the records of the team: never write here what is erased.
erase-cancel = Do not erase
erase-next = Go on
erase-choose-what = Choose first what shall be erased
erase-choose-answers = Choose first the answers that shall be erased
erase-choose-why = Choose first why
erase-sure-interview = The whole interview will be erased: { $form }, { $count ->
    [one] 1 answer
   *[other] { $count } answers
  }, with photographs and recordings.
erase-sure-answers = { $count ->
    [one] This answer
   *[other] These { $count } answers
  } will be erased, with photographs and recordings in them:
erase-sure-person = Everything of { $name } will be erased:
erase-fact-here = On this laptop it goes at once, from its copies too.
erase-fact-others = { $count ->
    [one] The team has only this laptop so far.
   *[other] From the team’s other laptops ({ $count } in all with this one) and the hub it goes when they sync next. The page of erasures shows which laptops have not answered yet.
  }
erase-fact-stays = What stays is only when it was erased, by whom, and why.
erase-final = Nobody can bring it back.
erase-out-of-reach = Out of reach are paper, tables that were exported, and files that somebody copied.
erase-exports = { $count ->
    [one] One export made on this laptop holds some of it
   *[other] { $count } exports made on this laptop hold some of it
  }; the page of erasures lists the rows to drop.
erase-now = Erase now
erase-keep = Back, do not erase
erasures-title = Erasures
erasures-none = Nothing was erased yet.
erased-interview = One interview, the whole of it
erased-answers = Answers of one interview
erased-person = Everything of one respondent ({ $count ->
    [one] 1 interview
   *[other] { $count } interviews
  })
erasure-line = { $at }, { $by }, number { $id }
erasure-answered = Erased
erasure-waiting = Not answered yet
erasure-held = Erased, but not wholly
erasure-held-since = damaged database set aside { $at }
erasure-held-away = the backup of interviews on another medium was away
erasure-away-means = A backup on a memory stick, or another medium, may still hold it. Put it into that laptop and unlock: it is erased there too. One that was given up or replaced has to be chosen again there: Sync, Safety copies.
erasure-held-means = A damaged database that a recovery set aside may still hold it. On that laptop, somebody must discard it: Sync, Safety copies.
erasure-hub-told = The hub was told
erasure-hub-waits = The hub was not told yet: sync
erasure-hub-by-key = Not known yet that the hub was told: the laptop that keeps the project’s key tells it when it syncs
erasure-unfinished = Files on this laptop still wait to be erased; it is tried again at each unlocking.
erasure-later = { $count ->
    [one] One interview
   *[other] { $count } interviews
  } of this respondent came later. Look among the records; if they shall go too, erase the respondent once more.
erasure-exports-there = { $count ->
    [one] one export there holds some of it
   *[other] { $count } exports there hold some of it
  }
erasure-export = The export of { $at } holds some of it. To drop: { $rows ->
    [one] 1 row
   *[other] { $rows } rows
  }, { $files ->
    [one] 1 file
   *[other] { $files } files
  }
erasure-save = Save certificate
erasure-save-drops = Save rows to drop
erasure-saved = Saved: { $path }
erasure-nearby = the hub in the local network ({ $address })
erasure-not-known = Not known on this laptop: other hubs in a local network, which the laptop that keeps the project’s key tells when it syncs with them; and laptops that another one let in and that have sent nothing yet.
erasure-beyond = Out of reach
erasure-beyond-means = sticks and separate backups written before { $at }, or later by laptops that had not erased it, and exports: overwrite or destroy them
