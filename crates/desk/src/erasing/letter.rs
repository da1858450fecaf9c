//! A certificate as a text for a family, in plain words. It is a product in a language of its own, as tables are, and it
//! names nobody: not the respondent, not the laptops' people.

use crate::view::{AnsweredView, ErasedWhat, ErasureView};

struct Words {
    title: &'static str,
    project: &'static str,
    number: &'static str,
    when: &'static str,
    what: &'static str,
    why: &'static str,
    person: &'static str,
    interview: &'static str,
    interviews: &'static str,
    answers: &'static str,
    files: &'static str,
    reasons: [(&'static str, &'static str); 4],
    rest: &'static str,
    answered: &'static str,
    held: &'static str,
    held_since: &'static str,
    held_away: &'static str,
    held_means: &'static str,
    waiting: &'static str,
    none: &'static str,
    waiting_means: &'static str,
    hub_done: &'static str,
    hub_waits: &'static str,
    hub_unknown: &'static str,
    nearby_done: &'static str,
    nearby_waits: &'static str,
    nearby_unknown: &'static str,
    not_known: &'static str,
    sticks: &'static str,
    beyond: &'static str,
    exports: &'static str,
    as_of: &'static str,
    sign: &'static str,
}

const CHINESE: Words = Words {
    title: "删除证明",
    project: "项目",
    number: "编号",
    when: "删除时间",
    what: "删除了什么",
    why: "为什么",
    person: "一位受访者的全部内容：登记卡、同意书、任务安排，以及所有访谈",
    interview: "一份访谈，全部内容",
    interviews: "其中访谈份数",
    answers: "一份访谈中这些问题的回答",
    files: "其中的照片、录音等文件也一并删除。",
    reasons: [
        ("withdrawn", "本人或监护人收回了同意"),
        ("misplaced", "内容不应放在这里，已另行妥善保管"),
        ("retention", "约定的保存期限已到"),
        ("mistake", "本来就不应该记录"),
    ],
    rest: "删除后，任何人都不能再从这个项目的记录里读到这些内容。",
    answered: "已经删除的电脑",
    held: "已经删除、但还没有删完的电脑",
    held_since: "坏数据库放到一边的日期",
    held_away: "另一个存储设备上的备份当时不在",
    held_means: "放到一边的坏数据库：数据库以前坏过，恢复时坏掉的文件原样放到了一边，里面可能还有这些内容，有人决定丢弃它以后才没有。不在的备份：那个存储设备（如U盘）下次插上并解锁时删除；已经停用或换掉的，重新选用时删除。",
    waiting: "还没有回应的电脑",
    none: "没有",
    waiting_means: "还没有回应的电脑，在下一次同步时删除。",
    hub_done: "中转服务器：已经收到通知。它从来读不懂内容。",
    hub_waits: "中转服务器：还没有收到通知，在保管项目钥匙的电脑下一次同步时通知。它从来读不懂内容。",
    hub_unknown: "中转服务器：这台电脑上还不知道是否已经通知，由保管项目钥匙的电脑在同步时通知。它从来读不懂内容。",
    nearby_done: "现场网络里的中转电脑：已经收到通知。它从来读不懂内容。",
    nearby_waits: "现场网络里的中转电脑：还没有收到通知，在保管项目钥匙的电脑下一次和它同步时通知。它从来读不懂内容。",
    nearby_unknown: "现场网络里的中转电脑：这台电脑上还不知道是否已经通知，由保管项目钥匙的电脑在和它同步时通知。它从来读不懂内容。",
    not_known: "这里不知道的：现场网络里别的中转电脑，由保管项目钥匙的电脑下一次和它同步时通知删除；由别的电脑批准加入、还没有发送过任何内容的电脑。",
    sticks: "这个日期以前写的存储设备（如U盘）和另外存的备份，以及还没有删除的电脑后来写的，都够不到，由项目负责人覆盖或销毁。删除日期",
    beyond: "纸质材料、已经导出的表格，不在这些电脑的记录之内，由项目负责人另外处理。",
    exports: "含有这些内容、需要另外处理的导出表格",
    as_of: "情况截至",
    sign: "项目负责人（签名）：__________________    日期：______________",
};

