//! `day --out DIR`: lives the working day in the real windows and leaves screenshots and a report.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tianye_tests::Outcome;
use tianye_tests::day::{Lived, PLANTED, live};
use tianye_tests::widgets::{Shown, show};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "this program talks to a terminal")]
async fn main() -> ExitCode {
    match play().await {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("the day stopped: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn play() -> Outcome<String> {
    let out = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [flag, out] if flag == "--out" => PathBuf::from(out),
        [] => tianye_tests::programs::workspace().join("out/day"),
        other => return Err(format!("expected --out DIR, found {}", other.join(" ")).into()),
    };
    for language in ["zh", "en"] {
        let _ = std::fs::remove_dir_all(out.join(language));
    }
    let folder = tempfile::Builder::new().prefix("tianye-day").tempdir()?;
    let mut lived = live(folder.path(), Some(&out)).await?;
    let shown = show(folder.path(), &mut lived.gallery).await?;
    let report = report(&lived, &out) + &widgets(&shown);
    std::fs::write(out.join("report.md"), &report)?;
    Ok(report)
}

fn widgets(shown: &Shown) -> String {
    let Shown { pages, wrong, unanswered, not_asked } = shown;
    format!(
        "Every widget: {} pages answered by keyboard; in the summary {wrong} wrong, {unanswered} unanswered, {not_asked} that cannot be asked.\n",
        pages.len()
    )
}

fn report(lived: &Lived, out: &Path) -> String {
    let mut text = String::from("# A working day\n\nPlayed in the real windows with a real hub and three laptops.\n\n");
    let total: f64 = lived.acts.iter().map(|act| act.seconds).sum();
    for (at, act) in lived.acts.iter().enumerate() {
        let _ = writeln!(text, "{}. {} ({:.1} s)", at + 1, act.what, act.seconds);
    }
    let _ = writeln!(text, "\nTogether {total:.0} s. {} pictures in {}.", lived.gallery.shown.len(), out.display());
    for half in lived.gallery.halves() {
        let _ = writeln!(text, "In one language only: {half}.");
    }
    for seen in &lived.scans {
        let _ = writeln!(
            text,
            "Looked for {} planted words in {} files ({} KiB): found {}.",
            PLANTED.len(),
            seen.files,
            seen.bytes / 1024,
            seen.leaks.len()
        );
        for leak in &seen.leaks {
            let _ = writeln!(text, "   {} as {} in {}", leak.word, leak.coding, leak.file.display());
        }
    }
    if lived.gallery.has_axe() {
        let grave = lived.gallery.findings.iter().filter(|finding| finding.is_grave()).count();
        let _ = writeln!(text, "axe: {} findings, {grave} of them serious.", lived.gallery.findings.len());
        for finding in &lived.gallery.findings {
            let _ = writeln!(text, "   {finding}");
        }
    } else {
        let _ = writeln!(text, "axe was not there to look.");
    }
    text
}
