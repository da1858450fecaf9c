//! A lead looks at an export before it is written, takes the coarser places that are offered, and finds in one list what every
//! lead exported: in the real window, by keyboard alone.

use std::path::Path;
use std::sync::Arc;

use fantoccini::key::Key;
use serde_json::json;
use tianye_desk::view::{AnswerInput, NewInterview};
use tianye_desk::world::Machine;
use tianye_desk::{KdfCost, Laptop as Store};

use crate::Outcome;
use crate::care::{carry, join};
use crate::gallery::Gallery;
use crate::laptop::Laptop;
use crate::team::Person;

const FORM: &str = "
| survey | | | | | |
| | type | name | label::中文 (zh) | label::English (en) | tianye::identifying |
| | select_one village | village | A1 哪个村？ | A1 Which village? | village |
| | select_one sex | sex | A2 男生还是女生？ | A2 Boy or girl? | |
| choices | | | | |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | village | baimu | 白姆村 | Baimu |
| | village | yunling | 云岭村 | Yunling |
| | sex | f | 女 | Girl |
| | sex | m | 男 | Boy |
| settings | | | | |
| | form_title | form_id | version | default_language |
| | 家庭问卷 | home | 1 | 中文 (zh) |
";

/// Why the other lead exported with identifiers.
pub const REASON: &str = "家访要找到人";

/// Lives it; gives what the list of exports says in the window in the end.
pub async fn show(root: &Path, gallery: &mut Gallery) -> Outcome<String> {
    let person = |name, passphrase, device, folder| -> Outcome<Person> {
        Ok(Person { name, group: "", passphrase, device, laptop: Laptop::new(name, &root.join(folder))? })
    };
    let mut lead = person("沈一帆", "竹篮 半夜 蓝色 拖拉机", "组长电脑", "lead")?;
    let second = person("李二", "石桥 清早 红薯 喇叭", "示例电脑 03", "second")?;
    lead.tianye(&["new", "浙江留守儿童 2017", "--lead", lead.name, "--device", lead.device])?;
    let file = root.join("home.md");
    std::fs::write(&file, FORM)?;
    lead.tianye(&["add-form", file.to_str().ok_or("a path without UTF-8")?])?;
    join(root, &lead, &second, "lead")?;
    fill(&lead)?;
    carry(root, &lead, &[&second])?;
    let mut said = String::new();
    for (round, language) in ["zh-CN", "en"].into_iter().enumerate() {
        let folder = root.join(format!("second-{round}"));
        let folder = folder.to_str().ok_or("a path without UTF-8")?;
        second.tianye(&["export", "home", "--output", folder, "--identified", "--reason", REASON])?;
        carry(root, &second, &[&lead])?;
        lead.laptop.open(language).await?;
        lead.unlock().await?;
        said = export(&lead.laptop, gallery, round).await?;
        lead.laptop.close().await?;
    }
    Ok(said)
}

/// Four girls, two in each village.
fn fill(lead: &Person) -> Outcome {
    let laptop = Store::new(&lead.laptop.data(), Arc::new(Machine), KdfCost::default());
    let store = laptop.start()?.stores.into_iter().next().ok_or("expected a store, found none")?;
    let mut desk = laptop.unlock(&store.id, lead.passphrase)?;
    for (code, village) in [("W01", "baimu"), ("W02", "baimu"), ("W03", "yunling"), ("W04", "yunling")] {
        let new = NewInterview { form: "home".into(), code: code.into(), ..NewInterview::default() };
        desk.start_interview(&new, "zh-CN")?;
        for (field, value) in [("/village", village), ("/sex", "f")] {
            desk.answer(&AnswerInput { field: field.into(), value: value.into() })?;
        }
        desk.finalise("zh-CN")?;
    }
    Ok(())
}

async fn export(laptop: &Laptop, gallery: &mut Gallery, round: usize) -> Outcome<String> {
    laptop.press_button("tab-records").await?;
    laptop.until_shows("export").await?;
    laptop.press_button("export").await?;
    laptop.until_shows("export-log").await?;
    laptop.until_says(REASON).await?;
    laptop.tab_to("export-level").await?;
    for _ in 0..4 {
        if laptop.run("return document.activeElement.value").await? == json!("village") {
            break;
        }
        laptop.press(Key::Down).await?;
    }
    laptop.until("document.activeElement.value === 'village'", "villages").await?;
    laptop.tab_to("export-k").await?;
    laptop.chord(Key::Control, 'a').await?;
    laptop.types("3").await?;
    laptop.press_button("export-look").await?;
    laptop.until_shows("export-coarser-township").await?;
    laptop.tab_to("export-coarser-township").await?;
    gallery.one(laptop, "exports-coarser").await?;
    laptop.press(Key::Enter).await?;
    laptop
        .until("!document.querySelector('[data-testid=export-coarser-township]')", "classes that are large enough")
        .await?;
    laptop.until("document.querySelector('[data-testid=export-level]').value === 'township'", "townships").await?;
    gallery.one(laptop, "exports-coarsened").await?;
    laptop.tab_to("export-understood").await?;
    laptop.keys(" ").await?;
    laptop.press_button("export-write").await?;
    laptop.until_shows("export-report").await?;
    let rows = "document.querySelectorAll('[data-testid=export-log] li').length";
    laptop.until(&format!("{rows} === {}", 2 * (round + 1)), "both leads' exports in one list").await?;
    laptop.run("document.querySelector('[data-testid=export-log]').scrollIntoView({ block: 'center' })").await?;
    gallery.one(laptop, "exports-log").await?;
    laptop.text("export-log").await
}
