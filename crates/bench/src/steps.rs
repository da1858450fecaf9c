//! The steps that are timed, each with a check of its values.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tianye_xform::Origin;
use tianye_xlsform::{Format, Options, Workbook, convert};

use crate::figures::{Figures, ms, repeated, say, share, timed};
use crate::filling::{Filling, at};
use crate::peers::{Peers, requests};
use crate::workbook::{Size, county, sheets, village};
use crate::{Outcome, memory, xlsx};

/// So many times the quick steps are done.
const ROUNDS: usize = 1000;

/// Every step, or those whose name begins with `only`.
pub fn all(figures: &mut Figures, peers: &Peers, only: Option<&str>) -> Outcome {
    let wanted = |name: &str| only.is_none_or(|only| name.starts_with(only));
    let book = xlsx::write(&sheets(Size::WHOLE))?;
    let xml = converted(&book)?;
    say(&format!("workbook {} bytes, XForm {} bytes", book.len(), xml.len()));
    if wanted("convert") {
        let (took, own) = repeated(7, || converted(&book));
        let baseline = peers.value("pyxform", "convert_ms");
        figures.note("convert_ms", took, "ms", baseline);
        if let Some(own) = own {
            figures.note("convert_processor_ms", own, "ms", None);
        }
        if let Some(baseline) = baseline {
            figures.note("convert_vs_pyxform", took / baseline, "×", Some(1.0));
        }
    }
    if wanted("load") {
        let (took, own) = repeated(11, || Filling::load(&xml));
        let baseline = peers.value("javarosa", "load_ms");
        figures.note("load_ms", took, "ms", baseline);
        if let Some(own) = own {
            figures.note("load_processor_ms", own, "ms", None);
        }
        if let Some(baseline) = baseline {
            figures.note("load_vs_javarosa", took / baseline, "×", Some(1.0));
        }
    }
    let mut filling = Filling::load(&xml)?;
    let figure = &mut *figures;
    let mut step = |name: &str, work: fn(&mut Filling) -> Outcome<Vec<Duration>>| -> Outcome {
        if wanted(name) {
            let baseline = |end: &str| peers.value("javarosa", &format!("{name}_{end}_ms"));
            figure.note_times(name, work(&mut filling)?, baseline);
        }
        Ok(())
    };
    step("answer_alone", answer_alone)?;
    step("chain_head", chain_head)?;
    step("cascade_province", cascade_province)?;
    step("cascade_county", cascade_county)?;
    step("cascade_and", cascade_and)?;
    step("cascade_village", cascade_village)?;
    step("roster_10", |filling| roster(filling, "roster", 10))?;
    step("roster_100", |filling| roster(filling, "roster", 100))?;
    step("roster_1000", |filling| roster(filling, "roster", 1000))?;
    step("own_sums_10", |filling| roster(filling, "own", 10))?;
    step("own_sums_100", |filling| roster(filling, "own", 100))?;
    step("own_sums_1000", |filling| roster(filling, "own", 1000))?;
    step("outline", |filling| Ok((0..50).map(|_| timed(|| filling.session.outline()).1).collect()))?;
    if wanted("validate") {
        figures.note("validate_ms", validate(&mut filling)?, "ms", None);
    }
    if wanted("form_memory") {
        let file = Temporary::write("form.xml", xml.as_bytes())?;
        let (held, most) = memory::of_form(&file.0)?;
        figures.note("form_memory_mb", held, "MB", None);
        figures.note("form_memory_most_mb", most, "MB", None);
    }
    if wanted("curve") {
        curve(figures)?;
    }
    peers.print_beside(figures.all());
    Ok(())
}

/// Writes the workbook and the XForm that is measured, and what peers are asked to do with it.
pub fn write(folder: &Path) -> Outcome {
    let book = xlsx::write(&sheets(Size::WHOLE))?;
    let xml = converted(&book)?;
    std::fs::create_dir_all(folder).map_err(|why| why.to_string())?;
    let form = folder.join("form.xml");
    for (name, bytes) in [
        ("form.xlsx", book.as_slice()),
        ("form.xml", xml.as_bytes()),
        ("requests.jsonl", requests(&form, false).as_bytes()),
        ("requests-quick.jsonl", requests(&form, true).as_bytes()),
    ] {
        let file = folder.join(name);
        std::fs::write(&file, bytes).map_err(|why| format!("cannot write {}: {why}", file.display()))?;
    }
    Ok(())
}

