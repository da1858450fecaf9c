//! What an entry says at a glance, before anybody knows who may write and what else its record holds.
//!
//! Whoever opens an entry that comes in looks at it once, and keeps a [`Sight`] beside it. As long as the entry is alone in
//! its record and its author had the right to write it, that is what the fold comes to; else the fold decides.

use crate::content::{MAX_TEXT, VERSION};
use crate::fold::{KeptCard, Status};
use crate::glance::{Glance, glance_of};
use crate::kinds::{FormHash, Subject, SubjectKind};
use crate::packed::unpack;
use crate::rights::Team;
use crate::{At, Private, Said, kind};
use serde::{Deserialize, Serialize};
use tianye_journal::{ChainId, EntryHash, PersonId, PlainBody, RecordId};

/// Version of the bytes: they are kept on one laptop only, and can be made again.
const FORMAT: u8 = 1;
/// Bytes before what is seen: version, kind, entry, chain, author, time.
const HEAD: usize = 1 + 2 + 32 + 16 + 16 + 8 + 2;

/// An interview of one sitting, or a respondent's card, in an entry that nothing came before and that names no files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    entry: EntryHash,
    chain: ChainId,
    author: PersonId,
    at: At,
    seen: Seen,
}

/// What is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// What lists show of an interview; it says nothing of entities and was not taken from another program.
    Interview(Box<Glance>),
    /// A respondent's card.
    Subject(Box<KeptCard<Subject>>),
}

impl Sight {
    /// Looks at an entry; `None` where that is to be folded.
    pub fn of(entry: EntryHash, chain: ChainId, body: &PlainBody) -> Option<Self> {
        if !body.parents.is_empty() {
            return None;
        }
        let (author, at) = (body.author, body.at.into());
        let seen = match body.kind {
            kind::INTERVIEW => Seen::Interview(Box::new(glance_of(entry, author, &unpack(&body.content)?)?)),
            // Nobody packs a card.
            kind::SUBJECT => Seen::subject(author, at, &body.content)?,
            _ => return None,
        };
        Some(Self { entry, chain, author, at, seen })
    }

    /// What is seen and when it was written, if its author had the right to write it.
    pub fn read(self, team: &Team) -> Option<(Seen, At)> {
        team.check_author(&self.chain, &self.author, &self.entry, self.seen.kind(), true).ok()?;
        Some((self.seen, self.at))
    }

    /// The same as bytes. `body`: of the entry that it was taken from.
    pub fn to_bytes(&self, body: &PlainBody) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(512);
        bytes.push(FORMAT);
        bytes.extend_from_slice(&self.seen.kind().to_be_bytes());
        bytes.extend_from_slice(self.entry.as_bytes());
        bytes.extend_from_slice(self.chain.as_bytes());
        bytes.extend_from_slice(self.author.as_bytes());
        bytes.extend_from_slice(&self.at.ms.to_be_bytes());
        bytes.extend_from_slice(&self.at.offset.to_be_bytes());
        match &self.seen {
            // It has no way to fail: a struct of texts and numbers.
            Seen::Interview(glance) => _ = serde_json::to_writer(&mut bytes, &Line::of(glance)),
            Seen::Subject(_) => bytes.extend_from_slice(&body.content),
        }
        bytes
    }

    /// Reads what [`Sight::to_bytes`] wrote; `None` for anything else, which is then to be folded.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
        let (&format, mut head) = head.split_first()?;
        if format != FORMAT {
            return None;
        }
        let kind = u16::from_be_bytes(*taken(&mut head)?);
        let (entry, chain) = (EntryHash::from_bytes(*taken(&mut head)?), ChainId::from_bytes(*taken(&mut head)?));
        let author = PersonId::from_bytes(*taken(&mut head)?);
        let at = At { ms: i64::from_be_bytes(*taken(&mut head)?), offset: i16::from_be_bytes(*taken(&mut head)?) };
        let seen = match kind {
            kind::INTERVIEW => {
                let line: Line = serde_json::from_slice(rest).ok()?;
                Seen::Interview(Box::new(line.glance(entry, author)))
            }
            kind::SUBJECT => Seen::subject(author, at, rest)?,
            _ => return None,
        };
        Some(Self { entry, chain, author, at, seen })
    }
}

fn taken<'a, const N: usize>(bytes: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(first)
}

impl Seen {
    fn kind(&self) -> u16 {
        match self {
            Self::Interview(_) => kind::INTERVIEW,
            Self::Subject(_) => kind::SUBJECT,
        }
    }

