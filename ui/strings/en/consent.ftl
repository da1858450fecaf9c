# Consent: the sheet, stopping, the checklist, what is due

purpose-questionnaire = Questionnaire
purpose-interview = Interview
purpose-audio = Sound recording
purpose-photo = Photograph
purpose-teacher = Talking with the teacher
purpose-group = Group session
purpose-activity = Activities
purpose-follow-up = Visits in the next half year
purpose-school-sharing = Sharing with the school
purpose-archiving = Archiving
consent-withdrawn = Taken back
consent-refused = Refused
consent-child-refused = The child said no
consent-unclear = Two laptops differ
consent-missing = Not asked
consent-no-members = Members not listed
consent-other-purpose = Not asked for this
consent-not-yet = Asked, no answer yet
consent-no-guardian = No guardian asked
consent-carer-only = Only the carer agreed
consent-ask-again = To be asked again
consent-child-not-asked = Child not asked
consent-complete = Agreed
consent-do-withdrawn = Somebody took it back. It is not done, and what is there is erased.
consent-do-refused = The guardian, or the person, refused. It is not done, and nobody is talked round.
consent-do-child-refused = The child does not want to, and that prevails. It is not done.
consent-do-unclear = Two laptops wrote different things; a lead looks at it first.
consent-do-missing = Read the text to the family first and write down what they say.
consent-do-no-members = List who takes part first, then ask each of them.
consent-do-other-purpose = What was agreed to does not include this; ask for it on its own.
consent-do-not-yet = Give them time; write it down below when they have decided.
consent-do-no-guardian = A school's permission is not consent. Ask the child's legal guardian.
consent-do-carer-only = The carer's word is noted; ask a legal guardian too, usually a parent, by a call that is noted.
consent-do-ask-again = The text changed, or it is another activity: read it and ask again.
consent-do-child-not-asked = The guardian agreed; now ask the child.
consent-title = Consent: { $code } { $name }
consent-sentence-ready = { $form } can begin.
consent-sentence-blocked = { $form } cannot begin yet. { $purpose }: { $why }.
consent-version = Text version { $version }
consent-version-usual = The program's own text; no lead has taken it over yet
consent-practice = Practice project: you may practise without consent, but a no is kept.
consent-speaks-guardian-and-child = Under 14: a guardian consents, and the child agrees.
consent-speaks-guardian-and-own = 14 to 17: the young person and a guardian both consent.
consent-speaks-own = An adult: the person's own consent is enough.
consent-speaks-members = A group: each member consents.
consent-carers = By an ethics decision of this project an entrusted carer's consent is enough.
consent-read = Read this to the family
consent-read-child = Read this to the child
consent-read-own = Read this to the person
consent-who = Who speaks
consent-standing-legal-guardian = Legal guardian (a parent or other)
consent-standing-entrusted-carer = Entrusted carer (grandparent, relative)
consent-standing-own = The respondent
consent-standing-school = School (permission is not consent)
consent-standing-unknown = Capacity not known
consent-name = Name
consent-relation = Relation to the respondent
consent-how = How it was said
consent-how-oral = By word
consent-how-paper = Signed on paper
consent-how-recorded-call = Recorded call
consent-how-video = Recorded video
consent-on = Day
consent-witness = Witness (optional)
consent-note = Remark (optional)
consent-words = Answers
consent-do-missing-own = Read the text to the person first and write down what they say.
consent-minutes = { $minutes ->
    [one] About one minute.
   *[other] About { $minutes } minutes.
}
consent-words-hint = ↑↓ to move; Y agrees, N refuses, W not yet
consent-say-given = Agrees
consent-say-refused = Refuses
consent-say-not-yet = Not yet
consent-say-withdrawn = Taken back
consent-needed = needed now
consent-evidence = Evidence
consent-evidence-signature = Signature on screen
consent-evidence-paper = Photograph of the paper
consent-evidence-recording = Recording
consent-evidence-add-signature = Sign on the screen
consent-evidence-add-paper = Choose a photograph of the paper
consent-evidence-keep = Use this signature
consent-evidence-clear = Sign again
consent-evidence-draw = Sign in the box with a pen, finger or mouse
consent-evidence-count = { $count } attached; saved with the answers below
consent-save = Write it down
consent-saved = Saved
consent-said-so-far = What was said so far
consent-said-none = Nobody's word is written down yet.
consent-old = older text
consent-disputed = differs, a lead must look
consent-all-withdrawn = Everything taken back
consent-close = Close
consent-begin = Begin: { $form }
consent-withdraw = Take back consent
consent-withdraw-sentence = Who takes back what? Nobody asks why.
consent-withdraw-all = Everything
consent-withdraw-do = Take back and erase
consent-withdraw-goes = Answers and recordings are erased here at once, and on every other laptop at its next contact. The name on the list and this “no” stay for now, so that nobody asks again; where everything is taken back, they go when a lead confirms it in the list of what is due.
consent-withdrawn-done = Taken back: { $erased } erased here.
consent-withdrawn-waiting = { $waiting } were written by others, or with a group: out of use now. Their laptops and the lead’s erase at the next sync; on a group a lead decides.
consent-file-out-of-use = A recording or photograph that was answered here is out of use.
consent-withheld = This was not agreed to: { $why }.
stop-here = Stop
stop-title = We stop here.
stop-ask = Thank you for telling me this. May what you said so far be kept?
stop-own-words = Read it as it is. Do not ask why, do not persuade.
stop-keep = It may be kept
stop-keep-hint = It ends here; the answers stay.
stop-drop = Do not keep it
stop-drop-hint = Answers, drafts and recordings are erased at once; only that it was stopped stays.
stop-back = Not stopping, go on
tab-real = Before we begin
real-sentence-open = { $count ->
    [one] One thing is left before real children are interviewed
   *[other] { $count } things are left before real children are interviewed
}
real-sentence-ready = Everything is done: the real project can begin
real-sentence-begun = A real project: nothing is done without consent
real-sentence-lacking = Something is missing again: shown as practice, and consent is asked for all the same
real-begin = Begin the real project
real-begun = Begun. Nothing is done without consent.
real-save = Save on the project's card
real-saved = Saved
real-item-purposes = What the project asks for
real-item-texts = The text for families and children
real-item-holders = At least two safeguarding leads
real-item-contacts = Which safeguarding holder to call at each place
real-item-retention = Until when each is kept
real-item-ethics = Ethics approval
real-item-passphrases = The team knows the rules for passphrases
real-item-recovery = Recovery was tried once
real-item-lacking = Missing: { $purposes }
real-item-blanks = { $count } blanks to fill in the Chinese text: （单位） institution, （日期） date, …
real-item-count = { $count } now
real-done = done
real-open = open
real-gate = Ask for consent in practice too
real-practised = Once the project begins, practice interviews ({ $count } so far) stay practice: marked in the lists, counted nowhere, and in no export. A laptop that has not synced since then goes on with practice, so let all sync before real children are interviewed.
real-practised-begun = { $count ->
    [one] One interview was made for practice before the project began: it is marked, counts nowhere, and is in no export. Erase it when nobody needs it.
   *[other] { $count } interviews were made for practice before the project began: they are marked, count nowhere, and are in no export. Erase them when nobody needs them.
  }
