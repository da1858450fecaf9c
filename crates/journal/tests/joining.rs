//! Pairing: what the lead and the laptop accept from each other, and what not.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod common;
use common::*;
use tianye_journal::pairing::{HubAddress, SealedAdmission};
use tianye_journal::*;

struct Table {
    world: World,
    invitation: Invitation,
    signing: SigningKey,
    reading: ReadingKey,
    request: JoinRequest,
}

fn table(seed: u64) -> Table {
    let mut world = World::new(seed);
    let hub = HubAddress {
        url: "https://hub.example:8443".to_owned(),
        spki_pin: [3; 32],
        key: HubKey::generate(&mut world.rng).public(),
    };
    let invitation = Invitation {
        project: world.project,
        project_key: world.project_key.public(),
        title: "浙江留守儿童 2017".to_owned(),
        hub: Some(hub),
        id: InvitationId::random(&mut world.rng),
        secret: Invitation::new_secret(&mut world.rng),
        name: "王芳".to_owned(),
        role: "interviewer".to_owned(),
        expires: 1_500_000_000_000,
    };
    let signing = SigningKey::generate(&mut world.rng);
    let reading = ReadingKey::generate(&mut world.rng);
    let device = DeviceId::random(&mut world.rng);
    let request = JoinRequest::new(&invitation, device, &signing, &reading);
    Table { world, invitation, signing, reading, request }
}

impl Table {
    fn admission(&mut self) -> Admission {
        let details = Details {
            salt: new_salt(&mut self.world.rng),
            person: PersonId::random(&mut self.world.rng),
            device: self.request.device,
            reader: self.request.reader,
            role: self.invitation.role.clone(),
            name: self.invitation.name.clone(),
            sites: vec![],
        };
        let key = &self.world.project_key;
        let certificate =
            Certificate::issue(self.world.project, key, self.request.key, &details, &mut self.world.rng).unwrap();
        Admission {
            title: self.invitation.title.clone(),
            hub: self.invitation.hub.clone(),
            certificate,
            details,
            readers: vec![self.world.lead_reading.recipient()],
            granted: vec![Granted {
                chain: ChainId::from_bytes([4; 16]),
                key: ContentKey::generate(&mut self.world.rng),
            }],
            shared: vec![ReadingKey::generate(&mut self.world.rng)],
            project_key: None,
        }
    }
}

#[test]
fn a_laptop_joins() {
    let mut t = table(1);
    let invitation = Invitation::from_text(&t.invitation.to_text().unwrap()).unwrap();
    assert_eq!(invitation, t.invitation);
    let request = JoinRequest::from_text(&t.request.to_text()).unwrap();
    assert_eq!((request.verify(&t.invitation), request.to_bytes().len()), (Ok(()), JoinRequest::LEN));
    let codes = [&invitation, &t.invitation].map(|i| CompareCode::new(&i.project_key, &request));
    assert_eq!(codes[0], codes[1]);
    assert_eq!(codes[0].to_string().len(), 9);

    let admission = t.admission();
    let sealed = admission.seal(&t.world.project_key, &request).unwrap();
    let sealed = SealedAdmission::from_text(&sealed.to_text()).unwrap();
    let opened = Admission::open(&sealed, &invitation, &request, &t.reading).unwrap();
    assert_eq!(opened, admission);

    // The laptop can now open a chain that its project takes.
    let body = t.world.body(kind::PERSON, "{}");
    let (_, entry) =
        ChainWriter::open(&t.signing, &opened.certificate, &opened.readers, &body, &mut t.world.rng).unwrap();
    let outcome = verify_run(&invitation.trust(), &Index::default(), [entry]);
    assert_eq!((outcome.accepted.len(), outcome.set_aside.len()), (1, 0));
}

#[test]
fn text_files_survive_their_way_and_no_other_change() {
    let t = table(2);
    let text = t.invitation.to_text().unwrap();
    let windows = format!("\u{feff}您好,请见附件:\r\n{}\r\n谢谢\r\n", text.replace('\n', "\r\n"));
    assert_eq!(Invitation::from_text(&windows).unwrap(), t.invitation);
    #[track_caller]
    fn check(text: &str) {
        assert_eq!(Invitation::from_text(text).unwrap_err().code(), "journal-bad-text-file");
    }
    check("");
    check(&text[..text.len() / 2]);
    check(&t.request.to_text());
    check(&"A".repeat(1_000_000));
    check("-----BEGIN TIANYE INVITATION-----\nAAAA\n-----END TIANYE INVITATION-----\n");
    let body = text.find('\n').unwrap() + 1..text.find("\n-----END").unwrap();
    for at in body {
        let mut changed = text.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        assert!(Invitation::from_text(&String::from_utf8(changed).unwrap()).is_err(), "{at}");
    }
}

