# Why a question is as it is.
why = Why?
why-of = Why it is so: { $question }
why-shown = This question is asked now
why-hidden = This question is not asked now
why-required = This question must be answered
why-optional = This question may stay empty
why-locked = Nothing can be entered here
why-open = An answer can be entered here
why-valid = This answer is possible
why-invalid = This answer must be corrected
why-value = The value is “{ $value }”
why-no-value = There is no value
why-because-no-rule = No rule of the form says otherwise.
why-because-own-rule = The question’s own rule decides it.
why-because-outer-rule = A rule of the group around it decides it.
why-because-not-relevant = Because the question is not asked now.
why-because-empty = Because there is no answer yet.
why-because-not-offered = Because the option chosen before is not offered now.
why-because-answered = It was entered in the interview.
why-because-default = The form begins with it.
why-because-failed = The rule cannot be worked out, so the question is asked.
why-rule = Rule “{ $part }” of “{ $label }”
why-true = holds
why-false = does not hold
why-failed = cannot be worked out
why-nodes = { $count ->
    [one] one place
   *[other] { $count } places
}
why-read = “{ $label }” is “{ $value }”
why-read-blank = “{ $label }” is empty
why-read-hidden = “{ $label }” is not asked now and counts as empty
why-decided = decides
key-why = why it is asked, not asked, or must be corrected