real-until = Kept until (year-month-day)
real-day = Day
real-what = Number, who decided, what was said
real-carers = An entrusted carer's consent is enough (needs an ethics decision)
real-text-activity = Name of the activity
real-text-opening = Opening
real-text-child = First words to the child
real-text-youth = First words to those of 14 to 17
real-text-adult = First words to an adult about themselves
real-text-closing = Closing
real-text-guardian = Asked of the guardian
real-text-own = Asked of an adult about themselves
real-text-asked-child = Asked of the child
real-text-zh = Chinese
real-text-en = English
real-text-publish = Publish this version
real-text-new-activity = As a new activity: everybody is asked again
real-text-published = Published, version { $version }
due-none = Nothing is to be erased.
due-sentence = { $count ->
    [one] One is to be erased
   *[other] { $count } are to be erased
}
due-choose-all = Choose all
due-choose-none = Choose none
due-why-stopped = stopped, nothing to be kept
due-why-withdrawn = consent taken back
due-why-refused = refused after it was collected
due-why-retention = kept until { $until }
due-whole = all of it
due-person = everything of the person: card, consents with what shows them, ties, assignments and interviews that are due
due-files = { $count ->
    [one] One file of it
   *[other] { $count } files of it
}
due-erase = Erase the { $count } chosen
error-consent-withdrawn = Consent to this was taken back; it is not done.
error-consent-refused = The guardian, or the person, refused this; it is not done.
error-consent-child-refused = The child said no to this, and that prevails.
error-consent-unclear = Two laptops wrote down different consents; ask the lead to look first.
error-consent-missing = No consent is recorded. Read the text and ask the family before beginning.
error-consent-no-members = The members of the group are not listed. List them and ask each.
error-consent-other-purpose = What was agreed to does not include this. Ask for it on its own.
error-consent-not-yet = They were asked and have not answered. Wait until they have decided.
error-consent-no-guardian = No legal guardian has agreed; a school's permission is not consent.
error-consent-carer-only = Only the carer agreed; a legal guardian must be asked too.
error-consent-ask-again = The text changed or it is another activity; ask again.
error-consent-child-not-asked = The guardian agreed; the child has not been asked.
error-consent-nothing-said = No answer to any of it is written down.
error-consent-unknown-purpose = This purpose is not known: { $purpose }.
error-consent-text-empty = The text is not whole: { $field ->
    [activity] the activity has no name
    [opening] the opening is missing
   *[other] something is not asked in Chinese, of the guardian and of the child
}.
error-not-a-day = Write the day as year-month-day, for example 2017-04-11.
error-noted-half = Write both the day and what was decided, or neither.
error-not-ready = { $count ->
    [one] One thing on the checklist is not done; the project cannot begin.
   *[other] { $count } things on the checklist are not done; the project cannot begin.
}
error-project-missing = The project's card is not here yet; sync first.
error-stopped-by-respondent = The respondent stopped this; nobody goes on with it.
toast-due-erased = Erased
key-stop = The child stops
sound-withheld = No sound is recorded: { $why }.
consent-evidence-take-paper = Photograph the paper
consent-evidence-record = Record what is said
consent-evidence-record-end = End and attach
consent-evidence-record-wait = Opening the microphone …
consent-evidence-not = Not now
consent-evidence-look = Look at it
consent-evidence-others = Only the lead and who wrote it down may look at it.
consent-asked-by = asked by { $name }
consent-open = Ask, or write down
consent-sentence-plain = What was said, and by whom
error-evidence-too-large = What shows a consent may have at most { $limit } MB; this has more, and was not added. Photograph the paper here with the camera, save the picture smaller, or record only the words of consent.
today-consent = Consent: { $standing }
