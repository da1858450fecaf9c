# 访谈

tree = 问卷目录
progress = { $answered }/{ $total } 题
check-and-finish = 检查与完成
not-applicable = 不适用
to-fix = { $count } 处要改
to-fix-short = 要改
has-note = 有备注
find = 找题
pause = 暂停
next = 下一题
question-back = 上一题
next-open = 下一处没答的
first-page = 这是第一题
crumb = 第 { $number } 题，共 { $of } 题
digits-waiting = 已按 { $typed }，等第二位
required = 必答
clear-answer = 清空
filling-now = 正在填 { $number }
readonly-banner = 这一份已经完成，只能看。要改请按“更正”，原来的答案会留着。
correct = 更正

saved = 已存 { $time }
saving = 正在存
typing = 还没存
not-saved = 没存上，请看题目下面的话
nothing-saved = 还没有答案

hint-date = 直接打数字：年 月 日，例如 20170502。
hint-time = 直接打数字，例如 0830。
hint-date-time = 年月日、空格、时分，例如 20170502 0830。
calendar = 日历
calendar-back = 往前
calendar-on = 往后
combo-placeholder = 打字或打拼音首字母来找
combo-list = 找到的选项
combo-none = 没有找到，换个字试试
no-options = 现在没有可选的：请先答前面的题。
acknowledge = 读过了
no-value-yet = 还没算出来
read-aloud = 读完按 Enter

rail = 参考
other-language = 另一种语言
note = 备注
note-there = 看备注
no-note = 还没有备注
keys = 按键
keys-short = 数字选答案，Enter 下一题，PgUp 上一题，F9 收起目录
note-on = { $question } 的备注
note-help = 您自己看到、听到的；孩子的原话写在答案里。
note-save = 存下备注
find-question = 找题
find-label = 题号或题目里的字

row = 行
row-state = 情况
row-complete = 已填
row-started = 填了 { $done }/{ $of }
row-empty = 还没填
row-asks = 第 { $row } 行：
row-wrong = 第 { $row } 行：{ $problem }
row-go = 去第 { $row } 行
roster-empty = 还没有人。按 Alt+N 加一行。
roster-none = 这里没有要填的行。
roster-done = 都说完了
add-row = 再加一行
remove-row = 删去第 { $row } 行

completion-wrong = 还有 { $count } 处要改，才能完成
completion-unanswered = 可以完成，还有 { $count } 题没有回答
completion-ready = 都答完了，可以完成
completion-readonly = 这一份已经完成
completion-hint = 改好一处，这里就少一处。没有问到的题可以留空。
completion-hint-ready = 完成以后还可以更正，原来的答案会留着。
completion-cannot = 改好“一定要改”的 { $count } 处后，就能完成。现在离开也不会丢。
completion-can = 现在就可以完成。离开也不会丢。
# 名单
entities = 完成后，名单“{ $list }”里会{ $created ->
    [0] 改动 { $updated } 条
   *[other] { $updated ->
        [0] 新添 { $created } 条
       *[other] 新添 { $created } 条、改动 { $updated } 条
    }
}。全组都能看到这份名单。
entities-torn = 其中 { $count } 条，两台电脑说得不一样；以这次填的为准。
change-reason = 为什么更正？
change-reason-hint = 这份问卷要问一句，再次完成之前写。写的话留在填写日志里。
must-be-fixed = 一定要改
not-answered = 还没回答
notes = 备注
go-fix = 去改
go-answer = 去答
go-look = 看
you-entered = 你填的是 { $value }
leave-for-later = 先放着，以后再做
finalise = 完成这一份

# 答案哪里不对；表单有自己的话时用表单的话
problem-answer-missing = 这题一定要答
problem-answer-constraint = 这个答案不合要求，请再问一遍
problem-other = 这个答案要改
# Before the label of a question that stands in a row of a roster.
completion-row = 第 { $row } 行

# 各种题
hint-month = 直接打数字：年 月，例如 201705。
hint-year = 直接打年份，例如 2017。
hint-rank = 按先后打数字，或按空格；Alt+↑ 和 Alt+↓ 换位置。
question = 题目
guidance = 问法说明
count-up = 加一
count-down = 减一
step-up = 往上一格
step-down = 往下一格
range-bounds = { $start } 到 { $end }，每格 { $step }
rank = 第 { $rank }
rank-is = { $option }，第 { $rank }
rank-up = 把“{ $option }”往前移
rank-down = 把“{ $option }”往后移
rank-first = 已经是第一个
rank-last = 已经是最后一个
rank-left = 还有 { $left } 个没排
rank-done = 都排好了
latitude = 纬度
longitude = 经度
altitude = 海拔（米），可以不填
accuracy = 精度（米），可以不填
point-at = 第 { $number } 点，纬度和经度
point-example = 28.4512 119.9241
point-up = 把第 { $number } 点往前移
point-down = 把第 { $number } 点往后移
point-remove = 去掉第 { $number } 点
add-point = 加一点
points-few = 有 { $count } 点，至少要 { $least } 点
line-length = { $count } 点，共长约 { $distance }
area-length = { $count } 点，一圈约 { $distance }
points-keys = 每行一点：先纬度，空一格，再经度。Alt+↑↓ 换位置，Alt+Del 去掉。
sketch = { $count } 个点的位置草图，上面是北
sketch-wide = 上面是北；最远两点约 { $distance }
sketch-north = 上面是北
media-absent = { $file } 不在这台电脑上
media-coming = 正在取……
picture-of = { $label }：图片
sound-of = { $label }：声音
film-of = { $label }：录像
enlarge = 放大
not-asked = 这个版本不会问的题
not-asked-help = 请记在备注里（F2），接着往下问。这一题不影响完成。
not-asked-other = 这个版本还不会问这一类题。

