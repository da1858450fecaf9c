# Problems of a workbook, keys form-<code>; the codes are in crates/xlsform/src/codes.rs

form-no-survey-sheet = Expected a sheet named survey, found none; name the sheet with the questions survey
form-sheet-name-almost = Expected survey, choices, settings or entities, found a sheet named “{ $found }”, which is not read; rename it, or put _ before its name if it is not part of the form
form-duplicate-sheet = Expected one sheet of each name, found “{ $found }” twice; join the two
form-missing-column = Expected a column named { $expected }, found none; add it
form-duplicate-column = Found two columns for the same thing, “{ $other }” and “{ $found }”; keep one of them
form-unknown-column = Found a column named “{ $found }”, which is not read; correct its name
form-column-not-used = Found a column named “{ $found }”, which is not read; that is fine for remarks
form-cell-without-header = Found “{ $found }” in a column without a header, which is not read; write a header into the first row
form-choice-column-name = Expected a column name of letters, digits, _ and - without spaces, found “{ $found }”, which is not read; rename it
form-second-settings-row = Expected one row of settings, found a second one, which is not read; remove it
form-flat-repeats = Found the setting { $found } in a form with repeats, whose rows need elements of their own; remove it
form-encryption-needs-instance-id = Found omit_instanceID beside public_key; records cannot be encrypted without an id; remove omit_instanceID
form-missing-translation = Found texts in other languages, but no column { $expected }; add that column, or people see - there
form-language-without-code = Expected a language as “中文 (zh)”, with its code in brackets, found “{ $found }”; add the code
form-default-language-unused = Expected a default_language that has columns, found “{ $found }”; write it exactly as in the columns
form-row-skipped = Found a row without type, name and label, which is not read
form-question-without-type = Expected a type, found none; write one, such as text or select_one list
form-question-without-name = Expected a name, found none; give every question, group and repeat one
form-question-without-label = Expected a label or a hint for { $found }, found neither; write what the interviewer should read
form-invalid-name = Expected a name of letters, digits, _ - and . that begins with a letter or _, found “{ $found }”; rename it
form-reserved-name = Found the name “{ $found }”, which every form uses itself; rename the question
form-duplicate-name = Expected names that differ within a group, found “{ $found }” again; rename one of them
form-name-differs-in-case = Found “{ $found }”, which differs from another name here only in upper and lower case; some programs for tables take them for one
form-name-not-portable = Found “{ $found }”, a name with letters outside ASCII; it works here, but not in ODK Collect
form-duplicate-repeat-name = Expected repeats with different names, found “{ $found }” again; rename one of them
form-repeat-named-like-form = Found a repeat named “{ $found }” like the form itself; rename it
form-repeat-without-label = Expected a label for the repeat { $found }, found none; write one, so that people know what they add
form-unknown-type = Expected a question type, found “{ $found }”; correct it
form-unmatched-end = Found { $found }, but nothing of that kind is open here; remove it or add its begin
form-group-too-large = Found a { $found } whose questions are more than a form can hold, written out one by one; split it, or shorten its list
form-unmatched-begin = Expected { $expected } for “{ $name }”, found the end of the sheet; add it where the part ends
form-audit-named = Expected no name for an audit, found “{ $found }”; leave the cell empty
form-dead-metadata = Found { $found }, which devices no longer tell; remove it
form-unknown-list = Expected the name of a list of the choices sheet, found “{ $found }”; correct it or add the list
form-unknown-external-list = Expected the name of a list of the external_choices sheet, found “{ $found }”; correct it or add the list
form-list-file-extension = Expected a file that ends with .csv, .xml or .geojson, found “{ $found }”; correct the file name
form-external-without-filter = Expected a choice_filter for the external select { $found }, found none; add one or use select_one
form-choice-without-list = Expected a list_name, found none; the choice is not read
form-choice-without-name = Expected a name for this choice of the list { $list }, found none; give it one
form-choice-without-label = Expected a label for the choice { $found }, found none; write one
form-duplicate-choice = Expected choices with different names in the list { $list }, found “{ $found }” again, first used in row { $row }; change one of them
form-choice-name-with-space = Expected a name without spaces in the list { $list }, since several can be chosen, found “{ $found }”; replace the spaces by _
form-or-other-with-filter = Found or_other beside a choice_filter for { $found }, which do not go together; add the choice other and a text question by hand
form-or-other-needs-list = Found or_other for { $found }, whose choices are not in the choices sheet; add the choice other and a text question by hand
form-or-other-translated = Found or_other in a form with several languages; its texts are English only; add the choice other and a text question by hand
form-table-list-filter = Found a choice_filter inside a table-list, which does not go together; remove one of them
form-table-list-mixed = Expected the list { $expected } as in the rest of the table-list, found { $found }; move the question out of the group
form-search-with-file = Found search() beside a list from a file for { $found }, which do not go together; remove one of them
form-search-list-shared = Found the list { $list } both with search() and without it, in { $found }; use two lists
form-parameters-not-pairs = Expected parameters as key=value, found “{ $found }”; correct them
form-unknown-parameter = Expected one of the parameters { $expected }, found “{ $found }”; correct it
form-parameter-value = Expected { $expected } for the parameter { $parameter }, found “{ $found }”; correct it
form-missing-calculation = Expected a calculation for { $found }, found none; write one
form-calculation-not-allowed = Expected no calculation for { $found }, found one; remove it
form-missing-trigger = Expected a question in the trigger column for { $found }, found none; write one as ${"{"}…{"}"}
form-trigger-not-reference = Expected questions as ${"{"}…{"}"}, separated by commas, found “{ $found }”; correct it
form-trigger-not-question = Expected the name of a question, found “{ $found }”, which is none; correct it
form-trigger-not-visible = Expected a question that people answer, found “{ $found }”, which is calculated; use another trigger
form-malformed-reference = Expected a question as ${"{"}name{"}"}, found “{ $found }”; correct it
form-unknown-name = Expected the name of a question, group or repeat in ${"{"}…{"}"}, found “{ $found }”; correct it or add that question
form-ambiguous-name = Expected a name that is used once, found “{ $found }”, which is used { $count } times; rename the others
form-big-image-alone = Expected an image beside the big-image of { $found }, found none; add one
form-reference-geometry = Expected a choice list, an attached file, an entity list or a repeat as ${"{"}…{"}"}, found “{ $found }”; correct it
form-duplicate-instance = Found the attached file { $found } twice; remove one row
form-instance-clash = Found { $found } for two different things, the other one being { $other }; rename one of them
form-unknown-choice-column = Expected a column of the list { $list } in the choice_filter, found “{ $found }”; correct it, or write a question as ${"{"}…{"}"}
form-column-refused = Found a column named “{ $found }”, which this sheet does not have; correct its name or remove it
form-entity-without-list = Expected the name of an entity list, found none; write one in list_name
form-entity-list-name = Expected the name of an entity list of letters, digits, _ and - that does not begin with __, found “{ $found }”; rename it
form-duplicate-entity-list = Expected each entity list once, found “{ $found }” again, first in row { $row }; remove one of them
form-entity-without-label = Expected a label for the entities that are created in { $found }, found none; write one, or an entity_id to update them instead
form-entity-without-id = Expected an entity_id beside update_if for { $found }, found none; write one, or move the condition to create_if
form-entity-without-update-if = Expected an update_if beside create_if and entity_id for { $found }, found none; write one, or remove the entity_id
form-entity-outside = Expected questions of { $other } in the row of the list { $list }, found { $found }, which stands elsewhere; refer to a calculation in { $other } instead
form-entity-without-place = Expected a group for the entity of { $found }, found each one taken by the entity of row { $row } or its answers; put the questions of the two lists in different groups
form-unknown-entity-list = Expected the name of a list of the entities sheet before #, found “{ $found }”; correct it or add the list
form-property-name = Expected the name of a property of letters, digits, _ - and ., other than name and label and without __ at its beginning, found “{ $found }”; rename it
form-save-to-without-entities = Found save_to “{ $found }” in a form without entities; add the sheet entities with a list, or empty the cell
form-save-to-needs-list = Expected list#property, since the form has several entity lists, found “{ $found }”; write the list before it
form-save-to-malformed = Expected one # between list and property, found “{ $found }”; correct it
form-save-to-of-group = Found save_to “{ $found }” in a row that is no question; move it to a question
form-save-to-twice = Expected one question for each property, found “{ $found }” again, first in row { $row }; change one of them
form-save-to-outside = Expected the answers for one entity of { $list } in one repeat, { $other }, found { $found } elsewhere; copy the answer by a calculation there and save that

