# 拒绝和出错：说清是什么、为什么、怎么办。键是 error-<代码>

error-other = 没有做成。{ $detail }
error-file = 文件读写不了：{ $file }。请换个位置再试。
error-not-found = 找不到这条记录，可能还没同步过来。
error-no-signing-key = 这是用恢复卡打开的，只能看，不能写。
error-workbook-unreadable = 打不开这个工作簿。请另存为 xlsx 再试。
error-workbook-too-large = 工作簿太大，没有读：{ $what ->
    [bytes] 文件的字节
    [unpacked-bytes] 解压后的字节
    [sheets] 工作表
    [rows] 一张表的行
    [columns] 一张表的列
    [bytes-of-text] 文字的字节
    [cells] 单元格
   *[other] 一个单元格里的字
}最多 { $limit }，这里有 { $found }（或更多）。请拆开，或去掉不属于问卷的部分。
error-row-too-many = 行数已到上限，不能再加。
error-row-fixed = 这些行是表单定的，不能加也不能删。
error-journal-admission-other-device = 这份确认是给另一台电脑的。请组长重新确认。
error-journal-admission-not-from-project = 这份确认不是这个项目给这台电脑的。请和组长重新核对数字。
error-journal-bad-join-request = 这个加入申请不是用你们的邀请做的。请重新邀请。
error-journal-other-invitation = 这个申请用的是另一份邀请。请选对的那份。
error-journal-bad-text-file = 文件不完整或被改过。请重新拷一份。
error-internal = 程序出了错，已存的答案没有丢。请再试一次；再出现就告诉组长。
error-wrong-passphrase = 口令不对。请再试一次，注意大小写和空格。
error-passphrase-too-short = 口令太短，至少 12 个字符，一个汉字算两个。
error-store-newer = 这些记录是更新的版本写的，这个版本打不开，也没有动它们。请装新版本。
error-newer-version = 这些记录是更新的版本写的，这个版本打不开，也没有动它们。请装新版本。
error-store-damaged = 这台电脑上的记录文件损坏了。不要删除，请交给组长。
error-damaged = 这台电脑上的记录文件损坏了。不要删除，请交给组长。
error-not-a-store = 找不到记录文件，或者它不是田野写的。
error-store-gone = 找不到记录文件：可能被移走或删掉了。
error-store-disk = 读写磁盘出错，这个答案没存上。请再试一次。
error-disk = 读写磁盘出错，这个答案没存上。请再试一次。
error-disk-full = 磁盘满了，这个答案没存上。请腾出空间，再按一次 Enter；已存的没有丢。
error-busy = 别的程序正占着记录文件，请等一下再试。
error-hub-unreachable = 连不上中心。记录都在本机，有网络时再同步。
error-hub-wrong-key = 对面不是这个项目的中心，什么也没有送出。请告诉组长。
error-hub-other-project = 这个中心是别的项目的，什么也没有送出。请告诉组长。
error-project-key-differs = 这个中心是别的项目的，什么也没有送出。请告诉组长。
error-project-unknown = 中心不认识这个项目。请告诉组长。
error-hub-card-invalid = 中心的名片不对，请整段再粘贴一次。
error-hub-full = 中心满了，没有收下。记录都在本机，请告诉组长。
error-hub-answer-unreadable = 看不懂中心的回答。请再试一次；再出现就告诉组长。
error-receipt-not-signed-by-hub = 收条不是中心签的，没有算数。请告诉组长。
error-protocol-too-new = 中心比这个程序新。请装新版本。
error-protocol-too-old = 中心比这个程序旧。请告诉组长。
error-too-many-attempts = 试的次数太多，请过一会儿再试。
error-device-blocked = 中心不再收这台电脑的记录。请告诉组长。
error-device-quota = 这台电脑送到中心的已到限度。请告诉组长。
error-cancelled = 已停下。
error-batch-unusable = 收到的一批记录损坏了，没有收下；其余的不受影响。
error-file-failed = 文件读写不成，请换个地方再试。
error-not-admitted = 组长还没有确认这台电脑。
error-join-waiting = 还在等组长确认。
error-invitation-damaged = 邀请不完整或损坏了，请组长再给一份。
error-invitation-used = 这份邀请已经用过了，请组长再给一份。
error-invitation-refused = 中心不收这份邀请，请组长再给一份。
error-form-unusable = 这份表单有错，不能用。请看检查结果。
error-form-missing = 这份访谈用的表单不在本机，请先同步。
error-unknown-interview = 找不到这份访谈，可能已经转交。
error-must-fix = 这一页还有要改的，请看题目旁边的话。
error-no-newer-version = 本机没有这份表单的更新版本，照原样填就好。
error-move-kept = 移到新版本以后又回答了题，或已经封存。请先撤销那些回答（Ctrl+Z），或者就在新版本里填下去。
error-readonly = 这一份已经完成，要改请按“更正”。
error-too-long = 太长了，请写短一些，或分开写在备注里。
error-too-large = 太大了，超出限度。
error-field-empty = 请填写。
error-no-right = 您的身份不能做这件事，请找组长。
error-lead-only = 只有组长可以做这件事。
error-reason-missing = 请写为什么这样定
error-export-failed = 没有写成。请换个文件夹，或关掉正在打开这些文件的程序。
error-no-randomness = 这台电脑不能产生安全的随机数，不能继续。
error-forked = 这台电脑的记录分成了两支：可能恢复过备份。什么也没有丢，请告诉组长。
error-answer-not-integer = 请填整数，例如 3。
error-answer-integer-too-large = 这个数太大，最多 15 位。
error-answer-not-decimal = 请填数字，例如 3.5。
error-answer-not-date = 这不是日期。请打年月日，例如 20170502。
error-answer-not-time = 这不是时间。请打时分，例如 0830。
error-answer-not-datetime = 这不是日期和时间。请打，例如 20170502 0830。
error-answer-not-boolean = 请填是或否。
error-answer-not-geopoint = 请填纬度和经度，例如 28.9 119.8。
error-answer-not-geoline = 请填几个点，用分号隔开。
error-answer-not-offered = 这不是现在能选的答案。
error-answer-out-of-range = 这个数要在 { $start } 到 { $end } 之间，每格 { $step }。
error-answer-not-ok = 请按“读过了”，或者留空。
error-submission-not-xml = 这不是提交记录：文件不是可读的 XML。什么都没有改动。
error-submission-too-large = 提交记录太大，没有打开。
error-submission-too-deep = 提交记录的层次太深，没有打开。
error-submission-other-form = 这份记录属于表单 { $found }，不是 { $expected }。请选它自己的表单。
error-answer-too-long = 太长了，没有存。请写短一些，或分开写在备注里。
error-answer-unknown-field = 这道题现在没有了，可能那一行已经删去。
error-answer-not-a-question = 这里不用填。
error-answer-not-relevant = 这道题现在不用问了。
error-answer-readonly = 这里由表单自己填。
error-assignment-gone = 这个任务已经没有了，可能已经有人做了。请先同步。
error-site-gone = 这个学校不在项目里了，请先同步。
error-member-gone = 队里没有这个人了。
error-member-not-seen = 还没有收到这个人的电脑送来的记录，请先同步。
error-conflict-gone = 这一处已经定下来了。
error-conflict-changed = 又来了新的答案，请再看一遍再定。
error-hub-none = 这个项目没有中心。
error-form-format = 不认识这种文件。请用 .xlsx、.xls、.ods、.csv、.md 或 .xml。
error-form-write-format = 只能写成 .xlsx 或 .md。请改文件名。
error-workbook-not-for-excel = Excel 放不下这个工作簿。请照技术说明改一处再试。
error-form-stuck = 试填到“{ $label }”时填不下去了。
error-exists = 已经有了同名的文件，没有覆盖。
error-locked = 已经锁屏，请先解锁。
error-wrong-recovery-key = 恢复卡不对。
error-no-right-not-own = 这不是您的访谈，请找组长转交。
error-no-right-role = 您的身份不能做这件事，请找组长。
error-diff-hint = --renamed 要写成 旧题名=新题名，两边都要是表单里的一道题。
error-tests-none = 这个工作簿没有 tests 工作表，或里面没有测试
error-tests-bad-question = 题名或答案不对
error-media-missing = 这个文件不在这台电脑上：{ $file }。
error-media-unknown = 这种文件放不出来：{ $file }。
error-media-too-large = 这个文件太大，放不出来：{ $file }。
error-map-not-mbtiles = { $file } 不是能读的地图，应当是 .mbtiles 文件。
error-map-not-pictures = { $file } 里的地图不是图片。请导出成 png、jpg 或 webp 的。
error-map-gone = 这张地图已经不在这台电脑上了，请关掉再打开。
