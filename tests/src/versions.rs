//! A new version of a form reaches a laptop that holds a draft: shown, looked at, moved and taken back, by keyboard alone.

use std::path::{Path, PathBuf};

use fantoccini::key::Key;
use serde_json::json;

use crate::Outcome;
use crate::gallery::Gallery;
use crate::laptop::{Laptop, testid};
use crate::page::read;
use crate::team::Person;

const FIRST: &str = "
| survey | | | | | | |
| | type | name | label::中文 (zh) | label::English (en) | renamed_from | constraint |
| | text | say | A1 孩子说什么？ | A1 What does the child say? | | |
| | integer | age | A2 几岁？ | A2 How old? | | |
| | select_one who | carer | A3 平时谁照顾？ | A3 Who looks after the child? | | |
| | text | phone | A4 电话号码 | A4 Phone number | | |
| | text | diary | A5 日记里写什么？ | A5 What does the diary say? | | |
| | text | school | A6 哪所学校？ | A6 Which school? | | |
";

const SECOND: &str = "
| survey | | | | | | |
| | type | name | label::中文 (zh) | label::English (en) | renamed_from | constraint |
| | text | words | A1 孩子说了什么？ | A1 What did the child say? | say | |
| | integer | age | A2 几岁？ | A2 How old? | | . < 16 |
| | select_one parent | carer | A3 平时谁照顾？ | A3 Who looks after the child? | | |
| | integer | phone | A4 电话号码 | A4 Phone number | | |
| | text | school | A6 哪所学校？ | A6 Which school? | | |
| | text | wish | A7 有什么愿望？ | A7 Any wishes? | | |
";

const CHOICES: &str = "
| choices | | | | |
| | list_name | name | label::中文 (zh) | label::English (en) | renamed_from |
| | who | mother | 妈妈 | Mother | |
| | who | father | 爸爸 | Father | |
| | parent | mum | 妈妈 | Mother | mother |
| | parent | father | 爸爸 | Father | |
";

/// Lives it; gives what the command line says of moving in the end.
pub async fn show(root: &Path, gallery: &mut Gallery) -> Outcome<String> {
    let laptop = Laptop::new("versions", &root.join("versions"))?;
    let mut person =
        Person {
            name: "沈一帆", group: "", passphrase: "竹篮 半夜 蓝色 拖拉机", device: "组长电脑", laptop
        };
    person.tianye(&["practice", "--lead-only"])?;
    publish(&person, root, FIRST, "1")?;
    person.laptop.open("zh-CN").await?;
    person.unlock().await?;
    fill(&person).await?;
    person.laptop.close().await?;
    publish(&person, root, SECOND, "2")?;
    for language in ["zh-CN", "en"] {
        person.laptop.open(language).await?;
        person.unlock().await?;
        look(&person.laptop, gallery).await?;
        person.laptop.close().await?;
    }
    person.tianye(&["move", "V1"])
}

fn publish(person: &Person, root: &Path, survey: &str, version: &str) -> Outcome {
    let settings = format!(
        "| settings | | | | |\n| | form_title | form_id | version | default_language |\n| | 家庭问卷 | home | {version} | 中文 (zh) |\n"
    );
    let file: PathBuf = root.join("home.md");
    std::fs::write(&file, format!("{survey}{CHOICES}{settings}"))?;
    person.tianye(&["add-form", file.to_str().ok_or("a path without UTF-8")?])?;
    Ok(())
}

/// An interview under the first version, answered by keyboard and left for later.
async fn fill(person: &Person) -> Outcome {
    let laptop = &person.laptop;
    laptop.click("new-interview").await?;
    laptop.until_shows("page-new-interview").await?;
    laptop.fill("new-code", "V1").await?;
    let choose = "const list = document.querySelector('[data-testid=new-form]');
        list.value = 'home';
        list.dispatchEvent(new Event('change', { bubbles: true }));";
    laptop.run(choose).await?;
    laptop.click("start-interview").await?;
    laptop.until_shows("page").await?;
    for (keys, choice) in
        [("想妈妈", false), ("17", false), ("1", true), ("没有电话", false), ("每天写一点", false), ("石塘小学", false)]
    {
        let page = read(laptop).await?;
        if choice {
            laptop.keys(keys).await?;
        } else {
            laptop.types(keys).await?;
        }
        laptop.chord(Key::Control, 's').await?;
        laptop.until_quiet().await?;
        laptop.press(Key::PageDown).await?;
        let other = format!("document.querySelector('{}').dataset.page !== {}", testid("page"), json!(page.key));
        laptop.until(&other, "the next page").await?;
    }
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await
}

/// The list, the interview, what a move would do, the move, and taking it back.
async fn look(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.until_shows("newer-V1").await?;
    gallery.one(laptop, "versions-today").await?;
    laptop.press_button("open-V1").await?;
    laptop.until_shows("versions").await?;
    gallery.one(laptop, "versions-newer").await?;
    laptop.chord(Key::Alt, 'v').await?;
    laptop.until_shows("version-count").await?;
    gallery.one(laptop, "versions-preview").await?;
    laptop.press_button("move-version").await?;
    let closed = format!("document.querySelector('{}') === null", testid("version-sheet"));
    laptop.until(&closed, "the interview after the move").await?;
    gallery.one(laptop, "versions-moved").await?;
    laptop.chord(Key::Alt, 'v').await?;
    laptop.until_shows("apart").await?;
    gallery.one(laptop, "versions-apart").await?;
    laptop.press_button("move-back").await?;
    laptop.until(&closed, "the interview as it was").await?;
    laptop.press(Key::F10).await?;
    laptop.until_shows("newer-V1").await
}
