# Soft checks: they ask to look again and never hinder.
look-again = 再看一眼
soft-check = 请再看一眼这个答案
soft-confirm = 确认无误
soft-reason = 为什么是这样？写一句给组长看
soft-confirmed = 已确认：{ $reason }
soft-change-reason = 改理由
problem-soft-check = 请再看一眼这个答案
problem-left-soon = 这题只停留了 { $seconds } 秒，表里要求至少 { $wanted } 秒

# Non-answers: neither a value nor blank.
non-answer-dont-know = 不知道
non-answer-refused = 拒绝回答
non-answer-given = 已记：{ $what }。选或填一个答案就会代替它

# Exact checks of Chinese numbers
problem-check-identity-length = 身份证号应当是 18 位，请数一数
problem-check-identity-characters = 身份证号只有数字，最后一位可以是 X
problem-check-identity-region = 身份证号前四位不是任何省市，请再看一眼
problem-check-identity-birthday = 身份证号第 7 到 14 位不是日期，请再看一眼
problem-check-identity-checksum = 身份证号有一位抄错了：最后一位对不上
problem-check-mobile-characters = 手机号只有数字
problem-check-mobile-length = 手机号应当是 11 位，请数一数
problem-check-mobile-prefix = 手机号应当以 13 到 19 开头
problem-check-phone = 这不是手机号，也不是座机号，例如 0571-88880000

error-answer-not-declared = 这道题没有这个选项。
error-doubt-gone = 这个答案已经不用确认了。
