//! Makes the first inputs of `content`, `opened` and `stick`: `cargo run -p tianye-hostile --example seeds_opened`.

#![allow(clippy::unwrap_used, reason = "it stops where a seed cannot be made")]

use std::collections::BTreeMap;
use std::path::Path;

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use tianye_hostile::sealed::{PROJECT, project_key, reading_key};
use tianye_hostile::stick::signing_key;
use tianye_journal::{
    BatchWriter, Certificate, ChainId, ChainWriter, ChunkId, Details, DeviceId, EntryHash, Frontier, Head,
    HolderAddress, PersonId, Place, PlainBody, RecordId, Revocation, Seq, WallClock, new_salt, to_hex,
};
use tianye_survey::{
    Answer, Assignment, Attachment, Beginning, Beginnings, CarriedOut, Change, ChunkRef, Consent, ConsentAct,
    ConsentText, Contacts, Content, Decision, Disclosure, EntityAct, ErasedBody, Erasure, ErasureReason, Exported,
    FormHash, FormVersion, Grant, Guardian, HandedOn, Interview, LegalStanding, Member, Names, Packet, Pair, Project,
    Purpose, Relation, ReportAct, ReportPart, ReportPiece, Review, RevocationReason, Revoked, Role, Ruling, Secret,
    Site, SiteKind, Stage, Subject, SubjectKind, Tie, Told, Verdict, Word, kind,
};

fn put(target: &str, name: &str, bytes: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
}

fn hash(number: u8) -> EntryHash {
    EntryHash::from_bytes([number; 32])
}

fn record(number: u8) -> RecordId {
    RecordId::from_bytes([number; 16])
}

/// One entry: kind, who, record and parents, then its content.
fn entry(line: &str, content: impl Into<Content>) -> Vec<u8> {
    let content = content.into();
    let head = format!("=== {} {line}\n", content.kind());
    [head.as_bytes(), &content.encode().unwrap(), b"\n"].concat()
}

fn sitting(changes: &[(&str, &str)]) -> Interview {
    let change = |(field, answer): &(&str, &str)| Change::new(*field, Answer::of(answer));
    Interview { changes: changes.iter().map(change).collect(), ..Interview::under(FormHash([1; 32])) }
}

fn body(number: u8, who: u8, kind: u16, rest: Option<Erasure>) -> ErasedBody {
    let (chain, author, seq) =
        (ChainId::from_bytes([who; 16]), PersonId::from_bytes([who; 16]), Seq::new(u64::from(number) + 1));
    let rest = rest.map(|rest| match serde_json::to_value(rest) {
        Ok(serde_json::Value::Object(rest)) => rest,
        other => unreachable!("an erasure is an object, found {other:?}"),
    });
    let at = tianye_survey::At { ms: i64::from(number), offset: 480 };
    ErasedBody {
        entry: hash(number),
        chain,
        seq: seq.unwrap(),
        kind,
        seen: Vec::new(),
        author,
        at,
        rest,
        sealed: Vec::new(),
    }
}

fn erasure(bodies: Vec<ErasedBody>) -> Erasure {
    Erasure { bodies, ..Erasure::of(vec!["/p".into()], ErasureReason::Mistake, "") }
}

