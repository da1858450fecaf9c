//! Nothing is begun before it is agreed to, and a child stops: in the real window, by keyboard alone.

use std::path::Path;

use fantoccini::key::Key;

use crate::Outcome;
use crate::gallery::Gallery;
use crate::laptop::{Laptop, testid};
use crate::recording::ask_to_begin;
use crate::team::Person;

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

/// Lives it in both languages.
pub async fn show(root: &Path, gallery: &mut Gallery) -> Outcome {
    for (language, stopped) in [("zh-CN", "对象要求停止"), ("en", "Stopped by the respondent")] {
        let laptop = Laptop::new(language, &root.join(language))?;
        let mut person =
            Person { name: "沈一帆", group: "", passphrase: PASSPHRASE, device: "组长电脑", laptop };
        person.tianye(&["practice", "--lead-only"])?;
        person.laptop.open(language).await?;
        person.unlock().await?;
        ask_first(&person.laptop, gallery).await?;
        consent(&person.laptop, gallery, "301").await?;
        stop(&person.laptop, gallery, "1", "301", stopped).await?;
        consent(&person.laptop, gallery, "302").await?;
        stop(&person.laptop, gallery, "2", "302", stopped).await?;
        person.laptop.close().await?;
    }
    Ok(())
}

/// The practice project asks for consent, as a real one does.
async fn ask_first(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.press_button("tab-team").await?;
    laptop.until_shows("to-real").await?;
    laptop.press_button("to-real").await?;
    laptop.until_shows("gate").await?;
    gallery.one(laptop, "consent-checklist").await?;
    laptop.tab_to("gate").await?;
    laptop.keys(" ").await?;
    laptop.chord(Key::Control, 's').await?;
    laptop.until_shows("real-said").await?;
    laptop.press(Key::PageUp).await?;
    laptop.press_button("tab-today").await?;
    laptop.until_shows("page-today").await
}

/// An interview is not begun; the sheet opens, the guardian and the child agree, and it begins.
async fn consent(laptop: &Laptop, gallery: &mut Gallery, code: &str) -> Outcome {
    ask_to_begin(laptop, "pupil", code).await?;
    laptop.until_shows("consent-sheet").await?;
    gallery.one(laptop, "consent-sheet").await?;
    for (who, name) in [(0, "王秀英"), (2, "")] {
        // The first control of a group of choices takes the arrow keys.
        let choice = format!("document.querySelectorAll('{} input[type=radio]')[{who}]", testid("consent-sheet"));
        laptop.run(&format!("{choice}.focus()")).await?;
        laptop.keys(" ").await?;
        if !name.is_empty() {
            laptop.fill("consent-name", name).await?;
        }
        laptop.tab_to("consent-word-questionnaire").await?;
        laptop.keys("y").await?;
        gallery.one(laptop, if name.is_empty() { "consent-child" } else { "consent-guardian" }).await?;
        laptop.chord(Key::Control, 's').await?;
        laptop.until_shows("consent-said").await?;
    }
    laptop.until_shows("consent-begin").await?;
    gallery.one(laptop, "consent-ready").await?;
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until_shows("page").await
}

/// The child stops; what was said is kept or not, as the child says.
async fn stop(laptop: &Laptop, gallery: &mut Gallery, choice: &str, code: &str, word: &str) -> Outcome {
    laptop.chord(Key::Alt, 'x').await?;
    laptop.until_shows("stop-ask").await?;
    gallery.one(laptop, "consent-stop").await?;
    laptop.keys(choice).await?;
    laptop.until_shows("page-today").await?;
    laptop.press_button("tab-records").await?;
    let row = format!("document.querySelector('{}')", testid(&format!("record-row-{code}")));
    laptop.until(&format!("{row}?.innerText.includes('{word}')"), "the interview that was stopped").await?;
    gallery.one(laptop, "consent-stopped").await?;
    laptop.press_button("tab-today").await?;
    laptop.until_shows("page-today").await
}