#[test]
fn invitations_have_one_form() {
    let t = table(3);
    let bytes = t.invitation.to_bytes().unwrap();
    for len in 0..bytes.len() {
        assert!(Invitation::from_bytes(&bytes[..len]).is_err(), "{len}");
    }
    let code = |change: &dyn Fn(&mut Invitation)| {
        let mut invitation = t.invitation.clone();
        change(&mut invitation);
        invitation.to_bytes().unwrap_err().code()
    };
    assert_eq!(code(&|i| i.name = "长".repeat(200)), "journal-too-long");
    assert_eq!(code(&|i| i.title = "two\nlines".to_owned()), "journal-not-canonical");
    assert_eq!(code(&|i| i.hub.as_mut().unwrap().url = "x".repeat(600)), "journal-too-long");
    let mut other = bytes.clone();
    other[7] = 2;
    assert_eq!(Invitation::from_bytes(&other).unwrap_err().code(), "journal-unknown-format");
    other.clone_from(&bytes);
    other[8] = 9;
    assert_eq!(Invitation::from_bytes(&other).unwrap_err().code(), "journal-unknown-suite");
}

#[test]
fn requests_need_the_invitation_and_the_keys() {
    let t = table(4);
    let other = table(5);
    assert_eq!(t.request.verify(&other.invitation).unwrap_err().code(), "journal-other-invitation");
    let mut guessed = t.invitation.clone();
    guessed.secret[0] ^= 1;
    let request = JoinRequest::new(&guessed, t.request.device, &t.signing, &t.reading);
    assert_eq!(request.verify(&t.invitation), Err(PairingError::BadRequest));
    // A laptop that was given a false project key makes a request that the lead refuses.
    let mut swapped = t.invitation.clone();
    swapped.project_key = other.invitation.project_key;
    let request = JoinRequest::new(&swapped, t.request.device, &t.signing, &t.reading);
    assert_eq!(request.verify(&t.invitation), Err(PairingError::BadRequest));
    let bytes = t.request.to_bytes();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        let noticed = JoinRequest::from_bytes(&changed).is_ok_and(|r| r.verify(&t.invitation).is_ok());
        assert!(!noticed, "{at}");
    }
}

#[test]
fn codes_differ_by_key_and_request() {
    let t = table(6);
    let code = |key: &ProjectPublicKey, request: &JoinRequest| CompareCode::new(key, request);
    let right = code(&t.invitation.project_key, &t.request);
    let other = table(7);
    assert_ne!(right, code(&other.invitation.project_key, &t.request));
    let request = JoinRequest::new(&t.invitation, t.request.device, &t.signing, &other.reading);
    assert_ne!(right, code(&t.invitation.project_key, &request));
}

