# The interview

tree = Contents of the questionnaire
progress = { $answered } of { $total }
check-and-finish = Check and finish
not-applicable = N/A
to-fix = { $count } to fix
to-fix-short = To fix
has-note = Note
find = Find
pause = Pause
next = Next
question-back = Back
next-open = Next unanswered
first-page = This is the first question
crumb = question { $number } of { $of }
digits-waiting = { $typed } typed, waiting for a second digit
required = required
clear-answer = Clear
filling-now = Now { $number }
readonly-banner = This record is finished and can only be read. Press “Correct” to change it; the old answers are kept.
correct = Correct

saved = Saved { $time }
saving = Saving
typing = Not saved yet
not-saved = Not saved: see below the question
nothing-saved = No answers yet

hint-date = Type the digits: year month day, such as 20170502.
hint-time = Type the digits, such as 0830.
hint-date-time = Year month day, a space, the time, such as 20170502 0830.
calendar = Calendar
calendar-back = Earlier
calendar-on = Later
combo-placeholder = Type a part of the name, or pinyin initials
combo-list = Options found
combo-none = Nothing found, try other words
no-options = Nothing to choose from yet: answer the questions before this one first.
acknowledge = I have read it
no-value-yet = Not worked out yet
read-aloud = Press Enter when it is read
unsupported = This version cannot ask this kind of question yet ({ $what })
unsupported-help = Please write the answer as a note (F2) and go on.

rail = For reference
other-language = Other language
note = Note
note-there = See note
no-note = No note yet
keys = Keys
keys-short = Digit chooses, Enter goes on, PgUp goes back, F9 folds the contents
note-on = Note on { $question }
note-help = What you saw or heard yourself; the child’s own words belong in the answer.
note-save = Save note
find-question = Find a question
find-label = Number, or words of the question

row = Row
row-state = State
row-complete = Complete
row-started = { $done } of { $of }
row-empty = Empty
row-asks = Row { $row }:{" "}
row-wrong = Row { $row }: { $problem }
row-go = Go to row { $row }
roster-empty = Nobody yet. Press Alt+N to add a row.
roster-none = No rows to fill in here.
roster-done = That is everyone
add-row = Add a row
remove-row = Remove row { $row }

completion-wrong = { $count ->
    [one] One answer must be corrected before you finish
   *[other] { $count } answers must be corrected before you finish
}
completion-unanswered = { $count ->
    [one] You can finish; one question is not answered
   *[other] You can finish; { $count } questions are not answered
}
completion-ready = Everything is answered, you can finish
completion-readonly = This record is finished
completion-hint = Each one you correct leaves this list. Questions not asked may stay empty.
completion-hint-ready = You can still correct it afterwards; the old answers are kept.
completion-cannot = { $count ->
    [one] You can finish once the correction is made. Leaving now loses nothing.
   *[other] You can finish once the { $count } corrections are made. Leaving now loses nothing.
}
completion-can = You can finish now. Leaving loses nothing either.
must-be-fixed = Must be corrected
not-answered = Not answered yet
notes = Notes
go-fix = Correct
go-answer = Answer
go-look = Read
you-entered = You entered { $value }
leave-for-later = Leave for later
finalise = Finish this record

# What is wrong with an answer; the form's own words come first
problem-answer-missing = This question must be answered
problem-answer-constraint = This answer is not possible, please ask again
problem-other = This answer must be corrected
# Before the label of a question that stands in a row of a roster.
completion-row = Row { $row }:
