# Today, records, export

today-title = { $open ->
    [one] One interview to do today
   *[other] { $open } interviews to do today
}
today-title-back = { $open } to do today, { $back } sent back
today-none = Everything for today is done
new-interview = New interview
no-form = The project has no form yet: sync first, or ask the lead for one.
no-form-lead = The project has no form yet. Check and add a questionnaire on the Forms page first.
no-site = No school given
place-count = { $all } in all, { $done } done, { $left } left
stopped-at = At { $number }, { $answered } of { $total }
begin = Begin
go-on = Go on
view = View
outbox = Waiting to be sent
outbox-count = { $interviews ->
    [one] 1 interview
   *[other] { $interviews } interviews
}, { $entries ->
    [one] 1 entry
   *[other] { $entries } entries
}
outbox-empty = All of it is on the hub
go-sync = Sync
this-desk = This desk
respondent-code = Code
respondent-code-hint = The code on the list, such as 217.
respondent-name = Called
respondent-name-hint = A pseudonym or pet name will do; may stay empty.
site = School or class
form = Form
form-facts-short = version { $version }, { $questions ->
    [one] 1 question
   *[other] { $questions } questions
}

records-title = { $all } interviews, { $done } finished
records-none = No interviews yet
records-filtered = No interview fits
filter-text = Code or name
filter-site = School
filter-interviewer = Interviewer
filter-state = State
interviewer = Interviewer
nobody = Nobody yet
count = { $count }
on-hub = On the hub
not-on-hub = Not sent yet
conflicts-in = { $count ->
    [one] 1 conflict
   *[other] { $count } conflicts
}
unfit-in = { $count ->
    [one] 1 answer does not fit
   *[other] { $count } answers do not fit
}
filter-conflicts = with conflicts
filter-unfit = with answers that do not fit
hand-over = Hand over
hand-over-title = Hand { $code } over to
hand-over-to = Hand over

export = Export tables
export-title = Tables for Excel and statistics programs
export-warning = Exported files are not encrypted
export-warning-help = Whoever has the files can read the answers. Keep them only where you are in control, delete them after use, and send them by neither chat nor mail.
export-answers-as = Write choices as
export-labels = their words
export-codes = their codes
export-names-legend = Names
export-names = Write what respondents are called too
export-names-warning = With it a child can be recognised. Leave it out unless you must.
export-files-legend = Pictures and recordings
export-files = Write pictures, recordings and files too, into a folder beside the tables
export-files-warning = Pictures and voices show who a child is. Leave them out unless you must.
export-attached = { $count ->
    [one] 1 file
   *[other] { $count } files
}
export-missing = { $count ->
    [one] One file was not written: it has not come to this laptop, or is damaged.
   *[other] { $count } files were not written: they have not come to this laptop, or are damaged.
}
export-entities-legend = Lists
export-entities = Write the lists of entities that this form reads or makes too
export-entities-warning = Labels of entities are mostly names. Leave them out unless you must.
export-understood = I know that the files are not encrypted and will keep them safe
export-write = Choose folder and write
export-practice = Practice project: every file says so
export-done = Written to { $folder }
rows = { $count ->
    [one] 1 row
   *[other] { $count } rows
}
