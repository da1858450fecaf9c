# 窗口的框架：标题栏、标签、按键、外观

app-name = 田野
# 两个并列的事实之间：全角空格
gap = {"　"}
comma = ，
starting = 正在打开
practice = 练习项目，不收真实资料
practice-short = { practice }
help = 按键与外观
help-short = 帮助
close = 关闭
back = 返回
continue = 继续
lock = 锁屏
tabs = 主要页面
tab-today = 今天
tab-records = 记录
tab-conflicts = 冲突
tab-team = 队员
tab-forms = 表单
tab-sync = 同步
all = 全部
choose = 请选
fill-in = 请填写
version = 版本 { $version }

role-administrator = 管理员
role-lead = 组长
role-interviewer = 访员
role-analyst = 分析员
role-safeguarding = 安全负责人

state-open = 还没做
state-draft = 正在做
state-finalised = 已完成
state-correcting = 正在更正
state-sent-back = 退回要改
state-approved = 已通过
state-stopped = 对象要求停止

looks = 外观
theme-system = 跟随系统
theme-light = 浅色
theme-dark = 深色
theme-contrast = 高对比
text-size = 字号

key-enter = 收下答案，到下一题
key-ctrl-enter = 在多行文字里到下一题；名单都说完了
key-back = 上一题
key-on = 不改，到下一题
key-digits = 选择；两位数等一下或按 Enter
key-arrows = 在选项、格子之间移动
key-space = 选中或取消
key-clear = 清空选择题的答案
key-row = 名单再加一行
key-note = 给这题写备注
key-find = 找题
key-form-language = 换问卷的语言
key-pane = 到下一块：目录、题目、底栏
key-tree = 收起或打开目录
key-pause = 暂停，收起答案
key-next-open = 下一处没答或要改的题
key-undo = 撤销上一个答案
key-language = 换界面的语言
key-lock = 锁屏
key-new = 新访谈
key-check-again = 再检查一次工作簿
key-code = 用摄像头扫条码
key-sound = 都同意了，开始后台录音
key-sound-pause = 后台录音停一下、接着录
key-help = 这张表
key-text-size = 换字号
key-escape = 关闭弹出的纸；不会离开访谈
