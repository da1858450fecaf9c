//! The kinds of problem. The kebab-case text of each is public: the user interface keeps one message for each. Arguments
//! stand in braces in the English message; any problem may also have `near`, a likely correction.

macro_rules! codes {
    ($($variant:ident = $text:literal, $message:literal;)*) => {
        /// What is wrong. [`Code::as_str`] is the public name, [`Code::message`] the English message with its arguments.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code { $(#[doc = $message] $variant,)* }

        /// Every code there is.
        pub const ALL: &[Code] = &[$(Code::$variant,)*];

        impl Code {
            /// The public kebab-case name.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $text,)* } }

            /// English: what was expected, what was found, what to do. Arguments stand as `{name}`.
            #[must_use]
            pub const fn message(self) -> &'static str { match self { $(Self::$variant => $message,)* } }
        }
    };
}

codes! {
    // the workbook
    NoSurveySheet = "no-survey-sheet", "expected a sheet named survey, found none; name the sheet with the questions survey";
    SheetNameAlmost = "sheet-name-almost", "expected survey, choices, settings or entities, found a sheet named “{found}”, which is not read; rename it, or put _ before its name if it is not part of the form";
    DuplicateSheet = "duplicate-sheet", "expected one sheet of each name, found “{found}” twice; join the two";
    MissingColumn = "missing-column", "expected a column named {expected}, found none; add it";
    DuplicateColumn = "duplicate-column", "found two columns for the same thing, “{other}” and “{found}”; keep one of them";
    UnknownColumn = "unknown-column", "found a column named “{found}”, which is not read; correct its name";
    ColumnNotUsed = "column-not-used", "found a column named “{found}”, which is not read; that is fine for remarks";
    ColumnRefused = "column-refused", "found a column named “{found}”, which this sheet does not have; correct its name or remove it";
    CellWithoutHeader = "cell-without-header", "found “{found}” in a column without a header, which is not read; write a header into the first row";
    ChoiceColumnName = "choice-column-name", "expected a column name of letters, digits, _ and - without spaces, found “{found}”, which is not read; rename it";
    SecondSettingsRow = "second-settings-row", "expected one row of settings, found a second one, which is not read; remove it";
    FlatRepeats = "flat-repeats", "found the setting {found} in a form with repeats, whose rows need elements of their own; remove it";
    EncryptionNeedsInstanceId = "encryption-needs-instance-id", "found omit_instanceID beside public_key; records cannot be encrypted without an id; remove omit_instanceID";
    MissingTranslation = "missing-translation", "found texts in other languages, but no column {expected}; add that column, or people see - there";
    LanguageWithoutCode = "language-without-code", "expected a language as “中文 (zh)”, with its code in brackets, found “{found}”; add the code";
    DefaultLanguageUnused = "default-language-unused", "expected a default_language that has columns, found “{found}”; write it exactly as in the columns";

    // rows and names
    RowSkipped = "row-skipped", "found a row without type, name and label, which is not read";
    QuestionWithoutType = "question-without-type", "expected a type, found none; write one, such as text or select_one list";
    QuestionWithoutName = "question-without-name", "expected a name, found none; give every question, group and repeat one";
    QuestionWithoutLabel = "question-without-label", "expected a label or a hint for {found}, found neither; write what the interviewer should read";
    InvalidName = "invalid-name", "expected a name of letters, digits, _ - and . that begins with a letter or _, found “{found}”; rename it";
    ReservedName = "reserved-name", "found the name “{found}”, which every form uses itself; rename the question";
    DuplicateName = "duplicate-name", "expected names that differ within a group, found “{found}” again; rename one of them";
    NameDiffersInCase = "name-differs-in-case", "found “{found}”, which differs from another name here only in upper and lower case; some programs for tables take them for one";
    NameNotPortable = "name-not-portable", "found “{found}”, a name with letters outside ASCII; it works here, but not in ODK Collect";
    DuplicateRepeatName = "duplicate-repeat-name", "expected repeats with different names, found “{found}” again; rename one of them";
    RepeatNamedLikeForm = "repeat-named-like-form", "found a repeat named “{found}” like the form itself; rename it";
    RepeatWithoutLabel = "repeat-without-label", "expected a label for the repeat {found}, found none; write one, so that people know what they add";
    UnknownType = "unknown-type", "expected a question type, found “{found}”; correct it";
    UnmatchedEnd = "unmatched-end", "found {found}, but nothing of that kind is open here; remove it or add its begin";
    GroupTooLarge = "group-too-large", "found a {found} whose questions are more than a form can hold, written out one by one; split it, or shorten its list";
    UnmatchedBegin = "unmatched-begin", "expected {expected} for “{name}”, found the end of the sheet; add it where the part ends";
    AuditNamed = "audit-named", "expected no name for an audit, found “{found}”; leave the cell empty";
    DeadMetadata = "dead-metadata", "found {found}, which devices no longer tell; remove it";

    // choices
    UnknownList = "unknown-list", "expected the name of a list of the choices sheet, found “{found}”; correct it or add the list";
    UnknownExternalList = "unknown-external-list", "expected the name of a list of the external_choices sheet, found “{found}”; correct it or add the list";
    ListFileExtension = "list-file-extension", "expected a file that ends with .csv, .xml or .geojson, found “{found}”; correct the file name";
    ExternalWithoutFilter = "external-without-filter", "expected a choice_filter for the external select {found}, found none; add one or use select_one";
    ChoiceWithoutList = "choice-without-list", "expected a list_name, found none; the choice is not read";
    ChoiceWithoutName = "choice-without-name", "expected a name for this choice of the list {list}, found none; give it one";
    ChoiceWithoutLabel = "choice-without-label", "expected a label for the choice {found}, found none; write one";
    DuplicateChoice = "duplicate-choice", "expected choices with different names in the list {list}, found “{found}” again, first used in row {row}; change one of them";
    ChoiceNameWithSpace = "choice-name-with-space", "expected a name without spaces in the list {list}, since several can be chosen, found “{found}”; replace the spaces by _";
    OrOtherWithFilter = "or-other-with-filter", "found or_other beside a choice_filter for {found}, which do not go together; add the choice other and a text question by hand";
    OrOtherNeedsList = "or-other-needs-list", "found or_other for {found}, whose choices are not in the choices sheet; add the choice other and a text question by hand";
    OrOtherTranslated = "or-other-translated", "found or_other in a form with several languages; its texts are English only; add the choice other and a text question by hand";
    TableListFilter = "table-list-filter", "found a choice_filter inside a table-list, which does not go together; remove one of them";
    TableListMixed = "table-list-mixed", "expected the list {expected} as in the rest of the table-list, found {found}; move the question out of the group";
    SearchWithFile = "search-with-file", "found search() beside a list from a file for {found}, which do not go together; remove one of them";
    SearchListShared = "search-list-shared", "found the list {list} both with search() and without it, in {found}; use two lists";

    // cells
    ParametersNotPairs = "parameters-not-pairs", "expected parameters as key=value, found “{found}”; correct them";
    UnknownParameter = "unknown-parameter", "expected one of the parameters {expected}, found “{found}”; correct it";
    ParameterValue = "parameter-value", "expected {expected} for the parameter {parameter}, found “{found}”; correct it";
    MissingCalculation = "missing-calculation", "expected a calculation for {found}, found none; write one";
    CalculationNotAllowed = "calculation-not-allowed", "expected no calculation for {found}, found one; remove it";
    MissingTrigger = "missing-trigger", "expected a question in the trigger column for {found}, found none; write one as ${…}";
    TriggerNotReference = "trigger-not-reference", "expected questions as ${…}, separated by commas, found “{found}”; correct it";
    TriggerNotQuestion = "trigger-not-question", "expected the name of a question, found “{found}”, which is none; correct it";
    TriggerNotVisible = "trigger-not-visible", "expected a question that people answer, found “{found}”, which is calculated; use another trigger";
    MalformedReference = "malformed-reference", "expected a question as ${…}, found “{found}”; correct it";
    UnknownName = "unknown-name", "expected the name of a question, group or repeat in ${…}, found “{found}”; correct it or add that question";
    AmbiguousName = "ambiguous-name", "expected a name that is used once, found “{found}”, which is used {count} times; rename the others";
    BigImageAlone = "big-image-alone", "expected an image beside the big-image of {found}, found none; add one";
    ReferenceGeometry = "reference-geometry", "expected a choice list, an attached file, an entity list or a repeat as ${…}, found “{found}”; correct it";
    DuplicateInstance = "duplicate-instance", "found the attached file {found} twice; remove one row";
    InstanceClash = "instance-clash", "found {found} for two different things, the other one being {other}; rename one of them";

    ExtraWord = "extra-word", "expected {expected} in the column {column}, found “{found}”, which is not read; correct it";

    RenamedTwice = "renamed-from-twice", "expected that one question was called “{found}” before, found it again, first in row {row}; remove it from one of them";

    // entities
    EntityWithoutList = "entity-without-list", "expected the name of an entity list, found none; write one in list_name";
    EntityListName = "entity-list-name", "expected the name of an entity list of letters, digits, _ and - that does not begin with __, found “{found}”; rename it";
    DuplicateEntityList = "duplicate-entity-list", "expected each entity list once, found “{found}” again, first in row {row}; remove one of them";
    EntityWithoutLabel = "entity-without-label", "expected a label for the entities that are created in {found}, found none; write one, or an entity_id to update them instead";
    EntityWithoutId = "entity-without-id", "expected an entity_id beside update_if for {found}, found none; write one, or move the condition to create_if";
    EntityWithoutUpdateIf = "entity-without-update-if", "expected an update_if beside create_if and entity_id for {found}, found none; write one, or remove the entity_id";
    EntityOutside = "entity-outside", "expected questions of {other} in the row of the list {list}, found {found}, which stands elsewhere; refer to a calculation in {other} instead";
    EntityWithoutPlace = "entity-without-place", "expected a group for the entity of {found}, found each one taken by the entity of row {row} or its answers; put the questions of the two lists in different groups";
    UnknownEntityList = "unknown-entity-list", "expected the name of a list of the entities sheet before #, found “{found}”; correct it or add the list";
    PropertyName = "property-name", "expected the name of a property of letters, digits, _ - and ., other than name and label and without __ at its beginning, found “{found}”; rename it";
    SaveToWithoutEntities = "save-to-without-entities", "found save_to “{found}” in a form without entities; add the sheet entities with a list, or empty the cell";
    SaveToNeedsList = "save-to-needs-list", "expected list#property, since the form has several entity lists, found “{found}”; write the list before it";
    SaveToMalformed = "save-to-malformed", "expected one # between list and property, found “{found}”; correct it";
    SaveToOfGroup = "save-to-of-group", "found save_to “{found}” in a row that is no question; move it to a question";
    SaveToTwice = "save-to-twice", "expected one question for each property, found “{found}” again, first in row {row}; change one of them";
    SaveToOutside = "save-to-outside", "expected the answers for one entity of {list} in one repeat, {other}, found {found} elsewhere; copy the answer by a calculation there and save that";

    // expressions
    ExpressionExpected = "expression-expected", "in {column}: expected {expected}, found {found}";
    ExpressionUnclosed = "expression-unclosed", "in {column}: a text begins here and has no closing {quote}";
    ExpressionStray = "expression-stray", "in {column}: the character {found} has no meaning here";
    ExpressionAxis = "expression-axis", "in {column}: there is no axis {found}";
    ExpressionTooLarge = "expression-too-large", "in {column}: the expression is longer or nested deeper than {limit}";
    UnknownFunction = "unknown-function", "in {column}: there is no function {found}()";
    WrongArity = "wrong-arity", "in {column}: {function}() takes {least} to {most} arguments (most empty: any number), found {count}";
    FoundVariable = "found-variable", "in {column}: found the variable ${found}, which forms do not have";
    NeedsNodes = "needs-nodes", "in {column}: {function} needs a question, group or repeat, found a {found}";
    BadPattern = "bad-pattern", "in {column}: the pattern of regex() cannot be used: {reason}";
    UnknownChoiceColumn = "unknown-choice-column", "expected a column of the list {list} in the choice_filter, found “{found}”; correct it, or write a question as ${…}";

    // what expressions mean
    CodeNotInList = "code-not-in-list", "in {column}: {question} has the list {list}, which has no code “{found}”";
    ValueNotInColumn = "value-not-in-column", "in {column}: the column {other} of the list {list} never holds “{found}”";
    MultipleCompared = "multiple-compared", "in {column}: {question} takes several codes, compared with the one “{found}”";
    NumberCompared = "number-compared", "in {column}: a number is compared with “{found}”, which is none";
    DateCompared = "date-compared", "in {column}: a date is compared with {found}, which is none";
    TextOrdered = "text-ordered", "in {column}: {found} is text, which is neither less nor greater";
    YesNoCompared = "yes-no-compared", "in {column}: what is true or false is compared with the text “{found}”";
    TextAdded = "text-added", "in {column}: {operator} needs numbers, found {found}, which is text";
    SelectedOnOther = "selected-on-other", "in {column}: {function}() needs a question with choices, {found} is of the type {kind}";
    SumOfBlanks = "sum-of-blanks", "in {column}: {function}() of {found} is no number while a row has no answer to it; write {found}[. != ''], or make the question required";
    NeverRelevant = "never-relevant", "{found} is never asked: its relevance can never be true";
    NeverRelevantInside = "never-relevant-inside", "{found} is never asked: its relevance contradicts that of {group}";
    NeverValid = "never-valid", "no answer to {found} is ever valid: its constraint can never be true";
    ReadsLater = "reads-later", "in {column}: {found} is only asked later, in row {row}";

    // texts and sheets
    TextsMissing = "texts-missing", "{count} texts of {column} lack {language}: {found}";
    ChoiceLabelTwice = "choice-label-twice", "the list {list} has the label “{found}” twice, first in row {row}";
    LabelTooLong = "label-too-long", "a label of {count} characters, at most {limit} fit the screen";
    ListNotUsed = "list-not-used", "no question uses the list {found}";
    ChoiceColumnNotPortable = "choice-column-not-portable", "the column {found} has letters outside ASCII; it works here, but not in ODK Collect";
    DigitsLost = "digits-lost", "{found} has lost its last digits, because the cell is a number";
    GroupWithoutQuestions = "group-without-questions", "{found} holds only calculations; ODK Validate refuses such a group: take it away, or put it around a question";
    RequiredNotAsked = "required-not-asked", "{found} takes no answer, and cannot be required";
    ConstraintWithoutMessage = "constraint-without-message", "{found} has a constraint and no constraint_message";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_kebab_case_and_different() {
        let mut seen = std::collections::HashSet::new();
        for code in ALL {
            let text = code.as_str();
            assert!(seen.insert(text), "{text} twice");
            assert!(text.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{text}");
            assert!(!code.message().is_empty());
        }
    }
}
