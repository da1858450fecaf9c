//! What is taken in: the lead's laptop before the evening, and the batches of a hundred others, made from a seed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, FixedOffset, TimeZone as _};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use serde::{Deserialize, Serialize};
use tianye_bench::figures::say;
use tianye_desk::view::NewProject;
use tianye_desk::world::World;
use tianye_desk::{KdfCost, Laptop};
use tianye_journal::{
    BatchWriter, Certificate, ChainWriter, Details, DeviceId, EntryHash, PersonId, PlainBody, ProjectKey, ReadingKey,
    Recipient, RecordId, SigningKey, WallClock,
};
use tianye_store::{Op, Passphrase, Store, Unlock};
use tianye_survey::{
    Answer, Card, Change, Content, Field, FormHash, Interview, Member, Names, Site, SiteKind, Sitting, Stage, Subject,
    SubjectKind, kind,
};

use crate::{Outcome, PASSPHRASE, form, words};

/// Laptops that interview.
pub const LAPTOPS: usize = 100;
/// Classes of a school; each laptop interviews in one school.
const CLASSES: usize = 20;
/// Of so many interviews, one is corrected on two laptops.
const ONE_CORRECTED_OF: usize = 100;
/// Of so many respondents, one is the same child as another.
const ONE_TWICE_OF: usize = 200;

/// What the lead's laptop must come to; also what is known of the input.
#[derive(Debug, Serialize, Deserialize)]
pub struct Expected {
    /// Interviews in the batches.
    pub interviews: usize,
    /// Entries in the batches, with openings, respondents and corrections.
    pub entries: usize,
    /// Answers that two laptops corrected differently.
    pub conflicts: usize,
    /// Pairs of respondents who are one child.
    pub twice: Vec<[String; 2]>,
    /// Bytes of the batches.
    pub bytes: u64,
    /// Bytes of the interviews' contents before they were packed, sealed and signed; and of the shortest of them.
    pub said: (u64, u64),
    /// One interview by its id, with its answers by address.
    pub sample: (String, BTreeMap<String, String>),
}

impl Expected {
    /// Of an input that is whole.
    pub fn read(input: &Path) -> Outcome<Self> {
        let file = input.join("expected.json");
        let text = fs::read(&file).map_err(|why| format!("cannot read {}: {why}", file.display()))?;
        serde_json::from_slice(&text).map_err(words)
    }
}

/// The clock and the dice of the lead's laptop.
#[derive(Debug)]
struct Seeded(Mutex<ChaCha20Rng>);

impl World for Seeded {
    fn now(&self) -> DateTime<FixedOffset> {
        let offset = FixedOffset::east_opt(8 * 3600).expect("eight hours are less than a day");
        offset.timestamp_millis_opt(STARTED).single().expect("a time of 2017")
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().expect("no holder panics").fill_bytes(bytes);
    }
}

/// 2017-04-12 08:00 in Wuyi.
const STARTED: i64 = 1_491_955_200_000;

/// Makes the lead's laptop and the batches in `folder`.
pub fn make(folder: &Path, interviews: usize, seed: u64) -> Outcome {
    let _ = fs::remove_dir_all(folder);
    let batches = folder.join("batches");
    fs::create_dir_all(&batches).map_err(words)?;
    let lead = lead(folder, seed)?;
    let each = interviews / LAPTOPS;
    let done = std::sync::atomic::AtomicUsize::new(0);
    let numbers: Vec<usize> = (0..LAPTOPS).collect();
    let mut written: Vec<Outcome<Vec<Written>>> = Vec::new();
    std::thread::scope(|scope| {
        let work = |numbers: &[usize]| -> Outcome<Vec<Written>> {
            numbers
                .iter()
                .map(|number| {
                    let written = Written::interviewing(&lead, &batches, *number, each, seed)?;
                    let through = 1 + done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    if through.is_multiple_of(10) {
                        say(&format!("  … {} interviews written", through * each));
                    }
                    Ok(written)
                })
                .collect()
        };
        let (first, second) = numbers.split_at(LAPTOPS / 2);
        let other = scope.spawn(move || work(second));
        written.push(work(first));
        written.push(other.join().unwrap_or_else(|_| Err("a thread that writes panicked".into())));
    });
    let mut laptops: Vec<Written> = written.into_iter().collect::<Outcome<Vec<_>>>()?.into_iter().flatten().collect();
    let mut expected = Expected {
        interviews: each * LAPTOPS,
        entries: 0,
        conflicts: 0,
        twice: laptops.iter_mut().flat_map(|laptop| std::mem::take(&mut laptop.twice)).collect(),
        bytes: 0,
        said: laptops.iter().fold((0, u64::MAX), |(all, least), laptop| {
            (all + laptop.said.iter().sum::<u64>(), laptop.said.iter().copied().fold(least, u64::min))
        }),
        sample: laptops[LAPTOPS / 2].sample.clone().ok_or("expected an interview on each laptop, found none")?,
    };
    for at in 0..LAPTOPS {
        let corrected = std::mem::take(&mut laptops[at].corrected);
        for (record, first) in corrected {
            for (side, laptop) in [at, (at + 1) % LAPTOPS].into_iter().enumerate() {
                let (address, answer) = form::corrected(side);
                let change = Change { over: vec![first], ..Change::new(Field::new(address), Answer::of(&answer)) };
                let interview =
                    Interview { changes: vec![change], stage: Some(Stage::Finalised), ..Interview::under(lead.form) };
                laptops[laptop].write(record, vec![first], &Content::from(interview))?;
            }
            expected.conflicts += 1;
        }
    }
    for laptop in laptops {
        expected.entries += laptop.entries;
        laptop.batch.finish().map_err(words)?.into_inner().map_err(words)?.sync_all().map_err(words)?;
    }
    for batch in fs::read_dir(&batches).map_err(words)? {
        expected.bytes += batch.and_then(|batch| batch.metadata()).map_err(words)?.len();
    }
    // Last: an input without it is not whole.
    fs::write(folder.join("expected.json"), serde_json::to_vec(&expected).map_err(words)?).map_err(words)
}