fn contents(rng: &mut ChaCha20Rng) {
    let school = Site::new(SiteKind::School, Names::both("石塘小学"));
    let class = Site { parent: Some(record(1)), ..Site::new(SiteKind::Class, Names::both("五（2）班")) };
    let born = |day: &str| Subject {
        birth_date: Some(day.into()),
        site: Some(record(2)),
        ..Subject::new(SubjectKind::Pupil, "217")
    };
    let text = ConsentText { opening: Names::both("我们来自省城的大学"), ..ConsentText::default() };
    let guardian =
        Guardian { name: "李秀英".into(), relation: "mother".into(), standing: LegalStanding::LegalGuardian };
    let consent =
        Consent { by: Some(guardian), document: Some("1".into()), ..Consent::new(record(3), ConsentAct::Given) };
    let consent = consent.saying(BTreeMap::from([(Purpose::Interview, Word::Given), (Purpose::Audio, Word::Refused)]));
    let assignment = Assignment { form_id: "pupil".into(), subject: Some(record(3)), ..Assignment::default() };
    let project = Project {
        title: Names::both("留守儿童 2017"),
        consent_gate: true,
        activity: Some(record(6)),
        ..Project::default()
    };
    let cards = [
        entry("5 0", &project),
        entry("0 1", &school),
        entry("0 2", &class),
        entry("1 3", &born("2006-05-04")),
        entry("2 3 3", &born("2006-05-14")),
        entry("1 4 3", &consent),
        entry("0 5", &assignment),
        entry("0 6", text),
        entry("1 7", &Tie::new(record(8), record(3), Relation::PaternalGrandmother)),
        entry("0 9", &Contacts { site: Some(record(1)), people: Contacts::of_the_country() }),
        entry("1 10", &Member::new(PersonId::from_bytes([1; 16]), "周敏", Role::Interviewer)),
        entry("0 11", &Exported { sealed: "AAAA".into() }),
    ];
    put("content", "cards", &cards.concat());

    let chunks = vec![ChunkRef { id: ChunkId::from_bytes([7; 32]), key: Secret([0; 32]), len: 3 }];
    let file = Attachment {
        name: "a.png".into(),
        media_type: "image/png".into(),
        hash: FormHash([0; 32]),
        len: 3,
        chunks: chunks.clone(),
    };
    let mut begun = sitting(&[("/q", "1"), ("/r[f0]", "1"), ("/r[f0]/n", "7"), ("/face", "a.png")]);
    begun.changes[3].file = Some(file);
    begun.subject = Some(record(3));
    let decision = Decision {
        field: "/q".into(),
        chosen: Answer::of("2"),
        over: vec![hash(1), hash(2)],
        takes_back: false,
        form: None,
        unseen: Vec::new(),
        reason: "asked again".into(),
    };
    let finalised = Interview { stage: Some(Stage::Finalised), unseen: vec![hash(9)], ..sitting(&[]) };
    let interview = [
        entry("1 0", begun.clone()),
        entry("1 0 0", sitting(&[("/q", "2"), ("/r[f0]", "")])),
        entry("2 0 0", sitting(&[("/q", "3"), ("/r[f0]/n", "8")])),
        entry("0 0 1 2", decision),
        entry("2 0 3", finalised),
        entry("0 0 4", Review::new(Verdict::Approved, "")),
    ];
    put("content", "interview", &interview.concat());
    let many: Vec<(String, String)> = (0..40).map(|at| (format!("/家/q{at}"), format!("{}", at * 7))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(field, answer)| (field.as_str(), answer.as_str())).collect();
    put("content", "packed", &entry("1 0", sitting(&many)));

    let erased = [
        entry("1 0", sitting(&[("/p", "5"), ("/q", "1")])),
        entry("2 0 0", sitting(&[("/q", "2")])),
        entry("1 0", erasure(vec![body(0, 1, kind::INTERVIEW, None)])),
        entry("0 0", CarriedOut::of(hash(2))),
        entry(
            "0 0",
            erasure(vec![body(1, 2, kind::INTERVIEW, None), body(2, 1, kind::ERASURE, Some(erasure(Vec::new())))]),
        ),
    ];
    put("content", "erasures", &erased.concat());
    // What is left of the first erasure names what its author could not have erased.
    let around = [
        entry("1 0", sitting(&[("/p", "5")])),
        entry("2 0", sitting(&[("/q", "2")])),
        entry("1 0", erasure(vec![body(0, 1, kind::INTERVIEW, None)])),
        entry("1 0", erasure(vec![body(2, 1, kind::ERASURE, Some(erasure(vec![body(1, 2, kind::INTERVIEW, None)])))])),
    ];
    put("content", "erasure-by-a-way-round", &around.concat());
    put("content", "erasures-that-undo-each-other", &circle().concat());

    let disclosure = Disclosure { words: "她说了".into(), ..Disclosure::default() };
    let part = |id: u8, act| ReportPart { id: record(id), report: record(20), at: tianye_survey::At::default(), act };
    let long = serde_json::to_string(&part(2, ReportAct::Added { words: "又说了一遍。".into() })).unwrap();
    let (front, back) = long.split_at(60);
    let piece = |at, text: &str| ReportPiece { id: record(2), at, of: 2, text: text.into() };
    let first = Packet { parts: vec![part(1, ReportAct::Begun(disclosure.into()))], pieces: vec![piece(1, back)] };
    let second = Packet { parts: Vec::new(), pieces: vec![piece(0, front)] };
    put("content", "reports", &[entry("1 0", first), entry("1 1", second)].concat());

    let accepted = vec![Place { chain: ChainId::from_bytes([1; 16]), seq: Seq::FIRST, hash: hash(0) }];
    let word = Revocation::sign(&project_key(), PROJECT, 7, accepted, Some(reading_key().recipient())).unwrap();
    put("entry", "revocation", &word.to_bytes());
    let revoked = Revoked::new(&word, PersonId::from_bytes([1; 16]), RevocationReason::Lost, "在车站丢了");
    let pair = Pair::of(record(3), record(4)).unwrap();
    let beginning = Beginning {
        interview: record(0),
        form_id: "pupil".into(),
        subject: None,
        site: None,
        on: "2017-04-12".into(),
        practice: false,
    };
    let form = FormVersion {
        form_id: "pupil".into(),
        version: "1".into(),
        title: Names::both("学生"),
        languages: vec!["zh".into()],
        hash: FormHash([1; 32]),
        len: 3,
        chunks,
        media: Vec::new(),
        retired: false,
    };
    let others = [
        entry("0 0", revoked),
        entry("0 1", Grant { to: vec![7, 8] }),
        entry("0 0", pair.say(Ruling::Linked(record(3)), "one child")),
        entry("0 0 2", pair.say(Ruling::Apart, "twins")),
        entry("1 2", Beginnings { called: "周敏".into(), begun: vec![beginning] }),
        entry("0 3", form),
    ];
    put("content", "others", &others.concat());
    let properties = BTreeMap::from([("goods".to_owned(), "盐".into())]);
    let act = EntityAct {
        list: "shops".into(),
        id: "a".into(),
        create: true,
        update: true,
        label: Some("小店".into()),
        properties,
        base_version: None,
        trunk_version: None,
        branch_id: None,
        saw: vec![hash(1)],
    };
    // The row of the list's file has the greatest version that there is.
    let update = EntityAct { create: false, saw: Vec::new(), ..act.clone() };
    let updated = Interview { entities: Some(vec![update]), stage: Some(Stage::Finalised), ..sitting(&[("/q", "1")]) };
    put("content", "entity-of-the-last-version", &entry("1 0", updated));
    let made = Interview { entities: Some(vec![act]), stage: Some(Stage::Finalised), ..sitting(&[("/q", "1")]) };
    let handed = HandedOn { told: vec![Told::nothing(record(0))], people: BTreeMap::new() };
    put("content", "entities", &[entry("1 0", made.clone()), entry("2 0 0", made), entry("0 1", handed)].concat());
    let strange = b"=== 99 1 0\n{\"v\":1}\n=== 8 1 0\n{\"v\":2}\n=== 8 1 0\n\x01\x00\x00\x00\x05x\n=== 5 9 0 0 1 2\n{\"v\":1,\"kind\":\"yeti\"}\n";
    put("content", "strange", strange);

    let signing = signing_key();
    let details = Details {
        salt: new_salt(rng),
        person: PersonId::from_bytes([6; 16]),
        device: DeviceId::from_bytes([7; 16]),
        reader: reading_key().recipient(),
        role: "safeguarding-lead".into(),
        name: "苏老师".into(),
        sites: vec![record(1)],
    };
    let certificate = Certificate::issue(PROJECT, &project_key(), signing.public(), &details, rng).unwrap();
    let holder = HolderAddress::sign(&signing, &certificate, &details, reading_key().recipient()).unwrap();
    put("entry", "holder", &holder.to_bytes().unwrap());
    stick(&certificate, rng);
}

