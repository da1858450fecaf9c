# Frame of the window: top bar, tabs, keys, looks

app-name = Tianye
# Between two facts that stand side by side
gap = {" • "}
comma = {", "}
starting = Opening
practice = Practice project, no real data
practice-short = Practice
help = Keys and looks
help-short = Help
close = Close
back = Back
continue = Continue
lock = Lock
tabs = Main pages
tab-today = Today
tab-records = Records
tab-conflicts = Conflicts
tab-team = Team
tab-forms = Forms
tab-sync = Sync
all = All
choose = Please choose
fill-in = Please fill this in
version = Version { $version }

role-administrator = Administrator
role-lead = Team lead
role-interviewer = Interviewer
role-analyst = Analyst
role-safeguarding = Safeguarding lead

state-open = Not begun
state-draft = In progress
state-finalised = Finished
state-correcting = Being corrected
state-sent-back = Sent back
state-approved = Approved
state-stopped = Stopped by the respondent

looks = Looks
theme-system = Like the system
theme-light = Light
theme-dark = Dark
theme-contrast = High contrast
text-size = Text size

key-enter = accept and go on
key-ctrl-enter = go on from a text of several lines; close a roster
key-back = back
key-on = on without a change
key-digits = choose; two digits wait a moment, or Enter
key-arrows = move among options and cells
key-space = choose or take back
key-clear = clear a choice
key-row = new row of a roster
key-note = note on this question
key-find = find a question
key-form-language = language of the questionnaire
key-pane = next pane: contents, question, bar
key-tree = fold or open the contents
key-pause = pause, hide the answers
key-next-open = next question unanswered or to fix
key-undo = undo the last answer
key-language = language of the window
key-lock = lock
key-new = new interview
key-check-again = Check the workbook again
key-code = scan a bar code with the camera
key-sound = all agree: record in the background
key-sound-pause = pause the recording in the background, go on
key-help = this list
key-text-size = text size
key-escape = close a pop-up; never leaves an interview
