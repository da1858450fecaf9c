//! A day by touch alone: a roster, consent with its refusals and a signature, answers, what a child tells of harm, stopping, and
//! consent that is taken back, which two other laptops and an export hear of, in the real window; and that what is touched is
//! large enough.

use std::path::Path;

use serde_json::{Value, json};

use crate::Outcome;
use crate::consent::stands;
use crate::gallery::Gallery;
use crate::laptop::{Laptop, testid};
use crate::people::ROSTER;
use crate::team::{People, Person};

/// Smallest side of what a finger goes to, in pixels of the page.
const SMALLEST: f64 = 44.0;

/// What stands in the report: what the child said, what was said on the telephone, and what came to mind later.
pub const TOLD: [&str; 3] = ["叔叔夜里进来", "方老师叫我别走", "门没有锁"];

/// What was seen.
#[derive(Debug, Default)]
pub struct Touched {
    /// Kinds of pointers that the pages heard of.
    pub pointers: Vec<String>,
    /// How many things that can be touched were measured.
    pub measured: u64,
    /// What is smaller than a finger needs, with the page it is on.
    pub small: Vec<String>,
    /// What the command line says afterwards: people, interviews, reports.
    pub left: Vec<[String; 3]>,
    /// The lead's certificates of each language's day, as the command line says them.
    pub certificates: Vec<Value>,
}

/// Lives it in both languages.
pub async fn show(root: &Path, gallery: &mut Gallery) -> Outcome<Touched> {
    let mut touched = Touched::default();
    for language in ["zh-CN", "en"] {
        let mut people = People::new(&root.join(language))?;
        people.found()?;
        people.lead.tianye(&["checklist", "--gate", "true"])?;
        for one in [&people.wuyi, &people.wenling] {
            people.join_by_commands(one)?;
        }
        let People { lead: person, wuyi, wenling, .. } = &mut people;
        std::fs::write(person.laptop.files().join("roster.csv"), ROSTER)?;
        at(person, language).await?;
        let laptop = &person.laptop;
        roster(laptop, gallery, &mut touched).await?;
        refused(laptop, gallery, &mut touched).await?;
        consent(laptop, gallery, &mut touched).await?;
        interview(laptop, gallery, &mut touched).await?;
        disclosure(laptop, gallery, &mut touched).await?;
        stop(laptop, &mut touched).await?;
        sync(person, &mut touched).await?;
        let tables = root.join(format!("{language}-tables"));
        let tables = tables.to_str().ok_or("a path without UTF-8")?;
        person.tianye(&["export", "pupil", "--output", tables, "--names", "--identified", "--reason", "试用"])?;
        for one in [&*wuyi, &*wenling] {
            one.tianye(&["sync"])?;
        }
        at(person, language).await?;
        taken_back(&person.laptop, gallery, &mut touched).await?;
        sync(person, &mut touched).await?;
        for one in [wuyi, wenling] {
            at(one, language).await?;
            sync(one, &mut touched).await?;
            one.tianye(&["sync"])?;
        }
        person.tianye(&["sync"])?;
        touched.left.push([person.tianye(&["people"])?, person.tianye(&["list"])?, person.tianye(&["reports"])?]);
        touched.certificates.push(serde_json::from_str(&person.tianye(&["--json", "erasures"])?)?);
    }
    touched.pointers.sort();
    touched.pointers.dedup();
    Ok(touched)
}

/// Opens somebody's window, which hears from now on what it is touched with.
async fn at(person: &mut Person, language: &str) -> Outcome {
    person.laptop.open(language).await?;
    person.unlock().await?;
    let listen = "window.pointers = []; addEventListener('pointerdown', (event) => window.pointers.push(event.pointerType), true)";
    person.laptop.run(listen).await.map(|_| ())
}

/// Syncs by touch, and closes the window.
async fn sync(person: &mut Person, touched: &mut Touched) -> Outcome {
    let laptop = &person.laptop;
    tap(laptop, "tab-sync").await?;
    laptop.until_shows("page-sync").await?;
    note_small(laptop, "sync", "[data-testid=page-sync]", touched).await?;
    tap(laptop, "sync-now").await?;
    laptop.until_shows("sync-report").await?;
    laptop.until_quiet().await?;
    let heard = laptop.run("return window.pointers").await?;
    let heard = heard.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    touched.pointers.extend(heard);
    person.laptop.close().await
}

