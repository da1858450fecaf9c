//! Sound taken down in the real window with a microphone, by keyboard alone: paused, stopped, cut off by a crash, played;
//! and in the background, as a form wishes it.

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use fantoccini::key::Key;
use serde_json::json;
use tianye_desk::KdfCost;
use tianye_desk::view::{Control, ExportInput};
use tianye_desk::world::Machine;

use crate::Outcome;
use crate::gallery::Gallery;
use crate::laptop::{Laptop, testid};
use crate::microphone::Microphone;
use crate::team::Person;

const FORM: &str = "
| survey | | | | | |
| | type | name | label::中文 (zh) | label::English (en) | parameters |
| | audio | voice | A1 请孩子讲讲家里的一天 | A1 A day at home, told by the child | quality=voice-only |
| | audio | song | A2 唱一首歌 | A2 A song | |
| settings | | | |
| | form_title | form_id | default_language |
| | 录音问卷 | sound | 中文 (zh) |
";

const TALK: &str = "
| survey | | | | | |
| | type | name | label::中文 (zh) | label::English (en) | parameters |
| | background-audio | talk | | | quality=low |
| | text | first | A1 家里有谁？ | A1 Who is at home? | |
| | text | second | A2 平时谁做饭？ | A2 Who cooks? | |
| settings | | | |
| | form_title | form_id | default_language |
| | 谈话问卷 | talk | 中文 (zh) |
";

/// A recording as the store gives it back.
#[derive(Debug)]
pub struct Heard {
    /// Media type.
    pub media_type: String,
    /// Samples a second.
    pub rate: u32,
    /// Length in seconds.
    pub seconds: f64,
    /// The same, as the window's player says.
    pub played: f64,
    /// Pitch of the middle, in hertz.
    pub pitch: f64,
    /// How long nothing is heard at its beginning, in seconds.
    pub silent: f64,
    /// What the window said was on disk, in seconds.
    pub said: f64,
}

/// Lives it in a language of the window, `zh-CN` or `en`. Gives the recording that was ended, the one that was cut off, and
/// two made in the background.
pub async fn live(root: &Path, language: &str, gallery: &mut Gallery) -> Outcome<[Heard; 4]> {
    let microphone = Microphone::start(&root.join("sound"))?;
    let mut laptop = Laptop::new("sound", &root.join("laptop"))?;
    laptop.set("PULSE_SERVER", &microphone.address());
    laptop.set("TIANYE_DEVICES", Path::new("real"));
    let mut person =
        Person {
            name: "沈一帆", group: "", passphrase: "竹篮 半夜 蓝色 拖拉机", device: "组长电脑", laptop
        };
    person.tianye(&["practice", "--lead-only"])?;
    for (name, form) in [("sound.md", FORM), ("talk.md", TALK)] {
        let file = root.join(name);
        std::fs::write(&file, form)?;
        person.tianye(&["add-form", file.to_str().ok_or("a path without UTF-8")?])?;
    }
    person.laptop.open(language).await?;
    person.unlock().await?;
    begin(&person.laptop, "sound", "S1").await?;

    let laptop = &person.laptop;
    in_english(laptop, language, "A day at home").await?;
    laptop.press_button("record").await?;
    let said = until_saved(laptop, 2.0).await?;
    laptop.press_button("pause-recording").await?;
    laptop.until_shows("recorder").await?;
    gallery.one(laptop, "recorder-paused").await?;
    laptop.press_button("pause-recording").await?;
    let said = until_saved(laptop, said + 3.0).await?;
    gallery.one(laptop, "recorder").await?;
    laptop.press_button("end-recording").await?;
    laptop.until_shows("file-sound").await?;
    laptop.until_quiet().await?;
    gallery.one(laptop, "recorder-done").await?;
    let first = played(laptop).await?;

    // The power goes in the middle of the second one.
    turn(laptop, Key::PageDown).await?;
    laptop.press_button("record").await?;
    until_saved(laptop, 3.0).await?;
    person.laptop.kill()?;
    person.laptop.open(language).await?;
    person.unlock().await?;
    let laptop = &person.laptop;
    laptop.until_shows("open-S1").await?;
    laptop.press_button("open-S1").await?;
    laptop.until_shows("unfinished").await?;
    gallery.one(laptop, "recorder-cut").await?;
    laptop.press_button("keep-unfinished").await?;
    laptop.until_shows("file-sound").await?;
    let second = played(laptop).await?;
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await?;
    let said_behind = talk(&mut person, language, gallery).await?;
    person.laptop.close().await?;
    let [first, second] = [("voice", first, said), ("song", second, 3.0)].map(|(name, played, said)| {
        let heard = heard(&person, "S1", name)?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(Heard { played, said, ..heard })
    });
    let mut behind = heard_behind(&person, &root.join("out"))?.into_iter();
    let (Some(one), Some(other), None) = (behind.next(), behind.next(), behind.next()) else {
        return Err("expected two recordings made in the background, found others".into());
    };
    let [third, fourth] = [one, other].map(|heard| Heard { played: heard.seconds, said: said_behind, ..heard });
    Ok([first?, second?, third, fourth])
}