/// What laptops must know of the lead's.
struct Lead {
    key: ProjectKey,
    who: Who,
    readers: Vec<Recipient>,
    form: FormHash,
    classes: Vec<RecordId>,
}

/// What the lead's store says of the lead.
#[derive(Deserialize)]
struct Who {
    project: tianye_journal::ProjectId,
    person: PersonId,
    readers: Vec<String>,
}

/// The lead's laptop with the project, the questionnaire and the classes, as the desk makes them.
fn lead(folder: &Path, seed: u64) -> Outcome<Lead> {
    let world = Arc::new(Seeded(Mutex::new(dice(seed, 0))));
    let laptop = Laptop::new(&folder.join("lead"), world, KdfCost::default());
    let mut desk = laptop
        .create_project(&NewProject {
            title: "bench".into(),
            person: "沈一帆".into(),
            device: "组长电脑".into(),
            passphrase: PASSPHRASE.into(),
            hub_card: None,
        })
        .map_err(words)?;
    let report = desk.check_form("bench.md", form::workbook().as_bytes(), &|_| None).map_err(words)?;
    if !report.usable {
        return Err("the questionnaire cannot be used".into());
    }
    desk.add_form().map_err(words)?;
    drop(desk);
    let store = tianye_store::list(&folder.join("lead")).map_err(words)?.pop().ok_or("expected a store, found none")?;
    let store = Store::unlock(&store.dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), STARTED).map_err(words)?;
    let (key, who, forms) = store
        .read(|view| Ok((view.secret("project-key")?, view.setting("who")?, view.entries_of_kind(kind::FORM)?)))
        .map_err(words)?;
    let key = key.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok()).ok_or("expected a project key")?;
    let who: Who = serde_json::from_slice(&who.unwrap_or_default()).map_err(words)?;
    let readers = who.readers.iter().map(|text| text.parse().map_err(words)).collect::<Outcome<_>>()?;
    let form = forms.iter().find_map(|entry| match Content::decode(kind::FORM, &entry.body.content) {
        Content::Form(version) => Some(version.hash),
        _ => None,
    });
    let mut dice = dice(seed, 1);
    let mut classes = Vec::new();
    store
        .transact(Op::Seal, |tx| {
            let mut add = |site: &Site| -> tianye_store::Result<RecordId> {
                let record = RecordId::random(&mut dice);
                let content = Content::Site(Card::whole(site)).encode();
                let content = content.map_err(|_| tianye_store::Error::NotFound { what: "content" })?;
                tx.append_own(&body(kind::SITE, record, Vec::new(), who.person, content))?;
                Ok(record)
            };
            for at in 0..LAPTOPS {
                let name = Names { zh: format!("第{}小学", at + 1), en: format!("School {}", at + 1) };
                let parent = Some(add(&Site::new(SiteKind::School, name))?);
                for class in 0..CLASSES {
                    let name = Names { zh: format!("{}班", class + 1), en: format!("Class {}", class + 1) };
                    classes.push(add(&Site { parent, ..Site::new(SiteKind::Class, name) })?);
                }
            }
            Ok(())
        })
        .map_err(words)?;
    let form = form.ok_or("expected a form in the store, found none")?;
    Ok(Lead { key: ProjectKey::from_secret_bytes(&key), who, readers, form, classes })
}

/// A laptop that has interviewed, and the batch that it sends.
struct Written {
    person: PersonId,
    chain: ChainWriter,
    batch: BatchWriter<BufWriter<File>>,
    dice: ChaCha20Rng,
    entries: usize,
    twice: Vec<[String; 2]>,
    /// Interviews that two laptops go on to correct, each with its entry.
    corrected: Vec<(RecordId, EntryHash)>,
    sample: Option<(String, BTreeMap<String, String>)>,
    /// Bytes of each interview's content.
    said: Vec<u64>,
}