    fn subject(author: PersonId, at: At, content: &[u8]) -> Option<Self> {
        let card = subject_of(content)?;
        Some(Self::Subject(Box::new(KeptCard { card: Some(card), begun: Some((author, at)), conflicts: Vec::new() })))
    }
}

/// What of a glance is not said by its entry.
#[derive(Serialize, Deserialize)]
struct Line {
    form: Option<FormHash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<RecordId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    site: Option<RecordId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    handed_to: Option<PersonId>,
    status: Status,
    answered: usize,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    practice: bool,
    #[serde(default, skip_serializing_if = "Said::is_empty")]
    said: Said,
}

impl Line {
    fn of(glance: &Glance) -> Self {
        Self {
            form: glance.forms.first().copied(),
            subject: glance.subject,
            site: glance.site,
            handed_to: glance.handed_to,
            status: glance.status,
            answered: glance.answered,
            practice: glance.practice,
            said: glance.said.clone(),
        }
    }

    fn glance(self, entry: EntryHash, author: PersonId) -> Glance {
        let Self { form, subject, site, handed_to, status, answered, practice, said } = self;
        Glance {
            forms: form.into_iter().collect(),
            subject,
            site,
            // One with a group is folded.
            with: Vec::new(),
            interviewers: vec![author],
            handed_to,
            status,
            sent_back: Private::default(),
            answered,
            practice,
            conflicts: 0,
            merged: false,
            said,
            heads: vec![entry],
        }
    }
}

/// A respondent's card as it is written when nothing about it is unusual.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Respondent {
    v: u64,
    kind: SubjectKind,
    #[serde(default)]
    code: String,
    #[serde(default)]
    display_name: Private,
    #[serde(default)]
    site: Option<RecordId>,
    #[serde(default)]
    birth_date: Option<Private>,
    #[serde(default)]
    sex: Option<Private>,
    #[serde(default)]
    student_number: Option<Private>,
    #[serde(default)]
    id_number: Option<Private>,
    #[serde(default)]
    grade: Option<String>,
    #[serde(default)]
    contact: Option<Private>,
    #[serde(default)]
    of: Vec<RecordId>,
    #[serde(default)]
    note: Option<Private>,
}

