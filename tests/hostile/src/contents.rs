//! What entries say once they are open: contents of every kind, and what they come to together.
//!
//! Whoever is in the team can sign and seal any bytes, so nothing that stands in a content may be trusted. The bytes are
//! entries, each after a line `=== KIND WHO RECORD PARENTS…` of numbers: `=== 8 1 0 2` is a sitting by the second of [`ROLES`] in
//! the first record, which names the third entry. Entry number `n` has the hash of `n` in all its bytes, so that contents can
//! name each other, also in circles that real hashes cannot have.

use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::{ChainId, EntryHash, PersonId, PlainBody, RecordId, Seq, Trust, WallClock};
use tianye_survey::{
    Assignment, CardState, Consent, Consents, Content, ContentError, Entities, ErasureReason, Field, Glance, KeptCard,
    MAX_CONTENT, Member, Opened, Project, ProjectState, Purpose, Role, Seen, Sent, Sight, Site, Subject, Team, Told,
    candidates, card, confirm_erasures, consent_text, erase_answers, erase_record, erasures, form, interview, kind,
    open_rests, record_kinds, reports, revocations, rights, safeguarding, seal_rests, summarise, traits, versions_of,
    without_right,
};

use crate::sealed::{PROJECT, project_key};

/// Who writes: each in a chain of their own. Who comes after them is not of the team.
pub const ROLES: [Role; 6] =
    [Role::Lead, Role::Interviewer, Role::Interviewer, Role::Analyst, Role::SafeguardingLead, Role::Administrator];
/// Most entries that are read: folds of few find what folds of many would.
const MOST: usize = 24;
/// The day on which consents are asked for.
const TODAY: &str = "2017-04-12";

/// Entries of a project.
pub fn content(bytes: &[u8]) {
    let bodies = bodies(bytes);
    for (hash, who, body) in &bodies {
        one(*hash, *who, body);
    }
    let read = |(hash, who, body): &(EntryHash, u8, PlainBody)| {
        let seq = Seq::new(u64::from(hash.as_bytes()[0]) + 1).unwrap();
        Opened::read(*hash, ChainId::from_bytes([*who; 16]), seq, body)
    };
    let mut entries: Vec<Opened> = bodies.iter().map(read).collect();
    let places: BTreeMap<EntryHash, (ChainId, Seq)> =
        entries.iter().map(|entry| (entry.hash, (entry.chain, entry.seq))).collect();
    confirm_erasures(&mut entries, &|hash| places.get(hash).copied());
    open_rests(&mut entries, &|_, _, sealed| Some(sealed.to_vec()));
    let records: BTreeSet<RecordId> = entries.iter().map(|entry| entry.record).collect();
    let (project, backwards) =
        (ProjectState::fold(&entries, &team()), ProjectState::fold(entries.iter().rev(), &team()));
    assert_eq!(project, backwards, "order does not matter");
    for record in records {
        let of: Vec<Opened> = entries.iter().filter(|entry| entry.record == record).cloned().collect();
        together(record, &of, &project);
    }
    as_a_project(&project, &entries);
}

/// Whose chains these are.
fn team() -> Team {
    let mut team = Team::default();
    for (who, role) in (0..).zip(ROLES) {
        team.add(ChainId::from_bytes([who; 16]), PersonId::from_bytes([who; 16]), role);
    }
    team
}

