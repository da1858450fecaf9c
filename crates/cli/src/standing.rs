//! `tianye state`: how far each chain is here and at the hub, what is set aside, where chains split.

use serde::Serialize;
use tianye_desk::view::{ChainView, Misfit, MisfitView, SyncView};
use tianye_desk::{Desk, Result};
use unicode_width::UnicodeWidthStr as _;

use crate::say;
use crate::words::Words;

/// What is known of the state of this laptop.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct State {
    #[serde(flatten)]
    view: SyncView,
    gaps: Vec<Gap>,
    forks: Vec<Fork>,
    frontier: Vec<ChainHead>,
}

/// The newest entry of a chain; of one that goes on in two ways there are several.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChainHead {
    chain: String,
    seq: u64,
    hash: String,
}

/// Places of a chain that are not here, and the entry behind them that waits.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Gap {
    /// Who and which laptop; empty where no card of the team says so.
    owner: String,
    chain: String,
    from: u64,
    to: u64,
    waits: u64,
}

/// A chain that goes on in more than one way.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fork {
    owner: String,
    own: bool,
    chain: String,
    /// The first entry that is there twice.
    at: u64,
    /// The last entry of each branch.
    ends: Vec<u64>,
}

/// Shows the state; with `frontier` also the heads of all chains. What is noted is not said again until there is more of it.
pub fn run(desk: &mut Desk, (frontier, noted): (bool, bool), json: bool, words: &Words) -> Result<()> {
    let heads = desk.frontier()?.into_iter().map(|(chain, head)| ChainHead {
        chain: chain.to_string(),
        seq: head.seq.get(),
        hash: head.hash.to_string(),
    });
    let state = State { view: desk.sync_state()?, gaps: gaps(desk)?, forks: forks(desk)?, frontier: heads.collect() };
    if json {
        say::json(&state);
    } else {
        say::line(&text(&state, words));
        let heads = state.frontier.iter().filter(|_| frontier);
        heads.for_each(|head| say::line(&format!("{}  {}  {}", head.chain, head.seq, head.hash)));
    }
    if noted {
        let told = state.view.misfits.iter().filter(|one| said_of(one).is_some());
        told.map(|one| &one.key).try_for_each(|key| desk.note_misfit(key).map(drop))?;
    }
    Ok(())
}

/// After something came: where to look, if a chain has split, something was set aside or does not fit.
pub fn hint(desk: &Desk, words: &Words) -> Result<()> {
    let forks = forks(desk)?;
    if !forks.is_empty() {
        let mut owners: Vec<String> = forks.iter().map(|fork| owner(&fork.owner, words)).collect();
        owners.sort_unstable();
        owners.dedup();
        say::line(&words.say("state-hint-forked", &[("owner", &owners.join(", "))]));
    }
    let view = desk.sync_state()?;
    let aside: u32 = view.set_aside.iter().map(|one| one.entries).sum();
    let misfits = view.misfits.iter().filter(|one| said_of(one).is_some()).count();
    for (key, count) in [("state-hint-aside", aside.to_string()), ("state-hint-misfits", misfits.to_string())] {
        if count != "0" {
            say::line(&words.say(key, &[("count", &count)]));
        }
    }
    Ok(())
}

fn gaps(desk: &Desk) -> Result<Vec<Gap>> {
    let told = |gap: tianye_sync::Gap| {
        let owner = desk.writer_of(gap.chain)?;
        Ok(Gap { owner, chain: gap.chain.to_string(), from: gap.from, to: gap.to, waits: gap.waits })
    };
    desk.gaps()?.into_iter().map(told).collect()
}

fn forks(desk: &Desk) -> Result<Vec<Fork>> {
    let told = |split: tianye_sync::Split| {
        let (owner, own) = (desk.writer_of(split.chain)?, desk.is_own(split.chain)?);
        let ends = split.ends.iter().map(|seq| seq.get()).collect();
        Ok(Fork { owner, own, chain: split.chain.to_string(), at: split.at.get(), ends })
    };
    desk.splits()?.into_iter().map(told).collect()
}

