//! How far a sync or a stick is: one line at the terminal that is written over again and again, and gone at the end.

use std::io::{IsTerminal as _, Write, stderr};
use std::time::{Duration, Instant};

use tianye_desk::{Progress, SyncStep};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::words::Words;

/// A line is drawn anew at most this often within one step.
const PACE: Duration = Duration::from_millis(100);
/// Columns of the narrowest terminal: a longer line would go on in the next one, and be there for good.
const COLUMNS: usize = 78;

/// The line of one transfer. It goes with this value, so that what is said afterwards stands alone.
pub struct Line<'a, W: Write> {
    words: &'a Words,
    /// Which file of how many, from 1.
    file: (usize, usize),
    /// None where nobody looks: in a pipe or a file nothing can be written over.
    out: Option<W>,
    drawn: Option<(SyncStep, Instant)>,
    /// Columns that stand there now.
    wide: usize,
}

/// The line of a transfer, where somebody sits at a terminal. It stands beside what is printed, so it is never in its JSON.
pub fn of(words: &Words) -> Line<'_, std::io::Stderr> {
    Line { words, file: (1, 1), out: stderr().is_terminal().then(stderr), drawn: None, wide: 0 }
}

impl<W: Write> Line<'_, W> {
    /// Which file it is now, from 1, of how many.
    pub fn file(mut self, at: usize, of: usize) -> Self {
        self.file = (at, of);
        self
    }

    /// Shows how far it is.
    pub fn tell(&mut self, progress: &Progress) {
        self.tell_at(progress, Instant::now());
    }

    /// Shows how far one of the files is.
    pub fn tell_of(&mut self, at: usize, progress: &Progress) {
        self.file.0 = at;
        self.tell(progress);
    }

    fn tell_at(&mut self, progress: &Progress, now: Instant) {
        let early = |(step, at)| step == progress.step && now.saturating_duration_since(at) < PACE;
        if self.out.is_none() || self.drawn.is_some_and(early) {
            return;
        }
        self.drawn = Some((progress.step, now));
        self.write_over(&text(progress, self.file, self.words));
    }

    /// Writes a text over what stands there. Spaces clear the rest: old consoles know no other way.
    fn write_over(&mut self, text: &str) {
        let wide = text.width();
        let rest = " ".repeat(self.wide.saturating_sub(wide));
        if let Some(out) = &mut self.out {
            // Who looks at it may have gone.
            let _ = write!(out, "\r{text}{rest}").and_then(|()| out.flush());
        }
        self.wide = wide;
    }
}

impl<W: Write> Drop for Line<'_, W> {
    fn drop(&mut self) {
        if self.wide > 0 {
            self.write_over("");
            if let Some(out) = &mut self.out {
                let _ = write!(out, "\r").and_then(|()| out.flush());
            }
        }
    }
}

/// What a progress says in words, short enough for one line.
fn text(progress: &Progress, (file, files): (usize, usize), words: &Words) -> String {
    let of = |done: &str, total: Option<String>| match total {
        Some(total) => words.say("carry-of", &[("done", done), ("total", &total)]),
        None => done.to_owned(),
    };
    let mut parts = vec![words.say(step(progress.step), &[])];
    if files > 1 {
        parts.push(words.say("carry-file", &[("file", &file.to_string()), ("files", &files.to_string())]));
    }
    if progress.total.is_some() || progress.done > 0 {
        parts.push(of(&progress.done.to_string(), progress.total.map(|total| total.to_string())));
    }
    if progress.bytes > 0 {
        parts.push(of(&size(progress.bytes), progress.of_bytes.map(size)));
    }
    shortened(&parts.join("  "))
}

const fn step(step: SyncStep) -> &'static str {
    match step {
        SyncStep::Negotiate => "carry-negotiate",
        SyncStep::PushEntries => "carry-push-entries",
        SyncStep::PushChunks => "carry-push-chunks",
        SyncStep::PullEntries => "carry-pull-entries",
        SyncStep::PullChunks => "carry-pull-chunks",
        SyncStep::Receipts => "carry-receipts",
        SyncStep::WriteEntries => "carry-write-entries",
        SyncStep::WriteChunks => "carry-write-chunks",
        SyncStep::Verify => "carry-verify",
        SyncStep::Read => "carry-read",
        SyncStep::Settle => "carry-settle",
    }
}

/// A number of bytes, as the window writes it.
fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = KIB * KIB;
    match bytes {
        0..KIB => format!("{bytes} B"),
        KIB..MIB => format!("{} KB", bytes / KIB),
        _ => format!("{}.{} MB", bytes / MIB, bytes % MIB * 10 / MIB),
    }
}

