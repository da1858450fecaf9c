//! An interview by touch alone: consent, answers, stopping, in the real window; and that what is touched is large enough.

use std::path::Path;

use serde_json::{Value, json};

use crate::Outcome;
use crate::gallery::Gallery;
use crate::laptop::{Laptop, testid};
use crate::team::Person;

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

/// Smallest side of what a finger goes to, in pixels of the page.
const SMALLEST: f64 = 44.0;

/// What was seen.
#[derive(Debug, Default)]
pub struct Touched {
    /// Kinds of pointers that the pages heard of.
    pub pointers: Vec<String>,
    /// How many things that can be touched were measured.
    pub measured: u64,
    /// What is smaller than a finger needs, with the page it is on.
    pub small: Vec<String>,
}

/// Lives it in both languages.
pub async fn show(root: &Path, gallery: &mut Gallery) -> Outcome<Touched> {
    let mut touched = Touched::default();
    for language in ["zh-CN", "en"] {
        let laptop = Laptop::new(language, &root.join(language))?;
        let mut person =
            Person { name: "沈一帆", group: "", passphrase: PASSPHRASE, device: "组长电脑", laptop };
        person.tianye(&["practice", "--lead-only"])?;
        person.tianye(&["checklist", "--gate", "true"])?;
        person.laptop.open(language).await?;
        person.unlock().await?;
        interview(&person.laptop, gallery, &mut touched).await?;
        person.laptop.close().await?;
    }
    touched.pointers.sort();
    touched.pointers.dedup();
    Ok(touched)
}

async fn interview(laptop: &Laptop, gallery: &mut Gallery, touched: &mut Touched) -> Outcome {
    laptop
        .run("window.pointers = []; addEventListener('pointerdown', (event) => window.pointers.push(event.pointerType), true)")
        .await?;
    tap(laptop, "tab-today").await?;
    laptop.until_shows("page-today").await?;
    tap(laptop, "new-interview").await?;
    laptop.until_shows("page-new-interview").await?;
    tap(laptop, "new-code").await?;
    laptop.types("301").await?;
    tap(laptop, "start-interview").await?;

    laptop.until_shows("consent-word-questionnaire").await?;
    note_small(laptop, "consent", "dialog", touched).await?;
    for (who, name) in [("legal-guardian", "王秀英"), ("own", "")] {
        laptop.tap(&format!("{} label:has(input[value={who}])", testid("consent-sheet"))).await?;
        if !name.is_empty() {
            tap(laptop, "consent-name").await?;
            laptop.types(name).await?;
        }
        tap(laptop, "say-questionnaire-given").await?;
        laptop
            .until(
                &format!("document.querySelector('{}')?.ariaChecked === 'true'", testid("say-questionnaire-given")),
                "the word",
            )
            .await?;
        tap(laptop, "consent-save").await?;
        laptop.until_shows("consent-said").await?;
    }
    tap(laptop, "consent-begin").await?;
    laptop.until_shows("interview").await?;
    laptop.until_shows("page").await?;
    gallery.one(laptop, "touch-question").await?;
    // Some questions forward, each by touch: whatever has options gets the first.
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
    tap(laptop, "care-mark").await?;
    laptop.until_shows("care-words").await?;
    note_small(laptop, "care", "dialog", touched).await?;
    tap(laptop, "care-leave").await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("care")), "the card gone").await?;
    tap(laptop, "stop").await?;
    laptop.until_shows("stop-ask").await?;
    note_small(laptop, "stop", "dialog", touched).await?;
    tap(laptop, "stop-keep").await?;
    laptop.until_shows("page-today").await?;
    let heard = laptop.run("return window.pointers").await?;
    let heard = heard.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    touched.pointers.extend(heard);
    Ok(())
}

async fn tap(laptop: &Laptop, id: &str) -> Outcome {
    laptop.tap(&testid(id)).await
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
