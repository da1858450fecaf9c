//! Makes the first inputs of the targets in `sealed`: `cargo run -p tianye-hostile --example seeds`.

#![allow(clippy::unwrap_used, reason = "it stops where a seed cannot be made")]

use std::path::{Path, PathBuf};

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use tianye_hostile::sealed::{PROJECT, inbox, project_key, reading_key};
use tianye_journal::{
    Admission, BatchWriter, Certificate, ChainWriter, Details, DeviceId, FileKey, Granted, HubKey, Invitation,
    InvitationId, JoinRequest, PersonId, PlainBody, Receipt, RecordId, SealedEntry, SigningKey, WallClock, new_salt,
    seal_file, seal_for, seal_offer, to_hex,
};
use tianye_sync::ShortCode;

fn put(target: &str, name: &str, bytes: &[u8]) {
    let folder: PathBuf =
        Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
}

fn batch(entries: &[SealedEntry], chunks: usize, rng: &mut ChaCha20Rng) -> Vec<u8> {
    let mut writer = BatchWriter::new(Vec::new()).unwrap();
    entries.iter().for_each(|entry| writer.entry(entry).unwrap());
    let key = FileKey::generate(rng);
    for chunk in seal_file(&key, b"a picture", rng).unwrap().iter().take(chunks) {
        writer.chunk(chunk).unwrap();
    }
    writer.finish().unwrap()
}