/// Erasures of which each says of another that it names nothing, or that it names the next: all by one author, of their own.
fn circle() -> Vec<Vec<u8>> {
    let (sitting_of, gone) = (|at| body(at, 1, kind::INTERVIEW, None), |at| body(at, 1, kind::ERASURE, None));
    let left = |of, named| body(of, 1, kind::ERASURE, Some(erasure(named)));
    vec![
        entry("1 0", sitting(&[("/p", "5")])),
        // 1 and 2 name the sitting.
        entry("1 0", erasure(vec![sitting_of(0)])),
        entry("1 0", erasure(vec![sitting_of(0)])),
        // 3 says that 1 names nothing; 4 that 2 names 3, which goes; 5 that 1 names 4, which goes unless 3 is here.
        entry("1 0", erasure(vec![left(1, Vec::new())])),
        entry("1 0", erasure(vec![left(2, vec![gone(3)])])),
        entry("1 0", erasure(vec![left(1, vec![gone(4)])])),
    ]
}

fn opened() {
    let body = PlainBody {
        kind: 8,
        record: record(1),
        parents: vec![hash(1), hash(2)],
        author: PersonId::from_bytes([2; 16]),
        at: WallClock { millis: -1, offset_minutes: -90 },
        content: b"{\"v\":1}".to_vec(),
    };
    let plain = tianye_hostile::insider::written(&body);
    put("opened", "body", &[&[0], plain.as_slice()].concat());
    put("opened", "body-cut", &[&[0], &plain[..plain.len() - 3]].concat());
    let mut turned = plain.clone();
    turned[47..111].rotate_left(32);
    put("opened", "body-parents-out-of-order", &[&[0], turned.as_slice()].concat());
    let granted = [tianye_journal::Granted {
        chain: ChainId::from_bytes([5; 16]),
        key: tianye_journal::ContentKey::from_secret_bytes(&[8; 32]),
    }];
    let parcel = tianye_hostile::insider::written_parcel(&granted);
    put("opened", "parcel", &[&[1], parcel.as_slice()].concat());
    let mut too_many = parcel.clone();
    too_many[17..19].copy_from_slice(&[255, 255]);
    put("opened", "parcel-of-too-many", &[&[1], too_many.as_slice()].concat());
    put("opened", "box", &[&[2, 0, 0, 0, 5], b"hello".as_slice(), &[0; 7]].concat());
    put("opened", "box-too-long", &[2, 255, 255, 255, 255, 1]);
    put("opened", "box-padded-otherwise", &[2, 0, 0, 0, 1, 7, 0, 1]);
}

