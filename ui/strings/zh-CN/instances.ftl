# 和别的工具互通的记录

error-import-too-many = 一次超过了 { $limit } 个文件。请少选一些；什么都没有收入。
error-import-too-deep = 文件夹最多看 { $limit } 层。请直接选里面的文件夹。
error-import-too-large = 这个文件超过 { $limit } MB，不像是一份答卷，没有读。
error-import-not-text = 这个文件不是 UTF-8。请存成 UTF-8，或从原来的程序重新导出。
error-import-not-zip = 这个压缩包损坏了，或不是压缩包。请重新打包或复制。
error-import-encrypted = 这份答卷是给别的程序加密的。请先在那边（ODK Central、Briefcase）解密，再导出。
error-import-form-missing = 这个项目里没有表单“{ $form }”。请先把表单加进项目。
error-import-other-form = 这份答卷属于表单“{ $form }”，要的是“{ $expected }”。
error-import-twice = 其中还有一份编号相同、内容不同的答卷。请只选对的那一份收入。
error-import-revision = 这是一份已有记录的另一次修订。请在这里更正那份记录，或用 tianye import-revision 收入。
error-revision-unknown = 它取代的是 { $replaces }，这里没有记录用过这个编号。请先同步；如果那份记录不在这个项目里，请先收入它的答卷。
error-revision-none = 这份答卷没有说它取代哪一份（deprecatedID）。请当作新的记录收入。
error-revision-erased = 这份记录里有答案抹掉了，修订可能把它们带回来。请直接在这里更正。

import = 收入答卷
import-title = 收入别的工具的记录
import-help = ODK Collect、Briefcase、KoboCollect 等程序的答卷：XML 文件、它们的文件夹，或 zip 压缩包。先给您看会收入什么，再写入。
import-choose-files = 选文件
import-choose-folder = 选文件夹
import-new = { $count } 份答卷会成为记录
import-nothing = 没有新的答卷
import-here = { $count } 份这里已经有了，不动
import-earlier = { $count } 份是其中别的答卷的旧修订
import-other = { $count } 个 XML 文件不是答卷
import-left-out = { $count } 个答案文件不合题目要求，没有收入
import-version = 版本 { $version }
import-read-as = 按版本 { $version } 读
import-count = { $count } 份答卷
import-wrong = { $count } 份有不合表单的答案；会保留，请再看一看
import-files = { $count } 个答案文件
import-missing = 其中 { $count } 个不在
import-unread = { $count } 个读不了
import-write = 收入
import-done = 收入了 { $count } 份记录
imported = 收入的

export-instances-legend = 给别的工具
export-instances = 每份完成的访谈也写成 ODK 答卷，连同照片和录音
export-instances-warning = 一份答卷里有访谈的全部答案，也有照片和声音。
export-instances-done = { $count } 份答卷，在 { $folder }
export-instances-open = { $count } 份访谈还没完成，没有写
export-instances-undecided = { $count } 份访谈有未决冲突，没有写；请先裁决
export-instances-unreadable = { $count } 份访谈没有写：表单还没到；请先同步
