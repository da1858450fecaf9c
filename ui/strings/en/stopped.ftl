# A revoked laptop, said to who sits at it

stopped-by = { $by } revoked this laptop { $at }
stopped-refused = Since { $at } the hub takes no records of this laptop; the lead may have revoked it
stopped-means = What was sent before counts. What is written here since stays on this laptop and is not lost, but does not count until a lead accepts it.
stopped-waiting = { $count ->
    [one] One entry waits.
   *[other] { $count } entries wait.
}
stopped-do = Please do no more interviews with it, and delete nothing. Write a stick, and give it to the lead together with the laptop; to go on interviewing, ask the lead for another invitation.
