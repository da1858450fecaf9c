# 随带的问卷与导出。
error-instrument-unknown = 程序没有带这份问卷：{ $found }。请看随带问卷的名单。