# 这个版本不会问的，键是 unsupported-<what>
unsupported-printing = 这台电脑不连标签打印机。
unsupported-other = 这个版本还不会问这一类题。

# 表单要的，在电脑上换个做法，键是 notice-<code>
notice-place = 这台电脑不会自己定位：看手机或手持机上的数字打进来，或者在地图上指出来。
notice-map-list = 这里没有地图，选项排成一列。
notice-image-map = 这里不在图上点选，选项排成一列。
notice-calendar = 这里用公历填日期。
notice-bearing = 电脑没有指南针：看罗盘，打 0 到 360 的度数。
notice-barcode = 扫一下，或把条码下面的字打进来；接上扫码枪也可以扫。
notice-other-program = 这里不打开别的程序，答案直接打字。

# Pointing at a place on a map that lies on the laptop.
map = 地图
map-title = 地图：{ $name }
map-edge = 这张地图只到这里
map-next = 换一张地图
map-farther = 缩小
map-nearer = 放大
map-take = 就是这里
map-keys = 拖动地图，或按方向键，让十字对准地点；按住 Shift 移得慢些。
map-none = 这台电脑上还没有地图。地图是存有图片的 .mbtiles 文件，可以向组长要。没有地图也可以直接填经纬度。
map-add = 从文件里取地图

# 照片、画、录音、文件
choose-picture = 选一张图片
choose-sound = 选一段录音
choose-film = 选一段录像
choose-file = 选一个文件
remove-file = 拿掉
no-file = 没有文件
camera = 用摄像头拍
camera-sees = 摄像头里看到的
take-picture = 拍下
close-camera = 关掉摄像头
no-camera = 这个窗口用不了摄像头。请用手机或相机拍好，再选文件。
camera-none = 没有找到摄像头。请用手机或相机拍好，再选文件。
camera-refused = 系统不让用摄像头。请在系统设置里允许，或选文件。
camera-cannot = 这台电脑现在用不了摄像头。请选文件。
microphone-none = 没有找到话筒。请插上话筒，或用别的设备录好再选文件。
microphone-refused = 系统不让用话筒。请在系统设置里允许，或选文件。
microphone-cannot = 这台电脑现在录不了音。请用别的设备录好，再选文件。
microphone-gone = 话筒断开了。断开以前录的都存好了。
camera-gone = 摄像头断开了。断开以前录的都存好了。
recording-full = 一段录音只能这么长。前面的都存好了；还要录，请另起一段。
scan-code = 用摄像头扫
code-from-picture = 从图片里读
code-was-read = 已读出，请对一遍。
code-looking = 把条码或二维码对着摄像头，近一点、稳一点。读出来就自动关。
no-camera-code = 这个窗口用不了摄像头。请打字，用扫码枪，或从图片里读。
code-camera-none = 没有找到摄像头。请打字，用扫码枪，或从图片里读。
camera-refused-code = 系统不让用摄像头。请在系统设置里允许，或打字。
code-camera-cannot = 这台电脑现在用不了摄像头。请打字，用扫码枪，或从图片里读。
sound-now = 正在后台录音
sound-wished = 这份问卷要录下谈话的声音。
sound-ask = 先问孩子和监护人：可以录音吗？
sound-agree = 都同意，开始录
sound-decline = 这次不录
sound-declined = 这次不录音，已经记下
sound-kept = 谈话的录音已经存好
sound-cannot = 这份问卷要录下谈话的声音，这个窗口不能录。
sound-note-agreed = 录音：问过在场的人，都同意。
sound-note-declined = 录音：这次不录。
cannot-record = 这个窗口不能录。请用别的设备录好，再选文件。
record = 开始录音
record-film = 开始录像
record-anew = 重新录
recording-now = 正在录
recording-paused = 停着
recording-pause = 停一下
recording-resume = 接着录
recording-end = 录完了
recording-saved = 已存到 { $time }
recording-unsaved = 最后几秒还没存上，正在再试
recording-cut = { $time } 的录音没有录完，已存的 { $size } 还在。
recording-keep = 用作答案
recording-drop = 不要了
level-none = 没有声音
level-heard = 有声音
draw = 画
draw-anew = 重新画
draw-over = 在上面画
sign = 签名
signature-help = 用笔、手指或鼠标写。只用键盘的，请选一张签名的图片，或在备注里写明谁同意（F2）。
sheet-of = { $label }：画纸
sheet-empty = 还没画
ink-black = 黑
ink-red = 红
ink-blue = 蓝
undo-stroke = 退一笔
clear-sheet = 清空画纸
keep-drawing = 画好了
leave-drawing = 不画了
picture-below-gone = 下面的照片打不开。
picture-clean = 照片里的拍摄地点和时间会去掉，再加密保存。
file-not-clean = 文件照原样加密保存，里面写着什么人名、地点都会留下。
file-opening = 正在打开…
file-kept = { $kind }，{ $size }，已加密保存
file-absent = 这个文件还没到这台电脑上，同步以后再看。不影响别的。
file-unplayable = 这种格式这里放不出来，文件完好。
file-large = 文件太大，这里不放，文件完好。