#[test]
fn admissions_are_for_one_request_of_one_laptop_by_one_project() {
    let mut t = table(8);
    let admission = t.admission();
    let sealed = admission.seal(&t.world.project_key, &t.request).unwrap();
    #[track_caller]
    fn refuse<T: std::fmt::Debug>(result: Result<T, PairingError>, code: &str) {
        assert_eq!(result.unwrap_err().code(), code);
    }
    let other = table(9);
    refuse(Admission::open(&sealed, &t.invitation, &t.request, &other.reading), "journal-admission-other-device");
    let again = JoinRequest::new(&t.invitation, DeviceId::from_bytes([1; 16]), &t.signing, &t.reading);
    refuse(Admission::open(&sealed, &t.invitation, &again, &t.reading), "journal-admission-not-from-project");
    let forged = admission.seal(&other.world.project_key, &t.request).unwrap();
    refuse(Admission::open(&forged, &t.invitation, &t.request, &t.reading), "journal-admission-not-from-project");

    let mut promoted = admission.clone();
    promoted.details.role = "lead".to_owned();
    refuse(promoted.seal(&t.world.project_key, &t.request), "journal-certificate-other-details");
    refuse(admission.seal(&t.world.project_key, &other.request), "journal-admission-not-from-project");

    let mut keeper = admission.clone();
    keeper.project_key = Some(ProjectKey::generate(&mut t.world.rng));
    let sealed_with_other = keeper.seal(&t.world.project_key, &t.request).unwrap();
    let opened = Admission::open(&sealed_with_other, &t.invitation, &t.request, &t.reading);
    refuse(opened, "journal-admission-not-from-project");

    let bytes = sealed.as_bytes();
    for at in (0..bytes.len()).step_by(7) {
        let mut changed = bytes.to_vec();
        changed[at] ^= 1;
        let opened = SealedAdmission::from_bytes(changed)
            .map_err(PairingError::from)
            .and_then(|s| Admission::open(&s, &t.invitation, &t.request, &t.reading));
        assert!(opened.is_err(), "{at}");
    }
    for len in (0..bytes.len()).step_by(7) {
        let opened = SealedAdmission::from_bytes(bytes[..len].to_vec())
            .map_err(PairingError::from)
            .and_then(|s| Admission::open(&s, &t.invitation, &t.request, &t.reading));
        assert!(opened.is_err(), "{len}");
    }
}

#[test]
fn details_have_one_form_and_one_certificate() {
    let mut world = World::new(10);
    let laptop = world.laptop("王芳");
    let bytes = laptop.details.to_bytes().unwrap();
    assert_eq!(Details::from_bytes(&bytes), Ok(laptop.details.clone()));
    assert_eq!(laptop.certificate.verify_details(&laptop.details), Ok(()));
    for at in 1..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let noticed = Details::from_bytes(&changed).is_ok_and(|d| laptop.certificate.verify_details(&d).is_ok());
        assert!(!noticed, "{at}");
    }
    let certificate = laptop.certificate.to_bytes();
    assert_eq!((certificate.len(), Certificate::from_bytes(&certificate)), (Certificate::LEN, Ok(laptop.certificate)));
    let (project, key) = (world.project, world.project_key.public());
    for at in 0..certificate.len() {
        let mut changed = certificate.clone();
        changed[at] ^= 1;
        let noticed = Certificate::from_bytes(&changed).is_ok_and(|c| c.verify(project, &key).is_ok());
        assert!(!noticed, "{at}");
    }
    let mut details = laptop.details.clone();
    details.sites = vec![RecordId::from_bytes([2; 16]), RecordId::from_bytes([1; 16]), RecordId::from_bytes([2; 16])];
    assert_eq!(details.to_bytes().unwrap(), bytes);
    details.sites = (0..300_u64).map(|i| RecordId::random(&mut rng(i))).collect();
    assert_eq!(details.to_bytes().unwrap_err().code(), "journal-too-long");
    details.sites.clear();
    details.name = "x\u{7}".to_owned();
    assert_eq!(details.to_bytes().unwrap_err().code(), "journal-not-canonical");
}

#[test]
fn only_the_project_revokes() {
    let t = table(10);
    let place = |seq| Place {
        chain: ChainId::from_bytes([4; 16]),
        seq: Seq::new(seq).unwrap(),
        hash: EntryHash::from_bytes([5; 32]),
    };
    let sign = |key: &ProjectKey, places| Revocation::sign(key, t.world.project, 7, places, None).unwrap();
    let revocation = sign(&t.world.project_key, vec![place(2), place(1), place(2)]);
    assert_eq!(revocation.accepted, [place(1), place(2)]);
    let bytes = revocation.to_bytes();
    assert_eq!(Revocation::from_bytes(&bytes), Ok(revocation.clone()));
    assert_eq!(revocation.verify(&t.invitation.trust()), Ok(()));
    let other = table(11);
    assert!(sign(&other.world.project_key, vec![]).verify(&t.invitation.trust()).is_err());
    assert!(revocation.verify(&other.invitation.trust()).is_err());
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let noticed = Revocation::from_bytes(&changed).is_ok_and(|r| r.verify(&t.invitation.trust()).is_ok());
        assert!(!noticed, "{at}");
        assert!(Revocation::from_bytes(&bytes[..at]).is_err(), "{at}");
    }
}