# Expressions
form-expression-expected = In { $column }: { $ended ->
    [yes] the expression ends too early, expected
   *[no] found “{ $found }”, expected
  } { $kind ->
    [sign] “{ $expected }”
   *[other] { $expected }
  }
form-expression-unclosed = In { $column }: the text that begins here has no closing { $quote }; add it
form-expression-stray = In { $column }: “{ $found }” has no meaning here; remove it, or put text in quotation marks
form-expression-axis = In { $column }: there is no axis “{ $found }”; the axes are child, parent, self, attribute, ancestor, descendant, following, preceding and their kin
form-expression-too-large = In { $column }: the expression is too long or nested too deep (at most { $limit }); split it over several calculations
form-unknown-function = In { $column }: there is no function { $found }(); correct its name
form-wrong-arity = In { $column }: { $function }() takes { $most ->
    [any] { $least } or more arguments
    [0] no arguments
   *[other] { $least } to { $most } arguments
  }, found { $count }
form-found-variable = In { $column }: forms have no variables, found ${ $found }; write ${"{"}{ $found }{"}"}
form-needs-nodes = In { $column }: { $function } needs a question, group or repeat, found a { $found }; write ${"{"}…{"}"}
form-bad-pattern = In { $column }: the pattern of regex() cannot be used: { $reason }
form-code-not-in-list = In { $column }: { $question } has the list { $list }, which has no code “{ $found }”, so they are never equal; correct the code or add it to the list
form-value-not-in-column = In { $column }: the column { $other } of the list { $list } never holds “{ $found }”, so no choice is offered; correct it
form-multiple-compared = In { $column }: several choices can be made in { $question }; it equals “{ $found }” only when nothing else is chosen; write selected({ $question }, '{ $found }')
form-number-compared = In { $column }: a number never equals “{ $found }”; write a number
form-date-compared = In { $column }: a date is compared with { $found }, which is none; write a date as date('2017-04-12')
form-text-ordered = In { $column }: { $found } is text, which is neither less nor greater than anything; use a question for numbers, or compare with =
form-yes-no-compared = In { $column }: what is true or false is compared with the text “{ $found }”; leave the comparison out, or write true() or false()
form-text-added = In { $column }: { $operator } needs two numbers, { $found } is text, so the result is never a number; join texts with concat()
form-selected-on-other = In { $column }: { $function }() needs a question with choices, { $found } is of the type { $kind }; compare with =, or change the type
form-never-relevant = { $found } is never asked: this condition can never be true; correct it
form-sum-of-blanks = In { $column }: { $function }() of { $found } is no number while a row has no answer to it; write { $found }[. != ''], or make the question required
form-never-relevant-inside = { $found } is never asked: its condition contradicts the one of { $group } around it; correct one of them
form-never-valid = No answer to { $found } is ever valid: this constraint can never be true; correct it
form-reads-later = In { $column }: { $found } is only asked later, in row { $row }, and has no answer here yet; move that question forward
form-texts-missing = { $count ->
    [one] One text of { $column } lacks { $language }: { $found }; people see - there
   *[other] { $count } texts of { $column } lack { $language }: { $found }; people see - there
}
form-choice-label-twice = The list { $list } has “{ $found }” twice, first in row { $row }, and nobody can tell them apart; change one of them
form-label-too-long = { $count } full-width characters are too long for the screen, which fits { $limit }; shorten it, or move a part to the hint
form-list-not-used = No question uses the list { $found }; check its name, or remove it
form-choice-column-not-portable = Found a column “{ $found }” with letters outside ASCII; it works here, but not in ODK Collect
form-digits-lost = { $found } has lost its last digits: the cell is a number, and Excel keeps 15 digits; format the column as text and write it again
form-group-without-questions = The group { $found } holds only calculations; ODK Validate refuses such a group. Take it away, or put it around a question
form-required-not-asked = { $found } takes no answer and cannot be required; empty the cell
form-constraint-without-message = { $found } has a constraint and no constraint_message, so the interviewer is not told what is wrong; write one
form-near = Did you mean “{ $near }”?
form-line = Line { $line }, character { $character }