/// Of five rows three are bad; the day of one is mended in the table, and three rows go in.
async fn roster(laptop: &Laptop, gallery: &mut Gallery, touched: &mut Touched) -> Outcome {
    tap(laptop, "tab-people").await?;
    laptop.until_shows("person-101").await?;
    note_small(laptop, "people", "[data-testid=page-people]", touched).await?;
    tap(laptop, "go-roster").await?;
    laptop.until_shows("page-roster").await?;
    tap(laptop, "choose-roster").await?;
    laptop.until("document.querySelectorAll('[data-act=left-out]').length === 3", "three bad rows").await?;
    note_small(laptop, "roster", "[data-testid=page-roster]", touched).await?;
    gallery.one(laptop, "touch-roster").await?;
    tap(laptop, "cell-4-birth").await?;
    laptop.run("document.activeElement.select()").await?;
    laptop.types("2008-02-29").await?;
    // A finger goes elsewhere; what was typed is looked at then.
    tap(laptop, "only-wrong").await?;
    laptop.until("document.querySelectorAll('[data-act=left-out]').length === 2", "two bad rows").await?;
    laptop.until(&pressed("only-wrong"), "only what is wrong").await?;
    tap(laptop, "take-roster").await?;
    laptop.until_shows("roster-imported").await?;
    note_small(laptop, "roster done", "[data-testid=page-roster]", touched).await?;
    tap(laptop, "leave-roster").await?;
    laptop.until_shows("person-209").await
}

/// A guardian says no: the form is not begun, and the sheet says why.
async fn refused(laptop: &Laptop, gallery: &mut Gallery, touched: &mut Touched) -> Outcome {
    tap(laptop, "person-101").await?;
    laptop.until_shows("consent-box").await?;
    note_small(laptop, "person", "[data-testid=page-person]", touched).await?;
    tap(laptop, "person-begin").await?;
    laptop.until_shows("consent-word-questionnaire").await?;
    tap(laptop, "consent-name").await?;
    laptop.types("王秀英").await?;
    say(laptop, "questionnaire", "refused").await?;
    tap(laptop, "consent-save").await?;
    laptop.until_shows("consent-said").await?;
    stands(laptop, "questionnaire", "consent-refused").await?;
    if laptop.shows("consent-begin").await? {
        return Err("expected no way to begin what was refused, found one".into());
    }
    gallery.one(laptop, "touch-refused").await?;
    tap(laptop, "close-sheet").await?;
    gone(laptop, "consent-sheet").await?;
    tap(laptop, "leave-person").await?;
    laptop.until_shows("people-search").await
}

/// A family agrees to the questionnaire, not to sound, and wants to think about photographs. The guardian signs with a finger.
async fn consent(laptop: &Laptop, gallery: &mut Gallery, touched: &mut Touched) -> Outcome {
    tap(laptop, "tab-today").await?;
    laptop.until_shows("page-today").await?;
    tap(laptop, "new-interview").await?;
    laptop.until_shows("page-new-interview").await?;
    note_small(laptop, "new interview", "[data-testid=page-new-interview]", touched).await?;
    tap(laptop, "new-code").await?;
    laptop.types("301").await?;
    tap(laptop, "start-interview").await?;
    laptop.until_shows("consent-word-questionnaire").await?;
    for (who, name) in [("legal-guardian", "王秀英"), ("own", "")] {
        laptop.tap(&format!("{} label:has(input[value={who}])", testid("consent-sheet"))).await?;
        say(laptop, "questionnaire", "given").await?;
        if !name.is_empty() {
            tap(laptop, "consent-name").await?;
            laptop.types(name).await?;
            say(laptop, "audio", "refused").await?;
            say(laptop, "photo", "not-yet").await?;
            sign(laptop, gallery, touched).await?;
        }
        tap(laptop, "consent-save").await?;
        laptop.until_shows("consent-said").await?;
    }
    for (purpose, standing) in
        [("questionnaire", "consent-complete"), ("audio", "consent-refused"), ("photo", "consent-not-yet")]
    {
        stands(laptop, purpose, standing).await?;
    }
    tap(laptop, "evidence-look").await?;
    let drawn = format!("document.querySelector('{}')?.naturalWidth > 0", testid("file-picture"));
    laptop.until(&drawn, "the signature").await?;
    note_small(laptop, "consent", "dialog", touched).await?;
    tap(laptop, "consent-begin").await?;
    laptop.until_shows("interview").await?;
    laptop.until_shows("page").await
}

