# Instruments that come with the program, and exports.
error-instrument-unknown = No instrument of this name comes with the program: { $found }. Look at the list of instruments.
error-export-no-right = Administrators, interviewers and safeguarding leads do not export. Ask a lead or an analyst.
error-export-identified-no-right = This role exports de-identified tables only. Ask a lead for one with identifiers.
error-export-reason = An export with identifiers needs a reason.
error-export-identifiers = Names, pictures, recordings, submissions and lists tell who somebody is. They go only with “with identifiers”.
error-export-no-study = This laptop cannot read the project’s secret for study codes yet. Let a lead open the project and sync, then sync here.
export-for = What it is for
export-for-analysis = The project’s own work
export-for-archiving = An archive for later research
export-for-school-sharing = Telling the school
export-for-help = Only interviews of those who agreed to this are in it. An archive gets none with identifiers.
export-left-out = Not agreed to “{ $purpose }”: { $count }
error-export-for-identified = An archive has nothing that tells who somebody is: that is what families were told. Export a de-identified one.
export-kind = Can somebody be recognised
export-deidentified = De-identified: study codes, ages and weeks; no names, contacts, pictures or recordings
export-identified = With identifiers: codes on cards, classes and free text; names and recordings can be added
export-identified-warning = With it a child can be recognised. Use it only where you must; the reason is kept in the list of exports.
export-reason = Why identifiers are needed
export-level = Tell places down to
export-level-county = County
export-level-township = Township
export-level-village = Village
export-level-school = School
export-look = Look first
export-classes = { $interviews } interviews; the smallest class has { $smallest } people; { $below } interviews are in classes of fewer than { $k }
export-classes-good = Every class has at least { $k } people
export-classes-help = A class is those who say the same in all columns that count. In a small class, somebody who knows the village may recognise a child.
export-without = Without “{ $column }”: { $below } in classes of fewer than { $k }
export-coarser = Places down to { $level } only: { $below } left in classes of fewer than { $k }
export-coarser-do = Down to { $level }
export-rows = Interviews that stand out
export-k = People in a class, at least
export-suppress = Leave out interviews in smaller classes
export-columns = What is done to each question
export-column = Question
export-treatment = Done
export-counts = Counts
export-judge = I have read the answers: they tell of nobody. Export them
export-code = Code
export-done-kept = as given
export-done-age = turned into an age
export-done-weeks = turned into weeks
export-done-marked = left out (marked by its author)
export-done-judge = left out, to be judged
export-done-contact = left out (name, number, contact)
export-done-place = left out (place too fine)
export-done-area = turned into a rough area
export-done-point = left out (place on the map)
export-done-file = left out (picture, recording, file)
export-done-device = left out (laptop)
export-log = Exports so far
export-log-none = Nothing has been exported yet
export-log-decisions = decisions that wait
export-log-deidentified = de-identified
export-taken-back = No longer agreed to “{ $purpose }”: { $count }
export-past-day = Past the last day of “{ $purpose }”: { $count }
export-drops = { $count ->
    [one] One row or file to drop from it.
   *[other] { $count } rows and files to drop from it.
  }
export-practised = { $count ->
    [one] One interview is not in it: it was made for practice, before the project began.
   *[other] { $count } interviews are not in it: they were made for practice, before the project began.
  }
export-drops-saved = Saved to { $path }. Give it to whoever has this export.
instruments-title = Instruments that come with the program
instruments-use = Check and take
error-scale-permission = The scale “{ $found }” needs evidence of permission (tianye::permission) before a real project may use it. See tianye scales.
error-scale-unknown = The library has no scale “{ $found }”.
form-scale-permission = The scale “{ $found }” needs permission: write into tianye::permission who gave it, when, and where the evidence is. Practice may use it, a real project may not
form-scale-unknown = The library has no scale “{ $found }”; look at the id in tianye::scale
export-withheld = { $count ->
    [one] One interview is not in it: what was agreed to does not cover it.
   *[other] { $count } interviews are not in it: what was agreed to does not cover them.
  }
