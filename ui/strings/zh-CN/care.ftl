# 孩子说到受伤害时：求助卡、联系卡、短记录。
error-holders-too-few = 正式项目至少要有两位安全负责人，各用各的电脑。
error-report-empty = 写下孩子的原话，或者您看到的情况，再保存。
error-reports-full = 这台电脑上放不下更多长记录了。请打电话告诉安全负责人。
error-call-whom = 写下打给了谁。
error-contact-number = 每一行都要有电话号码。
error-contacts-too-many = 一张联系卡最多写 { $limit } 个人。
error-unknown-report = 这份记录不由您查看。
error-erase-others = 这些回答里有别人写的。请组长来移走。
error-report-json = 读到的内容不是这项操作的 JSON。

contact-role-holder = 安全负责人
contact-role-police = 警察
contact-role-youth-line = 青少年热线
contact-role-citizen-line = 政务热线
contact-role-civil-affairs = 民政
contact-role-children-director = 村儿童主任
contact-role-children-supervisor = 乡镇儿童督导员
contact-role-hospital = 医院
contact-role-school = 学校
contacts-everywhere = 整个项目

report-untold = 还没有告诉任何人
report-told = 已经有人知道
report-handed-over = 已经移交
report-waiting = 等下次同步送出
report-unknown-line = 这一行由新版程序写下
care-safety-safe = 安全
care-safety-unsafe = 不安全
care-safety-unsure = 不清楚
care-outcome-told = 已告诉
care-outcome-no-answer = 没人接
care-outcome-call-back = 会回电
care-to-police = 警察
care-to-civil-affairs = 民政
care-to-elsewhere = 其他人
reports-none = 没有记录
