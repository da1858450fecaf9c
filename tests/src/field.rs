//! A group is put together and its session begun; a form about a village is begun about it, from its page, from Today and by an
//! assignment: in the real window, by keyboard alone.

use std::path::Path;
use std::sync::Arc;

use fantoccini::key::Key;
use serde_json::json;
use tianye_desk::view::{ChecklistInput, ConsentInput, ConsentWord, PersonInput, PersonQuery, SiteInput};
use tianye_desk::world::Machine;
use tianye_desk::{Desk, KdfCost, Laptop as Store};

use crate::Outcome;
use crate::gallery::Gallery;
use crate::laptop::{Laptop, testid};
use crate::people::choose;
use crate::team::Person;

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";
const LANG: &str = "zh-CN";

/// Three children: one whose family and who agrees, one who does not, one who was not asked.
const CHILDREN: [(&str, &str); 3] = [("901", "单小满"), ("902", "孙小桔"), ("903", "李青豆")];

/// Lives it in both languages; gives what the command line lists in the end.
pub async fn show(root: &Path, gallery: &mut Gallery) -> Outcome<String> {
    let mut said = String::new();
    for language in ["zh-CN", "en"] {
        let laptop = Laptop::new(language, &root.join(language))?;
        let mut person =
            Person { name: "沈一帆", group: "", passphrase: PASSPHRASE, device: "组长电脑", laptop };
        person.tianye(&["practice", "--lead-only"])?;
        for instrument in ["seminar_children", "community", "cadre"] {
            person.tianye(&["add-form", "--instrument", instrument])?;
        }
        let data = person.laptop.data();
        tokio::task::spawn_blocking(move || prepare(&data)).await??;
        person.laptop.open(language).await?;
        person.unlock().await?;
        gather(&person.laptop, gallery).await?;
        visit(&person.laptop, gallery).await?;
        send(&person.laptop, gallery, if language == "en" { "Shangwu" } else { "上坞村" }).await?;
        person.laptop.close().await?;
        said = person.tianye(&["list"])?;
    }
    Ok(said)
}

fn desk(data: &Path) -> Outcome<Desk> {
    let laptop = Store::new(data, Arc::new(Machine), KdfCost::default());
    let store = laptop.start()?.stores.into_iter().next();
    Ok(laptop.unlock(&store.ok_or("expected a store, found none")?.id, PASSPHRASE)?)
}

/// Consent is asked for; three children are here.
fn prepare(data: &Path) -> Outcome {
    let mut lead = desk(data)?;
    let noted = lead.checklist().noted;
    lead.note_checklist(&ChecklistInput { gate: true, ..noted })?;
    let sites = lead.home(LANG)?.sites;
    let class = sites.iter().find(|site| site.name.contains("桃溪") && site.name.ends_with("四（1）班"));
    let class = class.ok_or("expected the class, found none")?.id.clone();
    let county = lead.people(&PersonQuery::default(), LANG)?.sites.into_iter().next();
    let parent = county.ok_or("expected a county, found none")?.id;
    let village =
        SiteInput {
            kind: "village".into(), zh: "上坞村".into(), en: "Shangwu".into(), parent, ..SiteInput::default()
        };
    let village = lead.save_site(&village)?;
    let cadre = PersonInput { kind: "cadre".into(), name: "吴主任".into(), site: village, ..PersonInput::default() };
    lead.save_person(&cadre)?;
    for (at, (code, name)) in CHILDREN.into_iter().enumerate() {
        let (code, name, site) = (code.to_owned(), name.to_owned(), class.clone());
        let input = PersonInput { kind: "pupil".into(), code, name, site, ..PersonInput::default() };
        let child = lead.save_person(&input)?;
        let own = if at == 0 { "given" } else { "refused" };
        let words = [("legal-guardian", "given"), ("own", own)];
        for (standing, said) in words.into_iter().filter(|_| at < 2) {
            consent(&mut lead, &child, standing, said)?;
        }
    }
    Ok(())
}

fn consent(lead: &mut Desk, child: &str, standing: &str, said: &str) -> Outcome {
    lead.record_consent(&ConsentInput {
        person: child.into(),
        standing: standing.into(),
        name: if standing == "own" { "" } else { "王桂英" }.into(),
        relation: String::new(),
        how: "oral".into(),
        on: "2017-04-11".into(),
        witness: String::new(),
        note: String::new(),
        words: vec![ConsentWord { purpose: "group".into(), said: said.into() }],
    })?;
    Ok(())
}

