# What does not fit between the laptops of a team, on the sync page

misfits-title = What does not fit
misfits-help = Nothing of this is lost. A line goes when it is put right, or when you have noted it; it comes again when there is more of it.
misfit-own = this laptop ({ $owner })
misfit-noted = Noted
misfit-hub-rewound = The hub { $owner } was put back to an old copy ({ $at })
misfit-hub-rewound-do = What is on this laptop was sent again. Tell whoever runs the hub, and let every laptop sync once more.
misfit-hub-rewritten = The hub { $owner } does not go on from where this laptop saw it last ({ $at })
misfit-hub-rewritten-do = It was put back to an old copy and used since, or somebody wrote its log anew. Ask whoever runs the hub why; until that is clear, carry records on a stick as well.
misfit-fork = Two laptops write as { $owner }, from entry { $count } on
misfit-fork-do = What both wrote is kept. Ask whether that disk was copied, or an old copy of it put back. If nobody did so, have the laptop revoked on the Team page and the person invited again.
misfit-fork-do-own = What both wrote is kept, and this laptop goes on apart from the other. Tell the lead whether its disk was copied, or an old copy of it put back.
misfit-no-right = { $count ->
    [one] One entry of { $owner } is of a sort that this role may not write
   *[other] { $count } entries of { $owner } are of a sort that this role may not write
}
misfit-no-right-do = They are kept and have no effect. Ask with which program they were written; if nobody knows, have the laptop revoked on the Team page.
misfit-no-right-do-own = They are kept and have no effect. Show the lead this laptop.
misfit-other-author = { $count ->
    [one] One entry of { $owner } is in the name of somebody else
   *[other] { $count } entries of { $owner } are in the name of somebody else
}
misfit-other-author-do = They are kept and have no effect, whomever they name. Tianye writes none like that: ask who had that laptop and which program was used on it. If nobody knows, have the laptop revoked on the Team page.
misfit-other-author-do-own = They are kept and have no effect, whomever they name. Tianye writes none like that: show the lead this laptop.
misfit-not-own = { $count ->
    [one] One entry of { $owner } changes what only whoever began it may change
   *[other] { $count } entries of { $owner } change what only whoever began it may change
}
misfit-not-own-do = What was there before holds; they are kept and have no effect. Ask with which program they were written; if nobody knows, have the laptop revoked on the Team page.
misfit-not-own-do-own = What was there before holds; they are kept and have no effect. Show the lead this laptop.
misfit-late = { $count ->
    [one] One entry of { $owner } came after the laptop was revoked
   *[other] { $count } entries of { $owner } came after the laptop was revoked
}
misfit-late-do = They wait and do not count. Decide on the Team page whether they are accepted.
misfit-gap = { $count ->
    [one] One entry of { $owner } has not come
   *[other] { $count } entries of { $owner } have not come
}
misfit-gap-do = What was written after that waits. Let that laptop sync or write a stick once more; then it is taken in by itself.
