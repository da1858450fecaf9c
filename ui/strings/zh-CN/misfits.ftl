# 各台电脑之间对不上的地方，在同步页上

misfits-title = 对不上的地方
misfits-help = 这里说的都没有丢。补好了，或者您点了“知道了”，那一行就会消失；又多出来时会再出现。
misfit-own = 本机（{ $owner }）
misfit-noted = 知道了
misfit-hub-rewound = 中心 { $owner } 被恢复成了旧的备份（{ $at }）
misfit-hub-rewound-do = 这台电脑上有的已经重新送去。请告诉管理中心的人，并让每台电脑再同步一次。
misfit-hub-rewritten = 中心 { $owner } 和这台电脑上次看到的对不上（{ $at }）
misfit-hub-rewritten-do = 它被恢复成旧备份以后又用过，或者有人改写了它的日志。请管理中心的人说明原因；弄清以前，另外用 U 盘带一份。
misfit-fork = 从第 { $count } 条起，有两台电脑都用 { $owner } 的名义在写
misfit-fork-do = 两边写的都留着。请问清楚那块硬盘有没有复制过、有没有恢复过旧的备份；都没有，就在“队员”页停用那台电脑，再重新邀请本人。
misfit-fork-do-own = 两边写的都留着，这台电脑以后单独往下写。请告诉组长：这块硬盘有没有复制过、有没有恢复过旧的备份。
misfit-no-right = { $owner } 有 { $count } 条记录，按身份不能写
misfit-no-right-do = 这些记录留着，但不起作用。请问清楚是用什么程序写的；说不清，就在“队员”页停用那台电脑。
misfit-no-right-do-own = 这些记录留着，但不起作用。请把这台电脑给组长看一下。
misfit-other-author = { $owner } 有 { $count } 条记录，写的是别人的名字
misfit-other-author-do = 不管写的是谁，这些记录都留着，但不起作用。田野不会这样写：请问清楚谁用过那台电脑、用的是什么程序；说不清，就在“队员”页停用那台电脑。
misfit-other-author-do-own = 不管写的是谁，这些记录都留着，但不起作用。田野不会这样写：请把这台电脑给组长看一下。
misfit-not-own = { $owner } 有 { $count } 条记录，改的是只有建立的人才能改的内容
misfit-not-own-do = 原来的内容照旧；这些记录留着，但不起作用。请问清楚是用什么程序写的；说不清，就在“队员”页停用那台电脑。
misfit-not-own-do-own = 原来的内容照旧；这些记录留着，但不起作用。请把这台电脑给组长看一下。
misfit-late = { $owner } 停用以后又来了 { $count } 条记录
misfit-late-do = 这些记录在等，现在不算数。请在“队员”页决定要不要接受。
misfit-gap = { $owner } 还缺 { $count } 条记录没有来
misfit-gap-do = 后面写的都在等它。请让那台电脑再同步一次，或者再写一次 U 盘；来了就会自动收下。
