# 同步和 U 盘进行到哪里

carry-begin = 正在开始
carry-negotiate = 正在问中心有什么
carry-push-entries = 正在送出记录
carry-push-chunks = 正在送出照片和录音
carry-pull-entries = 正在收下记录
carry-pull-chunks = 正在收下照片和录音
carry-receipts = 正在核对收条
carry-write-entries = 正在写记录
carry-write-chunks = 正在写照片和录音
carry-verify = 正在读回来核对
carry-read = 正在读 U 盘
carry-settle = 正在存到本机
carry-of = { $done } / { $total }
carry-file = 第 { $file } 个文件，共 { $files } 个
carry-stopping = 正在停下
carry-stopped = 停下了。已经送到、收下、写好的都在，下次从这里接着来。
carry-short = 正在同步
carry-ended = 同步好了
carry-ended-early = 同步没有做完
stick-written-all = 写了这里有的全部记录，{ $count } 条。
stick-written-news = U 盘上有 { $laptops } 台电脑的卡片，只写了它们还没有的 { $count } 条。
stick-written-continued = 上次没写完，这次接着写的。
stick-missing = U 盘上缺这几个文件：{ $files }。其余的已收下。请找回这些文件，或者在写它们的电脑上再写一次。
sync-hub-rewound = 中心的日志比上次短了：它被恢复成了旧的备份。这台电脑上有的会重新送去。请告诉管理中心的人，并让每台电脑再同步一次。
sync-hub-rewritten = 中心的日志和上次看到的对不上：它被恢复成旧备份以后又用过，或者有人改写了它。本机的记录没有动。请让管理中心的人说明原因，弄清以前，另外用 U 盘给组长带一份。
