# Groups: who sits together in a discussion or a session
group-new = New group
group-change = Change the group
group-name = What the group is called
group-name-hint = Such as “Talk in April”; no person’s name
group-site-hint = People from here are found first
group-members = In the group ({ $count })
group-find = Add somebody
group-find-hint = Choose by ↑ ↓, add by Enter. Who does not agree to a group, or was not asked yet, stands last with the reason and cannot be added.
group-add = Add
group-remove = Take out
group-nobody = Nobody is in the group yet.
group-not-agreed = { $name } cannot be added: { $why }. Ask for consent on their page first.
group-ready = Everybody has agreed to the group.
group-waits = { $count ->
    [one] One person has not agreed to the group; it cannot begin now.
   *[other] { $count } people have not agreed to the group; it cannot begin now.
}
