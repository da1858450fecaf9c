# 工作簿的问题，键是 form-<代码>；代码见 crates/xlsform/src/codes.rs

form-no-survey-sheet = 没有叫 survey 的工作表。请把写题目的工作表命名为 survey
form-sheet-name-almost = 有一张工作表叫“{ $found }”，没有读。是不是 survey、choices、settings 或 entities 写错了？不属于表单的，名字前加 _
form-duplicate-sheet = 有两张工作表都叫“{ $found }”，请合成一张
form-missing-column = 缺少列 { $expected }，请加上
form-duplicate-column = “{ $other }”和“{ $found }”两列是同一件事，请留一列
form-unknown-column = 不认识的列“{ $found }”，没有读。请改正列名
form-column-not-used = 列“{ $found }”没有读；如果是自己的注释就没有关系
form-cell-without-header = “{ $found }”所在的列没有列名，没有读。请在第一行写上列名
form-choice-column-name = 列名“{ $found }”里只能有字母、数字、_ 和 -，不能有空格，没有读。请改名
form-second-settings-row = Settings 只读一行，第二行没有读，请去掉
form-flat-repeats = 有重复组的表里写了设置 { $found }，重复的每一行都要有自己的元素，请去掉这个设置
form-encryption-needs-instance-id = 有 public_key 时不能写 omit_instanceID，请去掉
form-missing-translation = 有别的语言的文字，但没有列 { $expected }。请加上，不然那里会显示 -
form-language-without-code = 语言要写成“中文 (zh)”，括号里是代码，这里是“{ $found }”
form-default-language-unused = Default_language 写的“{ $found }”没有对应的列，请照列名写
form-row-skipped = 这一行没有 type、name、label，没有读
form-question-without-type = 缺少题型。请写一个，例如 text 或 select_one 选项表
form-question-without-name = 缺少题名。每道题、每个组都要有题名
form-question-without-label = { $found } 没有题目文字，也没有提示。请写访员要读的话
form-invalid-name = 题名“{ $found }”不行：以字母或 _ 开头，只能有字母、数字、_、- 和 .
form-reserved-name = 题名“{ $found }”是表单自己要用的，请换一个
form-duplicate-name = 同一组里题名“{ $found }”用了两次，请改一个
form-name-differs-in-case = “{ $found }”和这里另一个题名只差大小写，有的统计软件会当成一个
form-name-not-portable = 题名“{ $found }”不是英文字母；这里能用，ODK Collect 不能用
form-duplicate-repeat-name = 重复组“{ $found }”的名字用了两次，请改一个
form-repeat-named-like-form = 重复组“{ $found }”和表单同名，请改名
form-repeat-without-label = 重复组 { $found } 没有文字。请写上，好让人知道加的是什么
form-unknown-type = 不认识的题型“{ $found }”，请改正
form-unmatched-end = { $found } 没有对应的开头。请去掉，或补上开头
form-group-too-large = { $found } 里的题一道道写出来，一张表放不下；请拆开，或把选项表改短
form-unmatched-begin = “{ $name }”到表尾还没有 { $expected }，请补上
form-audit-named = Audit 不用写题名，这里是“{ $found }”，请留空
form-dead-metadata = { $found } 现在的设备已经不提供，请去掉
form-unknown-list = Choices 里没有选项表“{ $found }”。请改正或补上
form-unknown-external-list = External_choices 里没有选项表“{ $found }”。请改正或补上
form-list-file-extension = 文件名要以 .csv、.xml 或 .geojson 结尾，这里是“{ $found }”
form-external-without-filter = 外部选择题 { $found } 缺少 choice_filter。请补上，或改用 select_one
form-choice-without-list = 这个选项没有写 list_name，没有读
form-choice-without-name = 选项表 { $list } 里这个选项没有编码，请补上
form-choice-without-label = 选项 { $found } 没有文字，请补上
form-duplicate-choice = 选项表 { $list } 里，编码“{ $found }”用了两次，第一次在第 { $row } 行。请改一个
form-choice-name-with-space = 选项表 { $list } 可以多选，编码“{ $found }”里不能有空格，请换成 _
form-or-other-with-filter = { $found } 不能同时用 or_other 和 choice_filter。请自己加“其他”选项和一道文字题
form-or-other-needs-list = { $found } 的选项不在 choices 里，不能用 or_other。请自己加“其他”选项和一道文字题
form-or-other-translated = 表单有几种语言，or_other 的文字只有英文。请自己加“其他”选项和一道文字题
form-table-list-filter = Table-list 里不能用 choice_filter，请去掉一样
form-table-list-mixed = 这个 table-list 里都用选项表 { $expected }，这里是 { $found }。请把这题移出去
form-search-with-file = { $found } 不能同时用 search() 和文件里的选项表，请去掉一样
form-search-list-shared = { $found } 用的选项表 { $list } 在别处没有 search()。请分成两张表
form-parameters-not-pairs = Parameters 要写成 名称=值，这里是“{ $found }”
form-unknown-parameter = 参数“{ $found }”不认识，可以用的有 { $expected }
form-parameter-value = 参数 { $parameter } 要写 { $expected }，这里是“{ $found }”
form-missing-calculation = { $found } 没有写算式，请补上
form-calculation-not-allowed = { $found } 不能有算式，请去掉
form-missing-trigger = { $found } 的 trigger 列要写一道题，写成 ${"{"}…{"}"}
form-trigger-not-reference = Trigger 要写成 ${"{"}…{"}"}，用逗号分开，这里是“{ $found }”
form-trigger-not-question = “{ $found }”不是一道题，请改正
form-trigger-not-visible = “{ $found }”是算出来的，不能当 trigger。请用人来回答的题
form-malformed-reference = 引用题目要写成 ${"{"}题名{"}"}，这里是“{ $found }”
form-unknown-name = 题名不存在：{ $found }。请改正，或补上这道题
form-ambiguous-name = 题名“{ $found }”用了 { $count } 次，不知道指哪一个。请改名
form-big-image-alone = { $found } 有 big-image 却没有 image，请补上
form-reference-geometry = 这里要写选项表、附件、实体表，或写成 ${"{"}…{"}"} 的重复组，这里是“{ $found }”
form-duplicate-instance = 附件 { $found } 写了两次，请去掉一行
form-instance-clash = { $found } 指两样东西，另一样是 { $other }。请改一个名字
form-unknown-choice-column = 选项表 { $list } 没有列“{ $found }”。请改正；指题目时写成 ${"{"}…{"}"}
form-column-refused = 这张工作表没有叫“{ $found }”的列。请改正列名，或去掉这一列
form-entity-without-list = 缺少实体表的名字，请写在 list_name 列
form-entity-list-name = 实体表的名字“{ $found }”不行：以字母或 _ 开头，不能以 __ 开头，只能有字母、数字、_ 和 -
form-duplicate-entity-list = 实体表“{ $found }”写了两次，第一次在第 { $row } 行。请去掉一个
form-entity-without-label = 实体表 { $found } 要新建实体，缺少 label。请补上；只更新实体时请写 entity_id
form-entity-without-id = 实体表 { $found } 有 update_if，缺少 entity_id。请补上，或把条件移到 create_if
form-entity-without-update-if = 实体表 { $found } 同时有 create_if 和 entity_id，缺少 update_if。请补上，或去掉 entity_id
form-entity-outside = 实体表 { $list } 这一行要用 { $other } 里的题，{ $found } 在别处。请改用 { $other } 里的一道计算题
form-entity-without-place = 实体表 { $found } 没有地方放：能放的组都被第 { $row } 行的实体或它的答案占了。请把两张表的题分到不同的组
form-unknown-entity-list = # 前面的实体表“{ $found }”不在 entities 里。请改正或补上
form-property-name = 属性名“{ $found }”不行：以字母或 _ 开头，不能以 __ 开头，不能叫 name 或 label，只能有字母、数字、_、- 和 .
form-save-to-without-entities = 有 save_to“{ $found }”，表单却没有实体表。请加上 entities 工作表，或清空这一格
form-save-to-needs-list = 表单有几张实体表，要写成 表名#属性，这里是“{ $found }”
form-save-to-malformed = 表名和属性之间只能有一个 #，这里是“{ $found }”
form-save-to-of-group = 这一行不是题目，不能有 save_to“{ $found }”。请移到题目上
form-save-to-twice = 属性“{ $found }”存了两次，第一次在第 { $row } 行。请改一个
form-save-to-outside = 实体表 { $list } 的答案要在同一个重复组 { $other } 里，{ $found } 在别处。请在那里加一道计算题，存那道题