/// Two lines with a finger.
async fn sign(laptop: &Laptop, gallery: &mut Gallery, touched: &mut Touched) -> Outcome {
    tap(laptop, "consent-sign").await?;
    laptop.until_shows("sign-sheet").await?;
    let centred = format!("document.querySelector('{}').scrollIntoView({{ block: 'center' }})", testid("sign-sheet"));
    laptop.run(&centred).await?;
    for from in [-200.0, 60.0] {
        let points: Vec<(f64, f64)> =
            (0..12_i32).map(|step| (from + f64::from(step) * 12.0, if step % 2 == 0 { -40.0 } else { 40.0 })).collect();
        laptop.draw(&testid("sign-sheet"), &points).await?;
    }
    let ink = format!(
        "(() => {{
            const sheet = document.querySelector('{}');
            const dots = sheet.getContext('2d').getImageData(0, 0, sheet.width, sheet.height).data;
            const columns = new Set();
            for (let at = 0; at < dots.length; at += 4) if (dots[at] < 128) columns.add((at / 4) % sheet.width);
            return columns.size > 200;
        }})()",
        testid("sign-sheet")
    );
    laptop.until(&ink, "ink from side to side").await?;
    note_small(laptop, "signature", "dialog", touched).await?;
    gallery.one(laptop, "touch-sign").await?;
    tap(laptop, "sign-keep").await?;
    laptop.until_shows("consent-evidence").await
}

/// Some questions forward, each by touch: whatever has options gets the first.
async fn interview(laptop: &Laptop, gallery: &mut Gallery, touched: &mut Touched) -> Outcome {
    gallery.one(laptop, "touch-question").await?;
    for _ in 0..4 {
        note_small(laptop, "interview", "[data-testid=interview]", touched).await?;
        if laptop.run("return document.querySelector('[data-testid=page] .opts label') !== null").await? == json!(true)
        {
            laptop.tap("[data-testid=page] .opts label").await?;
            laptop.until("document.querySelector('[data-testid=page] .opts input:checked')", "a chosen option").await?;
            laptop.until_quiet().await?;
        }
        tap(laptop, "next").await?;
        laptop.until_quiet().await?;
    }
    Ok(())
}

/// What the child tells is written down and saved, a call recorded, and a line added; the interview is where it was.
async fn disclosure(laptop: &Laptop, gallery: &mut Gallery, touched: &mut Touched) -> Outcome {
    let at = crate::page::read(laptop).await?.key;
    tap(laptop, "care-mark").await?;
    laptop.until_shows("care-words").await?;
    tap(laptop, "care-words").await?;
    laptop.types(TOLD[0]).await?;
    tap(laptop, "safety-unsure").await?;
    laptop.until(&pressed("safety-unsure"), "whether the child is safe").await?;
    note_small(laptop, "care", "dialog", touched).await?;
    tap(laptop, "care-save").await?;
    laptop.until_shows("care-untold").await?;
    tap(laptop, "care-call").await?;
    laptop.until_shows("call-whom").await?;
    tap(laptop, "call-said").await?;
    laptop.types(TOLD[1]).await?;
    note_small(laptop, "call", "dialog", touched).await?;
    tap(laptop, "outcome-told").await?;
    gone(laptop, "care-untold").await?;
    tap(laptop, "report-add").await?;
    tap(laptop, "report-add-words").await?;
    laptop.types(TOLD[2]).await?;
    note_small(laptop, "report", "dialog", touched).await?;
    tap(laptop, "report-add-save").await?;
    let lines =
        format!("[...document.querySelectorAll('{}')].map((line) => line.dataset.act).join()", testid("report-line"));
    laptop.until(&format!("{lines} === 'called,added'"), "the call and what was added").await?;
    laptop.until_says(TOLD[1]).await?;
    laptop.until_says(TOLD[2]).await?;
    note_small(laptop, "timeline", "dialog", touched).await?;
    gallery.one(laptop, "touch-timeline").await?;
    tap(laptop, "care-leave").await?;
    gone(laptop, "care").await?;
    let now = crate::page::read(laptop).await?.key;
    if now == at { Ok(()) } else { Err(format!("expected the interview at {at}, found it at {now}").into()) }
}

