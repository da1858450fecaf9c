# Conflicts, team, forms, sync

conflicts-none = Nothing to decide
conflicts-none-help = Different changes were merged by the rules. Only when two laptops gave different answers to the same question does it come here.
conflicts-sum = { $shown ->
    [0] None that fits
    [one] One to decide
   *[other] { $shown } to decide
}{ $all ->
    [0] {""}
   *[other] , of { $all }
}
decided-sum = { $shown ->
    [one] One decided
   *[other] { $shown } decided
}
show-open = To decide
show-decided = Decided
narrow = Filter
narrow-form = Form
narrow-site = School
narrow-question = Question
narrow-person = Interviewer
narrow-cards = Cards
context-before = Before it, { $label }: { $value }
context-after = After it, { $label }: { $value }
clock-wrong = clock is wrong
had-not-seen = had not seen the change of { $time }
whole-record = { $count } conflicts in this interview
whole-take = Take all of { $name }
decide-whole = Decide them all
undo-decision = Take the last decision back
undo-reason = Taken back right away
take-back = Take this decision back
take-back-whole = Take all { $count } of this interview back
taken-back-mark = taken back
history-taken-back = decision taken back: { $value } ({ $reason })
decided-done = Decided: { $value }
undone = Taken back; it waits for a decision again
decided-none = Nothing has been decided yet
conflict-list = List of conflicts
conflict-number = conflict { $number } of { $of }
which-answer = Which answer
answer-before = Answer before:{" "}
no-answer-before = There was no answer before
answer-cleared = (empty)
take-this = Take this
note-says = Note: { $note }
no-note-here = No note.
neither = Neither, another answer
other-answer = The other answer
reason = Why so (required)
choose-first = Please choose an answer first
history = What happened
history-first = entered: { $value }
history-changed = changed to: { $value }
history-decided = decided: { $value } ({ $reason })
conflict-back = Previous
conflict-kept = Both answers are kept, and this can be changed later. Clocks of laptops may be wrong.
decide-later = Decide later
decide = Decide and next

team-title = { $count ->
    [one] One person in the team
   *[other] { $count } people in the team
}
team-title-requests = { $count ->
    [one] One person waits for you to confirm
   *[other] { $count } people wait for you to confirm
}
compare-help = Ask { $name } to read out the digits on the screen. Confirm only if they are the same.
approve = Same, confirm
name = Name
group = Group
group-hint = Such as “Group 1”, may stay empty.
role = Role
laptops = Laptops
begun = Begun
invited = Invited, not joined yet
look-requests = See who asks to join
laptop-own = (this one)
revoke = Revoke…
revoke-title = Revoke “{ $device }” of { $name }
revoke-unnamed = laptop
revoke-before = What has come from this laptop so far stays.
revoke-after = What comes from it later is kept and waits, until you accept it. The hub lets it in no more.
revoke-reads = Everything the team writes from now on is sealed so that this laptop cannot read it. What is already on it stays readable there.
revoke-still-reads = The team goes on under new keys. What is already on this laptop stays readable there.
revoke-why = Why?
revoke-note = In a few words (may stay empty)
revoke-keeper = An administrator also has the project's key and could go on admitting others. If you no longer trust this person, begin a new project.
revoke-holder = This is the laptop of a safeguarding lead: it cannot read what children tell of harm from now on. What is already on it stays readable there.
revoke-holder-few = This leaves fewer than two safeguarding leads. Until there are two again, the project shows as practice.
revoke-now = Revoke laptop
revoke-keep = Do not revoke
revoked = Revoked
revoked-lost = Lost or stolen
revoked-left = The person left the team
revoked-replaced = Has another laptop or another role
revoked-misused = Somebody else may have used it
revoked-line = { $why }; { $by }, { $at }
revoked-waiting = { $count ->
    [one] One entry came later and waits.
   *[other] { $count } entries came later and wait.
}
revoked-accept = Accept them
invite = Invite somebody
invite-help = Save it as a file to carry over on a stick, or let them type the address and the code on this screen. Show them only to the one invited. An invitation works once.
invite-save = Save invitation file
invite-by-code = Invite without a file
invite-saved = Invitation saved to { $path }

forms-title = { $count ->
    [one] One form in use
   *[other] { $count } forms in use
}
forms-title-none = No forms yet
forms-help = A form is an XLSForm workbook (.xlsx, .xls, .ods, .csv, .md). It is checked before it is added.
form-id = Form id
form-version = Version
questions = Questions
languages = Languages
check-form = Check a workbook
check-other = Check another file
check-again = Check again
try-form = Try it out
check-errors = { $count ->
    [one] { $form }: one error to mend before it can be added
   *[other] { $form }: { $count } errors to mend before it can be added
}
check-warnings = { $count ->
    [one] { $form }: can be used, one thing to look at
   *[other] { $form }: can be used, { $count } things to look at
}
check-clean = { $form }: no problems
question-count = { $count ->
    [one] 1 question
   *[other] { $count } questions
}
sheet-row = row { $row }
add-form = Add to the project
old-form-stays = The forms in use are not affected
form-added = Added: { $form }. The team has it after the next sync.
forms-rules = How to check
forms-rule-1 = Mend errors in the workbook, then check it again.
forms-rule-2 = Warnings do not stand in the way, but look at them.
forms-rule-3 = Places are given as sheet, column and row.
forms-rule-4 = Trying a form out keeps nothing. Mend the workbook, save it, press F5: the trial goes on.
# A form is being tried.
trial = Trying out, nothing is kept
trial-check = Check of the workbook
trial-clean = Nothing was found.
trial-old = This is the form as it was before the errors.

