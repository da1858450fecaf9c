//! One question of each type and appearance (`forms/every-widget.md`), answered in the real window by keyboard alone.

use std::path::Path;

use fantoccini::key::Key;
use serde_json::json;

use crate::Outcome;
use crate::gallery::Gallery;
use crate::laptop::{Laptop, testid};
use crate::page::read;
use crate::programs::workspace;
use crate::team::Person;

/// What a hand does on the keyboard.
#[derive(Debug, Clone, Copy)]
enum Do {
    /// Presses signs one after the other: digits, letters.
    Keys(&'static str),
    /// Types into the field that has the focus.
    Type(&'static str),
    /// Presses a named key.
    Press(Key),
    /// Presses a named key inside one answer: what stands typed may still wait.
    Within(Key),
    /// Presses a named key while Alt is held.
    Alt(Key),
    /// Presses Alt with a letter.
    AltLetter(char),
    /// Goes from control to control until the one with this test id has the focus, and presses it.
    Reach(&'static str),
    /// Waits for what has this test id.
    Wait(&'static str),
    /// Draws two lines on the sheet: what a hand with a pen does.
    Draw,
    /// Records until some seconds are on disk; where this machine cannot, chooses the file instead.
    Record,
}

use Do::{Alt, AltLetter, Draw, Keys, Press, Reach, Record, Type, Wait, Within};

/// Questions by name, with what answers each. A page's first question names it.
const HAND: &[(&str, &[Do])] = &[
    ("a_likert", &[Keys("3")]),
    ("a_columns", &[Keys("2")]),
    ("a_columns_many", &[Keys("135")]),
    ("a_pack", &[Press(Key::Right), Keys(" ")]),
    ("a_minimal", &[Type("lq"), Press(Key::Enter)]),
    ("a_autocomplete", &[Type("云和"), Press(Key::Enter), Type("qingt"), Press(Key::Enter), Press(Key::Escape)]),
    ("a_quick", &[Keys("1")]),
    ("a_pictures", &[Keys("2")]),
    ("a_image_map", &[Keys("4")]),
    ("a_list", &[Keys("2")]),
    ("a_table_read", &[Keys("1"), Press(Key::Enter), Keys("3"), Press(Key::Down), Keys("4")]),
    ("a_rows_self", &[Keys("12"), Press(Key::Enter), Keys("5")]),
    ("b_rank", &[Keys("31254"), Alt(Key::Down)]),
    ("c_integer", &[Type("5")]),
    ("c_threes", &[Type("36500")]),
    ("c_counter", &[Press(Key::Up), Press(Key::Up), Press(Key::Up)]),
    ("c_range", &[Type("7"), Press(Key::Up)]),
    ("c_decimal", &[Type("1.2"), Press(Key::Down)]),
    ("c_labels", &[Type("4")]),
    ("c_vertical", &[Type("18")]),
    ("c_bare", &[Press(Key::Up), Type("5")]),
    ("c_picker", &[Type("36"), Press(Key::Enter)]),
    ("c_rating", &[Keys("4")]),
    ("c_bearing", &[Type("225")]),
    ("d_text", &[Type("想你们了")]),
    ("d_long", &[Type("山边上，两层楼。")]),
    ("d_numbers", &[Type("057812345")]),
    ("d_masked", &[Type("不说")]),
    ("d_url", &[Type("https://example.org")]),
    ("d_barcode", &[Type("6901234567892")]),
    ("d_acknowledge", &[Keys("1")]),
    ("d_program", &[Type("131")]),
    ("e_date", &[Type("20080502")]),
    ("e_month", &[Type("201502")]),
    ("e_year", &[Type("2014")]),
    ("e_other", &[Type("20170130")]),
    ("e_time", &[Type("2030")]),
    ("e_moment", &[Type("20170402 1930")]),
    ("f_point", &[Type("28.4512"), Within(Key::Enter), Type("119.9241")]),
    ("f_map", &[Type("28.4530 119.9260 412 5")]),
    (
        "f_trace",
        &[
            Type("28.4512 119.9241"),
            AltLetter('n'),
            Type("28.4520 119.9249"),
            AltLetter('n'),
            Type("28.4530 119.9247"),
            AltLetter('n'),
            Type("28.4534 119.9260"),
            Alt(Key::Up),
        ],
    ),
    (
        "f_shape",
        &[
            Type("28.4530 119.9260"),
            AltLetter('n'),
            Type("28.4530 119.9268"),
            AltLetter('n'),
            Type("28.4536 119.9269"),
            AltLetter('n'),
            Type("28.4537 119.9261"),
        ],
    ),
    ("g_photograph", &[Reach("choose-file"), Wait("file-picture")]),
    ("g_selfie", &[Reach("camera"), Wait("camera-view"), Reach("take-picture"), Wait("file-picture")]),
    ("g_draw", &[Reach("draw"), Draw, Reach("keep-drawing"), Wait("file-picture")]),
    (
        "g_annotate",
        &[
            Reach("choose-file"),
            Wait("file-picture"),
            Reach("draw-over"),
            Draw,
            Reach("keep-drawing"),
            Wait("file-picture"),
        ],
    ),
    ("g_signature", &[Reach("draw"), Draw, Reach("keep-drawing"), Wait("file-picture")]),
    ("g_audio", &[Record, Wait("file")]),
    ("g_video", &[Record, Wait("file")]),
    ("g_file", &[Reach("choose-file"), Wait("file")]),
    (
        "h_name",
        &[
            Type("小满"),
            Press(Key::Enter),
            Type("9"),
            Press(Key::Enter),
            Keys("1"),
            Press(Key::Enter),
            Type("石塘村"),
            Press(Key::Enter),
            Type("桃溪镇"),
        ],
    ),
    ("i_soft", &[Type("30")]),
    ("i_know", &[Press(Key::F7)]),
];

/// Pages that look like one before them: no pictures of these.
const ALIKE: &[&str] = &["c_integer", "e_other", "f_map"];

/// Two doubtful places: a question that nobody is ever asked, and texts that are missing.
const DOUBTFUL: &str = "\
| survey |
| | type | name | label::中文 (zh) | label::English (en) | relevant |
| | integer | age | A1 你几岁？ | A1 How old are you? | |
| | select_one place | away | A2 爸爸在哪里？ | A2 Where is your father? | ${age} > 9 and ${age} < 5 |
| | text | wish | A3 你有什么愿望？ | | |
| choices |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | place | home | 在家 | At home |
| | place | away | 在外地 | Away |
| settings |
| | form_id | form_title | default_language |
| | draft | 试填的问卷 | 中文 (zh) |
";

/// What was seen.
#[derive(Debug)]
pub struct Shown {
    /// Names of the pages, by their first question, in order.
    pub pages: Vec<String>,
    /// Lines of the summary that keep it from being finished.
    pub wrong: usize,
    /// Questions of the summary without an answer.
    pub unanswered: usize,
    /// Questions that this version cannot ask.
    pub not_asked: usize,
}

/// Puts the form into a new practice project, answers it in the window and finalises it; then looks at it in English.
pub async fn show(root: &Path, gallery: &mut Gallery) -> Outcome<Shown> {
    let laptop = Laptop::new("widgets", &root.join("widgets"))?;
    let mut person =
        Person {
            name: "沈一帆", group: "", passphrase: "竹篮 半夜 蓝色 拖拉机", device: "组长电脑", laptop
        };
    person.tianye(&["practice", "--lead-only"])?;
    for file in std::fs::read_dir(workspace().join("forms"))?.flatten() {
        if file.file_name().to_string_lossy().starts_with("every-widget") {
            std::fs::copy(file.path(), person.laptop.files().join(file.file_name()))?;
        }
    }
    crate::map::write(&person.laptop.files().join("example.mbtiles"))?;
    let chosen = workspace().join("tests/files");
    std::fs::copy(chosen.join("classroom.png"), person.laptop.files().join("classroom.png"))?;
    std::fs::write(person.laptop.files().join("film.mp4"), b"\0\0\0\x14ftypisom\0\0\0\0isom\0\0\0\x08moov")?;
    person.laptop.open("zh-CN").await?;
    person.unlock().await?;
    begin(&person, gallery).await?;
    let pages = answer(&person.laptop, gallery).await?;
    let laptop = &person.laptop;
    gallery.one(laptop, "widgets-summary").await?;
    let count = async |part: &str| -> Outcome<usize> {
        let lines = format!("return document.querySelectorAll('{} li').length", testid(part));
        Ok(usize::try_from(laptop.run(&lines).await?.as_u64().unwrap_or_default())?)
    };
    let (wrong, unanswered) = (count("summary-wrong").await?, count("summary-unanswered").await?);
    let shown = Shown { pages, wrong, unanswered, not_asked: count("summary-not-asked").await? };
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until_shows("page-today").await?;
    english(&person, gallery, &shown.pages).await?;
    person.laptop.close().await?;
    Ok(shown)
}

/// The form is checked, added, and an interview with it begun.
async fn begin(person: &Person, gallery: &mut Gallery) -> Outcome {
    let laptop = &person.laptop;
    person.tab("forms").await?;
    try_out(laptop, gallery).await?;
    laptop.click("check-form").await?;
    let checked = "document.querySelector('main').innerText.includes('every-widget.md')";
    laptop.until(checked, "the check of the other workbook").await?;
    laptop.click("add-form").await?;
    laptop.until_shows("form-added").await?;
    person.tab("today").await?;
    laptop.click("new-interview").await?;
    laptop.until_shows("page-new-interview").await?;
    laptop.fill("new-code", "W1").await?;
    let choose = "const list = document.querySelector('[data-testid=new-form]');
        list.value = 'every-widget';
        list.dispatchEvent(new Event('change', { bubbles: true }));";
    laptop.run(choose).await?;
    laptop.click("start-interview").await?;
    laptop.until_shows("page").await
}

/// A workbook with doubtful places is tried beside the list of them: one leads to its question, one to why it is not asked; the workbook is checked
/// again, and the trial left.
async fn try_out(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    let file = laptop.files().join("a-draft.md");
    std::fs::write(&file, DOUBTFUL)?;
    laptop.click("check-form").await?;
    laptop.click("try-form").await?;
    laptop.until_shows("trial-check").await?;
    let page = format!("document.querySelector('{}')", testid("page"));
    laptop.run(&format!("window.before = {page}")).await?;
    laptop.press(Key::F5).await?;
    laptop.until(&format!("{page} && {page} !== window.before"), "the form as it was checked again").await?;
    laptop.click("problem-0").await?;
    laptop.until_shows("why-sheet").await?;
    close_why(laptop).await?;
    laptop.click("problem-1").await?;
    laptop.until(&format!("{page}.dataset.page === '/wish'"), "the question of the second problem").await?;
    gallery.one(laptop, "trial").await?;
    std::fs::remove_file(&file)?;
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-forms").await
}

/// Answers page after page by keyboard; a picture of each as it was answered. Gives the names of the pages.
async fn answer(laptop: &Laptop, gallery: &mut Gallery) -> Outcome<Vec<String>> {
    let mut pages = Vec::new();
    loop {
        let page = read(laptop).await?;
        if page.kind == "completion" {
            return Ok(pages);
        }
        let names: Vec<&str> = page.items.iter().map(crate::page::Item::name).collect();
        let hand = HAND.iter().find(|(name, _)| names.contains(name));
        let name = names.first().map(|name| (*name).to_owned()).unwrap_or_default();
        // A quick question goes on by itself: its picture comes first.
        let quick = name == "a_quick";
        if quick {
            gallery.one(laptop, &picture(&name)).await?;
        }
        for act in hand.map_or(&[][..], |(_, acts)| acts) {
            perform(laptop, *act).await?;
        }
        pages.push(name.clone());
        if !quick {
            laptop.chord(Key::Control, 's').await?;
            laptop.until_quiet().await?;
            look(laptop, gallery, &name).await?;
            laptop.press(Key::PageDown).await?;
        }
        let other = format!("document.querySelector('{}').dataset.page !== {}", testid("page"), json!(page.key));
        laptop.until(&other, &format!("the page after {name}")).await?;
    }
}

async fn perform(laptop: &Laptop, act: Do) -> Outcome {
    match act {
        Keys(keys) => {
            for key in keys.chars() {
                laptop.keys(&key.to_string()).await?;
                laptop.until_quiet().await?;
            }
            Ok(())
        }
        Type(text) => laptop.types(text).await,
        Press(key) => {
            laptop.press(key).await?;
            // The focus moves when what stands typed is stored.
            laptop.until_quiet().await
        }
        Within(key) => laptop.press(key).await,
        Alt(key) => laptop.chord(Key::Alt, key).await,
        AltLetter(letter) => laptop.chord(Key::Alt, letter).await,
        Reach(id) => reach(laptop, id).await,
        Wait(id) => laptop.until_shows(id).await,
        Draw => {
            laptop.until_shows("sheet").await?;
            laptop.run(DRAWN).await.map(|_| ())
        }
        Record => record(laptop).await,
    }
}

/// Two lines with a pen, as the page hears of them.
pub(crate) const DRAWN: &str = "const sheet = document.querySelector('[data-testid=sheet]');
    const box = sheet.getBoundingClientRect();
    const at = (kind, x, y) => sheet.dispatchEvent(new PointerEvent(kind, {
        bubbles: true, pointerId: 1, pointerType: 'pen', button: kind === 'pointermove' ? -1 : 0, buttons: 1,
        clientX: box.left + box.width * x, clientY: box.top + box.height * y,
    }));
    sheet.setPointerCapture = () => {};
    for (const [from, to] of [[0.2, 0.8], [0.8, 0.3]]) {
        at('pointerdown', from, 0.3);
        for (let step = 1; step <= 20; step += 1) {
            const x = from + (to - from) * step / 20;
            at('pointermove', x, 0.5 + 0.3 * Math.sin(step / 3));
        }
        at('pointerup', to, 0.6);
    }";

async fn reach(laptop: &Laptop, id: &str) -> Outcome {
    laptop.press_button(id).await?;
    laptop.until_quiet().await
}

async fn record(laptop: &Laptop) -> Outcome {
    let there = |id: &str| format!("document.querySelector('{}') !== null", testid(id));
    if laptop.run(&format!("return {}", there("record"))).await? == json!(true) {
        reach(laptop, "record").await?;
        let begun = format!("{} || {}", there("recorder"), there("recorder-trouble"));
        laptop.until(&begun, "a recording, or why there is none").await?;
        if laptop.run(&format!("return {}", there("recorder"))).await? == json!(true) {
            let saved = format!("Number(document.querySelector('{}')?.dataset.saved) >= 2", testid("recorder"));
            laptop.until(&saved, "two seconds on disk").await?;
            return reach(laptop, "end-recording").await;
        }
    }
    reach(laptop, "choose-file").await
}

/// The same pages in English, read only.
async fn english(person: &Person, gallery: &mut Gallery, pages: &[String]) -> Outcome {
    let laptop = &person.laptop;
    crate::gallery::switch(laptop).await?;
    person.tab("forms").await?;
    try_out(laptop, gallery).await?;
    person.tab("records").await?;
    laptop.click("correct-W1").await?;
    laptop.until_shows("page").await?;
    let shown = format!("document.querySelector('{}').innerText.includes('English')", testid("form-language"));
    if laptop.run(&format!("return {shown}")).await? != json!(true) {
        laptop.press(Key::F4).await?;
    }
    laptop.until(&shown, "the form in English").await?;
    // From the summary or wherever it opens, back to the first page and then on.
    while laptop.run(&format!("return document.querySelector('{}').ariaDisabled", testid("back"))).await?
        != json!("true")
    {
        turn(laptop, Key::PageUp).await?;
    }
    for name in pages {
        look(laptop, gallery, name).await?;
        turn(laptop, Key::PageDown).await?;
    }
    gallery.one(laptop, "widgets-summary").await
}

/// One page on or back.
async fn turn(laptop: &Laptop, key: Key) -> Outcome {
    let page = read(laptop).await?;
    laptop.press(key).await?;
    let other = format!("document.querySelector('{}').dataset.page !== {}", testid("page"), json!(page.key));
    laptop.until(&other, "another page").await
}

/// A picture of a page, unless one like it was taken; and one of why a question is asked.
async fn look(laptop: &Laptop, gallery: &mut Gallery, name: &str) -> Outcome {
    if name == "f_map" {
        point_on_map(laptop, gallery).await?;
    }
    if ALIKE.contains(&name) {
        return Ok(());
    }
    gallery.one(laptop, &picture(name)).await?;
    if name == "i_know" {
        laptop.chord(Key::Alt, 'w').await?;
        laptop.until_shows("why-sheet").await?;
        gallery.one(laptop, "why").await?;
        close_why(laptop).await?;
    }
    Ok(())
}

/// The place is pointed at on a map, by keyboard; the first time the map is taken from a file.
async fn point_on_map(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.chord(Key::Alt, 'm').await?;
    laptop.until_shows("map-sheet").await?;
    let ready = format!("document.querySelector('{}, {}')", testid("map"), testid("map-add"));
    laptop.until(&ready, "a map, or the way to one").await?;
    if laptop.run(&format!("return document.querySelector('{}') === null", testid("map"))).await? == json!(true) {
        laptop.click("map-add").await?;
        laptop.until_shows("map").await?;
    }
    let drawn = format!("document.querySelectorAll('{} img').length > 5", testid("map"));
    laptop.until(&drawn, "the tiles of the map").await?;
    laptop.press(Key::Right).await?;
    laptop.press(Key::Up).await?;
    gallery.one(laptop, "map").await?;
    let place = laptop.text("map-place").await?;
    laptop.press(Key::Enter).await?;
    let taken = format!(
        "document.querySelector('{}') === null && document.querySelector('{}').value === {}",
        testid("map-sheet"),
        testid("place-1"),
        json!(place.split(' ').next())
    );
    laptop.until(&taken, "the place from the map").await?;
    laptop.until_quiet().await
}

async fn close_why(laptop: &Laptop) -> Outcome {
    laptop.press(Key::Escape).await?;
    let gone = format!("document.querySelector('{}') === null", testid("why-sheet"));
    laptop.until(&gone, "the page without the sheet").await
}

fn picture(name: &str) -> String {
    format!("widget-{}", name.replace('_', "-"))
}
