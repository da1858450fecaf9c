# 命令行自己的话；表单问题的话在 ui/strings

level-error = 错误
level-warning = 提醒
level-note = 说明
check-usable = { $file }：可以用（“{ $title }”，{ $questions } 题）；{ $errors } 处错误，{ $warnings } 处提醒，{ $notes } 处说明
check-unusable = { $file }：不能用；{ $errors } 处错误，{ $warnings } 处提醒，{ $notes } 处说明
