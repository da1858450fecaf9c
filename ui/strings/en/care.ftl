# What a child tells of harm: the sheet, the contact cards, the reports.
error-holders-too-few = A real project needs two safeguarding holders on laptops of their own.
error-report-empty = Write the child’s words or what you saw, then save.
error-reports-full = There is no room for more long reports on this laptop. Call a safeguarding holder.
error-call-whom = Write whom you called.
error-contact-number = Each line needs a number to call.
error-contacts-too-many = A card holds at most { $limit } people.
error-unknown-report = This report is not yours to read.
error-erase-others = Somebody else wrote one of these answers. Ask the lead to move it.
error-report-json = What came is not the JSON of this act.

contact-role-holder = Safeguarding holder
contact-role-police = Police
contact-role-youth-line = Youth hotline
contact-role-citizen-line = Citizens’ hotline
contact-role-civil-affairs = Civil affairs
contact-role-children-director = Village children’s director
contact-role-children-supervisor = Township children’s supervisor
contact-role-hospital = Hospital
contact-role-school = School
contacts-everywhere = Whole project

report-untold = Nobody has been told yet
report-told = Somebody has been told
report-handed-over = Handed over
report-waiting = Waits for the next sync
report-unknown-line = A newer version wrote this line
care-safety-safe = Safe
care-safety-unsafe = Not safe
care-safety-unsure = Not sure
care-outcome-told = They know
care-outcome-no-answer = No answer
care-outcome-call-back = They will call back
care-to-police = Police
care-to-civil-affairs = Civil affairs
care-to-elsewhere = Somebody else
reports-none = No reports