/// Who has agreed is added; who has not is shown with the reason and stays outside; the session begins.
async fn gather(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.press_button("tab-people").await?;
    laptop.until_shows("people-search").await?;
    laptop.chord(Key::Alt, 'g').await?;
    laptop.until_shows("group-sheet").await?;
    laptop.types("四月座谈").await?;
    laptop.tab_to("group-find").await?;
    laptop.types("sxj").await?;
    laptop.until_shows("group-found-902").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("group-refused").await?;
    gallery.one(laptop, "group-refused").await?;
    laptop.chord(Key::Control, 'a').await?;
    laptop.types("90").await?;
    laptop.until_shows("group-found-903").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("group-remove-901").await?;
    gallery.one(laptop, "group-sheet").await?;
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until_shows("group-ready").await?;
    laptop.until_shows("member-901").await?;
    gallery.one(laptop, "group-page").await?;
    // On the list of people; its name changes, its members stay.
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("people-search").await?;
    laptop.types("siyue").await?;
    laptop.until("document.querySelectorAll('.person').length === 1", "the group").await?;
    gallery.one(laptop, "group-found").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("member-901").await?;
    laptop.chord(Key::Alt, 'e').await?;
    laptop.until_shows("group-sheet").await?;
    laptop.chord(Key::Control, 'a').await?;
    laptop.types("五月座谈").await?;
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("group-sheet")), "the sheet closed").await?;
    laptop.until_says("五月座谈").await?;
    laptop.chord(Key::Alt, 'n').await?;
    laptop.until_shows("page").await?;
    laptop.until_says("五月座谈").await?;
    gallery.one(laptop, "group-session").await?;
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await
}

/// The village: its page, a cadre who is to be asked first, an activity without anybody, and what then stands there.
async fn visit(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.press_button("tab-people").await?;
    laptop.until_shows("people-search").await?;
    laptop
        .tab_until("/^place-(上坞村|Shangwu)/.test(document.activeElement?.dataset.testid ?? '')", "the village")
        .await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("open-place").await?;
    laptop.chord(Key::Alt, 'p').await?;
    laptop.until_shows("place-title").await?;
    laptop.until_says("吴主任").await?;
    gallery.one(laptop, "place").await?;
    // For the interview with a cadre somebody is spoken to, who is read the words for adults.
    laptop.tab_to("place-form").await?;
    pick(laptop, "place-form", "村干部访谈").await?;
    laptop.chord(Key::Alt, 'n').await?;
    laptop.until_shows("refusal").await?;
    gallery.one(laptop, "place-with-whom").await?;
    laptop.tab_to("place-with").await?;
    pick(laptop, "place-with", "吴主任").await?;
    laptop.chord(Key::Alt, 'n').await?;
    laptop.until_shows("consent-text").await?;
    laptop
        .until(
            "!document.querySelector('[data-testid=\"consent-sheet\"]').innerText.match(/您家孩子|your child/)",
            "words for an adult",
        )
        .await?;
    laptop
        .until(
            "/13 分钟|13 minutes/.test(document.querySelector('[data-testid=\"consent-sheet\"]').innerText)",
            "how long it takes",
        )
        .await?;
    gallery.one(laptop, "place-consent").await?;
    laptop.press(Key::Escape).await?;
    laptop.until("!document.querySelector('[data-testid=\"consent-sheet\"]')", "the sheet closed").await?;
    // The activity asks nobody.
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("people-search").await?;
    laptop.press_button("tab-today").await?;
    laptop.until_shows("page-today").await?;
    laptop.chord(Key::Alt, 'n').await?;
    laptop.until_shows("page-new-interview").await?;
    laptop.tab_to("new-form").await?;
    pick(laptop, "new-form", "社区活动记录").await?;
    laptop.until_shows("new-place").await?;
    laptop.tab_to("new-place").await?;
    pick(laptop, "new-place", "上坞村|Shangwu").await?;
    gallery.one(laptop, "place-new").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("page").await?;
    gallery.one(laptop, "place-form").await?;
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await
}

/// The activity of another day is assigned, stands on Today under its village, and is begun from there.
async fn send(laptop: &Laptop, gallery: &mut Gallery, village: &str) -> Outcome {
    laptop.press_button("tab-people").await?;
    laptop.until_shows("people-search").await?;
    laptop.chord(Key::Alt, 'a').await?;
    laptop.until_shows("assign-class").await?;
    laptop.chord(Key::Alt, 'n').await?;
    laptop.until_shows("assign-sheet").await?;
    laptop.tab_to("assign-form").await?;
    pick(laptop, "assign-form", "社区活动记录").await?;
    // From the form back to the first field.
    for words in [village, "沈一帆"] {
        laptop.tab_to("combobox").await?;
        choose(laptop, words).await?;
        laptop.press(Key::Tab).await?;
    }
    laptop.until_shows("assign-anyway").await?;
    gallery.one(laptop, "place-assign").await?;
    // It was done once already, and is meant again: the keys one after the other, as a lead presses them.
    laptop.tab_to("assign-anyway").await?;
    laptop.keys(" ").await?;
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until_shows("assigned").await?;
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("people-search").await?;
    laptop.press_button("tab-today").await?;
    laptop.until_shows("page-today").await?;
    let begins = format!("/^(开始|Begin) .*{village}/.test(document.activeElement?.getAttribute('aria-label') ?? '')");
    gallery.one(laptop, "place-today").await?;
    laptop.tab_until(&begins, "the activity that is assigned").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("page").await?;
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await
}

/// Takes the choice of a list whose words fit; the list is the system's own, whose open form no driver sees.
async fn pick(laptop: &Laptop, id: &str, words: &str) -> Outcome {
    let list = testid(id);
    let pick = format!(
        "const list = document.querySelector({list});
        list.value = [...list.options].find((one) => /{words}/.test(one.text)).value;
        list.dispatchEvent(new Event('change', {{ bubbles: true }}));",
        list = json!(list)
    );
    laptop.run(&pick).await?;
    Ok(())
}