sync-title = { $count ->
    [one] The hub does not have one entry of this laptop
   *[other] The hub does not have { $count } entries of this laptop
}
sync-title-no-hub = This project has no hub: carry what was written on a stick
sync-title-none = The hub has everything of this laptop
sync-help = What is sent is encrypted. You may stop at any time; the next sync goes on where it stopped.
hub = Hub
no-hub = This project has no hub
sync-now = Sync now
syncing = Syncing
syncing-help = Sending and receiving. If it is cut off, nothing is lost.
stick = USB stick
stick-help = Sealed for the team: a lost stick shows nothing but its size.
stick-write = Write to a stick
stick-read = Take in from a stick
stick-busy = Writing or reading the stick. Do not pull it out yet.
stop = Stop
stick-written = Written, and read again to be sure. You can pull the stick out.
stick-none = No Tianye file lies in this folder.
stick-report = { $files ->
    [one] One file
   *[other] { $files } files
}: { $received } new entries, { $repeated } already here
stick-aside = { $count ->
    [one] One entry was set aside; see below.
   *[other] { $count } entries were set aside; see below.
}
stick-damaged = Not readable to the end: { $files }. What stood before the damage is taken in; write the stick again on the other laptop.
stick-unusable = { $count ->
    [one] One file there is not for this project or laptop.
   *[other] { $count } files there are not for this project or laptop.
}
open-request = Request from a file…
approve-file = Same, confirm and save admission
admission-saved = Saved to { $path }. Carry it back to that laptop; no other can open it.
sync-report = Sent { $sent }, received { $received }, checked { $receipts ->
    [one] 1 receipt
   *[other] { $receipts } receipts
}
sync-forgotten = { $count ->
    [one] The hub no longer had an entry that it had confirmed before
   *[other] The hub no longer had { $count } entries that it had confirmed before
 }: it was put back to an old copy. What is on this laptop was sent again. Tell whoever runs the hub, and let every laptop sync once more.
sync-report-conflicts = { $count ->
    [one] One conflict waits for a decision.
   *[other] { $count } conflicts wait for a decision.
}
set-aside = { $count ->
    [one] One entry of { $owner } was set aside
   *[other] { $count } entries of { $owner } were set aside
}
set-aside-journal-bad-signature = The signature is wrong: damaged on the way, or changed. Ask for it to be sent again.
set-aside-journal-body-damaged = The content was damaged on the way. Ask for it to be sent again.
set-aside-journal-bad-link = It does not follow on the entry before. Tell the lead.
set-aside-journal-gap = Entries in between are missing; it is taken in when they arrive.
set-aside-journal-behind = It comes after entries that were set aside, and waits for them.
set-aside-journal-other-project = It belongs to another project.
set-aside-journal-certificate-not-signed = The certificate was not given by this project; ask the lead.
set-aside-journal-unknown-format = Written by a newer version; please install it.
set-aside-journal-cut-off = Only a part of the record came. Have it sent once more.
set-aside-journal-extra-bytes = Something stands after the record: it may have been damaged on the way. Have it sent once more.
set-aside-journal-not-canonical = The record is not written as it must be: it may have been damaged on the way. Have it sent once more.
set-aside-journal-too-long = The record is longer than allowed and was not taken in. Have it sent once more; if that does not help, tell the lead.
set-aside-journal-unknown-suite = It is encrypted in a way that this version does not know. Install the new version.
set-aside-journal-certificate-other-project = Its certificate is of another project. Choose the file of this project.
set-aside-journal-certificate-other-chain = Its certificate does not belong to these records. Tell the lead.
set-aside-journal-too-many-waiting = Too many records wait for earlier ones. Sync once more when those have come.
set-aside-journal-wrong-content-key = It does not open: it is not for this laptop, or damaged. Tell the lead.
set-aside-other = It cannot be read here. Tell the lead.
each-laptop = What each laptop wrote
whose = Whose laptop
here = Here
here-own = This laptop
here-sealed = A colleague, whose records do not open here
receipts-to = Receipts
from-to = { $from } – { $to }
forked = Two branches: tell the lead
to-send = { $count } to send
no-receipt-yet = { $count } without receipt
agrees = Agree
receipts = Receipts
receipt = Hub took { $range }
checked = Checked
no-receipts = No receipts yet
receipt-rule = Only a receipt means that it arrived. Without one, this laptop keeps the entry.
