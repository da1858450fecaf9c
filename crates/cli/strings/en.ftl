# The command line's own words; those for problems of forms are in ui/strings

level-error = error
level-warning = warning
level-note = note
check-usable = { $file }: can be used (“{ $title }”, { $questions } questions); { $errors } errors, { $warnings } warnings, { $notes } notes
check-unusable = { $file }: cannot be used; { $errors } errors, { $warnings } warnings, { $notes } notes

# The differences between two versions of a form, keys diff-<code>
effect-loses = loses
effect-check = check
effect-keeps = keeps
diff-form = the whole form
diff-none = no difference
diff-sum = { $loses } changes lose kept answers, { $check } need a look, { $keeps } change nothing that is kept
diff-question-added = A new question, which kept interviews do not have
diff-question-added-required = A new question that must be answered, which kept interviews lack
diff-question-removed = The question is gone, kept answers to it are no longer shown
diff-question-removed-files = The question is gone and its kept files are no longer shown; they stay in the record, and export --files writes them
diff-question-renamed = As the author says, it is { $to } now
diff-question-moved = A question of this name is at { $to } now; say so in the column renamed_from, or with --renamed, to carry its answers over
diff-hint-unknown = The column renamed_from says “{ $found }”, which the old form does not have; correct the name
diff-hint-ambiguous = The column renamed_from says “{ $found }”, which the old form has several times; write the path, /group/name
diff-type-changed = It took { $from } and takes { $to } now, which kept answers may not be
diff-type-widened = It took { $from } and takes { $to } now, which kept answers are
diff-codes-removed = The codes { $codes } are gone, which kept answers may hold
diff-code-renamed = The code { $from } is { $to } now, as the author says; kept answers are read so
diff-codes-merged = The codes { $codes } are all { $to } now, as the author says; read so, kept answers no longer tell them apart. What was given stays in the record, and an export has it in the column .as_given
diff-codes-added = The codes { $codes } are new and could not be chosen before
diff-code-relabelled = The code { $code } was “{ $from }” and is “{ $to }” now; kept answers meant the old one
diff-question-relabelled = The question was “{ $from }” and is “{ $to }” now; kept answers answered the old one
diff-relevance-changed = It was asked when “{ $from }” and is when “{ $to }” now; kept answers may no longer count, or be missing
diff-relevance-removed = The condition “{ $from }” is gone and it is always asked; interviews in which it was hidden lack it
diff-constraint-changed = Its constraint was “{ $from }” and is “{ $to }” now; kept answers may be invalid
diff-constraint-removed = The constraint “{ $from }” is gone; kept answers stay valid
diff-required-changed = It was required when “{ $from }” and is when “{ $to }” now; kept interviews may lack it
diff-required-removed = It may be left empty now
diff-calculation-changed = The calculation was “{ $from }” and is “{ $to }” now; values change when an interview is opened
diff-language-removed = There is no { $found } any more
diff-language-added = { $found } is new
diff-version-same = Both forms say they are version “{ $version }”; give the new one another version

# Moving a draft to a newer version
move-none = no draft has a newer version of its form
move-list = { $code } { $name }: { $form }, a newer version { $newer } is here
move-head = { $code } { $name }: from version { $from } to version { $to }
move-sum = { $kept } of { $count } answers stay as they are
move-dropped = { $label }: “{ $value }” has no place there; it stays in the record
move-invalid = { $label }: “{ $value }” is kept and needs a look there
move-not-asked = { $label }: “{ $value }” is kept; the question is not asked there
move-recoded = { $label }: “{ $value }” is written as “{ $new }” there
move-together = there it reads the same as: { $others }; afterwards nobody can tell them apart
move-file = the file stays in the record too, and export --files writes it
move-renamed = { $label }: “{ $value }” is at “{ $newlabel }” there
move-added = new: { $label }
move-added-required = new, and must be answered: { $label }
move-ask = Nothing was changed. Move with --yes
move-done = Moved. Until something is answered, --back takes it back
revision-new = { $count } submissions become sittings of interviews that are here
revision-done = { $count } revisions were taken in
import-ask = Nothing was changed. Take them in with --yes
move-back = Taken back: it is as it was before the move

