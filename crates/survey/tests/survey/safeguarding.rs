//! Who the holders are, and whom to call where.

use crate::dsl::{entry, person, record, team};
use tianye_journal::{
    Certificate, Details, DeviceId, HolderAddress, ProjectId, ProjectKey, ReadingKey, SigningKey, Trust, to_hex,
};
use tianye_survey::safeguarding::{Holder, contacts, enough_holders, holders};
use tianye_survey::*;

const PROJECT: ProjectId = ProjectId::from_bytes([9; 16]);

fn trust() -> Trust {
    Trust { project: PROJECT, key: ProjectKey::from_secret_bytes(&[1; 32]).public() }
}

/// A random source that is always the same: serials differ by what is certified.
struct Same(u8);

impl Same {
    fn member(&self, name: &str, role: &str, project_key: u8) -> Member {
        let mut rng = tianye_journal_rng(self.0);
        let signing = SigningKey::from_secret_bytes(&[self.0; 32]);
        let details = Details {
            salt: [self.0; 16],
            person: person(name),
            device: DeviceId::from_bytes([self.0; 16]),
            reader: ReadingKey::from_secret_bytes(&[self.0; 32]).recipient(),
            role: role.to_owned(),
            name: name.to_owned(),
            sites: Vec::new(),
        };
        let project = ProjectKey::from_secret_bytes(&[project_key; 32]);
        let certificate = Certificate::issue(PROJECT, &project, signing.public(), &details, &mut rng).expect("short");
        let address = ReadingKey::from_secret_bytes(&[self.0 + 100; 32]).recipient();
        let word = HolderAddress::sign(&signing, &certificate, &details, address).expect("short");
        let holder = Some(to_hex(&word.to_bytes().expect("short")));
        Member { holder, ..Member::certified(&certificate, &details) }
    }
}

fn tianye_journal_rng(seed: u8) -> impl rand_core::CryptoRng {
    use rand_chacha::rand_core::SeedableRng as _;
    rand_chacha::ChaCha20Rng::from_seed([seed; 32])
}

fn project(members: &[Member]) -> ProjectState {
    let mut state = ProjectState::default();
    for (at, member) in members.iter().enumerate() {
        let name = format!("member {at}");
        let of = Opened { record: record(&name), ..entry(&name, "shen", &[], 1, member) };
        state.put(record(&name), &[of], &team());
    }
    state
}

fn names(found: &[Holder]) -> Vec<&str> {
    let mut names: Vec<&str> = found.iter().map(|holder| holder.name.as_str()).collect();
    names.sort_unstable();
    names
}

#[test]
fn only_those_whom_the_project_named_are_holders_and_two_are_needed() {
    let (fang, he) = (Same(2).member("fang", "safeguarding-lead", 1), Same(3).member("he", "safeguarding-lead", 1));
    let none = Revocations::default();
    let of = |members: &[Member]| holders(&project(members), &none, &trust());
    assert_eq!(enough_holders(&of(&[])).unwrap_err().found, 0);
    assert_eq!(enough_holders(&of(std::slice::from_ref(&fang))).unwrap_err().found, 1);
    let both = of(&[fang.clone(), he.clone()]);
    assert_eq!((names(&both), enough_holders(&both)), (vec!["fang", "he"], Ok(())));
    assert_eq!(of(&[he.clone(), fang.clone(), fang.clone()]), both, "order and repetition change nothing");

    // A lead, a certificate that the project did not sign, another's certificate with an address of one's own.
    let lead = Same(4).member("shen", "lead", 1);
    let forged = Same(5).member("su", "safeguarding-lead", 2);
    let mut word =
        HolderAddress::from_bytes(&tianye_journal::from_hex(fang.holder.as_ref().expect("a word")).expect("hex"))
            .expect("a word");
    word.address = ReadingKey::from_secret_bytes(&[9; 32]).recipient();
    let swapped = Member { holder: Some(to_hex(&word.to_bytes().expect("short"))), ..he.clone() };
    assert_eq!(names(&of(&[lead, forged, swapped, fang.clone()])), ["fang"]);

    // Two laptops of one person, and a revoked one.
    let second = Same(6).member("fang", "safeguarding-lead", 1);
    assert_eq!(enough_holders(&of(&[fang.clone(), second])).unwrap_err().found, 1);
    let revoked = Revocations {
        certificates: [(he.certificate.expect("certified"), RevokedCertificate::default())].into(),
        ..Revocations::default()
    };
    assert_eq!(names(&holders(&project(&[fang, he]), &revoked, &trust())), ["fang"]);
}

#[test]
fn a_good_word_is_not_lost_when_somebody_writes_another() {
    let fang = Same(2).member("fang", "safeguarding-lead", 1);
    let spoilt = Member { holder: Some("00".to_owned()), ..fang.clone() };
    let entries = [entry("a", "shen", &[], 1, &fang), entry("b", "shen", &["a"], 2, &spoilt)];
    let mut state = ProjectState::default();
    state.put(crate::dsl::RECORD, &entries, &team());
    assert_eq!(names(&holders(&state, &Revocations::default(), &trust())), ["fang"]);
}

#[test]
fn the_nearest_card_comes_first_and_the_numbers_of_the_country_are_always_there() {
    let mut state = ProjectState::default();
    let mut put = |name: &str, content: Content| {
        let of = Opened { record: record(name), ..entry(name, "shen", &[], 1, content) };
        state.put(record(name), &[of], &team());
    };
    let site = |kind, name: &str, parent: Option<&str>| Site {
        parent: parent.map(record),
        ..Site::new(kind, Names::both(name))
    };
    put("town", (&site(SiteKind::Township, "石塘镇", None)).into());
    put("village", (&site(SiteKind::Village, "石塘村", Some("town"))).into());
    let card = |site: Option<&str>, people: &[(ContactRole, &str)]| Contacts {
        site: site.map(record),
        people: people
            .iter()
            .map(|(role, number)| Contact {
                role: role.clone(),
                number: (*number).into(),
                ..Contacts::of_the_country()[0].clone()
            })
            .collect(),
    };
    put("c1", (&card(None, &[(ContactRole::Holder, "1"), (ContactRole::Police, "110")])).into());
    put("c2", (&card(Some("village"), &[(ContactRole::ChildrenDirector, "2")])).into());
    put("c3", (&card(Some("town"), &[(ContactRole::ChildrenSupervisor, "3"), (ContactRole::Holder, "1")])).into());
    put("c4", (&card(Some("village"), &[(ContactRole::ChildrenDirector, "4")])).into());
    let numbers = |site: Option<&str>| {
        let site = site.map(record);
        contacts(&state, site.as_ref()).iter().map(|contact| contact.number.to_string()).collect::<Vec<_>>().join(" ")
    };
    let village = numbers(Some("village"));
    assert!(village == "1 110 12355 2 4 3 12345" || village == "1 110 12355 4 2 3 12345", "{village}");
    assert_eq!(numbers(Some("town")), "1 110 12355 3 12345");
    assert_eq!(numbers(None), "1 110 12355 12345");
    assert_eq!(contacts(&ProjectState::default(), Some(&record("nowhere"))).len(), 3);
}
