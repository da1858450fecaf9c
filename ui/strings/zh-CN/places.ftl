# 一个地方的页面
place-open = 打开这个地方
place-history = 关于这里做过的事
place-history-none = 还没有。
place-people = 这里可以找谁谈
place-people-none = 还没有村干部、老师或照料人。
place-with = 跟谁谈
place-with-nobody = 不跟谁谈
place-which = 哪个地方
place-no-form = 项目里还没有关于地方的表（例如村干部访谈、社区活动记录）。
new-place-hint = 这张表是关于一个地方的
new-group-hint = 这张表是关于一个小组的：输入小组的名称来找；还没有就到“人员”页按 Alt+G 新建
new-ward-hint = 这张表是关于一个孩子的，由照料孩子的人回答：先找这个孩子，再选谁回答
error-site-missing = 先选这张表是关于哪个地方的。
error-with-whom-missing = 这张表要跟人谈：先选跟谁谈，并且此人同意了。
assign-place = 这张表是关于这个地方的，分派一次。
assign-groups = 这张表是关于小组的，这里的每个小组分派一次。
assign-wards = 这张表是关于孩子的，这里的每个孩子分派一次；谁来回答，开始的时候再选。