fn subject_of(content: &[u8]) -> Option<Subject> {
    // Within so many bytes, no list and no text passes its own limit.
    if content.len() > MAX_TEXT {
        return None;
    }
    let Respondent {
        v,
        kind,
        code,
        display_name,
        site,
        birth_date,
        sex,
        student_number,
        id_number,
        grade,
        contact,
        of,
        note,
    } = serde_json::from_slice(content).ok()?;
    // An empty text is none where the fold reads it.
    let empty = |text: &Option<Private>| text.as_ref().is_some_and(|text| text.is_empty());
    let texts = [&birth_date, &sex, &student_number, &id_number, &contact, &note];
    if v != VERSION
        || kind.as_str().is_empty()
        || texts.into_iter().any(empty)
        || grade.as_ref().is_some_and(String::is_empty)
    {
        return None;
    }
    let (birth, number) = (birth_date, student_number);
    Some(Subject {
        kind,
        code,
        display_name,
        site,
        birth_date: birth,
        sex,
        student_number: number,
        id_number,
        grade,
        contact,
        of,
        note,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Opened, Role, card, record_kind};
    use proptest::prelude::*;
    use tianye_journal::{Seq, WallClock};

    const ENTRY: EntryHash = EntryHash::from_bytes([3; 32]);
    const CHAIN: ChainId = ChainId::from_bytes([4; 16]);
    const CARD: &str = r#"{"birth_date":"2007-05-06","code":"217","contact":null,"display_name":"小满",
        "grade":"五","id_number":null,"kind":"pupil","note":"n\u4e00","of":["00000000-0000-4000-8000-000000000003"],
        "sex":"female","site":"00000000-0000-4000-8000-000000000002","student_number":"9","v":1}"#;

    fn body(bytes: &[u8]) -> PlainBody {
        PlainBody {
            kind: kind::SUBJECT,
            record: RecordId::from_bytes([1; 16]),
            parents: Vec::new(),
            author: PersonId::from_bytes([2; 16]),
            at: WallClock { millis: 5, offset_minutes: 480 },
            content: bytes.to_vec(),
        }
    }

    fn team(role: Role) -> Team {
        let mut team = Team::default();
        team.add(CHAIN, PersonId::from_bytes([2; 16]), role);
        team
    }

    /// Whatever is seen of a card, the fold tells too, and it comes back from its bytes.
    fn check(bytes: &[u8]) -> Result<bool, TestCaseError> {
        let (body, team) = (body(bytes), team(Role::Interviewer));
        let Some(sight) = Sight::of(ENTRY, CHAIN, &body) else { return Ok(false) };
        prop_assert_eq!(Sight::from_bytes(&sight.to_bytes(&body)), Some(sight.clone()));
        let opened = Opened::read(ENTRY, CHAIN, Seq::FIRST, &body);
        prop_assert_eq!(record_kind([&opened], &team), Some(kind::SUBJECT));
        let state: KeptCard<Subject> = card(body.record, [&opened], &team).into();
        prop_assert_eq!(sight.read(&team), Some((Seen::Subject(Box::new(state)), At { ms: 5, offset: 480 })));
        Ok(true)
    }

    #[test]
    fn an_ordinary_card_is_seen() {
        assert!(check(CARD.as_bytes()).unwrap());
        let whole = crate::Content::from(&Subject::new(SubjectKind::Pupil, "1")).encode().unwrap();
        assert!(check(&whole).unwrap());
    }

    #[test]
    fn what_is_not_ordinary_is_folded() {
        #[track_caller]
        fn folded(from: &str, to: &str) {
            let changed = CARD.replacen(from, to, 1);
            assert_ne!(changed, CARD);
            assert!(!check(changed.as_bytes()).unwrap(), "{to}");
        }
        folded(r#""v":1"#, r#""v":2"#);
        folded(r#""v":1"#, r#""v":1,"v":1"#);
        folded(r#","v":1"#, "");
        folded(r#""kind":"pupil","#, "");
        folded(r#""kind":"pupil""#, r#""kind":"""#);
        folded(r#""kind":"pupil""#, r#""kind":null"#);
        folded(r#""sex":"female""#, r#""sex":"""#);
        folded(r#""grade":"五""#, r#""grade":"""#);
        folded(r#""grade""#, r#""later""#);
        folded(r#""code":"217""#, r#""code":217"#);
        folded(r#""code":"217""#, r#""code":null"#);
    }

    #[test]
    fn what_nobody_had_the_right_to_write_is_folded() {
        let seen = |body: &PlainBody, chain, role| Sight::of(ENTRY, chain, body).and_then(|one| one.read(&team(role)));
        let plain = body(CARD.as_bytes());
        assert!(seen(&plain, CHAIN, Role::Lead).is_some());
        assert!(seen(&plain, CHAIN, Role::Analyst).is_none());
        assert!(seen(&plain, ChainId::from_bytes([5; 16]), Role::Lead).is_none());
        assert!(
            seen(&PlainBody { author: PersonId::from_bytes([9; 16]), ..plain.clone() }, CHAIN, Role::Lead).is_none()
        );
        assert!(seen(&PlainBody { parents: vec![ENTRY], ..plain.clone() }, CHAIN, Role::Lead).is_none());
        assert!(seen(&PlainBody { kind: kind::SITE, ..plain }, CHAIN, Role::Lead).is_none());
        let mut revoked = team(Role::Lead);
        revoked.revoke(CHAIN, [].into());
        assert!(Sight::of(ENTRY, CHAIN, &body(CARD.as_bytes())).unwrap().read(&revoked).is_none());
    }

    #[test]
    fn other_bytes_are_none() {
        let bytes = Sight::of(ENTRY, CHAIN, &body(CARD.as_bytes())).unwrap().to_bytes(&body(CARD.as_bytes()));
        for cut in 0..bytes.len() {
            assert_eq!(Sight::from_bytes(&bytes[..cut]), None, "{cut}");
        }
        for (at, with) in [(0, FORMAT + 1), (2, 99)] {
            let mut other = bytes.clone();
            other[at] = with;
            assert_eq!(Sight::from_bytes(&other), None);
        }
    }

    proptest! {
        #[test]
        fn a_sight_and_the_fold_tell_the_same(at in 0..CARD.len(), with in any::<u8>(), cut in 0..60_usize) {
            let mut bytes = CARD.as_bytes().to_vec();
            bytes[at] = with;
            check(&bytes)?;
            let mut bytes = CARD.as_bytes().to_vec();
            bytes.drain(at..(at + cut).min(CARD.len()));
            check(&bytes)?;
            let mut bytes = CARD.as_bytes().to_vec();
            let part = CARD.as_bytes()[at..(at + cut).min(CARD.len())].to_vec();
            bytes.splice(at..at, part);
            check(&bytes)?;
        }
    }
}