const ENGLISH: Words = Words {
    title: "Certificate of erasure",
    project: "Project",
    number: "Number",
    when: "Erased on",
    what: "What was erased",
    why: "Why",
    person: "Everything of one respondent: card, consents, assignments, and all interviews",
    interview: "One interview, as a whole",
    interviews: "Interviews among it",
    answers: "The answers to these questions of one interview",
    files: "Photographs, recordings and other files in it were erased too.",
    reasons: [
        ("withdrawn", "The person, or who speaks for them, took their consent back"),
        ("misplaced", "It did not belong here and is kept safely elsewhere"),
        ("retention", "The time for which it might be kept is over"),
        ("mistake", "It should never have been written down"),
    ],
    rest: "Nobody can read it in the records of this project any more.",
    answered: "Laptops that have erased it",
    held: "Laptops that have erased it, but not wholly",
    held_since: "damaged database set aside on",
    held_away: "its backup on another medium was away",
    held_means: "A damaged database was set aside as it was when a recovery replaced it, and may still hold some of it until somebody decides to discard it. A backup that was away is erased when its medium, such as a memory stick, is next in the laptop as it is unlocked; one that was given up or replaced, when it is chosen again.",
    waiting: "Laptops that have not answered yet",
    none: "none",
    waiting_means: "Laptops that have not answered yet erase it when they sync next.",
    hub_done: "The server between the laptops has been told. It can never read any content.",
    hub_waits: "The server between the laptops has not been told yet; it is told when the laptop that keeps the project's key syncs next. It can never read any content.",
    hub_unknown: "The server between the laptops: it is not known on this laptop yet whether it has been told; the laptop that keeps the project's key tells it when it syncs. It can never read any content.",
    nearby_done: "The laptop that served as a hub in a local network has been told. It can never read any content.",
    nearby_waits: "The laptop that served as a hub in a local network has not been told yet; it is told when the laptop that keeps the project's key syncs with it next. It can never read any content.",
    nearby_unknown: "The laptop that served as a hub in a local network: it is not known on this laptop yet whether it has been told; the laptop that keeps the project's key tells it when it syncs with it. It can never read any content.",
    not_known: "Not known here: other laptops that served as a hub in a local network, which are told to erase it when the laptop that keeps the project's key syncs with them; and laptops that another one let in and that have sent nothing yet.",
    sticks: "Memory sticks and separate backups written before this day, or later by laptops that had not erased it yet, cannot be reached; the lead overwrites or destroys them. Day of the erasure",
    beyond: "Paper, and tables that were exported before, are not in the records of these laptops; the lead sees to them.",
    exports: "Exported tables that hold some of it and must be seen to",
    as_of: "As of",
    sign: "For the project (signature): __________________    Date: ______________",
};

/// What the text's file is called.
pub(super) fn file_name(id: &str, language: &str) -> String {
    let id: String = id.chars().take(8).collect();
    format!("{}-{id}.txt", words_in(language).title.replace(' ', "-"))
}

fn words_in(language: &str) -> &'static Words {
    if language.starts_with("zh") { &CHINESE } else { &ENGLISH }
}

/// The text.
pub(super) fn letter(view: &ErasureView, project: &str, today: &str, language: &str) -> String {
    let words = words_in(language);
    let colon = if language.starts_with("zh") { "：" } else { ": " };
    let mut lines: Vec<String> = Vec::new();
    let mut say = |word: &str, text: &str| lines.push(format!("{word}{colon}{text}"));
    say(words.project, project);
    say(words.number, &view.id);
    say(words.when, &view.at.replacen('T', " ", 1).chars().take(16).collect::<String>());
    let what = match view.what {
        ErasedWhat::Person => words.person,
        ErasedWhat::Interview => words.interview,
        ErasedWhat::Answers => words.answers,
    };
    say(words.what, what);
    if view.what == ErasedWhat::Person {
        say(words.interviews, &view.interviews.to_string());
    }
    let reason = words.reasons.iter().find(|(code, _)| *code == view.why).map_or("", |(_, reason)| reason);
    let mut after = vec![format!("{}{colon}{reason}", words.why)];
    lines.extend(view.questions.iter().map(|question| format!("  - {question}")));
    if view.chunks > 0 {
        lines.push(words.files.to_owned());
    }
    lines.append(&mut after);
    lines.push(String::new());
    lines.push(words.rest.to_owned());
    lines.push(String::new());
    let laptops = |word: &str, laptops: &[AnsweredView]| {
        let codes: Vec<&str> = laptops.iter().map(|one| one.code.as_str()).collect();
        let codes = if codes.is_empty() { words.none.to_owned() } else { codes.join(", ") };
        format!("{word} ({}){colon}{codes}", laptops.len())
    };
    lines.push(format!("{}{colon}{today}", words.as_of));
    lines.push(laptops(words.answered, &view.answered));
    if !view.held.is_empty() {
        let held = view.held.iter().map(|one| {
            let since: Vec<&str> = one.set_aside.iter().map(|at| at.get(..10).unwrap_or(at)).collect();
            let since = (!since.is_empty()).then(|| format!("{}{colon}{}", words.held_since, since.join(", ")));
            let all: Vec<String> =
                since.into_iter().chain(one.second_box.then(|| words.held_away.to_owned())).collect();
            format!("  - {} ({})", one.laptop.code, all.join("; "))
        });
        lines.push(format!("{} ({}){colon}", words.held, view.held.len()));
        lines.extend(held);
        lines.push(words.held_means.to_owned());
    }
    lines.push(laptops(words.waiting, &view.waiting));
    if !view.waiting.is_empty() {
        lines.push(words.waiting_means.to_owned());
    }
    if view.has_hub {
        let waits = if view.tells_hubs { words.hub_waits } else { words.hub_unknown };
        lines.push(if view.on_hub { waits } else { words.hub_done }.to_owned());
    }
    if !view.nearby_hub.is_empty() {
        let waits = if view.tells_hubs { words.nearby_waits } else { words.nearby_unknown };
        lines.push(if view.on_nearby_hub { waits } else { words.nearby_done }.to_owned());
    }
    lines.push(words.not_known.to_owned());
    lines.push(String::new());
    lines.push(format!("{}{colon}{}", words.sticks, view.at.get(..10).unwrap_or(&view.at)));
    lines.push(words.beyond.to_owned());
    let done = view.answered.iter().chain(view.held.iter().map(|one| &one.laptop));
    let others: u32 = done.map(|one| one.exports).sum();
    let exports = crate::interview::page::small(view.exports.len()) + others;
    if exports > 0 {
        lines.push(format!("{}{colon}{exports}", words.exports));
    }
    lines.push(String::new());
    lines.push(words.sign.to_owned());
    format!("{}\n\n{}\n", words.title, lines.join("\n"))
}
