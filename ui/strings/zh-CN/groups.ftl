# 小组：谁一起座谈、一起活动
group-new = 新建小组
group-change = 修改小组
group-name = 小组叫什么
group-name-hint = 例如“四月座谈”，不要写人名
group-site-hint = 下面先找这里的人
group-members = 小组里的人（{ $count }）
group-find = 添加谁
group-find-hint = 用 ↑ ↓ 选，按 Enter 添加。不同意参加小组的、还没问的，列在后面，说明了原因，不能添加。
group-add = 添加
group-remove = 移出
group-nobody = 小组里还没有人。
group-not-agreed = { $name } 不能添加：{ $why }。先在此人的页面上问同意。
group-ready = 每个人都同意参加小组。
group-waits = { $count } 人还没有同意参加小组，现在不能开始。