fn converted(book: &[u8]) -> Outcome<String> {
    let workbook = Workbook::read(book, Format::Xlsx).map_err(|why| why.to_string())?;
    let (converted, problems) = convert(&workbook, &Options::default());
    match (converted, problems.first()) {
        (Some(converted), _) => Ok(converted.xform),
        (None, Some(problem)) => Err(problem.to_string()),
        (None, None) => Err("the workbook gave no form".into()),
    }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    share(&times, 0.5)
}

/// A text on which nothing depends.
fn answer_alone(filling: &mut Filling) -> Outcome<Vec<Duration>> {
    let path = at("/g50/g50_q9")?;
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let text = format!("答 {round}");
        let (delta, took) = timed(|| filling.answer(&path, &text));
        expect_changes(delta?.changed.len(), 1)?;
        times.push(took);
    }
    Ok(times)
}

/// The head of a chain of 100 calculations.
fn chain_head(filling: &mut Filling) -> Outcome<Vec<Duration>> {
    let path = at("/chain/head")?;
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let text = round.to_string();
        let (delta, took) = timed(|| filling.answer(&path, &text));
        expect_changes(delta?.changed.len(), 101)?;
        filling.expect("/chain/c1", &(round + 1).to_string())?;
        filling.expect("/chain/c100", &(round + 100).to_string())?;
        times.push(took);
    }
    Ok(times)
}

/// Another province: its counties are offered, the county and village chosen before are set aside.
fn cascade_province(filling: &mut Filling) -> Outcome<Vec<Duration>> {
    let (province, below) = (at("/place/province")?, at("/place/county")?);
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let p = round % 10;
        let (offered, took) = timed(|| -> Outcome<_> {
            filling.answer(&province, &format!("p{p}"))?;
            Ok(filling.session.options_in(&below, "中文 (zh)"))
        });
        let offered = offered?;
        expect_options(&offered, 10, &county(p, 9), &format!("县{p}-9"))?;
        times.push(took);
        filling.answer(&below, &county(p, 3))?;
    }
    Ok(times)
}

/// Another county: its villages, of 10,000, are offered.
fn cascade_county(filling: &mut Filling) -> Outcome<Vec<Duration>> {
    county_then(filling, "/place/village")
}

/// The same where the filter asks for province and county.
fn cascade_and(filling: &mut Filling) -> Outcome<Vec<Duration>> {
    county_then(filling, "/place/village_of_two")
}

fn county_then(filling: &mut Filling, asked: &str) -> Outcome<Vec<Duration>> {
    let (county_path, below) = (at("/place/county")?, at(asked)?);
    filling.answer(&at("/place/province")?, "p4")?;
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let c = round % 10;
        let (offered, took) = timed(|| -> Outcome<_> {
            filling.answer(&county_path, &county(4, c))?;
            Ok(filling.session.options_in(&below, "English (en)"))
        });
        expect_options(&offered?, 100, &village(4, c, 99), &format!("Village 4-{c}-99"))?;
        times.push(took);
        filling.answer(&below, &village(4, c, round % 100))?;
        filling.expect(asked, &village(4, c, round % 100))?;
    }
    Ok(times)
}

/// A village is chosen among those of its county.
fn cascade_village(filling: &mut Filling) -> Outcome<Vec<Duration>> {
    let path = at("/place/village")?;
    filling.answer(&at("/place/province")?, "p4")?;
    filling.answer(&at("/place/county")?, &county(4, 4))?;
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let value = village(4, 4, round % 100);
        let (delta, took) = timed(|| filling.answer(&path, &value));
        delta?;
        filling.expect("/place/village", &value)?;
        times.push(took);
    }
    Ok(times)
}

