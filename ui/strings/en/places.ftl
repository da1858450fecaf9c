# The page of a place
place-open = Open this place
place-history = What was done about it
place-history-none = Nothing yet.
place-people = Whom to speak with here
place-people-none = No cadre, teacher or carer yet.
place-with = With whom
place-with-nobody = With nobody
place-which = Which place
place-no-form = The project has no form about places yet (such as the interview with a cadre or the record of an activity).
new-place-hint = This form is about a place
new-group-hint = This form is about a group: find it by its name; a new one is made on the page of people, Alt+G
new-ward-hint = This form is about a child, and whoever looks after it answers: find the child first, then choose who answers
error-site-missing = Choose first which place the form is about.
error-with-whom-missing = For this form you speak with somebody: choose with whom, who has agreed.
assign-place = This form is about the place: it is assigned once.
assign-groups = This form is about groups: each group there is assigned.
assign-wards = This form is about a child: one for each child there. Who answers is chosen when it is begun.