/// The entries that the bytes give, each with its hash and who wrote it.
fn bodies(bytes: &[u8]) -> Vec<(EntryHash, u8, PlainBody)> {
    const MARK: &[u8] = b"=== ";
    let starts = |at: &usize| bytes[*at..].starts_with(MARK) && (*at == 0 || bytes[at - 1] == b'\n');
    let marks: Vec<usize> = (0..bytes.len()).filter(starts).take(MOST).collect();
    let ends = marks.iter().skip(1).copied().chain([bytes.len()]);
    let hash = |number: u8| EntryHash::from_bytes([number; 32]);
    let body = |(number, (start, end)): (u8, (&usize, usize))| {
        let entry = &bytes[start + MARK.len()..end];
        let (head, content) = entry.split_at(entry.iter().position(|byte| *byte == b'\n')?);
        let mut numbers = std::str::from_utf8(head).ok()?.split(' ').map_while(|number| number.parse::<u8>().ok());
        let (kind, who, record) = (numbers.next()?, numbers.next()?, numbers.next()?);
        let content = content.strip_prefix(b"\n")?;
        // The end of the line before the next mark is none of the content.
        let content = content.strip_suffix(b"\n").unwrap_or(content).to_vec();
        let record = match Content::decode(u16::from(kind), &content) {
            // A link stands in the record of its pair.
            Content::Link(link) => RecordId::of_pair(&link.records[0], &link.records[1]),
            _ => RecordId::from_bytes([record; 16]),
        };
        let parents: BTreeSet<EntryHash> = numbers.map(hash).collect();
        let (author, at) =
            (PersonId::from_bytes([who; 16]), WallClock { millis: i64::from(number), offset_minutes: 480 });
        let body = PlainBody { kind: kind.into(), record, parents: parents.into_iter().collect(), author, at, content };
        Some((hash(number), who, body))
    };
    (0..).zip(marks.iter().zip(ends)).filter_map(body).collect()
}

/// One content: what is read of it is written and read again as the same, and a look at it tells what its fold comes to.
fn one(hash: EntryHash, who: u8, body: &PlainBody) {
    let read = Content::decode(body.kind, &body.content);
    assert_eq!(read.kind(), body.kind);
    match &read {
        Content::Unread(unread) => assert!(!unread.why.code().is_empty() && unread.bytes == body.content),
        read => match read.encode() {
            Ok(again) => assert_eq!(Content::decode(body.kind, &again), *read, "what was read is written as it is"),
            // Written out it may be longer than it was packed.
            Err(why) => assert!(matches!(why, ContentError::TooMuch { limit: MAX_CONTENT, .. }), "{why}"),
        },
    }
    let _ = read.chunks();
    let chain = ChainId::from_bytes([who; 16]);
    let Some(sight) = Sight::of(hash, chain, body) else { return };
    assert_eq!(Sight::from_bytes(&sight.to_bytes(body)).as_ref(), Some(&sight));
    let entries = [Opened::read(hash, chain, Seq::FIRST, body)];
    match sight.read(&team()) {
        Some((Seen::Interview(glance), _)) => {
            assert_eq!(Glance::from(&interview(body.record, &entries, &team())), *glance);
        }
        Some((Seen::Subject(seen), _)) => {
            assert_eq!(KeptCard::from(card::<Subject>(body.record, &entries, &team())), *seen);
        }
        None => assert!(!without_right(&entries, &team()).is_empty()),
    }
}