# Tests in workbooks
tests-passed = ok
tests-failed = FAILED
tests-line = row { $row }, { $at }: expected { $expected }, found { $found }
tests-sum = { $passed } passed, { $failed } failed
tests-said-absent = nothing there
tests-said-answer = question=value
tests-said-answer-to-clear = an answer to clear
tests-said-else = something else
tests-said-hidden = hidden
tests-said-hidden-question = a hidden one
tests-said-invalid = invalid
tests-said-name = a name of the survey sheet
tests-said-no-such-name = none of that name
tests-said-no-such-name-near = none of that name; did you mean { $near }?
tests-said-no-risk = does not open the card
tests-said-none = none
tests-said-nothing = nothing
tests-said-nothing-wrong = nothing to put right
tests-said-one-place = one place
tests-said-optional = optional
tests-said-question = a question such as age or members[2]/age
tests-said-refused = refused
tests-said-required = required
tests-said-risk = opens the card
tests-said-row = row { $row } of { $name }
tests-said-row-number = the number of a row, such as { $name }[1]
tests-said-row-to-add = a row to be added
tests-said-row-to-remove = a row to be removed
tests-said-rows = { $count } rows
tests-said-several = several: { $paths }
tests-said-shown = shown
tests-said-shown-question = a question that is shown
tests-said-something-wrong = something to put right
tests-said-taken = taken
tests-said-taken-answer = an answer that is taken
tests-said-valid = valid
tests-said-wrong = { $count } to put right, the first at { $first }

erase-interview = { $code } { $name }, { $form }: the whole interview would be erased
erase-answers = { $code } { $name }, { $form }: these answers would be erased, with their files
erase-person = { $code } { $name }: everything of this respondent would be erased
erase-person-counts = the card, { $consents } consents, { $assignments } assignments, { $interviews } interviews
erase-laptops = { $count ->
    [one] The team has one laptop: it goes there at once.
   *[other] It would go here at once, and from the other laptops ({ $count } in all) and the hub at their next contact.
  }
erase-ask = Nothing was changed. It cannot be called back; paper and exported tables are out of its reach. Erase it with --yes.
erase-export = export { $id } of { $at } holds some of it: { $rows } rows, { $files } files; { $folder }
erased-interview = an interview
erased-answers = answers: { $questions }
erased-person = a respondent, { $interviews } interviews
erased-answered = erased on: { $laptops }
erased-waiting = not answered yet: { $laptops }
erased-exports-there = { $laptop } has { $count } exports that hold some of it
erased-on-hub = the hub has not been told yet: sync
erased-on-hub-by-key = that the hub has been told is not known here yet: the laptop that keeps the project's key tells it when it syncs
erased-away = not wholly erased: { $laptop }. Its backup on another medium was away and may still hold some of it; it follows when that medium is in the laptop as it is unlocked; one that was given up or replaced, when it is named again: `tianye copies --second-box`
erased-held = not wholly erased: { $laptop }. A damaged database that was set aside there on { $since } may still hold some of it (tianye copies --discard, on that laptop)
erased-unfinished = files on this laptop still wait to be dropped: it is tried again at each unlocking
erased-later = { $count } interviews of this respondent came later: look at them, and erase the respondent again if they shall go too
erase-why-withdrawn = consent taken back
erase-why-misplaced = kept elsewhere, for fewer eyes
erase-why-retention = time of keeping is over
erase-why-mistake = should not have been written down
erasures-none = nothing was erased
erasures-written = written: { $file }

paper-guardian = Consent of the guardian
paper-child = Assent of the child (under 14, read aloud)
paper-youth = Consent of the young person (14 to 17)
paper-adult = Consent of an adult about themselves (teacher, cadre, carer)
paper-report = When a child tells of harm: short note
paper-code = Number of the child
paper-minutes-between = About { $least } to { $most } minutes.
paper-code-own = Code of the person
paper-code-hint = The number, not the name:
paper-about = Of whom, and during which form
paper-sign = Signature
paper-sign-child = The child writes a name or draws a sign, or the interviewer writes “said yes”
paper-interviewer = Interviewer (code)
paper-consent-then = On the same day note each answer on the page of consent and photograph this paper as evidence. The lead locks the paper away, apart from questionnaires.
paper-written = Written by whom, and when
paper-at = At what time
paper-calls = Copy the numbers before the trip. Note a call that nobody answered too, and call the next.
paper-report-then = Keep this paper on you. Show it to no teacher, carer or classmate, and take no picture of it. As soon as there is a laptop, press F12 and copy it; once you have called and copied, hand it to the safeguarding holder, who keeps it; neither keep it nor throw it away yourself.