async fn stop(laptop: &Laptop, touched: &mut Touched) -> Outcome {
    tap(laptop, "stop").await?;
    laptop.until_shows("stop-ask").await?;
    note_small(laptop, "stop", "dialog", touched).await?;
    tap(laptop, "stop-keep").await?;
    laptop.until_shows("page-today").await?;
    tap(laptop, "tab-records").await?;
    laptop.until_shows("record-row-301").await
}

/// The guardian takes everything back; what was kept of the interview is gone from the list.
async fn taken_back(laptop: &Laptop, gallery: &mut Gallery, touched: &mut Touched) -> Outcome {
    tap(laptop, "tab-people").await?;
    tap(laptop, "person-301").await?;
    laptop.until_shows("consent-box").await?;
    if laptop.text("consent-box").await?.contains("consent-") {
        return Err(format!("expected words, found a code in\n{}", laptop.text("consent-box").await?).into());
    }
    tap(laptop, "consent-open").await?;
    laptop.until_shows("consent-sheet").await?;
    laptop.tap(&format!("{} label:has(input[value=legal-guardian])", testid("consent-sheet"))).await?;
    tap(laptop, "withdraw").await?;
    laptop.until_shows("withdraw-box").await?;
    note_small(laptop, "withdrawal", "dialog", touched).await?;
    tap(laptop, "withdraw-all").await?;
    laptop.until_shows("consent-said").await?;
    stands(laptop, "questionnaire", "consent-withdrawn").await?;
    gallery.one(laptop, "touch-withdrawn").await?;
    tap(laptop, "close-sheet").await?;
    gone(laptop, "consent-sheet").await?;
    tap(laptop, "leave-person").await?;
    tap(laptop, "tab-records").await?;
    laptop.until_shows("page-records").await?;
    gone(laptop, "record-row-301").await
}

async fn tap(laptop: &Laptop, id: &str) -> Outcome {
    laptop.tap(&testid(id)).await
}

/// Takes down what was said to a purpose.
async fn say(laptop: &Laptop, purpose: &str, word: &str) -> Outcome {
    let id = format!("say-{purpose}-{word}");
    tap(laptop, &id).await?;
    let marked = format!("document.querySelector('{}')?.ariaChecked === 'true'", testid(&id));
    laptop.until(&marked, &format!("{word} to {purpose}")).await
}

async fn gone(laptop: &Laptop, id: &str) -> Outcome {
    laptop.until(&format!("!document.querySelector('{}')", testid(id)), &format!("no {id}")).await
}

fn pressed(id: &str) -> String {
    format!("document.querySelector('{}')?.ariaPressed === 'true'", testid(id))
}

/// Notes what is smaller than a finger needs. What stands in a label is as large as the label.
async fn note_small(laptop: &Laptop, page: &str, within: &str, touched: &mut Touched) -> Outcome {
    let script = format!(
        "const within = [...document.querySelectorAll({})].at(-1);
        const all = within.querySelectorAll('button, input, select, textarea, summary, a[href], [role=radio]');
        const found = [];
        let measured = 0;
        for (const one of all) {{
            const whole = one.closest('label') ?? one;
            const box = whole.getBoundingClientRect();
            if (box.width === 0 || box.height === 0 || one.disabled || getComputedStyle(one).visibility === 'hidden') continue;
            if (one.type === 'file' && box.width < 2) continue;
            measured += 1;
            if (box.height < {SMALLEST} - 0.5 || box.width < {SMALLEST} - 0.5)
                found.push(`${{one.dataset.testid ?? one.textContent.trim().slice(0, 20)}} ${{Math.round(box.width)}}×${{Math.round(box.height)}}`);
        }}
        return {{ measured, found }};",
        json!(within)
    );
    let found = laptop.run(&script).await?;
    touched.measured += found["measured"].as_u64().unwrap_or_default();
    for one in found["found"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let line = format!("{page}: {one}");
        if !touched.small.contains(&line) {
            touched.small.push(line);
        }
    }
    Ok(())
}