fn main() {
    let mut rng = ChaCha20Rng::from_seed([9; 32]);
    let (key, reading) = (project_key(), reading_key());
    let signing = SigningKey::from_secret_bytes(&[5; 32]);
    let details = Details {
        salt: new_salt(&mut rng),
        person: PersonId::from_bytes([6; 16]),
        device: DeviceId::from_bytes([7; 16]),
        reader: reading.recipient(),
        role: "interviewer".into(),
        name: "王小明".into(),
        sites: Vec::new(),
    };
    let certificate = Certificate::issue(PROJECT, &key, signing.public(), &details, &mut rng).unwrap();
    let body = |kind: u16, text: &str| PlainBody {
        kind,
        record: RecordId::from_bytes([8; 16]),
        parents: Vec::new(),
        author: details.person,
        at: WallClock { millis: 1_499_000_000_000, offset_minutes: 480 },
        content: text.as_bytes().to_vec(),
    };
    let readers = [reading.recipient()];
    let (mut writer, opening) = ChainWriter::open(&signing, &certificate, &readers, &body(3, "{}"), &mut rng).unwrap();
    let first = writer.seal(&body(8, "{\"v\":1}"), &mut rng).unwrap();
    let granted = [Granted { chain: writer.chain(), key: writer.content_key().clone() }];
    let grant = writer.grant(&granted, &readers, &body(10, "{}"), &mut rng).unwrap();
    let entries = [opening.clone(), first.clone(), grant.clone()];

    put("batch", "empty", &batch(&[], 0, &mut rng));
    put("batch", "a-chain", &batch(&entries, 0, &mut rng));
    put("batch", "backwards-with-a-chunk", &batch(&[grant.clone(), first.clone(), opening.clone()], 1, &mut rng));
    put("batch", "without-bodies", &batch(&entries.clone().map(|entry| entry.without_body()), 0, &mut rng));
    let whole = batch(&entries, 1, &mut rng);
    put("batch", "cut", &whole[..whole.len() - 40]);

    for (name, entry) in [("opening", &opening), ("sealed", &first), ("grant", &grant)] {
        put("entry", name, &entry.to_bytes());
    }
    put("entry", "without-body", &first.without_body().to_bytes());
    put("entry", "certificate", &certificate.to_bytes());
    put("entry", "details", &details.to_bytes().unwrap());
    let mut replica = inbox();
    assert_eq!(replica.deliver(entries.clone()).accepted.len(), 3, "the corpus is of the project of the targets");
    put("entry", "frontier", &replica.index().frontier().to_bytes().unwrap());
    let hub = HubKey::from_secret_bytes(&[4; 32]);
    let receipt = Receipt::sign(&hub, PROJECT, first.place());
    put("entry", "receipt", &receipt.to_bytes());

    put("envelope", "a-batch", &seal_for(&readers, &batch(&entries, 0, &mut rng)).unwrap());
    put("envelope", "a-word", &seal_for(&readers, b"word").unwrap());
    let two = [reading.recipient(), tianye_journal::ReadingKey::generate(&mut rng).recipient()];
    put("envelope", "for-two", &seal_for(&two, b"word").unwrap());

    let invitation = Invitation {
        project: PROJECT,
        project_key: key.public(),
        title: "浙江留守儿童 2017".into(),
        hub: None,
        id: InvitationId::from_bytes([10; 16]),
        secret: Invitation::new_secret(&mut rng),
        name: "王小明".into(),
        role: "interviewer".into(),
        expires: 1_499_000_000_000,
    };
    let request = JoinRequest::new(&invitation, details.device, &signing, &reading);
    let admission = Admission {
        title: invitation.title.clone(),
        hub: None,
        certificate,
        details,
        readers: readers.to_vec(),
        granted: granted.to_vec(),
        shared: Vec::new(),
        project_key: None,
    };
    let sealed = admission.seal(&key, &request).unwrap();
    put("pairing", "invitation", &invitation.to_bytes().unwrap());
    put("pairing", "invitation-text", invitation.to_text().unwrap().as_bytes());
    put("pairing", "request", &request.to_bytes());
    put("pairing", "request-text", request.to_text().as_bytes());
    put("pairing", "admission", sealed.as_bytes());
    put("pairing", "admission-text", sealed.to_text().as_bytes());

    let hash = first.hash();
    put(
        "letters",
        "push-answer",
        format!(
            "{{\"receipts\":[\"{}\"],\"set_aside\":[{{\"place\":{{\"chain\":\"{}\",\"seq\":2,\"hash\":\"{hash}\"}},\
             \"code\":\"journal-gap\"}}]}}",
            to_hex(&receipt.to_bytes()),
            first.header.chain
        )
        .as_bytes(),
    );
    put("letters", "ids", format!("{{\"entries\":[\"{hash}\"],\"chunks\":[]}}").as_bytes());
    put(
        "letters",
        "token-request",
        format!("{{\"nonce\":\"{hash}\",\"certificate\":\"\",\"signature\":\"\"}}").as_bytes(),
    );
    put(
        "letters",
        "requests",
        format!(
            "{{\"requests\":[{{\"invitation\":\"{}\",\"request\":\"{}\",\"answered\":false}}]}}",
            invitation.id,
            to_hex(&request.to_bytes())
        )
        .as_bytes(),
    );
    put("letters", "audit-head", format!("9:{hash}:{hash}{hash}").as_bytes());
    put(
        "letters",
        "hub-card",
        format!("{{\"address\":\"https://127.0.0.1:7000\",\"pin\":\"{hash}\",\"key\":\"{hash}\"}}").as_bytes(),
    );

    let code = invitation.code();
    let offer = seal_offer(&invitation, &mut rng).unwrap();
    put("offer", "sealed", &[&code[..], &offer].concat());
    put("offer", "of-another-code", &[&[0; 10][..], &offer].concat());
    put("offer", "cut", &[&code[..], &offer[..offer.len() - 1]].concat());
    put("offer", "invitation", &invitation.to_bytes().unwrap());
    put("offer", "code", ShortCode::from_bytes(code).to_string().as_bytes());
    put("offer", "code-as-typed", "ＡＢＣＤ－oil0—efgh 1234".as_bytes());
    put("offer", "code-too-long", b"ABCD-EFGH-1234-56789");
    put("offer", "address", "192。168．1.5：9000".as_bytes());
    put("offer", "address-of-six", b"[fe80::1]");
}
