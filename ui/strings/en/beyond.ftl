# Soft checks: they ask to look again and never hinder.
look-again = Look again
soft-check = Please look at this answer again
soft-confirm = It is right
soft-reason = Why is it so? A line for the team lead
soft-confirmed = Confirmed: { $reason }
soft-change-reason = Change the reason
problem-soft-check = Please look at this answer again
problem-left-soon = Left after { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}, the form asks for { $wanted } at least

# Non-answers: neither a value nor blank.
non-answer-dont-know = Does not know
non-answer-refused = Refused
non-answer-given = Noted: { $what }. An answer takes its place

# Exact checks of Chinese numbers
problem-check-identity-length = An identity number has 18 characters, please count them
problem-check-identity-characters = An identity number has digits only; the last may be X
problem-check-identity-region = The first four digits of the identity number are no province and city, please look again
problem-check-identity-birthday = Digits 7 to 14 of the identity number are no date, please look again
problem-check-identity-checksum = One character of the identity number is mistyped: the last does not fit the others
problem-check-mobile-characters = A mobile number has digits only
problem-check-mobile-length = A mobile number has 11 digits, please count them
problem-check-mobile-prefix = A mobile number begins with 13 to 19
problem-check-phone = This is neither a mobile number nor a landline, such as 0571-88880000

error-answer-not-declared = This question does not have that.
error-doubt-gone = This answer need not be confirmed any more.