/// Two interviews recorded in the background while they go on: one is cut off by a crash, one is declined first and ends
/// when it is left. Gives the seconds that both have at least.
async fn talk(person: &mut Person, language: &str, gallery: &mut Gallery) -> Outcome<f64> {
    const LEAST: f64 = 2.0;
    let laptop = &person.laptop;
    begin(laptop, "talk", "T1").await?;
    in_english(laptop, language, "Who is at home").await?;
    laptop.until_shows("sound-agree").await?;
    gallery.one(laptop, "sound-asked").await?;
    laptop.chord(Key::Alt, 'r').await?;
    until_behind(laptop, LEAST).await?;
    laptop.types("妈妈").await?;
    turn(laptop, Key::PageDown).await?;
    gallery.one(laptop, "sound-running").await?;
    laptop.chord(Key::Alt, 'p').await?;
    laptop.until(&state("paused"), "a pause").await?;
    gallery.one(laptop, "sound-paused").await?;
    laptop.chord(Key::Alt, 'p').await?;
    until_behind(laptop, LEAST + 2.0).await?;
    person.laptop.kill()?;
    person.laptop.open(language).await?;
    person.unlock().await?;
    let laptop = &person.laptop;
    laptop.until_shows("open-T1").await?;
    laptop.press_button("open-T1").await?;
    laptop.until_shows("sound-keep").await?;
    gallery.one(laptop, "sound-cut").await?;
    laptop.press_button("sound-keep").await?;
    laptop.until(&state("kept"), "the recording kept").await?;
    gallery.one(laptop, "sound-kept").await?;
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await?;

    begin(laptop, "talk", "T2").await?;
    in_english(laptop, language, "Who is at home").await?;
    laptop.press_button("sound-decline").await?;
    laptop.until(&state("declined"), "a no that was noted").await?;
    gallery.one(laptop, "sound-declined").await?;
    laptop.chord(Key::Alt, 'r').await?;
    until_behind(laptop, LEAST).await?;
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await?;
    Ok(LEAST)
}

fn state(wanted: &str) -> String {
    format!("document.querySelector('{}')?.dataset.state === {}", testid("sound-bar"), json!(wanted))
}

async fn until_behind(laptop: &Laptop, seconds: f64) -> Outcome {
    let saved = format!("Number(document.querySelector('{}')?.dataset.saved) >= {seconds}", testid("sound-bar"));
    let there = format!("{saved} || document.querySelector('{}')", testid("sound-trouble"));
    laptop.until(&there, &format!("{seconds} seconds on disk in the background")).await?;
    if laptop.shows("sound-trouble").await? {
        Err("expected sound in the background, found trouble".into())
    } else {
        Ok(())
    }
}

/// Shows the form in English where the window does.
pub(crate) async fn in_english(laptop: &Laptop, language: &str, words: &str) -> Outcome {
    if language != "en" {
        return Ok(());
    }
    laptop.press(Key::F4).await?;
    laptop.until_says(words).await
}

/// The recordings made in the background, as an export gives them.
fn heard_behind(person: &Person, out: &Path) -> Outcome<Vec<Heard>> {
    let desk = unlocked(person)?;
    let input = ExportInput {
        form: "talk".into(),
        labels: false,
        names: false,
        files: true,
        instances: false,
        entities: false,
        identified: true,
        reason: "试用".into(),
        ..ExportInput::default()
    };
    let report = desk.export_csv(&input, out, "en").map_err(refused)?;
    let sounds = std::fs::read_dir(out.join(&report.attachments))?.flatten().map(|file| std::fs::read(file.path()));
    sounds.map(|sound| measured("audio/flac", &sound?)).collect()
}

/// Begins an interview with a form.
pub(crate) async fn begin(laptop: &Laptop, form: &str, code: &str) -> Outcome {
    ask_to_begin(laptop, form, code).await?;
    laptop.until_shows("page").await
}