fn text(state: &State, words: &Words) -> String {
    let State { view, gaps, forks, .. } = state;
    let head = ["whose", "here", "receipts-to", "state-standing"].map(|key| words.say(key, &[]));
    let mut rows = vec![head.to_vec()];
    rows.extend(view.chains.iter().map(|chain| chain_row(chain, words)));
    let mut lines = table(&rows);
    for one in &view.set_aside {
        let count = one.entries.to_string();
        let said = words.say("set-aside", &[("owner", &owner(&one.owner, words)), ("count", &count)]);
        lines.push(format!("{said} ({})", one.code));
        lines.push(format!("  {}", because(&one.code, words)));
    }
    for one in &view.misfits {
        let Some((what, to_do)) = said_of(one) else { continue };
        let (owner, count) = (owner(&one.owner, words), one.entries.to_string());
        lines.push(words.say(what, &[("owner", &owner), ("count", &count), ("at", &one.at)]));
        lines.push(format!("  {}", words.say(to_do, &[])));
    }
    for gap in gaps {
        lines.push(words.say(
            "state-gap",
            &[
                ("owner", &owner(&gap.owner, words)),
                ("range", &range(gap.from, gap.to)),
                ("waits", &gap.waits.to_string()),
                ("chain", &gap.chain),
            ],
        ));
    }
    if !gaps.is_empty() {
        lines.push(format!("  {}", words.say("state-gap-do", &[])));
    }
    for fork in forks {
        let ends: Vec<String> = fork.ends.iter().map(u64::to_string).collect();
        let (owner, at, ends) = (owner(&fork.owner, words), fork.at.to_string(), ends.join(", "));
        let args = [("owner", owner.as_str()), ("at", &at), ("ends", &ends), ("chain", &fork.chain)];
        lines.push(words.say("state-fork", &args));
    }
    if !forks.is_empty() {
        let own = forks.iter().any(|fork| fork.own);
        lines.push(format!("  {}", words.say(if own { "state-fork-do-own" } else { "state-fork-do" }, &[])));
    }
    lines.join("\n")
}

/// The keys of what does not fit and of what to do; none for what is told with its places.
const fn said_of(one: &MisfitView) -> Option<(&'static str, &'static str)> {
    Some(match (one.what, one.own) {
        (Misfit::HubRewound, _) => ("misfit-hub-rewound", "misfit-hub-rewound-do"),
        (Misfit::HubRewritten, _) => ("misfit-hub-rewritten", "misfit-hub-rewritten-do"),
        (Misfit::NoRight, false) => ("state-no-right", "state-no-right-do"),
        (Misfit::NoRight, true) => ("state-no-right", "misfit-no-right-do-own"),
        (Misfit::OtherAuthor, false) => ("state-other-author", "state-other-author-do"),
        (Misfit::OtherAuthor, true) => ("state-other-author", "misfit-other-author-do-own"),
        (Misfit::NotOwn, false) => ("state-not-own", "state-not-own-do"),
        (Misfit::NotOwn, true) => ("state-not-own", "misfit-not-own-do-own"),
        (Misfit::Late, _) => ("misfit-late", "state-late-do"),
        (Misfit::Fork | Misfit::Aside | Misfit::Gap, _) => return None,
    })
}

fn chain_row(chain: &ChainView, words: &Words) -> Vec<String> {
    let ChainView { own, here, received, forked, .. } = chain;
    let named = owner(&chain.owner, words);
    let whose = if *own { format!("{} {named}", words.say("here-own", &[])) } else { named };
    let left = here.saturating_sub(*received).to_string();
    let standing = match (forked, here > received, own) {
        (true, ..) => words.say("forked", &[]),
        (false, true, true) => words.say("to-send", &[("count", &left)]),
        (false, true, false) => words.say("no-receipt-yet", &[("count", &left)]),
        (false, false, _) => words.say("agrees", &[]),
    };
    let up_to = |to: u32| if to > 0 { range(1, to.into()) } else { "-".to_owned() };
    vec![whose, up_to(*here), up_to(*received), standing]
}