# 式子
form-expression-expected = { $column } 列：{ $ended ->
    [yes] 式子没有写完，后面
   *[no] 这里是“{ $found }”，
  }应该是{ $kind ->
    [a-value] 一个值
    [a-value-a-path-or-a-function] 一个值、一道题或一个函数
    [an-operator-or-the-end] 运算符，或者到此为止
    [a-name-or-another-step-of-the-path] 路径的下一步
    [a-name-or-a-node-type] 一个名字
    [the-name-of-a-variable] 名字。指题目时写成 ${"{"}题名{"}"}
   *[other] “{ $expected }”
  }
form-expression-unclosed = { $column } 列：从这里开始的文字没有用 { $quote } 收尾。请补上
form-expression-stray = { $column } 列：“{ $found }”在式子里没有意思。请去掉；是文字的话，两边加引号
form-expression-axis = { $column } 列：没有“{ $found }”这种轴。可以用 child、parent、self、attribute、ancestor、descendant、following、preceding 等
form-expression-too-large = { $column } 列：式子太长，或套得太深（最多 { $limit }）。请拆成几道计算题
form-unknown-function = { $column } 列：没有函数 { $found }()。请改正
form-wrong-arity = { $column } 列：{ $function }() { $most ->
    [any] 至少要 { $least } 个参数
    [0] 不要参数
   *[other] 要 { $least } 到 { $most } 个参数
  }，这里有 { $count } 个
