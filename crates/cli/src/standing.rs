//! `tianye state`: how far each chain is here and at the hub, what is set aside, where chains split.

use serde::Serialize;
use tianye_desk::view::{ChainView, Misfit, SyncView};
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

/// Shows the state.
pub fn run(desk: &Desk, json: bool, words: &Words) -> Result<()> {
    let state = State { view: desk.sync_state()?, gaps: gaps(desk)?, forks: forks(desk)? };
    if json {
        say::json(&state);
    } else {
        say::line(&text(&state, words));
    }
    Ok(())
}

/// After something came: where to look, if a chain has split or something was set aside.
pub fn hint(desk: &Desk, words: &Words) -> Result<()> {
    let forks = forks(desk)?;
    if !forks.is_empty() {
        let mut owners: Vec<String> = forks.iter().map(|fork| owner(&fork.owner, words)).collect();
        owners.sort_unstable();
        owners.dedup();
        say::line(&words.say("state-hint-forked", &[("owner", &owners.join(", "))]));
    }
    let aside: u32 = desk.sync_state()?.set_aside.iter().map(|one| one.entries).sum();
    if aside > 0 {
        say::line(&words.say("state-hint-aside", &[("count", &aside.to_string())]));
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
    let State { view, gaps, forks } = state;
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
        let key = match one.what {
            Misfit::NoRight => "state-no-right",
            Misfit::OtherAuthor => "state-other-author",
            Misfit::NotOwn => "state-not-own",
            _ => continue,
        };
        let (owner, count) = (owner(&one.owner, words), one.entries.to_string());
        lines.push(words.say(key, &[("owner", &owner), ("count", &count)]));
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
        let state = State { view, gaps: vec![gap], forks: vec![fork] };
        assert_eq!(
            text(&state, &Words::of(Language::En)),
            "\
Whose laptop                   Here  Receipts  State
This laptop 沈一帆 · 组长电脑  1–20  1–18      2 to send
陈禾 · 武义                    1–5   -         Two branches: tell the lead
2 entries of a colleague whose records do not open here were set aside (journal-gap)
  Entries in between are missing; it is taken in when they arrive.
a colleague whose records do not open here: 6–7 not here; entry 8 waits for that (chain c1)
陈禾 · 武义: two branches from entry 4 on, which end at 5, 5 (chain c2)
  Both branches are kept. Ask whether that disk was copied or an old copy of it put back; if nobody did so, revoke the laptop (tianye revoke)."
        );
    }
}
