# 命令行自己的话；表单问题的话在 ui/strings

level-error = 错误
level-warning = 提醒
level-note = 说明
check-usable = { $file }：可以用（“{ $title }”，{ $questions } 题）；{ $errors } 处错误，{ $warnings } 处提醒，{ $notes } 处说明
check-unusable = { $file }：不能用；{ $errors } 处错误，{ $warnings } 处提醒，{ $notes } 处说明

# 两版表单的差别，键是 diff-<代码>
effect-loses = 会丢
effect-check = 要看
effect-keeps = 不变
diff-form = 整份表单
diff-none = 没有差别
diff-sum = { $loses } 处会丢掉已有的答案，{ $check } 处要看一看，{ $keeps } 处不影响
diff-question-added = 新的题；已有的访谈里没有
diff-question-added-required = 新的必答题；已有的访谈里缺这一题
diff-question-removed = 这道题没有了，已有的答案不再显示
diff-question-renamed = 按作者说的，现在是 { $to }
diff-question-moved = 同名的题现在在 { $to }。要把答案带过去，请在 renamed_from 列（或用 --renamed）说明
diff-hint-unknown = renamed_from 列写着“{ $found }”，旧表单里没有这道题。请改正名字
diff-hint-ambiguous = renamed_from 列写着“{ $found }”，旧表单里有几道题叫这个名字。请写路径：/组/题名
diff-type-changed = 原来填 { $from }，现在填 { $to }，已有的答案可能不合
diff-type-widened = 原来填 { $from }，现在填 { $to }，已有的答案都合
diff-codes-removed = 少了编码 { $codes }，已有的答案里可能有
diff-code-renamed = 按作者说的，编码 { $from } 现在是 { $to }，已有的答案照此读
diff-codes-added = 多了编码 { $codes }，以前选不到
diff-code-relabelled = 编码 { $code } 原来是“{ $from }”，现在是“{ $to }”；已有的答案指原来的
diff-question-relabelled = 题目原来是“{ $from }”，现在是“{ $to }”；已有的答案答的是原来的
diff-relevance-changed = 显示条件从“{ $from }”改成“{ $to }”；已有的答案可能不再算数，也可能缺少
diff-relevance-removed = 原来的条件“{ $from }”没有了，现在总要问；原来没问的访谈里缺这一题
diff-constraint-changed = 限制从“{ $from }”改成“{ $to }”；已有的答案可能不合
diff-constraint-removed = 原来的限制“{ $from }”没有了；已有的答案仍然有效
diff-required-changed = 必答从“{ $from }”改成“{ $to }”；已有的访谈可能缺这一题
diff-required-removed = 现在可以不答
diff-calculation-changed = 算式从“{ $from }”改成“{ $to }”；打开访谈时会重新计算
diff-language-removed = 没有 { $found } 了
diff-language-added = 新加了 { $found }
diff-version-same = 两份都写着版本“{ $version }”，请给新的换一个版本

# 把草稿移到新版本
move-none = 没有草稿有更新的表单版本
move-list = { $code } { $name }：{ $form }，有新版本 { $newer }
move-head = { $code } { $name }：从版本 { $from } 到版本 { $to }
move-sum = { $count } 个答案里有 { $kept } 个不变
move-dropped = { $label }：“{ $value }”在新版本里没有位置，留在记录里
move-invalid = { $label }：“{ $value }”照留，在新版本里要看一看
move-not-asked = { $label }：“{ $value }”照留，新版本不问这道题
move-recoded = { $label }：“{ $value }”在新版本里写作“{ $new }”
move-renamed = { $label }：“{ $value }”在新版本里是“{ $newlabel }”的答案
move-added = 新题：{ $label }
move-added-required = 新的必答题：{ $label }
move-ask = 什么都没有改。要移过去，请加 --yes
move-done = 移过去了。在回答任何题之前，可以用 --back 退回
import-ask = 还没有改动。用 --yes 收入
move-back = 退回了，和移之前一样

# 工作簿里的测试
tests-passed = 通过
tests-failed = 没通过
tests-line = 第 { $row } 行，{ $at }：应为 { $expected }，实为 { $found }
tests-sum = { $passed } 个通过，{ $failed } 个没通过
tests-said-absent = 那里什么也没有
tests-said-answer = 题名=答案
tests-said-answer-to-clear = 能清空的回答
tests-said-else = 别的
tests-said-hidden = 不显示
tests-said-hidden-question = 题没有显示
tests-said-invalid = 无效
tests-said-name = survey 表里的题名
tests-said-no-such-name = 没有这个题名
tests-said-no-such-name-near = 没有这个题名，是不是 { $near }？
tests-said-none = 没有写
tests-said-nothing = 没有
tests-said-nothing-wrong = 没有要改的
tests-said-one-place = 一处
tests-said-optional = 可以不答
tests-said-question = 题名，如 age 或 members[2]/age
tests-said-refused = 不收
tests-said-required = 必答
tests-said-row = { $name } 的第 { $row } 行
tests-said-row-number = 第几行，如 { $name }[1]
tests-said-row-to-add = 能加一行
tests-said-row-to-remove = 能删一行
tests-said-rows = { $count } 行
tests-said-several = 有好几处：{ $paths }
tests-said-shown = 显示
tests-said-shown-question = 显示着的题
tests-said-something-wrong = 有要改的
tests-said-taken = 收了
tests-said-taken-answer = 能存下的回答
tests-said-valid = 有效
tests-said-wrong = 有 { $count } 处要改，第一处是 { $first }