# Problems of a form in XML
form-xml-form-too-large = The form has { $found } bytes, at most { $limit } are read; split it
form-xml-form-not-xml = This is not XML that can be read: { $reason }
form-xml-form-too-deep = Elements are nested more than { $limit } deep, and were not read
form-xml-form-missing-part = Expected an element <{ $expected }>, found none; this is no whole form
form-xml-expression-syntax = The expression cannot be read: { $reason }
form-xml-expression-check = The expression cannot be used: { $reason }
form-xml-unknown-path = The form has nothing at “{ $found }”; correct the path, or add that question
form-xml-unknown-instance = The form has no instance “{ $found }”; correct it, or add the instance
form-xml-cycle = These wait for each other and can never be computed: { $chain }; break one step
form-xml-unknown-type = Unknown type “{ $found }”, taken as text
form-xml-unknown-control = Unknown control <{ $found }>, which is not shown
form-xml-unsupported-control = “{ $found }” is not supported yet
form-xml-bind-twice = “{ $found }” has two binds, what the second repeats is not read
form-xml-unknown-text = No language has the text “{ $found }”
form-xml-missing-translation = { $count ->
    [one] One text lacks { $language }
   *[other] { $count } texts lack { $language }
}
form-xml-missing-media = The file “{ $found }” is missing; choices and look-ups that need it stay empty; put it beside the form
form-xml-bad-media = The file “{ $name }” cannot be read: { $reason }
form-xml-bad-default = The value “{ $found }” in the form is not { $expected }
form-xml-choice-twice = Two choices have the code “{ $found }”
form-xml-choice-space = Several can be chosen, so the code “{ $found }” must not hold a space
form-xml-unknown-word = Unknown { $what } “{ $found }”
form-xml-control-without-node = <{ $found }> has neither ref nor nodeset nor bind
form-extra-word = Found “{ $found }” in the column { $column }, which is not read; expected { $expected }
form-renamed-from-twice = Two questions claim the old name “{ $found }”, the first in row { $row }. Only one had it; remove it from the other
form-renamed-from-unknown = No earlier version in the project has a question “{ $found }”; answers are not carried over by this hint. Check the name in renamed_from
form-renamed-from-ambiguous = Earlier versions have several questions “{ $found }”; write the path in renamed_from, /group/name

# A sheet of tests in the workbook
form-tests-without-name = A test needs a name. Write one in the first row of each test
form-tests-without-act = The sheet of tests has no column “act”. Please add it
form-tests-too-many = There are too many tests; what stands below row { $limit } was not read
form-tests-unknown-act = There is no act “{ $found }”. Please correct it
form-tests-bad-question = A question is expected here, such as age, or members[2]/age in a repeat; found “{ $found }”
form-tests-bad-value = The value “{ $found }” is not understood. Expected: { $expected }
form-unknown-appearance = Found the appearance “{ $found }”, which is not known and changes nothing here; check its spelling