form-found-variable = { $column } 列：表单里没有 ${ $found } 这种变量。指题目时写成 ${"{"}{ $found }{"}"}
form-needs-nodes = { $column } 列：{ $function } 要的是题目、组或重复组，这里是{ $found ->
    [text] 文字
    [number] 数
    [boolean] 是否
   *[value] 一个值
  }。请写成 ${"{"}…{"}"}
form-bad-pattern = { $column } 列：regex() 的格式读不懂：{ $reason }
form-code-not-in-list = { $column } 列：{ $question } 的选项表 { $list } 里没有编码“{ $found }”，永远不会相等。请改正编码，或在选项表里补上
form-value-not-in-column = { $column } 列：选项表 { $list } 的 { $other } 列里没有“{ $found }”，一个选项也选不出来。请改正
form-multiple-compared = { $column } 列：{ $question } 可以多选，和“{ $found }”比较时，只有单选这一项才相等。请改用 selected({ $question }, '{ $found }')
form-number-compared = { $column } 列：数和“{ $found }”比较，永远不会相等。请改成数
form-date-compared = { $column } 列：日期和 { $found } 比较，永远不会成立。请写成 date('2017-04-12') 这样的日期
form-text-ordered = { $column } 列：{ $found } 是文字，不能比大小，永远不会成立。请改用数字题，或用 = 比较
form-yes-no-compared = { $column } 列：左边只有真和假，和文字“{ $found }”比较没有意思。请去掉比较，或写 true()、false()
form-text-added = { $column } 列：{ $operator } 要两个数，{ $found } 是文字，结果永远不是数。连接文字请用 concat()
form-selected-on-other = { $column } 列：{ $function }() 要的是选择题，{ $found } 的题型是 { $kind }。请改用 =，或改题型
form-never-relevant = { $found } 永远不会出现：这个条件不可能成立。请改正条件
form-sum-of-blanks = { $column } 列：只要有一行没有回答 { $found }，{ $function }() 就算不出数。请写成 { $found }[. != '']，或把这道题设为必答
form-never-relevant-inside = { $found } 永远不会出现：它的条件和外层 { $group } 的条件互相矛盾。请改其中一个
form-never-valid = { $found } 填什么都不对：这个限制不可能满足。请改正
form-reads-later = { $column } 列：用到了后面第 { $row } 行才问的 { $found }，问到这里时还没有答案。请把那道题移到前面
form-texts-missing = { $column } 有 { $count } 处缺少 { $language }：{ $found }。那里会显示 -
form-choice-label-twice = 选项表 { $list } 里，“{ $found }”用了两次，第一次在第 { $row } 行，访员分不清。请改一个
form-label-too-long = 有 { $count } 个字，屏幕上最多放得下 { $limit } 个。请写短一些，或把一部分移到提示里
form-list-not-used = 没有题目用选项表 { $found }。请核对表名，或去掉这张表
form-choice-column-not-portable = 列名“{ $found }”不是英文字母；这里能用，ODK Collect 不能用
form-digits-lost = { $found }：这一格是数，Excel 只留 15 位，后面的已经丢了。请把这一列改成“文本”格式，重新填写
form-group-without-questions = 分组 { $found } 里只有计算，没有题目，ODK Validate 不接受这样的分组。请去掉分组，或把题目放进去
form-required-not-asked = { $found } 不用人回答，写 required 没有用。请清空这一格
form-constraint-without-message = { $found } 有限制，没有 constraint_message，访员不知道错在哪里。请补上
form-near = 是不是“{ $near }”？
form-line = 第 { $line } 行，第 { $character } 个字

