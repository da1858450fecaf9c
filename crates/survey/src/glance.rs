//! What lists show of an interview, at a glance.
//!
//! Most interviews are one sitting that nobody touched again. What lists show of such a one stands in its bytes: no graph is
//! laid, and no answer is kept. [`glance_of`] reads only what is plainly such a sitting, and then comes to the same as the
//! fold; of everything else it says nothing, and the fold decides.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use tianye_journal::{EntryHash, PersonId, RecordId};

use crate::Private;
use crate::content::{MAX_TEXT, VERSION};
use crate::duplicates::{Said, said, said_in};
use crate::field::{MAX_FIELD, is_node, is_row};
use crate::fold::{InterviewState, Status};
use crate::kinds::{FormHash, Stage};

/// What lists show of an interview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// See [`InterviewState::forms`].
    pub forms: Vec<FormHash>,
    /// The respondent.
    pub subject: Option<RecordId>,
    /// The site.
    pub site: Option<RecordId>,
    /// See [`InterviewState::with`].
    pub with: Vec<RecordId>,
    /// Who wrote sittings, in the order of the history.
    pub interviewers: Vec<PersonId>,
    /// To whom it was handed over last.
    pub handed_to: Option<PersonId>,
    /// How far it is.
    pub status: Status,
    /// Why it was sent back; empty otherwise.
    pub sent_back: Private,
    /// Settled fields of the form, other than rows.
    pub answered: usize,
    /// See [`InterviewState::practice`].
    pub practice: bool,
    /// What a person must decide.
    pub conflicts: usize,
    /// See [`InterviewState::is_merged`].
    pub merged: bool,
    /// What its answers say of the respondent.
    pub said: Said,
    /// The newest entries.
    pub heads: Vec<EntryHash>,
}

impl From<&InterviewState> for Glance {
    fn from(state: &InterviewState) -> Self {
        let mut reasons = state.status.sent_back().filter_map(|step| step.review.as_ref());
        Self {
            forms: state.forms.clone(),
            subject: state.subject(),
            site: state.site(),
            with: state.with.iter().copied().collect(),
            interviewers: state.interviewers.clone(),
            handed_to: state.status.handed_to(),
            status: state.status.status,
            sent_back: reasons.next().map(|review| review.reason.clone()).unwrap_or_default(),
            answered: state.answers().filter(|(field, _)| !field.is_row()).count(),
            practice: state.practice,
            conflicts: state.conflicts.len(),
            merged: state.is_merged(),
            said: said(state),
            heads: state.heads(),
        }
    }
}

/// What lists show of an interview whose only entry has this content, as JSON; `None` where that is to be folded. Whether the
/// author had the right to write it is another question ([`crate::Sight`]). Such an interview says nothing of entities and was
/// not taken from another program.
pub(crate) fn glance_of(entry: EntryHash, author: PersonId, content: &[u8]) -> Option<Glance> {
    // Within so many bytes, no list and no text passes its own limit.
    if content.len() > MAX_TEXT {
        return None;
    }
    if let Some((changes, rest)) = changes_apart(content) {
        let sitting: Sitting<'_> = serde_json::from_str(&rest).ok()?;
        return told(entry, author, &sitting, &changes);
    }
    let sitting: Sitting<'_> = serde_json::from_slice(content).ok()?;
    let changes: Vec<Line<'_>> = sitting.changes.iter().map(Line::of).collect();
    told(entry, author, &sitting, &changes)
}

/// What is read of a change.
struct Line<'a> {
    field: &'a str,
    answer: Given<'a>,
}

impl<'a> Line<'a> {
    fn of(Change { field, answer, .. }: &'a Change<'_>) -> Self {
        let answer = match answer {
            Given::Blank => Given::Blank,
            Given::Value(text) => Given::Value(Cow::Borrowed(text)),
            Given::NonAnswer => Given::NonAnswer,
        };
        Self { field, answer }
    }
}