/// An amount in one row: it changes the sum of all, and so the share of every row.
#[expect(clippy::cast_precision_loss, reason = "small whole numbers")]
fn roster(filling: &mut Filling, name: &str, rows: usize) -> Outcome<Vec<Duration>> {
    let count = at(if name == "roster" { "/rows" } else { "/own_rows" })?;
    filling.answer(&count, &rows.to_string())?;
    let amounts: Vec<_> =
        (1..=rows).map(|row| at(&format!("/{name}[~{row}]/{name}_amount"))).collect::<Outcome<_>>()?;
    let shares: Vec<_> = (1..=rows).map(|row| at(&format!("/{name}[~{row}]/{name}_share"))).collect::<Outcome<_>>()?;
    let mut given = vec![1usize; rows];
    let mut times = Vec::new();
    // Rounds enough that one turn of another program does not make the 95th percentile.
    for round in 0..(500_000 / rows).clamp(500, ROUNDS) {
        // Row 7 by 7, so that near and far rows come.
        let row = round * 7 % rows;
        given[row] = round + 2;
        let text = given[row].to_string();
        let (delta, took) = timed(|| filling.answer(&amounts[row], &text));
        let delta = delta?;
        let shares_told =
            delta.changed.iter().filter(|change| calculated(change) && change.path.name().ends_with("share"));
        times.push(took);
        let sum: usize = given.iter().sum();
        expect_changes(shares_told.count(), rows)?;
        // Every share is looked at in some rounds, the first and the last in all.
        let step = if round % 50 == 0 { 1 } else { rows.saturating_sub(1).max(1) };
        for at in (0..rows).step_by(step) {
            let wanted = given[at] as f64 / sum as f64;
            let found = filling.session.value(&shares[at]).and_then(|text| text.parse::<f64>().ok());
            if found != Some(wanted) {
                return Err(format!("share {at} of {rows}: expected {wanted}, found {found:?}"));
            }
        }
    }
    for amount in &amounts {
        filling.answer(amount, "1")?;
    }
    filling.answer(&count, "0")?;
    Ok(times)
}

fn calculated(change: &tianye_xform::Change) -> bool {
    matches!(&change.what, tianye_xform::What::Value { origin: Origin::Calculated, .. })
}

/// The whole form is validated with an answer in each question that takes a number.
fn validate(filling: &mut Filling) -> Outcome<f64> {
    for group in 0..100 {
        filling.answer(&at(&format!("/g{group}/g{group}_q0"))?, if group == 7 { "200" } else { "40" })?;
        filling.answer(&at(&format!("/g{group}/g{group}_q4"))?, "1.5")?;
    }
    let mut times = Vec::new();
    for _ in 0..50 {
        let (found, took) = timed(|| filling.session.validate());
        let paths: Vec<&str> = found.iter().map(|invalid| invalid.path.as_str()).collect();
        if paths != ["/g7/g7_q0"] {
            return Err(format!("validation: expected /g7/g7_q0 alone, found {paths:?}"));
        }
        times.push(took);
    }
    Ok(median(times))
}

/// The cost of an answer over the size of the form.
fn curve(figures: &mut Figures) -> Outcome {
    for questions in [100, 1000, 10_000] {
        let xml = converted(&xlsx::write(&sheets(Size::with_questions(questions)))?)?;
        let (filling, took) = timed(|| Filling::load(&xml));
        let mut filling = filling?;
        figures.note(&format!("curve_{questions}_load_ms"), ms(took), "ms", None);
        for (name, path) in [("alone", "/g5/g5_q9"), ("five_depend", "/g5/g5_q0"), ("chain_head", "/chain/head")] {
            let path = at(path)?;
            let mut times = Vec::new();
            for round in 0..ROUNDS {
                let text = (round % 100).to_string();
                let (done, took) = timed(|| filling.answer(&path, &text));
                done?;
                times.push(took);
            }
            filling.expect("/chain/c100", if name == "chain_head" { "199" } else { "" })?;
            times.sort_unstable();
            figures.note(&format!("curve_{questions}_{name}_p95_ms"), share(&times, 0.95), "ms", None);
        }
    }
    Ok(())
}

fn expect_changes(found: usize, wanted: usize) -> Outcome {
    if found == wanted { Ok(()) } else { Err(format!("expected {wanted} changes, found {found}")) }
}

fn expect_options(offered: &[tianye_xform::OptionView], count: usize, last: &str, label: &str) -> Outcome {
    match offered.last() {
        Some(found) if offered.len() == count && found.value == last && found.label == label => Ok(()),
        found => Err(format!("expected {count} options, the last {last}, found {} and {found:?}", offered.len())),
    }
}

/// A file that is gone when the measuring is over.
struct Temporary(PathBuf);

impl Temporary {
    fn write(name: &str, bytes: &[u8]) -> Outcome<Self> {
        let file = std::env::temp_dir().join(format!("tianye-bench-{}-{name}", std::process::id()));
        std::fs::write(&file, bytes).map_err(|why| format!("cannot write {}: {why}", file.display()))?;
        Ok(Self(file))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