fn stick(certificate: &Certificate, rng: &mut ChaCha20Rng) {
    let frontier = |seq: u64| {
        let mut frontier = Frontier::default();
        frontier.insert(ChainId::from_bytes([1; 16]), Head { seq: Seq::new(seq).unwrap(), hash: hash(1) });
        to_hex(&frontier.to_bytes().unwrap())
    };
    let file = |name: &str, bytes: usize, after: String, to: String| serde_json::json!({ "name": name, "bytes": bytes, "after": after, "to": to, "chunks": [to_hex(&[7; 32])] });
    let nothing = to_hex(&Frontier::default().to_bytes().unwrap());
    let said = |files: Vec<serde_json::Value>| {
        let said = serde_json::json!({
            "certificate": to_hex(&certificate.to_bytes()),
            "frontier": frontier(3),
            "chunks": [to_hex(&[7; 32]), to_hex(&[8; 32])],
            "files": files,
        });
        format!("00.tianye-card\n{said}")
    };
    let first = file("0102030405060708-001.tianye", 5, nothing, frontier(2));
    let second = file("0102030405060708-002-end.tianye", 7, frontier(2), frontier(5));
    put("stick", "card", said(vec![first, second.clone()]).as_bytes());
    put("stick", "card-without-files", said(Vec::new()).as_bytes());
    let elsewhere = file("../../etc/passwd", 5, frontier(9), frontier(1));
    put("stick", "card-that-names-elsewhere", said(vec![elsewhere, second]).as_bytes());
    put("stick", "names", "0102030405060708-001.tianye\n0102030405060708-004-END.TIANYE\nholiday.tianye\n".as_bytes());
    let many: Vec<String> = (0..40).map(|series| format!("{series:016x}-99999.tianye\n")).collect();
    put("stick", "names-of-very-many-parts", many.concat().as_bytes());

    let body = PlainBody {
        kind: 3,
        record: record(1),
        parents: Vec::new(),
        author: PersonId::from_bytes([6; 16]),
        at: WallClock { millis: 0, offset_minutes: 480 },
        content: b"{}".to_vec(),
    };
    let readers = [reading_key().recipient()];
    let (mut writer, opening) = ChainWriter::open(&signing_key(), certificate, &readers, &body, rng).unwrap();
    let mut batch = BatchWriter::new(Vec::new()).unwrap();
    batch.entry(&opening).unwrap();
    let first = batch.finish().unwrap();
    let mut batch = BatchWriter::new(Vec::new()).unwrap();
    for entry in [opening, writer.seal(&body, rng).unwrap(), writer.seal(&body, rng).unwrap()] {
        batch.entry(&entry).unwrap();
    }
    let whole = batch.finish().unwrap();
    put("stick", "box", &[b"tianye-01020304.box\n", whole.as_slice()].concat());
    put("stick", "box-cut", &[b"tianye-01020304.box\n", &whole[..whole.len() - 200]].concat());
    let mut damaged = whole.clone();
    // In the signature of the second entry.
    let at = first.len() + 60;
    damaged[at] ^= 1;
    put("stick", "box-damaged", &[b"tianye-01020304.box\n", damaged.as_slice()].concat());
}

fn main() {
    let mut rng = ChaCha20Rng::from_seed([10; 32]);
    contents(&mut rng);
    opened();
}