fn told(entry: EntryHash, author: PersonId, sitting: &Sitting<'_>, changes: &[Line<'_>]) -> Option<Glance> {
    if sitting.v != VERSION || names_one_twice(changes) {
        return None;
    }
    let mut answered = 0;
    for Line { field, answer } in changes {
        // A word about the interview, or a row that was taken away: what comes of it, the fold knows.
        if !is_node(field) || field.len() > MAX_FIELD || (is_row(field) && matches!(answer, Given::Blank)) {
            return None;
        }
        answered += usize::from(!is_row(field));
    }
    let said = said_in(changes.iter().filter_map(|change| Some((change.field, change.answer.value()?))));
    Some(Glance {
        forms: vec![sitting.form],
        subject: sitting.subject,
        site: sitting.site,
        // One in which others took part is folded.
        with: Vec::new(),
        interviewers: vec![author],
        handed_to: sitting.stage.as_ref().and(sitting.hand_over_to),
        status: sitting.stage.as_ref().map_or(Status::Draft, Status::of_stage),
        sent_back: Private::default(),
        answered,
        practice: sitting.practice,
        conflicts: 0,
        merged: false,
        said,
        heads: vec![entry],
    })
}

/// The changes of a sitting that is written as this program writes it, which is read much faster than any JSON; and the sitting
/// without them. `None` where a byte is another.
fn changes_apart(content: &[u8]) -> Option<(Vec<Line<'_>>, String)> {
    const LIST: &str = r#""changes":["#;
    let text = str::from_utf8(content).ok()?;
    // Within a text its quotation marks would be escaped, and no other part of a sitting has such a key.
    let (before, list) = text.split_once(LIST)?;
    // A change of a few letters has so many bytes.
    let mut changes = Vec::with_capacity(list.len() / 40);
    let mut left = list;
    while !left.starts_with(']') {
        let (change, after) = plain_change(left)?;
        changes.push(change);
        // A comma stands between two of them only.
        left = match after.strip_prefix(',') {
            Some(next) if !next.starts_with(']') => next,
            None if after.starts_with(']') => after,
            _ => return None,
        };
    }
    Some((changes, [before, LIST, left].concat()))
}