impl Written {
    fn interviewing(lead: &Lead, batches: &Path, number: usize, interviews: usize, seed: u64) -> Outcome<Self> {
        // The lead's two have the first numbers.
        let mut dice = dice(seed, number + 2);
        let (signing, reading) = (SigningKey::generate(&mut dice), ReadingKey::generate(&mut dice));
        let mut salt = [0; 16];
        dice.fill_bytes(&mut salt);
        let details = Details {
            salt,
            person: PersonId::random(&mut dice),
            device: DeviceId::random(&mut dice),
            reader: reading.recipient(),
            role: "interviewer".into(),
            name: format!("访员{number}"),
            sites: Vec::new(),
        };
        let certificate =
            Certificate::issue(lead.who.project, &lead.key, signing.public(), &details, &mut dice).map_err(words)?;
        let card = Content::Member(Card::whole(&Member::certified(&certificate, &details)));
        let own = RecordId::random(&mut dice);
        let opening = body(kind::MEMBER, own, Vec::new(), details.person, card.encode().map_err(words)?);
        let readers: Vec<Recipient> = lead.readers.iter().copied().chain([reading.recipient()]).collect();
        let (chain, entry) = ChainWriter::open(&signing, &certificate, &readers, &opening, &mut dice).map_err(words)?;
        let file = File::create(batches.join(format!("{number:03}.batch"))).map_err(words)?;
        let mut batch = BatchWriter::new(BufWriter::new(file)).map_err(words)?;
        batch.entry(&entry).map_err(words)?;
        let (person, twice, corrected) = (details.person, Vec::new(), Vec::new());
        let mut laptop =
            Self { person, chain, batch, dice, entries: 1, twice, corrected, sample: None, said: Vec::new() };
        let mut before = None;
        for at in 0..interviews {
            laptop.interview(lead, number, at, &mut before)?;
        }
        Ok(laptop)
    }

    /// A respondent's card and a whole interview, as the desk writes them.
    fn interview(
        &mut self,
        lead: &Lead,
        number: usize,
        at: usize,
        before: &mut Option<(RecordId, Subject)>,
    ) -> Outcome {
        let dice = &mut self.dice;
        let code = format!("{:02}{:04}", number % 100, at);
        let mut child = Subject {
            display_name: name(dice).into(),
            site: lead.classes.get(number * CLASSES + at % CLASSES).copied(),
            birth_date: Some(format!("20{:02}-{:02}-{:02}", 5 + at % 5, 1 + at % 12, 1 + form::below(28, dice)).into()),
            ..Subject::new(SubjectKind::Pupil, code)
        };
        let (subject, record) = (RecordId::random(&mut self.dice), RecordId::random(&mut self.dice));
        if at % ONE_TWICE_OF == 1
            && let Some((other, twin)) = before.as_ref()
        {
            child = Subject { code: child.code, ..twin.clone() };
            self.twice.push([other.to_string(), subject.to_string()]);
        }
        self.write(subject, Vec::new(), &Content::Subject(Card::whole(&child)))?;
        *before = Some((subject, child));
        let answers: Vec<(String, String)> = form::answers(&mut self.dice).collect();
        let now = tianye_survey::At { ms: STARTED, offset: 480 };
        let change =
            |(address, answer): &(String, String)| Change::new(Field::new(address.as_str()), Answer::of(answer));
        let interview = Interview {
            subject: Some(subject),
            sitting: Some(Sitting { started: now, ended: now }),
            changes: answers.iter().map(change).collect(),
            stage: Some(Stage::Finalised),
            app: Some("bench".into()),
            ..Interview::under(lead.form)
        };
        let content = Content::from(interview);
        self.said.push(content.to_json().map_err(words)?.len() as u64);
        let entry = self.write(record, Vec::new(), &content)?;
        if at.is_multiple_of(ONE_CORRECTED_OF) {
            self.corrected.push((record, entry));
        } else if self.sample.is_none() {
            self.sample = Some((record.to_string(), answers.into_iter().collect()));
        }
        Ok(())
    }

    fn write(&mut self, record: RecordId, parents: Vec<EntryHash>, content: &Content) -> Outcome<EntryHash> {
        let body = body(content.kind(), record, parents, self.person, content.encode().map_err(words)?);
        let entry = self.chain.seal(&body, &mut self.dice).map_err(words)?;
        self.batch.entry(&entry).map_err(words)?;
        self.entries += 1;
        Ok(entry.hash())
    }
}

/// Dice of which no two numbers are the same.
fn dice(seed: u64, number: usize) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed ^ (u64::try_from(number).unwrap_or_default() << 32))
}

fn body(kind: u16, record: RecordId, parents: Vec<EntryHash>, author: PersonId, content: Vec<u8>) -> PlainBody {
    PlainBody { kind, record, parents, author, at: WallClock { millis: STARTED, offset_minutes: 480 }, content }
}

const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "罗",
    "郑",
];
const GIVEN: [&str; 40] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀", "霞",
    "平", "刚", "桂", "英", "华", "玉", "萍", "红", "玲", "建", "文", "小", "春", "海", "山", "云", "雨", "禾", "穗",
    "谷", "松",
];

fn name(dice: &mut ChaCha20Rng) -> String {
    let mut one_of = |words: &[&'static str]| words[form::below(words.len(), dice)];
    format!("{}{}{}", one_of(&SURNAMES), one_of(&GIVEN), one_of(&GIVEN))
}
