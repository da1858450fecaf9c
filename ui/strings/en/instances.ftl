# Records that go to other tools and come from them

error-import-too-many = That is more than { $limit } files at once. Choose fewer; nothing was taken in.
error-import-too-deep = Folders are looked through { $limit } deep. Choose the inner folder itself.
error-import-too-large = This file is larger than { $limit } MB and is no submission that is read.
error-import-not-text = This file is not UTF-8. Save it as UTF-8, or take it from the program anew.
error-import-not-zip = This archive is damaged, or is none. Pack or copy it again.
error-import-encrypted = This submission is encrypted for another program. Decrypt it there (ODK Central, Briefcase) and export it again.
error-import-form-missing = This project has no form “{ $form }”. Put the form into the project first.
error-import-other-form = This submission is of the form “{ $form }”, and “{ $expected }” was asked for.
error-import-twice = Another submission with the same id is among them and says something else. Take in the one that is right, alone.
error-import-revision = This is another revision of a record that is here. Take it in as a correction (in the window, or with “tianye import-revision”), or correct the record here.
error-revision-unknown = This replaces { $replaces }, and no record here has or had that id. Sync first; if the record is not in this project, take its submission in first.
error-revision-none = This submission does not say which one it replaces (deprecatedID). Take it in as a record of its own.
error-revision-erased = Answers of this record were erased, and a revision could bring them back. Correct the record here instead.

import = Take in submissions
import-title = Take in records from other tools
import-help = Submissions of ODK Collect, Briefcase, KoboCollect and others: XML files, their folders, or a zip archive. Nothing is written before you have seen what would be.
import-choose-files = Choose files
import-choose-folder = Choose a folder
import-new = { $count ->
    [one] One submission becomes a record
   *[other] { $count } submissions become records
}
import-nothing = Nothing new is among them
import-here = { $count ->
    [one] 1 is here already and stays as it is
   *[other] { $count } are here already and stay as they are
}
import-earlier = { $count ->
    [one] 1 is an earlier revision of another among them
   *[other] { $count } are earlier revisions of others among them
}
import-revisions = { $count ->
    [one] 1 submission corrects a record that is here
   *[other] { $count } submissions correct records that are here
}
import-revisions-take = Take the corrections in too
import-revisions-help = Each becomes a further sitting of its record. What was corrected here in the meantime stays and shows as a conflict that you decide.
import-revisions-done = { $count ->
    [one] 1 correction was taken in
   *[other] { $count } corrections were taken in
}
import-other = { $count } XML files are no submissions
import-left-out = { $count ->
    [one] 1 file of answers does not fit its question and was left out
   *[other] { $count } files of answers do not fit their questions and were left out
}
import-version = version { $version }
import-read-as = read under version { $version }
import-count = { $count ->
    [one] One submission
   *[other] { $count } submissions
}
import-wrong = { $count ->
    [one] 1 has answers that do not fit the form; they are kept and need a look
   *[other] { $count } have answers that do not fit the form; they are kept and need a look
}
import-files = { $count ->
    [one] One file of answers
   *[other] { $count } files of answers
}
import-missing = { $count } of them are not there
import-unread = { $count } cannot be read
import-write = Take in
import-done = { $count ->
    [one] One record was taken in
   *[other] { $count } records were taken in
}
imported = taken in
made-for-practice = Practice

export-instances-legend = For other tools
export-instances = Write each finalised interview as an ODK submission too, with its pictures and recordings
export-instances-warning = A submission holds every answer of an interview, pictures and voices too.
export-instances-done = { $count ->
    [one] One submission in { $folder }
   *[other] { $count } submissions in { $folder }
}
export-instances-open = { $count } interviews are not finalised and were left out
export-instances-undecided = { $count } interviews have open conflicts and were left out; decide them first
export-instances-unreadable = { $count } interviews were left out: their form has not come yet; sync first