/// Who and which laptop, in words where the records do not open here.
fn owner(owner: &str, words: &Words) -> String {
    if owner.is_empty() { words.say("state-someone", &[]) } else { owner.to_owned() }
}

/// What a reason for setting aside means, as the window says it.
pub fn because(code: &str, words: &Words) -> String {
    words.maybe(&format!("set-aside-{code}"), []).unwrap_or_else(|| words.say("set-aside-other", &[]))
}

/// Places from one to another.
pub fn range(from: u64, to: u64) -> String {
    if from == to { from.to_string() } else { format!("{from}–{to}") }
}

/// Columns under each other. Chinese characters are two columns wide in a terminal.
pub fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let wide = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(wide).collect();
    let line = |row: &Vec<String>| {
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width())));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Language;
    use tianye_desk::view::{Outbox, SetAsideView};

    fn chain(owner: &str, own: bool, here: u32, received: u32, forked: bool) -> ChainView {
        ChainView { owner: owner.into(), own, here, received, forked }
    }

    #[test]
    fn columns_stand_under_each_other_and_gaps_and_forks_below() {
        let view = SyncView {
            hub: String::new(),
            keeps: false,
            outbox: Outbox { entries: 2, interviews: 1, kib: 3 },
            chains: vec![chain("沈一帆 · 组长电脑", true, 20, 18, false), chain("陈禾 · 武义", false, 5, 0, true)],
            receipts: Vec::new(),
            set_aside: vec![SetAsideView { owner: String::new(), code: "journal-gap".into(), entries: 2 }],
            misfits: Vec::new(),
        };
        let gap = Gap { owner: String::new(), chain: "c1".into(), from: 6, to: 7, waits: 8 };
        let owner = "陈禾 · 武义".to_owned();
        let fork = Fork { owner, own: false, chain: "c2".into(), at: 4, ends: vec![5, 5] };
        let state = State { view, gaps: vec![gap], forks: vec![fork], frontier: Vec::new() };
        assert_eq!(
            text(&state, &Words::of(Language::En)),
            "\
Whose laptop                   Here  Receipts  State
This laptop 沈一帆 · 组长电脑  1–20  1–18      2 to send
陈禾 · 武义                    1–5   -         Two branches: tell the lead
2 entries of a colleague whose records do not open here were set aside (journal-gap)
  Entries in between are missing; it is taken in when they arrive.
a colleague whose records do not open here: 6–7 not here; entry 8 waits for that (chain c1)
  Let that laptop sync or write a stick once more (tianye to-stick), or take in the file that went before; then what waits is taken in by itself.
陈禾 · 武义: two branches from entry 4 on, which end at 5, 5 (chain c2)
  Both branches are kept. Ask whether that disk was copied or an old copy of it put back; if nobody did so, revoke the laptop (tianye revoke)."
        );
    }

    /// What is said of something that does not fit, in both languages.
    #[track_caller]
    fn check(what: Misfit, own: bool, zh: [&str; 2], en: [&str; 2]) {
        let misfit = MisfitView {
            key: String::new(),
            owner: if matches!(what, Misfit::HubRewound | Misfit::HubRewritten) { "https://h" } else { "陈禾" }.into(),
            own,
            what,
            code: String::new(),
            entries: 2,
            at: "2017-04-12T08:00:00Z".into(),
        };
        for (language, [line, to_do]) in [(Language::Zh, zh), (Language::En, en)] {
            let view = SyncView {
                hub: String::new(),
                keeps: false,
                outbox: Outbox { entries: 0, interviews: 0, kib: 0 },
                chains: Vec::new(),
                receipts: Vec::new(),
                set_aside: Vec::new(),
                misfits: vec![misfit.clone()],
            };
            let state = State { view, gaps: Vec::new(), forks: Vec::new(), frontier: Vec::new() };
            let said = text(&state, &Words::of(language));
            let said: Vec<&str> = said.lines().skip(1).collect();
            assert_eq!(said, [line.to_owned(), format!("  {to_do}")]);
        }
    }

    #[test]
    fn hubs_that_were_put_back_and_late_entries_are_said_with_what_to_do() {
        check(
            Misfit::HubRewound,
            false,
            [
                "中心 https://h 被恢复成了旧的备份（2017-04-12T08:00:00Z）",
                "这台电脑上有的已经重新送去。请告诉管理中心的人，并让每台电脑再同步一次。",
            ],
            [
                "The hub https://h was put back to an old copy (2017-04-12T08:00:00Z)",
                "What is on this laptop was sent again. Tell whoever runs the hub, and let every laptop sync once more.",
            ],
        );
        check(
            Misfit::HubRewritten,
            false,
            [
                "中心 https://h 和这台电脑上次看到的对不上（2017-04-12T08:00:00Z）",
                "它被恢复成旧备份以后又用过，或者有人改写了它的日志。请管理中心的人说明原因；弄清以前，另外用 U 盘带一份。",
            ],
            [
                "The hub https://h does not go on from where this laptop saw it last (2017-04-12T08:00:00Z)",
                "It was put back to an old copy and used since, or somebody wrote its log anew. Ask whoever runs the hub why; \
                 until that is clear, carry records on a stick as well.",
            ],
        );
        check(
            Misfit::Late,
            false,
            [
                "陈禾 停用以后又来了 2 条记录",
                "这些记录在等，现在不算数，也没有丢。请问清楚是谁写的；要让它们算数，在管项目的电脑上用 tianye accept-late。",
            ],
            [
                "2 entries of 陈禾 came after the laptop was revoked",
                "They wait and do not count, and nothing of them is lost. Ask who wrote them; tianye accept-late, on the \
                 laptop that keeps the project, lets them count.",
            ],
        );
    }

    #[test]
    fn what_has_no_effect_is_said_with_what_to_do() {
        check(
            Misfit::NoRight,
            false,
            [
                "陈禾：有 2 条记录按身份不能写，不起作用",
                "这些记录留着。请问清楚是用什么程序写的；说不清，就停用那台电脑（tianye revoke）。",
            ],
            [
                "陈禾: 2 entries are of a sort that this role may not write; they have no effect",
                "They are kept. Ask with which program they were written; if nobody knows, revoke the laptop (tianye revoke).",
            ],
        );
        check(
            Misfit::OtherAuthor,
            true,
            [
                "陈禾：有 2 条记录写的是别人的名字，不起作用",
                "不管写的是谁，这些记录都留着，但不起作用。田野不会这样写：请把这台电脑给组长看一下。",
            ],
            [
                "陈禾: 2 entries are in the name of somebody else; they have no effect",
                "They are kept and have no effect, whomever they name. Tianye writes none like that: show the lead this laptop.",
            ],
        );
    }

    #[test]
    fn everything_that_is_said_has_words() {
        use Misfit::{HubRewound, HubRewritten, Late, NoRight, NotOwn, OtherAuthor};
        for what in [HubRewound, HubRewritten, Late, NoRight, NotOwn, OtherAuthor] {
            for (own, language) in [false, true].into_iter().flat_map(|own| [(own, Language::Zh), (own, Language::En)])
            {
                let one = MisfitView {
                    key: String::new(),
                    owner: String::new(),
                    own,
                    what,
                    code: String::new(),
                    entries: 1,
                    at: String::new(),
                };
                let (line, to_do) = said_of(&one).expect("it is not told with its places");
                let words = Words::of(language);
                assert!(
                    words.maybe(line, []).and(words.maybe(to_do, [])).is_some(),
                    "{} {line} {to_do}",
                    language.tag()
                );
            }
        }
    }
}