fn shortened(text: &str) -> String {
    let mut wide = 0;
    let fits = |sign: &char| {
        wide += sign.width().unwrap_or(0);
        wide <= COLUMNS
    };
    text.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Language;

    const MIB: u64 = 1 << 20;

    fn progress(step: SyncStep, done: usize, total: Option<usize>, bytes: u64, of_bytes: Option<u64>) -> Progress {
        Progress { step, done, total, bytes, of_bytes }
    }

    #[track_caller]
    fn check(progress: &Progress, file: (usize, usize), zh: &str, en: &str) {
        for (language, expect) in [(Language::Zh, zh), (Language::En, en)] {
            assert_eq!(text(progress, file, &Words::of(language)), expect);
        }
    }

    #[test]
    fn a_progress_is_said_in_words_with_numbers_where_they_are_known() {
        let begins = progress(SyncStep::Negotiate, 0, None, 0, None);
        check(&begins, (1, 1), "正在问中心有什么", "Asking the hub what it has");
        let none = progress(SyncStep::PushEntries, 0, Some(2000), 0, None);
        check(&none, (1, 1), "正在送出记录  0 / 2000", "Sending records  0 of 2000");
        let chunks = progress(SyncStep::PushChunks, 12, Some(191), 12 * MIB + MIB / 2, None);
        check(
            &chunks,
            (1, 1),
            "正在送出照片和录音  12 / 191  12.5 MB",
            "Sending photographs and recordings  12 of 191  12.5 MB",
        );
        let pulled = progress(SyncStep::PullEntries, 64, None, 2048, None);
        check(&pulled, (1, 1), "正在收下记录  64  2 KB", "Fetching records  64  2 KB");
        let read = progress(SyncStep::Read, 640, None, 3 * MIB, Some(200 * MIB));
        check(
            &read,
            (2, 3),
            "正在读 U 盘  第 2 个文件，共 3 个  640  3.0 MB / 200.0 MB",
            "Reading the stick  file 2 of 3  640  3.0 MB of 200.0 MB",
        );
        let last = progress(SyncStep::Settle, 0, None, 0, None);
        check(&last, (1, 1), "正在存到本机", "Saving on this laptop");
    }

    #[test]
    fn every_step_has_words_in_both_languages() {
        use SyncStep::{
            Negotiate, PullChunks, PullEntries, PushChunks, PushEntries, Read, Receipts, Settle, Verify, WriteChunks,
            WriteEntries,
        };
        let all = [
            Negotiate,
            PushEntries,
            PushChunks,
            PullEntries,
            PullChunks,
            Receipts,
            WriteEntries,
            WriteChunks,
            Verify,
            Read,
            Settle,
        ];
        for one in all {
            for language in [Language::Zh, Language::En] {
                assert!(Words::of(language).maybe(step(one), []).is_some(), "{} {one:?}", language.tag());
            }
        }
    }

    #[test]
    fn a_line_never_reaches_into_the_next() {
        let most = usize::MAX;
        for language in [Language::Zh, Language::En] {
            let long = progress(SyncStep::WriteChunks, most, Some(most), u64::MAX, Some(u64::MAX));
            assert!(text(&long, (most, most), &Words::of(language)).width() <= COLUMNS);
        }
    }

    /// What a terminal gets of these, so many milliseconds after each other.
    fn drawn(terminal: bool, told: &[(u64, Progress)]) -> String {
        let words = Words::of(Language::En);
        let (mut out, began) = (Vec::new(), Instant::now());
        let mut line = Line { words: &words, file: (1, 1), out: terminal.then_some(&mut out), drawn: None, wide: 0 };
        for (after, progress) in told {
            line.tell_at(progress, began + Duration::from_millis(*after));
        }
        drop(line);
        String::from_utf8(out).expect("words are text")
    }

    #[test]
    fn a_line_is_written_over_now_and_then_and_gone_at_the_end() {
        let sent = |done| progress(SyncStep::PushEntries, done, Some(10), 0, None);
        let settle = progress(SyncStep::Settle, 0, None, 0, None);
        let told = [(0, sent(9)), (50, sent(8)), (100, sent(10)), (101, settle)];
        assert_eq!(
            drawn(true, &told),
            "\rSending records  9 of 10\rSending records  10 of 10\rSaving on this laptop    \r                     \r"
        );
        assert_eq!(drawn(false, &told), "", "nobody sits at a pipe");
        assert_eq!(drawn(true, &[]), "");
    }
}