/// `{"answer":A,"field":"F"}` at the beginning, perhaps with `"auto":true` between them, and what follows.
fn plain_change(text: &str) -> Option<(Line<'_>, &str)> {
    let given = text.strip_prefix(r#"{"answer":"#)?;
    let (answer, after) = match given.strip_prefix(r#"{"v":""#) {
        Some(value) => {
            let (value, after) = plain_text(value)?;
            let answer = if value.is_empty() { Given::Blank } else { Given::Value(Cow::Borrowed(value)) };
            (answer, after.strip_prefix('}')?)
        }
        None => (Given::Blank, given.strip_prefix("null")?),
    };
    let after = after.strip_prefix(r#","auto":true"#).unwrap_or(after);
    let (field, after) = plain_text(after.strip_prefix(r#","field":""#)?)?;
    Some((Line { field, answer }, after.strip_prefix('}')?))
}

/// A text without escapes up to its closing quotation mark, and what follows.
fn plain_text(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < b' ')?;
    Some((text.get(..end)?, text.get(end..)?.strip_prefix('"')?))
}

/// Whether a field seems to be named twice: by sums of the names, so now and then a sitting is folded for nothing.
fn names_one_twice(changes: &[Line<'_>]) -> bool {
    let mut sums: Vec<u64> = changes.iter().map(|change| sum(change.field.as_bytes())).collect();
    sums.sort_unstable();
    sums.windows(2).any(|two| two[0] == two[1])
}

/// Eight bytes at a time: it is asked for each answer of each interview that comes in.
fn sum(name: &[u8]) -> u64 {
    let mix =
        |sum: u64, word: [u8; 8]| (sum.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x517c_c1b7_2722_0a95);
    let (words, rest) = name.as_chunks();
    let mut last = [0xff; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(words.iter().fold(0, |sum, word| mix(sum, *word)), last)
}

/// A sitting as it is written when nothing about it is unusual. Keys that are not here make it one for the fold.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sitting<'a> {
    v: u64,
    form: FormHash,
    #[serde(default)]
    subject: Option<RecordId>,
    #[serde(default)]
    site: Option<RecordId>,
    #[serde(default, rename = "assignment")]
    _assignment: Option<RecordId>,
    #[serde(default, rename = "sitting")]
    _times: Option<Times>,
    #[serde(default, borrow)]
    changes: Vec<Change<'a>>,
    #[serde(default)]
    stage: Option<Stage>,
    #[serde(default)]
    hand_over_to: Option<PersonId>,
    #[serde(default)]
    practice: bool,
    #[serde(default, borrow, rename = "language")]
    _language: Option<Cow<'a, str>>,
    #[serde(default, borrow, rename = "app")]
    _app: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Times {
    #[serde(rename = "started")]
    _started: Time,
    #[serde(rename = "ended")]
    _ended: Time,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Time {
    #[serde(rename = "ms")]
    _ms: i64,
    #[serde(rename = "offset")]
    _offset: i16,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change<'a> {
    #[serde(borrow)]
    field: Cow<'a, str>,
    #[serde(default, borrow)]
    answer: Given<'a>,
    #[serde(default, borrow, rename = "note")]
    _note: Option<Cow<'a, str>>,
    #[serde(default, borrow, rename = "confirmed")]
    _confirmed: Option<Confirmed<'a>>,
    #[serde(default, rename = "haste")]
    _haste: Option<Haste>,
    #[serde(default, rename = "auto")]
    _auto: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmed<'a> {
    #[serde(borrow, rename = "of")]
    _of: Given<'a>,
    #[serde(borrow, rename = "reason")]
    _reason: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Haste {
    #[serde(rename = "seconds")]
    _seconds: u32,
    #[serde(rename = "wanted")]
    _wanted: u32,
}

/// An [`crate::Answer`] that stands in the bytes.
#[derive(Default)]
enum Given<'a> {
    #[default]
    Blank,
    Value(Cow<'a, str>),
    NonAnswer,
}

impl Given<'_> {
    fn value(&self) -> Option<&str> {
        match self {
            Self::Value(text) => Some(text),
            Self::Blank | Self::NonAnswer => None,
        }
    }
}

/// A text that is not copied where it can be taken as it stands.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Key {
    V,
    Na,
}

impl<'de: 'a, 'a> Deserialize<'de> for Given<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Read;

        impl<'de> Visitor<'de> for Read {
            type Value = Given<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an answer")
            }

            fn visit_none<E: Error>(self) -> Result<Given<'de>, E> {
                Ok(Given::Blank)
            }

            fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Given<'de>, D::Error> {
                from.deserialize_map(self)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Given<'de>, A::Error> {
                let Some((key, Text(text))) = object.next_entry::<Key, Text<'de>>()? else {
                    return Err(A::Error::custom("neither value nor code"));
                };
                if object.next_key::<Key>()?.is_some() {
                    return Err(A::Error::custom("more than one word"));
                }
                Ok(match key {
                    Key::V if text.is_empty() => Given::Blank,
                    Key::V => Given::Value(text),
                    Key::Na => Given::NonAnswer,
                })
            }
        }

        from.deserialize_option(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{At, Opened, Role, Seen, Sight, Team, interview, kind};
    use proptest::prelude::*;
    use tianye_journal::{ChainId, PlainBody, Seq, WallClock};

    const ENTRY: EntryHash = EntryHash::from_bytes([3; 32]);
    const CHAIN: ChainId = ChainId::from_bytes([4; 16]);
    const SITTING: &str = r#"{"v":1,"app":"1.0","form":"0101010101010101010101010101010101010101010101010101010101010101",
        "changes":[{"field":"/a/b","answer":{"v":"x\u4e00"}},{"field":"/a/c","answer":null,"auto":true},
        {"field":"/a/birth_date","answer":{"v":"2007-05-06"}},{"field":"/b/birthday","answer":{"v":"2008-05-06"}},
        {"field":"/a/sex","answer":{"na":"refused"},"note":"n","haste":{"seconds":1,"wanted":9}},
        {"field":"/a/r[~1]","answer":{"v":"1"}},{"field":"/a/r[~1]/sex","answer":{"v":"f"}},{"field":"/a/d"},
        {"field":"/a/e","answer":{"v":"9"},"confirmed":{"of":{"v":"9"},"reason":"so"}}],"stage":"handed-over",
        "sitting":{"started":{"ms":1,"offset":480},"ended":{"ms":2,"offset":480}},"language":"zh",
        "subject":"00000000-0000-4000-8000-000000000001","site":"00000000-0000-4000-8000-000000000002",
        "assignment":null,"hand_over_to":"00000000-0000-4000-8000-000000000003"}"#;

    fn body(bytes: &[u8]) -> PlainBody {
        PlainBody {
            kind: kind::INTERVIEW,
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

    fn glance(entry: EntryHash, chain: ChainId, body: &PlainBody, team: &Team) -> Option<Glance> {
        let (seen, at) = Sight::of(entry, chain, body)?.read(team)?;
        assert_eq!(at, At { ms: 5, offset: 480 });
        let Seen::Interview(glance) = seen else { return None };
        Some(*glance)
    }

    /// Whatever is told at a glance, the fold tells too, and it comes back from its bytes.
    fn check(bytes: &[u8]) -> Result<bool, TestCaseError> {
        let (body, team) = (body(bytes), team(Role::Interviewer));
        let Some(quick) = glance(ENTRY, CHAIN, &body, &team) else { return Ok(false) };
        let sight = Sight::of(ENTRY, CHAIN, &body);
        prop_assert_eq!(sight.as_ref().and_then(|sight| Sight::from_bytes(&sight.to_bytes(&body))), sight);
        let opened = Opened::read(ENTRY, CHAIN, Seq::FIRST, &body);
        prop_assert_eq!(&quick, &glance_of_any(&body));
        prop_assert!(opened.unread().is_none());
        let state = interview(body.record, [&opened], &team);
        prop_assert_eq!(quick, Glance::from(&state));
        prop_assert_eq!(state.told.entries.len() + state.told.erased.len(), 0);
        prop_assert!(!state.told_before && state.ground.ignored.is_empty() && state.ground.no_right.is_empty());
        Ok(true)
    }

    /// The glance by way of the JSON as a whole.
    fn glance_of_any(body: &PlainBody) -> Glance {
        let sitting: Sitting<'_> = serde_json::from_slice(&body.content).unwrap();
        let changes: Vec<Line<'_>> = sitting.changes.iter().map(Line::of).collect();
        told(ENTRY, body.author, &sitting, &changes).unwrap()
    }

    /// A sitting as this program writes it.
    fn written() -> Vec<u8> {
        let change = |field: &str, answer: &str| crate::Change::new(field, crate::Answer::of(answer));
        let sitting = crate::Interview {
            changes: vec![
                change("/a/b", "说一\u{2028}说"),
                crate::Change { auto: true, ..change("/a/c", "") },
                change("/a/birth_date", "2007-05-06"),
                change("/a/r[~1]", "1"),
                change("/a/r[~1]/sex", "f"),
            ],
            stage: Some(Stage::Finalised),
            language: Some("zh".into()),
            ..crate::Interview::under(FormHash([1; 32]))
        };
        crate::Content::from(sitting).to_json().unwrap()
    }

    #[test]
    fn what_this_program_writes_is_read_the_quick_way() {
        assert!(changes_apart(&written()).is_some_and(|(changes, _)| changes.len() == 5));
        assert!(check(&written()).unwrap());
        // What it escapes is read the long way.
        let quoted = String::from_utf8(written()).unwrap().replace("2007-05-06", r#"\"changes\":[]"#);
        assert!(changes_apart(quoted.as_bytes()).is_none());
        assert!(check(quoted.as_bytes()).unwrap());
    }

    #[test]
    fn an_ordinary_sitting_is_told_at_a_glance() {
        assert!(check(SITTING.as_bytes()).unwrap());
        let told = glance(ENTRY, CHAIN, &body(SITTING.as_bytes()), &team(Role::Interviewer)).unwrap();
        assert_eq!((told.answered, told.status), (8, Status::HandedOver));
        assert_eq!((&*told.said.birth, &*told.said.sex), ("2008-05-06", ""));
        assert!(told.subject.is_some() && told.site.is_some() && told.handed_to.is_some() && !told.practice);
        let practice = SITTING.replacen(r#""v":1"#, r#""v":1,"practice":true"#, 1);
        assert!(check(practice.as_bytes()).unwrap());
        assert!(glance(ENTRY, CHAIN, &body(practice.as_bytes()), &team(Role::Interviewer)).unwrap().practice);
    }

    #[test]
    fn what_is_not_ordinary_is_folded() {
        #[track_caller]
        fn folded(from: &str, to: &str) {
            let changed = SITTING.replacen(from, to, 1);
            assert_ne!(changed, SITTING);
            assert!(!check(changed.as_bytes()).unwrap(), "{to}");
        }
        folded(r#""v":1"#, r#""v":2"#);
        folded(r#""v":1"#, r#""v":1,"v":1"#);
        folded(r#""v":1"#, r#""v":1.0"#);
        folded(r#""v":1,"#, "");
        folded(r#""app""#, r#""later""#);
        folded(r#""app":"1.0""#, r#""entities":[]"#);
        folded(r#""app":"1.0""#, r#""unseen":[]"#);
        folded(r#""app":"1.0""#, r#""source":null"#);
        folded(r#""field":"/a/c""#, r#""field":"/a/b""#);
        folded(r#""field":"/a/c""#, r#""field":"subject""#);
        folded(r#""field":"/a/c""#, r#""field":"""#);
        folded(r#""field":"/a/c""#, r#""field":"/a/c","over":[]"#);
        folded(r#""field":"/a/c""#, r#""field":"/a/c","file":null"#);
        folded(r#""answer":{"v":"1"}"#, r#""answer":{"v":""}"#);
        folded(r#""na":"refused""#, r#""na":"refused","v":"x""#);
        folded(r#"{"na":"refused"}"#, "{}");
        folded(r#""reason":"so""#, r#""reason":"so","more":1"#);
    }

    #[test]
    fn what_nobody_had_the_right_to_write_is_folded() {
        let told = |body: &PlainBody, chain, role| glance(ENTRY, chain, body, &team(role)).is_some();
        let plain = body(SITTING.as_bytes());
        assert!(told(&plain, CHAIN, Role::Lead));
        assert!(!told(&plain, CHAIN, Role::Analyst));
        assert!(!told(&plain, ChainId::from_bytes([5; 16]), Role::Lead));
        assert!(!told(&PlainBody { author: PersonId::from_bytes([9; 16]), ..plain.clone() }, CHAIN, Role::Lead));
        assert!(!told(&PlainBody { parents: vec![ENTRY], ..plain.clone() }, CHAIN, Role::Lead));
        assert!(!told(&PlainBody { kind: kind::REVIEW, ..plain }, CHAIN, Role::Lead));
    }

    proptest! {
        #[test]
        fn the_quick_way_and_the_fold_tell_the_same(at in 0..written().len(), with in any::<u8>(), cut in 0..60_usize) {
            let written = written();
            let end = (at + cut).min(written.len());
            let mut bytes = written.clone();
            bytes[at] = with;
            check(&bytes)?;
            let mut bytes = written.clone();
            bytes.drain(at..end);
            check(&bytes)?;
            let mut bytes = written.clone();
            bytes.splice(at..at, written[at..end].to_vec());
            check(&bytes)?;
            // One sign of the JSON in the place of another.
            for sign in *b"{}[],:\"\\ 0" {
                let mut bytes = written.clone();
                bytes[at] = sign;
                check(&bytes)?;
            }
        }

        #[test]
        fn a_glance_and_the_fold_tell_the_same(at in 0..SITTING.len(), with in any::<u8>(), cut in 0..60_usize) {
            let mut bytes = SITTING.as_bytes().to_vec();
            bytes[at] = with;
            check(&bytes)?;
            let mut bytes = SITTING.as_bytes().to_vec();
            bytes.drain(at..(at + cut).min(SITTING.len()));
            check(&bytes)?;
            let mut bytes = SITTING.as_bytes().to_vec();
            let part = SITTING.as_bytes()[at..(at + cut).min(SITTING.len())].to_vec();
            bytes.splice(at..at, part);
            check(&bytes)?;
        }
    }
}
