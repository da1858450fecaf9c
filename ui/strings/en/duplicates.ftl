# Duplicates

tab-duplicates = Duplicates
duplicates-sum = { $shown ->
    [one] One pair that may be one
   *[other] { $shown } pairs that may be one
}
duplicates-judged-sum = { $shown ->
    [one] One pair judged
   *[other] { $shown } pairs judged
}
duplicates-none = Nothing looks like a duplicate
duplicates-none-help = Two cards of one school whose names, numbers or birth dates are alike come here.
duplicates-judged-none = Nothing has been judged yet
duplicates-crowded = { $count } share a name with so many that only the nearest were compared.
pair-list = What may be there twice
pair-number = pair { $number } of { $of }
pair-question = { $one } and { $other }: the same child?
pair-question-interviews = { $one } has filled the same form twice. Which counts?
pair-disputed = Two people said different things; please decide. Until then they are not linked.
pair-contradicted = Kept apart, and yet linked through other cards.
pair-linked = Linked
pair-apart = Kept apart, not proposed again
pair-score = { $score ->
    [one] { $score } point alike
   *[other] { $score } points alike
}
compare = Compared
pair-records = Interviews
pair-none = none
pair-also = Linked already: { $names }
made-by = made by { $author }, { $time }
lead-this = Let this one lead
leads = Leads
link-keeps = Linking keeps both; you say which of them leads. They can be parted again at any time, without losing a word.
link-pair = The same, link them
link-interviews = The chosen one counts
keep-apart = Not the same, keep apart
keep-both = Both count
pair-later = Not sure, ask
pair-back = Previous
unlink = Take back, judge again
pair-words = What was said
said-linked = linked ({ $reason })
said-apart = kept apart ({ $reason })
said-open = taken back ({ $reason })
said-other = a word of a newer version ({ $reason })
pair-done-linked = Linked
pair-done-apart = Kept apart, not proposed again
pair-done-open = Taken back
choose-act = Please choose first whether to link them or to keep them apart
say-pair = Keep this
press-enter = Write why, then press Enter
show-pairs = To judge
show-judged = Judged
sex-male = boy
sex-female = girl

duplicate-name-same = same name
duplicate-name-variant = same name in other characters (traditional or variant)
duplicate-name-homophone = names sound the same, other characters
duplicate-name-pinyin = same pinyin, another tone
duplicate-name-accent = names sound nearly the same
duplicate-name-without-surname = one without the surname
duplicate-name-one-syllable = names differ in one syllable
duplicate-name-other = other names
duplicate-name-common = many have this name
duplicate-number-same = same school number
duplicate-number-other = other school numbers
duplicate-code-same = same code
duplicate-birth-same = same birth date
duplicate-birth-swapped = day and month of birth swapped
duplicate-birth-day-apart = birth dates one day apart
duplicate-birth-one-digit = birth dates differ in one digit
duplicate-birth-year-apart = birth dates one year apart
duplicate-birth-as-far-as-known = birth dates agree as far as known
duplicate-birth-other = other birth dates
duplicate-class-same = same class
duplicate-class-other = another class of the same school
duplicate-school-other = other schools
duplicate-sex-same = same sex
duplicate-sex-other = other sex
duplicate-guardian-same = guardian of the same name

mark-same = same
mark-differs = differs
mark-one-empty = one is empty
mark-both-empty = both empty

trait-school = School
trait-class = Class
trait-number = School number
trait-code = Code
trait-name = Name
trait-birth = Birth date
trait-sex = Sex
trait-guardian = Guardian
trait-form = Form
trait-site = Place
trait-interviewer = Interviewer
trait-answered = Answers
