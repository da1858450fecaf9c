//! A lead erases answers, an interview and a respondent in the real window, by keyboard alone, and looks at the certificates.

use std::path::Path;

use fantoccini::key::Key;

use crate::Outcome;
use crate::gallery::Gallery;
use crate::laptop::{Laptop, testid};
use crate::team::Person;

const FORM: &str = "
| survey | | | | |
| | type | name | label::中文 (zh) | label::English (en) |
| | text | say | A1 孩子说什么？ | A1 What does the child say? |
| | integer | age | A2 几岁？ | A2 How old? |
| settings | | | | |
| | form_title | form_id | version | default_language |
| | 家庭问卷 | home | 1 | 中文 (zh) |
";

/// What there is to be looked at in the end.
#[derive(Debug)]
pub struct Erased {
    /// What the command line says of erasures.
    pub said: String,
    /// The certificates that the window wrote.
    pub certificates: Vec<String>,
    /// The codes that are still in the list.
    pub left: String,
}

/// Lives it.
pub async fn erase(root: &Path, gallery: &mut Gallery) -> Outcome<Erased> {
    let laptop = Laptop::new("erasing", &root.join("erasing"))?;
    let mut person =
        Person {
            name: "沈一帆", group: "", passphrase: "竹篮 半夜 蓝色 拖拉机", device: "组长电脑", laptop
        };
    person.tianye(&["new", "浙江留守儿童 2017", "--lead", person.name, "--device", person.device])?;
    let file = root.join("home.md");
    std::fs::write(&file, FORM)?;
    person.tianye(&["add-form", file.to_str().ok_or("a path without UTF-8")?])?;
    for language in ["zh-CN", "en"] {
        person.laptop.open(language).await?;
        person.unlock().await?;
        for code in ["E1", "E2", "E3"] {
            fill(&person.laptop, code).await?;
        }
        let folder = root.join("tables").join(language);
        export(&mut person, &folder, language).await?;
        let laptop = &person.laptop;
        gallery.one(laptop, "erasing-records").await?;
        answer(laptop, gallery).await?;
        whole(laptop, gallery, "E2", "interview").await?;
        whole(laptop, gallery, "E3", "person").await?;
        // What is left of the first goes too, so that the other language begins anew.
        whole(laptop, gallery, "E1", "interview").await?;
        person.laptop.close().await?;
    }
    let files = std::fs::read_dir(person.laptop.files())?.flatten().map(|file| file.path());
    let texts = files.filter(|path| path.extension().is_some_and(|ending| ending == "txt"));
    let certificates: Result<Vec<String>, _> = texts.map(std::fs::read_to_string).collect();
    Ok(Erased { said: person.tianye(&["erasures"])?, certificates: certificates?, left: person.tianye(&["list"])? })
}

/// Tables of what is about to be erased, so that the certificate has rows to drop.
async fn export(person: &mut Person, folder: &Path, language: &str) -> Outcome {
    person.laptop.close().await?;
    person.tianye(&[
        "export",
        "home",
        "--identified",
        "--reason",
        "试用",
        "--output",
        folder.to_str().ok_or("a path without UTF-8")?,
    ])?;
    person.laptop.open(language).await?;
    person.unlock().await?;
    person.tab("records").await?;
    person.laptop.until_shows("erase-E1").await
}

/// An interview, finalised.
async fn fill(laptop: &Laptop, code: &str) -> Outcome {
    laptop.click("tab-today").await?;
    laptop.click("new-interview").await?;
    laptop.until_shows("page-new-interview").await?;
    laptop.fill("new-code", code).await?;
    laptop.fill("new-name", "小满").await?;
    laptop.click("start-interview").await?;
    laptop.until_shows("page").await?;
    for keys in ["爸爸在外省", "9"] {
        laptop.types(keys).await?;
        laptop.chord(Key::Control, 's').await?;
        laptop.until_quiet().await?;
        laptop.press(Key::PageDown).await?;
        laptop.until_quiet().await?;
    }
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await
}

/// One answer, after looking at everything and leaving once with Enter.
async fn answer(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.press_button("erase-E1").await?;
    laptop.until_shows("erase-sheet").await?;
    focused(laptop, "erase-cancel").await?;
    laptop.press(Key::Enter).await?;
    gone(laptop, "erase-sheet").await?;

    laptop.press_button("erase-E1").await?;
    laptop.until_shows("erase-sheet").await?;
    choose(laptop, "answers").await?;
    laptop.until_shows("erase-answers").await?;
    laptop.tab_to("erase-field-/say").await?;
    laptop.keys(" ").await?;
    choose(laptop, "misplaced").await?;
    gallery.one(laptop, "erasing-answers").await?;
    laptop.press_button("erase-next").await?;
    laptop.until_shows("erase-summary").await?;
    focused(laptop, "erase-keep").await?;
    gallery.one(laptop, "erasing-sure-answers").await?;
    laptop.press_button("erase-now").await?;
    laptop.until_shows("page-erasures").await?;
    laptop.until_shows("erasure").await?;
    laptop.press_button("save-certificate").await?;
    laptop.until_shows("erasure-saved").await?;
    gallery.one(laptop, "erasing-certificates").await?;
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("page-records").await
}

/// A whole interview, or its respondent.
async fn whole(laptop: &Laptop, gallery: &mut Gallery, code: &str, what: &str) -> Outcome {
    let button = format!("erase-{code}");
    laptop.until_shows(&button).await?;
    laptop.press_button(&button).await?;
    laptop.until_shows("erase-sheet").await?;
    choose(laptop, what).await?;
    choose(laptop, "withdrawn").await?;
    laptop.tab_to("erase-note").await?;
    laptop.types("奶奶不同意").await?;
    gallery.one(laptop, &format!("erasing-{code}")).await?;
    laptop.press_button("erase-next").await?;
    laptop.until_shows("erase-summary").await?;
    focused(laptop, "erase-keep").await?;
    gallery.one(laptop, &format!("erasing-sure-{code}")).await?;
    laptop.press_button("erase-now").await?;
    laptop.until_shows("page-erasures").await?;
    laptop.until_shows("erasure").await?;
    laptop.press_button("save-certificate").await?;
    laptop.until_shows("erasure-saved").await?;
    gallery.one(laptop, &format!("erasing-done-{code}")).await?;
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("page-records").await?;
    gone(laptop, &button).await
}

/// Chooses an option in the sheet as the keyboard does: into its list by Tab, to it by arrows.
async fn choose(laptop: &Laptop, value: &str) -> Outcome {
    let option = format!(".opts input[value=\"{value}\"]");
    let there = format!("return document.activeElement?.matches('{option}') ?? false;");
    let inside = format!("return document.activeElement?.closest('.opts')?.querySelector('{option}') != null;");
    for _ in 0..40 {
        if laptop.run(&there).await?.as_bool() == Some(true) {
            return laptop.keys(" ").await;
        }
        let is_inside = laptop.run(&inside).await?.as_bool() == Some(true);
        laptop.press(if is_inside { Key::Down } else { Key::Tab }).await?;
    }
    Err(format!("expected the option {value} within reach of the keyboard").into())
}

async fn focused(laptop: &Laptop, id: &str) -> Outcome {
    let on = format!("document.activeElement === document.querySelector('{}')", testid(id));
    laptop.until(&on, &format!("the focus on {id}")).await
}

async fn gone(laptop: &Laptop, id: &str) -> Outcome {
    laptop.until(&format!("document.querySelector('{}') === null", testid(id)), &format!("no {id}")).await
}
