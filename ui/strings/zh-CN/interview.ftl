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
unsupported-photograph = 这个版本还不能拍照。
unsupported-selfie = 这台电脑不给自己拍照。
unsupported-drawing = 这个版本还不能画图。
unsupported-annotation = 这个版本还不能在照片上画。
unsupported-signature = 这个版本还不能签名。
unsupported-recording = 这个版本还不能录音。
unsupported-film = 这个版本还不能录像。
unsupported-file = 这个版本还不能附上文件。
unsupported-printing = 这台电脑不连标签打印机。
unsupported-other = 这个版本还不会问这一类题。

# 表单要的，在电脑上换个做法，键是 notice-<code>
notice-place = 这台电脑不会自己定位：看手机或手持机上的数字打进来，或者在地图上指出来。
notice-map-list = 这里没有地图，选项排成一列。
notice-image-map = 这里不在图上点选，选项排成一列。
notice-calendar = 这里用公历填日期。
notice-bearing = 电脑没有指南针：看罗盘，打 0 到 360 的度数。
notice-barcode = 把条码下面的数字打进来；接上扫码枪也可以扫。
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
