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
# What it adds to lists
entities = Finishing will, in the list “{ $list }”, { $created ->
    [0] { $updated ->
        [one] change one row
       *[other] change { $updated } rows
    }
    [one] { $updated ->
        [0] add one row
        [one] add one row and change one
       *[other] add one row and change { $updated }
    }
   *[other] { $updated ->
        [0] add { $created } rows
        [one] add { $created } rows and change one
       *[other] add { $created } rows and change { $updated }
    }
}. Everybody in the team sees that list.
entities-torn = { $count ->
    [one] Two laptops said different things of one of them; what you say now holds.
   *[other] Two laptops said different things of { $count } of them; what you say now holds.
}
change-reason = Why is it corrected?
change-reason-hint = This form asks before it is finished again. The answer stands in the form’s log.
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

# Kinds of questions
hint-month = Type digits: year month, for example 201705.
hint-year = Type the year, for example 2017.
hint-rank = Type the numbers in order, or press Space; Alt+↑ and Alt+↓ change places.
question = Question
guidance = How to ask
count-up = One more
count-down = One less
step-up = One step up
step-down = One step down
range-bounds = { $start } to { $end }, in steps of { $step }
rank = No. { $rank }
rank-is = { $option }, number { $rank }
rank-up = Move “{ $option }” up
rank-down = Move “{ $option }” down
rank-first = It is the first already
rank-last = It is the last already
rank-left = { $left ->
    [one] One has no place yet
   *[other] { $left } have no place yet
}
rank-done = All have their place
latitude = Latitude
longitude = Longitude
altitude = Altitude in metres, may stay empty
accuracy = Accuracy in metres, may stay empty
point-at = Point { $number }, latitude and longitude
point-example = 28.4512 119.9241
point-up = Move point { $number } up
point-down = Move point { $number } down
point-remove = Take point { $number } away
add-point = Add a point
points-few = { $count ->
    [one] One point
   *[other] { $count } points
}, at least { $least } are needed
line-length = { $count ->
    [one] 1 point
   *[other] { $count } points
}, about { $distance } long
area-length = { $count ->
    [one] 1 point
   *[other] { $count } points
}, about { $distance } all round
points-keys = One point a line: latitude, a space, longitude. Alt+↑↓ change places, Alt+Del takes one away.
sketch = { $count ->
    [one] Sketch of one point
   *[other] Sketch of { $count } points
}, north is up
sketch-wide = North is up; about { $distance } between the two furthest points
sketch-north = North is up
media-absent = { $file } is not on this laptop
media-coming = Fetching…
picture-of = { $label }: picture
sound-of = { $label }: sound
film-of = { $label }: film
enlarge = Enlarge
not-asked = Questions this version cannot ask
not-asked-help = Please write it into the note (F2) and go on. This question does not keep you from finishing.
not-asked-other = This version cannot ask this kind of question yet.

# What this version cannot ask, keys unsupported-<what>
unsupported-printing = This laptop is not connected to a label printer.
unsupported-other = This version cannot ask this kind of question yet.

# What the form asks for and a laptop does in another way, keys notice-<code>
notice-place = This laptop does not know where it is: type the figures from a phone or a receiver, or point at the place on a map.
notice-map-list = There is no map here; the options stand in a list.
notice-image-map = Options are not chosen on the picture here; they stand in a list.
notice-calendar = Dates are given in the ordinary calendar here.
notice-bearing = A laptop has no compass: type the degrees from one, 0 to 360.
notice-barcode = Scan it, or type what stands below the bars; a scanner works too.
notice-other-program = No other program is opened here; please type the answer.

# Pointing at a place on a map that lies on the laptop.
map = Map
map-title = Map: { $name }
map-edge = This is as far as the map goes
map-next = Next map
map-farther = Farther
map-nearer = Nearer
map-take = Take this place
map-keys = Drag the map or use the arrows until the cross stands on the place; Shift with an arrow moves a little.
map-none = There is no map on this laptop. A map is an .mbtiles file with pictures; the team lead can hand one on. Coordinates can be typed without it.
map-add = Take a map from a file

# Pictures, drawings, recordings, files
choose-picture = Choose a picture
choose-sound = Choose a recording
choose-film = Choose a film
choose-file = Choose a file
remove-file = Remove
no-file = No file
camera = Use the camera
camera-sees = What the camera sees
take-picture = Take the picture
close-camera = Close the camera
no-camera = This window has no camera. Take the picture with a phone or camera, then choose the file.
camera-none = No camera was found. Take the picture with a phone or camera, then choose the file.
camera-refused = The system does not allow the camera. Allow it in the system’s settings, or choose a file.
camera-cannot = The camera of this laptop cannot be used now. Choose a file.
microphone-none = No microphone was found. Connect one, or record with another device and choose the file.
microphone-refused = The system does not allow the microphone. Allow it in the system’s settings, or choose a file.
microphone-cannot = This laptop cannot record sound now. Record with another device and choose the file.
microphone-gone = The microphone came off. What was recorded before is kept.
camera-gone = The camera came off. What was recorded before is kept.
recording-full = One recording can be no longer than this. All of it is kept; record another one to go on.
scan-code = Scan with the camera
code-from-picture = Read from a picture
code-was-read = Read. Please compare it.
code-looking = Hold the bar code or QR code close to the camera, and still. It closes by itself once the code is read.
no-camera-code = This window has no access to a camera. Please type, use a scanner, or read from a picture.
code-camera-none = No camera was found. Please type, use a scanner, or read from a picture.
camera-refused-code = The system does not allow the camera. Please allow it in the system settings, or type.
code-camera-cannot = The camera cannot be used now. Please type, use a scanner, or read from a picture.
sound-now = Recording in the background
sound-wished = This form wishes to record the talk.
sound-ask = Ask the child and the guardian first: may we record?
sound-agree = All agree, record
sound-decline = Not now
sound-declined = Not recorded this time; that is noted
sound-kept = The recording of the talk is kept
sound-cannot = This form wishes to record the talk, and this window cannot.
sound-note-agreed = Recording: asked those present, all agree.
sound-note-declined = Recording: not this time.
cannot-record = This window cannot record. Record with another device and choose the file.
record = Record
record-film = Start filming
record-anew = Record again
recording-now = Recording
recording-paused = Paused
recording-pause = Pause
recording-resume = Go on
recording-end = Done
recording-saved = Saved to { $time }
recording-unsaved = The last seconds are not saved yet; trying again
recording-cut = The recording of { $time } was cut off; { $size } of it were saved.
recording-keep = Use as the answer
recording-drop = Put aside
level-none = No sound
level-heard = Sound
draw = Draw
draw-anew = Draw again
draw-over = Draw on it
sign = Sign
signature-help = Write with a pen, a finger or the mouse. By keyboard alone, choose a picture of the signature, or write into the note who agrees (F2).
sheet-of = { $label }: sheet to draw on
sheet-empty = Nothing was drawn yet
ink-black = Black
ink-red = Red
ink-blue = Blue
undo-stroke = Undo stroke
clear-sheet = Clear
keep-drawing = Keep it
leave-drawing = Leave it
picture-below-gone = The picture below cannot be opened.
picture-clean = Place and time are taken out of the picture before it is sealed.
file-not-clean = The file is sealed as it is: names and places written in it stay.
file-opening = Opening…
file-kept = { $kind }, { $size }, sealed
file-absent = This file is not on this laptop yet; look again after the next sync. Nothing else waits for it.
file-unplayable = This format cannot be played here. The file is whole.
file-large = The file is too large to be shown here. It is whole.
