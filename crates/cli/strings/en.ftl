# The command line's own words; those for problems of forms are in ui/strings

level-error = error
level-warning = warning
level-note = note
check-usable = { $file }: can be used (“{ $title }”, { $questions } questions); { $errors } errors, { $warnings } warnings, { $notes } notes
check-unusable = { $file }: cannot be used; { $errors } errors, { $warnings } warnings, { $notes } notes
