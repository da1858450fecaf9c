# Refusals: what, why, what to do. Keys are error-<code>

error-other = That did not work. { $detail }
error-file = The file cannot be read or written: { $file }. Try another place.
error-not-found = This record is not here; it may not have been synced yet.
error-no-signing-key = Opened with the recovery card: you can read, but not write.
error-workbook-unreadable = This workbook cannot be opened. Save it as xlsx and try again.
error-workbook-too-large = The workbook is too large and was not read: at most { $limit } { $what ->
    [bytes] bytes
    [unpacked-bytes] bytes once unpacked
    [sheets] sheets
    [rows] rows in a sheet
    [columns] columns in a sheet
    [bytes-of-text] bytes of text
    [cells] cells
   *[other] characters in a cell
}, found { $found } or more. Split it, or take out what is not part of the form.
error-row-too-many = There is no room for more rows.
error-row-fixed = The form sets these rows; none can be added or removed.
error-journal-admission-other-device = This confirmation is for another laptop. Ask the lead to confirm again.
error-journal-admission-not-from-project = This confirmation is not from this project for this laptop. Compare the digits with the lead again.
error-journal-bad-join-request = This request was not made with your invitation. Invite again.
error-journal-other-invitation = This request answers another invitation. Choose the right one.
error-journal-bad-text-file = The file is not whole or was changed. Copy it again.
error-internal = The program made a mistake; saved answers are not lost. Try again, and tell the lead if it happens again.
error-wrong-passphrase = The passphrase is not right. Try again; capitals and spaces count.
error-passphrase-too-short = The passphrase is too short: at least 12 characters; a Chinese one counts two.
error-store-newer = These records were written by a newer version. This one cannot open them and has not touched them. Please install the newer version.
error-newer-version = These records were written by a newer version. This one cannot open them and has not touched them. Please install the newer version.
error-store-damaged = The file with the records on this laptop is damaged. Do not delete it; give it to the lead.
error-damaged = The file with the records on this laptop is damaged. Do not delete it; give it to the lead.
error-not-a-store = The file with the records is missing, or was not written by Tianye.
error-store-gone = The file with the records is gone: it was moved or deleted.
error-store-disk = The disk could not be read or written; this answer is not saved. Please try again.
error-disk = The disk could not be read or written; this answer is not saved. Please try again.
error-disk-full = The disk is full; this answer is not saved. Make room, then press Enter again. What was saved is not lost.
error-busy = Another program holds the file with the records. Wait a moment and try again.
error-hub-unreachable = The hub cannot be reached. Everything is kept on this laptop; sync again when there is a network.
error-hub-wrong-key = What answered is not the hub of this project; nothing was sent. Please tell the lead.
error-hub-other-project = This hub belongs to another project; nothing was sent. Please tell the lead.
error-project-key-differs = This hub belongs to another project; nothing was sent. Please tell the lead.
error-project-unknown = The hub does not know this project. Please tell the lead.
error-hub-card-invalid = The card of the hub is not right; please paste the whole of it again.
error-hub-full = The hub is full and took nothing more. Everything is kept on this laptop; please tell the lead.
error-hub-answer-unreadable = The hub’s answer could not be read. Try again, and tell the lead if it happens again.
error-receipt-not-signed-by-hub = A receipt was not signed by the hub and does not count. Please tell the lead.
error-protocol-too-new = The hub is newer than this program. Please install the newer version.
error-protocol-too-old = The hub is older than this program. Please tell the lead.
error-too-many-attempts = Too many attempts. Wait a while and try again.
error-device-blocked = The hub no longer takes entries of this laptop. Please tell the lead.
error-device-quota = This laptop has reached its limit on the hub. Please tell the lead.
error-cancelled = Stopped.
error-batch-unusable = A batch that came in is damaged and was not taken; the rest is not affected.
error-file-failed = The file could not be read or written; try another place.
error-not-admitted = The lead has not confirmed this laptop yet.
error-join-waiting = Still waiting for the lead.
error-invitation-damaged = The invitation is incomplete or damaged; ask the lead for it again.
error-invitation-used = This invitation was used already; ask the lead for another one.
error-invitation-refused = The hub does not accept this invitation; ask the lead for another one.
error-form-unusable = This form has errors and cannot be used. See the list of problems.
error-form-missing = The form of this interview is not on this laptop; sync first.
error-unknown-interview = This interview cannot be found; it may have been handed over.
error-must-fix = Something on this page must be corrected first; see beside the question.
error-no-newer-version = There is no newer version of this form on this laptop; go on as it is.
error-move-kept = Something was answered or sealed since it moved to the new version. Undo those answers first (Ctrl+Z), or go on in the new version.
error-readonly = This record is finished. Press “Correct” to change it.
error-too-long = This is too long; make it shorter, or write a part of it as a note.
error-too-large = This is too large.
error-field-empty = Please fill this in.
error-no-right = Your role may not do this; ask the lead.
error-lead-only = Only a lead may do this.
error-reason-missing = Please say why
error-export-failed = The files could not be written. Choose another folder, or close the program that has them open.
error-no-randomness = This laptop cannot make secure random numbers; it is not safe to go on.
error-forked = The entries of this laptop have split in two, perhaps after a backup was restored. Nothing is lost; please tell the lead.
error-answer-not-integer = Please enter a whole number, such as 3.
error-answer-integer-too-large = This number is too large: at most 15 digits.
error-answer-not-decimal = Please enter a number, such as 3.5.
error-answer-not-date = This is not a date. Type year, month and day, such as 20170502.
error-answer-not-time = This is not a time. Type hours and minutes, such as 0830.
error-answer-not-datetime = This is not a date with a time. Type, for example, 20170502 0830.
error-answer-not-boolean = Please answer yes or no.
error-answer-not-geopoint = Please enter latitude and longitude, such as 28.9 119.8.
error-answer-not-geoline = Please enter points with semicolons between them.
error-answer-not-offered = This is not one of the answers that can be chosen now.
error-answer-out-of-range = This number must be from { $start } to { $end }, in steps of { $step }.
error-answer-not-ok = Please tick that it was read, or leave it empty.
error-submission-not-xml = This is no submission: the file cannot be read as XML. Nothing was changed.
error-submission-too-large = The submission is too large; it was not opened.
error-submission-too-deep = The submission is nested too deeply; it was not opened.
error-submission-other-form = This submission is of the form { $found }, not of { $expected }. Please choose its own form.
error-answer-too-long = This is too long and was not saved. Make it shorter, or write a part of it as a note.
error-answer-unknown-field = This question is no longer there; its row may have been removed.
error-answer-not-a-question = Nothing is to be entered here.
error-answer-not-relevant = This question is not to be asked now.
error-answer-readonly = The form fills this in by itself.
error-assignment-gone = This assignment is gone; somebody may have done it. Please sync.
error-site-gone = This school is no longer in the project; please sync.
error-member-gone = This person is no longer in the team.
error-member-not-seen = Nothing has come from this person’s laptop yet; please sync first.
error-conflict-gone = This one has been decided already.
error-conflict-changed = Another answer has come in; please look again before deciding.
error-hub-none = This project has no hub.
error-form-format = Not a kind of file that is read. Use .xlsx, .xls, .ods, .csv, .md or .xml.
error-form-write-format = Only .xlsx and .md can be written. Change the file name.
error-workbook-not-for-excel = Excel cannot hold this workbook. Change what the technical line names and try again.
error-form-stuck = Trying the form got stuck at “{ $label }”.
error-exists = A file of that name is there already and was not replaced.
error-locked = Locked: unlock first.
error-wrong-recovery-key = This recovery card is not right.
error-no-right-not-own = This interview is not yours; ask the lead to hand it over.
error-no-right-role = Your role may not do this; ask the lead.
error-diff-hint = Write --renamed as old=new, each the name of one question of its form.
error-tests-none = This workbook has no sheet “tests”, or no test in it
error-tests-bad-question = A question or an answer is not right
error-media-missing = This file is not on this laptop: { $file }.
error-media-unknown = This kind of file cannot be shown: { $file }.
error-media-too-large = This file is too large to be shown: { $file }.
error-map-not-mbtiles = { $file } is no map that can be read: it should be an .mbtiles file.
error-map-not-pictures = { $file } holds a map that is drawn, not pictures. Export it with png, jpg or webp tiles.
error-map-gone = This map is no longer on the laptop. Close it and open it again.