# 表单（XML）里的问题
form-xml-form-too-large = 表单有 { $found } 字节，最多读 { $limit } 字节。请拆开
form-xml-form-not-xml = 这不是能读的 XML：{ $reason }
form-xml-form-too-deep = 元素套了超过 { $limit } 层，没有读
form-xml-form-missing-part = 缺少 <{ $expected }>，这不是一份完整的表单
form-xml-expression-syntax = 式子写得不对：{ $reason }
form-xml-expression-check = 式子不能用：{ $reason }
form-xml-unknown-path = 表单里没有“{ $found }”。请改正路径，或补上这道题
form-xml-unknown-instance = 表单里没有 instance“{ $found }”。请改正，或补上
form-xml-cycle = 这些题互相等着，算不出来：{ $chain }。请断开其中一步
form-xml-unknown-type = 不认识的类型“{ $found }”，当作文字
form-xml-unknown-control = 不认识的控件 <{ $found }>，不会显示
form-xml-unsupported-control = “{ $found }”现在还不支持
form-xml-bind-twice = “{ $found }”有两个 bind，重复的部分没有用
form-xml-unknown-text = 哪种语言里都没有文字“{ $found }”
form-xml-missing-translation = 有 { $count } 处缺少 { $language }
form-xml-missing-media = 缺少文件“{ $found }”，用到它的选项和查找会是空的。请把它放在表单旁边
form-xml-bad-media = 文件“{ $name }”读不了：{ $reason }
form-xml-bad-default = 表单里的值“{ $found }”不合题型（{ $expected }）
form-xml-choice-twice = 有两个选项的编码都是“{ $found }”
form-xml-choice-space = 可以多选，编码“{ $found }”里不能有空格
form-xml-unknown-word = 不认识的 { $what }“{ $found }”
form-xml-control-without-node = <{ $found }> 没有写 ref、nodeset 或 bind
form-extra-word = 在 { $column } 列看到“{ $found }”，没有读。应当是：{ $expected }
form-renamed-from-twice = 有两道题都说以前叫“{ $found }”，第一处在第 { $row } 行。只有一道是对的，请删掉另一处
form-renamed-from-unknown = 项目里以前的版本都没有叫“{ $found }”的题，答案不会按这个提示带过来。请看看 renamed_from 里的名字
form-renamed-from-ambiguous = 以前的版本里有几道题叫“{ $found }”，请在 renamed_from 里写路径：/组/题名

# A sheet of tests in the workbook
form-tests-without-name = 这里要有测试的名字。请在每个测试的第一行写上
form-tests-without-act = 测试表里没有 act 这一列。请补上
form-tests-too-many = 测试太多，第 { $limit } 行以后没有读
form-tests-unknown-act = 不认识的动作“{ $found }”。请改正
form-tests-bad-question = 这里要写题名，例如 age，或一组里的 members[2]/age；现在是“{ $found }”
form-tests-bad-value = 这个值看不懂：“{ $found }”。要写：{ $expected }
form-unknown-appearance = 外观一栏里的“{ $found }”不认识，在这里不起作用；核对一下写法