# What is here, and what a file would bring
state-standing = State
state-someone = a colleague whose records do not open here
state-gap = { $owner }: { $range } not here; entry { $waits } waits for that (chain { $chain })
state-gap-do = Let that laptop sync or write a stick once more (tianye to-stick), or take in the file that went before; then what waits is taken in by itself.
state-no-right-do = They are kept. Ask with which program they were written; if nobody knows, revoke the laptop (tianye revoke).
state-other-author-do = They are kept, whomever they name. Tianye writes none like that: ask who had that laptop and which program was used on it; if nobody knows, revoke the laptop (tianye revoke).
state-not-own-do = What was there before holds, and they are kept. Ask with which program they were written; if nobody knows, revoke the laptop (tianye revoke).
state-late-do = They wait and do not count, and nothing of them is lost. Ask who wrote them; tianye accept-late, on the laptop that keeps the project, lets them count.
state-no-right = { $count ->
    [one] { $owner }: one entry is of a sort that this role may not write; it has no effect
   *[other] { $owner }: { $count } entries are of a sort that this role may not write; they have no effect
 }
state-other-author = { $count ->
    [one] { $owner }: one entry is in the name of somebody else; it has no effect
   *[other] { $owner }: { $count } entries are in the name of somebody else; they have no effect
 }
state-not-own = { $count ->
    [one] { $owner }: one entry changes what only whoever began it may change; it has no effect
   *[other] { $owner }: { $count } entries change what only whoever began it may change; they have no effect
 }
state-fork = { $owner }: two branches from entry { $at } on, which end at { $ends } (chain { $chain })
state-fork-do = Both branches are kept. Ask whether that disk was copied or an old copy of it put back; if nobody did so, revoke the laptop (tianye revoke).
state-fork-do-own = Both branches are kept, and this laptop goes on in a new chain. Tell the lead whether this disk was copied or an old copy of it put back.
state-hint-forked = Two branches: { $owner }. Look at tianye state.
state-hint-aside = { $count ->
    [one] One entry is set aside. Look at tianye state.
   *[other] { $count } entries are set aside. Look at tianye state.
 }
state-hint-misfits = { $count ->
    [one] One thing does not fit. tianye state says what to do.
   *[other] { $count } things do not fit. tianye state says what to do.
 }
verify-whole = { $file }: whole; { $entries } entries ({ $new } new, { $known } known), { $chunks } parts of files ({ $newchunks } new)
verify-cut = { $file }: not readable to its end ({ $damage }); before that { $entries } entries ({ $new } new, { $known } known), { $chunks } parts of files ({ $newchunks } new)
verify-unusable = { $file }: no batch that opens here ({ $damage }): damaged from the start, or for another project or laptop
verify-someone = a laptop not known here yet
verify-range = entries { $range }
verify-new = { $count } new
verify-known = { $count } known
verify-revoked = revoked: what is new waits until it is accepted
verify-fork = two branches from entry { $at } on
verify-waits = { $count } entries of { $owner } would wait ({ $range })
verify-bad = bad: { $count } entries of { $owner } ({ $range }), { $code }
verify-bad-nowhere = bad: { $count } records, { $code }
verify-no-right-role = without effect: { $count } entries of { $owner } ({ $range }), which this role may not write
verify-no-right-other-author = without effect: { $count } entries of { $owner } ({ $range }), written in the name of somebody else
verify-missing = { $file } is missing: find it, or write the stick once more.
verify-nothing = No batch lies there.
verify-good = All of it can be taken in (tianye from-stick).
verify-not-good = Not all of it is good. tianye from-stick takes in what is; have what is bad written once more, and ask about what has no effect.