/// Asks to begin one, whatever is said to that.
pub(crate) async fn ask_to_begin(laptop: &Laptop, form: &str, code: &str) -> Outcome {
    laptop.click("new-interview").await?;
    laptop.until_shows("page-new-interview").await?;
    laptop.fill("new-code", code).await?;
    let choose = format!(
        "const list = document.querySelector('[data-testid=new-form]');
        list.value = {};
        list.dispatchEvent(new Event('change', {{ bubbles: true }}));",
        json!(form)
    );
    laptop.run(&choose).await?;
    laptop.click("start-interview").await
}

/// Waits until so many seconds are on disk; how many are.
async fn until_saved(laptop: &Laptop, seconds: f64) -> Outcome<f64> {
    let saved = format!("Number(document.querySelector('{}')?.dataset.saved)", testid("recorder"));
    let there = format!("{saved} >= {seconds} || document.querySelector('{}')", testid("recorder-trouble"));
    laptop.until(&there, &format!("{seconds} seconds on disk")).await?;
    let found = laptop.run(&format!("return {saved}")).await?;
    found.as_f64().ok_or_else(|| "expected a recording that goes on, found trouble".into())
}

/// How many seconds the player of the page says the sound is long, once it has played some of it.
pub(crate) async fn played(laptop: &Laptop) -> Outcome<f64> {
    let player = format!("document.querySelector('{}')", testid("file-sound"));
    laptop.until(&format!("{player}?.readyState >= 1"), "a sound that can be played").await?;
    laptop.run(&format!("{player}.play().catch(() => {{}})")).await?;
    laptop.until(&format!("{player}.currentTime > 0.5"), "half a second that was played").await?;
    laptop.run(&format!("{player}.pause()")).await?;
    Ok(laptop.run(&format!("return {player}.duration")).await?.as_f64().unwrap_or_default())
}

async fn turn(laptop: &Laptop, key: Key) -> Outcome {
    let page = crate::page::read(laptop).await?;
    laptop.press(key).await?;
    let other = format!("document.querySelector('{}').dataset.page !== {}", testid("page"), json!(page.key));
    laptop.until(&other, "another page").await
}

/// The recording of a question, out of the store.
pub(crate) fn heard(person: &Person, code: &str, name: &str) -> Outcome<Heard> {
    let mut desk = unlocked(person)?;
    let records = desk.records("en").map_err(refused)?;
    let record = records.into_iter().find(|card| card.code == code).ok_or("no interview")?;
    let field = format!("/{name}");
    desk.open_interview(&record.id, "en").map_err(refused)?;
    let view = desk.go(&tianye_desk::view::Move::Field { field: field.clone() }).map_err(refused)?;
    let item = view.page.items.into_iter().find(|item| item.field == field).ok_or("no question")?;
    let Control::Capture(capture) = item.control else { return Err("no question for a file".into()) };
    let card = capture.file.ok_or("no file")?;
    let mut bytes = Vec::new();
    for part in 0..card.parts {
        let part = desk.file_part(&record.id, &card.name, part).map_err(refused)?;
        bytes.extend(BASE64.decode(part.base64)?);
    }
    measured(&card.media_type, &bytes)
}

fn refused(why: tianye_desk::view::Refusal) -> String {
    let tianye_desk::view::Refusal { code, detail, .. } = why;
    format!("{code}: {detail}")
}

fn unlocked(person: &Person) -> Outcome<tianye_desk::Desk> {
    let laptop = tianye_desk::Laptop::new(&person.laptop.data(), Arc::new(Machine), KdfCost::default());
    let store = laptop.start().map_err(refused)?.stores.into_iter().next().ok_or("no store")?;
    Ok(laptop.unlock(&store.id, person.passphrase).map_err(refused)?)
}

/// Length and pitch of FLAC.
pub(crate) fn measured(media_type: &str, bytes: &[u8]) -> Outcome<Heard> {
    let mut reader = claxon::FlacReader::new(bytes)?;
    let rate = reader.streaminfo().sample_rate;
    let samples: Vec<i32> = reader.samples().collect::<Result<_, _>>()?;
    let (seconds, middle) =
        (samples.len() as f64 / f64::from(rate), &samples[samples.len() / 3..samples.len() * 2 / 3]);
    let rises = middle.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
    let pitch = rises as f64 * f64::from(rate) / middle.len() as f64;
    let zeros = samples.iter().take_while(|sample| **sample == 0).count();
    let silent = zeros as f64 / f64::from(rate);
    Ok(Heard { media_type: media_type.to_owned(), rate, seconds, played: 0.0, pitch, silent, said: 0.0 })
}