/// The entries of one record, folded as every kind of thing.
fn together(record: RecordId, entries: &[Opened], project: &ProjectState) {
    let team = team();
    let erased = erasures(record, entries, &team);
    reaches_only_what_is_theirs(entries, &erased.bodies);
    let backwards: Vec<Opened> = entries.iter().rev().cloned().collect();
    assert_eq!(erasures(record, &backwards, &team), erased, "order does not matter");
    let _ = (record_kinds(entries, &team), without_right(entries, &team), versions_of(entries));
    let _ = (form(record, entries, &team), consent_text(record, entries, &team));
    let _: (CardState<Site>, CardState<Project>) = (card(record, entries, &team), card(record, entries, &team));
    let _: (CardState<Member>, CardState<Consent>) = (card(record, entries, &team), card(record, entries, &team));
    let _: CardState<Assignment> = card(record, entries, &team);

    let state = interview(record, entries, &team);
    assert_eq!(interview(record, &backwards, &team), state, "order does not matter");
    let _ = summarise(&state, project, None, |_| false);
    for field in state.fields.keys() {
        let _ = (
            state.history(field),
            state.change(field.clone(), state.fields[field].settled().cloned().unwrap_or_default()),
        );
        let _ = field.row().map(|(repeat, _)| state.rows(repeat));
    }
    for conflict in &state.conflicts {
        let chosen = conflict.writes.first().map(|write| write.answer.clone()).unwrap_or_default();
        // Whatever laptops disagree about, a person can decide.
        let mut all = entries.to_vec();
        let decision = Content::from(state.decide(conflict, chosen, "asked again"));
        all.push(Opened {
            hash: EntryHash::from_bytes([254; 32]),
            parents: state.heads(),
            ..by_lead(record, decision)
        });
        let decided = interview(record, &all, &team);
        assert!(decided.conflicts.iter().all(|left| left.field != conflict.field), "a decision ends a conflict");
    }
    let note = "by mistake";
    let whole = erase_record(entries, ErasureReason::Mistake, note);
    // Words about the interview itself are no answers.
    let answers: Vec<Field> = state.fields.keys().filter(|field| field.is_node()).take(1).cloned().collect();
    let some = (!answers.is_empty()).then(|| {
        erase_answers(entries, answers.clone(), ErasureReason::Mistake, note, &|_, field| answers.contains(field))
    });
    for erasure in [Some(whole), some].into_iter().flatten() {
        let Ok(sealed) = seal_rests(&erasure, &mut |_, _, rest| Ok::<_, std::convert::Infallible>(rest.to_vec()));
        let mut all = entries.to_vec();
        all.push(Opened { hash: EntryHash::from_bytes([255; 32]), ..by_lead(record, Content::from(sealed)) });
        open_rests(&mut all, &|_, _, sealed| Some(sealed.to_vec()));
        let left = interview(record, &all, &team);
        assert!(answers.iter().all(|field| !erasure.fields.contains(field) || !left.fields.contains_key(field)));
    }
    let mut told = Entities::default();
    told.put(record, Told { record, ..state.told });
    told.put_handed(record, entries, &team);
    let file = vec![vec![("name".to_owned(), "a".to_owned()), ("__version".to_owned(), u64::MAX.to_string())]];
    for list in told.lists() {
        let _ = (told.rows(&list, &file, None), told.makers(&list), told.seen(&list, "a", &record));
    }
}

fn by_lead(record: RecordId, content: Content) -> Opened {
    let (chain, author) = (ChainId::from_bytes([0; 16]), PersonId::from_bytes([0; 16]));
    let (hash, kind, seq) = (EntryHash::from_bytes([255; 32]), content.kind(), Seq::FIRST);
    Opened { hash, chain, seq, kind, record, parents: Vec::new(), author, at: tianye_survey::At::default(), content }
}

/// Who may erase only what is theirs reaches nothing else, by no way round.
fn reaches_only_what_is_theirs(entries: &[Opened], gone: &BTreeSet<EntryHash>) {
    let of_erasures = || entries.iter().filter(|entry| entry.kind == kind::ERASURE);
    let any = |entry: &Opened| {
        let role = ROLES.get(usize::from(entry.chain.as_bytes()[0]));
        role.is_some_and(|role| rights::reach(role, kind::ERASURE) == rights::Reach::Any)
    };
    if of_erasures().any(any) {
        return;
    }
    for entry in entries.iter().filter(|entry| gone.contains(&entry.hash)) {
        assert!(of_erasures().any(|erasure| erasure.chain == entry.chain), "erased by somebody who may not");
    }
}

/// What the whole project comes to.
fn as_a_project(project: &ProjectState, entries: &[Opened]) {
    let trust = Trust { project: PROJECT, key: project_key().public() };
    let revoked = revocations(entries, &trust);
    let _ = (safeguarding::holders(project, &revoked, &trust), project.is_practice(), project.conflicts());
    let _ = (project.latest_forms(), project.form_twice(), project.standing_assignments());
    let found = traits(project);
    let _ = candidates(&found, project.identities());
    for site in project.sites.keys() {
        let _ = (project.site_path(site), safeguarding::contacts(project, Some(site)), project.sites_in(Some(*site)));
    }
    let consents = Consents::of(project, TODAY);
    for subject in project.subjects.keys() {
        let standing = consents.standing(subject, &Purpose::Interview);
        assert!(!standing.is_no() || consents.may(subject, &Purpose::Interview).is_err(), "a no is a no");
    }
    let sent = entries.iter().filter_map(|entry| {
        let Content::Report(packet) = &entry.content else { return None };
        let role = ROLES.get(usize::from(entry.chain.as_bytes()[0]))?;
        Some(Sent { author: entry.author, role, revoked: false, packet })
    });
    for report in reports(sent).values() {
        let _ = (report.is_told(), report.is_handed_over());
    }
}
