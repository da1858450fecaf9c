//! Who may do what, and how each refusal is worded on the wire.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod common;

use std::fmt::Write as _;

use common::{MARKER, laptop::Laptop, start, start_with, team_on_hub};
use expect_test::expect;
use reqwest::blocking::{Client, RequestBuilder};
use tianye_hub::{Access, Limits, ROUTES, Running};
use tianye_journal::{
    Admission, ChunkId, CompareCode, DeviceId, Invitation, InvitationId, JoinRequest, ReadingKey, SigningKey,
};
use tianye_sync::{
    Credentials, HubCard, HubClient, Patience, Pin, Refusal, SyncError, pinned_http,
    protocol::{ErrorBody, INVITATION_MAC},
};

fn http(hub: &Running) -> Client {
    pinned_http(hub.card().pin, Patience::default()).unwrap()
}

/// Status and code of an answer.
fn answer(request: RequestBuilder) -> (u16, String) {
    let response = request.send().unwrap();
    let status = response.status().as_u16();
    let text = response.text().unwrap_or_default();
    if status < 400 {
        return (status, String::new());
    }
    let body: ErrorBody = serde_json::from_str(&text).unwrap_or_else(|_| panic!("a code was expected: {text}"));
    assert_eq!(text, format!("{{\"code\":\"{}\"}}", body.code), "nothing but the code");
    (status, body.code)
}

/// Every route with every role. `open` stands for: the guard let it through, whatever the handler said of the empty body.
#[test]
fn routes_and_roles() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 1);
    let mut others = common::Team::new(2);
    others.register(&hub);
    let http = http(&hub);
    let (laptop, stranger) = (team.laptop(), others.laptop());
    let token = |client: &HubClient| client.sign_in().unwrap().0;
    let roles = [
        ("nobody", None),
        ("other project", Some(token(&stranger.client(hub.card())))),
        ("other lead", Some(token(&others.lead(hub.card())))),
        ("interviewer", Some(token(&laptop.client(hub.card())))),
        ("lead", Some(token(&team.lead(hub.card())))),
        ("admin word", Some(hub.card().admin.clone().unwrap().0)),
    ];
    let invitation = InvitationId::random(&mut team.rng);
    let mut table = String::new();
    for route in ROUTES {
        let path = route
            .path
            .replace("{project}", &team.project.to_string())
            .replace("{invitation}", &invitation.to_string())
            .replace("{device}", &"ab".repeat(32))
            .replace("{chunk}", &"cd".repeat(32))
            .replace("{offer}", &"ef".repeat(32));
        writeln!(table, "{} {}", route.method, route.path).unwrap();
        let mut row = Vec::new();
        for (role, token) in &roles {
            let method = route.method.parse().unwrap();
            let mut request = http.request(method, format!("{}{path}", hub.card().address));
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            let (_, code) = answer(request);
            let refused = matches!(
                Refusal::from_code(&code),
                Some(
                    Refusal::TokenMissing
                        | Refusal::TokenUnknown
                        | Refusal::OtherProject
                        | Refusal::LeadOnly
                        | Refusal::InvitationRefused
                )
            );
            // Letter boxes and offers answer so too, but only after the door.
            let inside = route.access == Access::Open || route.access == Access::Lead && *role == "lead";
            let word = if refused && !inside { code.as_str() } else { "open" };
            let allowed = match route.access {
                Access::Open => true,
                Access::Admin => *role == "admin word",
                Access::Invitation => false,
                Access::Lead => *role == "lead",
                Access::Member => *role == "lead" || *role == "interviewer",
            };
            assert_eq!(word == "open", allowed, "{} {} as {role}: {code}", route.method, route.path);
            row.push(format!("{role}: {word}"));
        }
        writeln!(table, "    {}", row.join(", ")).unwrap();
    }
    expect![[r#"
        GET /v1/hub
            nobody: open, other project: open, other lead: open, interviewer: open, lead: open, admin word: open
        PUT /v1/projects/{project}
            nobody: token-missing, other project: token-unknown, other lead: token-unknown, interviewer: token-unknown, lead: token-unknown, admin word: open
        POST /v1/projects/{project}/challenge
            nobody: open, other project: open, other lead: open, interviewer: open, lead: open, admin word: open
        POST /v1/projects/{project}/token
            nobody: open, other project: open, other lead: open, interviewer: open, lead: open, admin word: open
        PUT /v1/projects/{project}/invitations/{invitation}/request
            nobody: invitation-refused, other project: invitation-refused, other lead: invitation-refused, interviewer: invitation-refused, lead: invitation-refused, admin word: invitation-refused
        GET /v1/projects/{project}/invitations/{invitation}/admission
            nobody: invitation-refused, other project: invitation-refused, other lead: invitation-refused, interviewer: invitation-refused, lead: invitation-refused, admin word: invitation-refused
        PUT /v1/projects/{project}/invitations/{invitation}
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: lead-only, lead: open, admin word: token-unknown
        DELETE /v1/projects/{project}/invitations/{invitation}
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: lead-only, lead: open, admin word: token-unknown
        PUT /v1/projects/{project}/invitations/{invitation}/offer
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: lead-only, lead: open, admin word: token-unknown
        GET /v1/offers/{offer}
            nobody: open, other project: open, other lead: open, interviewer: open, lead: open, admin word: open
        GET /v1/projects/{project}/requests
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: lead-only, lead: open, admin word: token-unknown
        PUT /v1/projects/{project}/invitations/{invitation}/admission
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: lead-only, lead: open, admin word: token-unknown
        GET /v1/projects/{project}/status
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: lead-only, lead: open, admin word: token-unknown
        PUT /v1/projects/{project}/devices/{device}/block
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: lead-only, lead: open, admin word: token-unknown
        DELETE /v1/projects/{project}/devices/{device}/block
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: lead-only, lead: open, admin word: token-unknown
        POST /v1/projects/{project}/erase
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: lead-only, lead: open, admin word: token-unknown
        GET /v1/projects/{project}/frontier
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: open, lead: open, admin word: token-unknown
        POST /v1/projects/{project}/entries
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: open, lead: open, admin word: token-unknown
        POST /v1/projects/{project}/entries/missing
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: open, lead: open, admin word: token-unknown
        POST /v1/projects/{project}/receipts
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: open, lead: open, admin word: token-unknown
        POST /v1/projects/{project}/chunks/missing
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: open, lead: open, admin word: token-unknown
        PUT /v1/projects/{project}/chunks/{chunk}
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: open, lead: open, admin word: token-unknown
        GET /v1/projects/{project}/chunks/{chunk}
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: open, lead: open, admin word: token-unknown
        GET /v1/projects/{project}/audit
            nobody: token-missing, other project: hub-other-project, other lead: hub-other-project, interviewer: open, lead: open, admin word: token-unknown
    "#]].assert_eq(&table);
}

#[test]
fn unknown_paths_methods_and_versions() {
    let data = tempfile::tempdir().unwrap();
    let (team, hub) = team_on_hub(data.path(), 3);
    let (http, at) = (http(&hub), hub.card().address.clone());
    assert_eq!(answer(http.get(format!("{at}/v2/hub"))), (404, "protocol-unknown".to_owned()));
    assert_eq!(answer(http.get(format!("{at}/"))), (404, "protocol-unknown".to_owned()));
    assert_eq!(answer(http.delete(format!("{at}/v1/hub"))), (405, "method-wrong".to_owned()));
    let project = format!("{at}/v1/projects/{}", team.project);
    for path in ["/chunks/..%2f..%2fhub.db", "/chunks/%2e%2e", "/chunks/ABCD"] {
        let token = team.lead(hub.card()).sign_in().unwrap().0;
        let (status, _) = answer(http.get(format!("{project}{path}")).bearer_auth(token));
        assert!(status == 400 || status == 404, "{path}: {status}");
    }
}

#[test]
fn another_hub_behind_the_address_is_noticed() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut team, hub) = team_on_hub(one.path(), 4);
    let other = start(two.path());
    let mut laptop = team.laptop();
    laptop.write(3);
    // The address leads to another hub now.
    let card = HubCard { address: other.card().address.clone(), ..hub.card().clone() };
    let error = laptop.sync(&card).unwrap_err();
    assert_eq!(error.code(), "hub-wrong-key");
    let SyncError::WrongKey { expected, found, .. } = error else { panic!("{error}") };
    assert_eq!((expected, found), (hub.card().pin, other.card().pin));
    assert_eq!(tianye_hub::summary(two.path()).unwrap().entries, 0);
    // Right TLS key, other receipt key: also not the hub of the card.
    let card = HubCard { key: other.card().key, ..hub.card().clone() };
    assert_eq!(laptop.sync(&card).unwrap_err().code(), "hub-card-invalid");
    assert!(laptop.receipts.is_empty());
    let pin = Pin::from_bytes([0; 32]);
    assert_eq!(laptop.sync(&HubCard { pin, ..hub.card().clone() }).unwrap_err().code(), "hub-wrong-key");
}

#[test]
fn no_clock_is_asked() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 14);
    let card = hub.card().clone();
    let address = hub.address();
    hub.stop().unwrap();
    let mut laptop = team.laptop();
    // The same key in certificates that ran out long ago, or begin in a far year.
    for (from, to) in [(1970, 1990), (2090, 2095)] {
        let key = std::fs::read(data.path().join("hub-tls.key")).unwrap();
        let key = rcgen::KeyPair::try_from(key.as_slice()).unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["another.name".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (rcgen::date_time_ymd(from, 1, 1), rcgen::date_time_ymd(to, 1, 1));
        std::fs::write(data.path().join("hub-tls.cert"), params.self_signed(&key).unwrap().der()).unwrap();
        let hub = start_with(data.path(), address, Limits::default());
        assert_eq!(hub.card().pin, card.pin);
        laptop.write(1);
        assert_eq!(laptop.sync(&card).unwrap().sent, 1);
    }
}

#[test]
fn a_hub_that_is_away() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 5);
    let card = hub.card().clone();
    hub.stop().unwrap();
    let mut laptop = team.laptop();
    laptop.write(1);
    assert_eq!(laptop.sync(&card).unwrap_err().code(), "hub-unreachable");
}

#[test]
fn projects_do_not_mix() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 6);
    let mut others = common::Team::new(7);
    let mut stranger = others.laptop();
    let entries = stranger.write(2);
    assert_eq!(stranger.sync(hub.card()).unwrap_err().code(), "project-unknown");
    others.register(&hub);

    // A device of one project at the door of the other, with its own certificate.
    let as_ours = Credentials::device(stranger.signing.clone(), stranger.certificate.clone());
    let client = HubClient::new(hub.card(), team.project, as_ours).unwrap();
    assert_eq!(client.frontier().unwrap_err().code(), "not-admitted");
    // A certificate that it stole, without the key.
    let ours = team.laptop();
    let stolen = Credentials::device(stranger.signing.clone(), ours.certificate.clone());
    let client = HubClient::new(hub.card(), team.project, stolen).unwrap();
    assert_eq!(client.frontier().unwrap_err().code(), "signature-wrong");
    // The project key of the other project makes no lead here.
    let client = HubClient::new(hub.card(), team.project, Credentials::lead(others.key.clone())).unwrap();
    assert_eq!(client.status().unwrap_err().code(), "signature-wrong");
    // A replayed batch of the other project enters nowhere.
    let pushed = ours.client(hub.card()).push(&entries).unwrap();
    assert!(pushed.receipts.is_empty());
    assert!(pushed.set_aside.iter().any(|aside| aside.code == "journal-other-project"));
    assert_eq!(team.lead(hub.card()).status().unwrap().entries, 0);
    stranger.sync(hub.card()).unwrap();
    assert!(ours.client(hub.card()).frontier().unwrap().is_empty());

    // The same project cannot be registered with another key, and not at all without the admin word.
    let nobody = HubClient::new(hub.card(), team.project, Credentials::None).unwrap();
    nobody.register_project(&team.key.public()).unwrap();
    assert_eq!(nobody.register_project(&others.key.public()).unwrap_err().code(), "project-key-differs");
    let without = HubClient::new(&hub.card().without_admin(), team.project, Credentials::None).unwrap();
    assert_eq!(without.register_project(&team.key.public()).unwrap_err().code(), "hub-card-invalid");
}

#[test]
fn a_blocked_device_is_out_at_once() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 8);
    let laptop = team.laptop();
    let client = laptop.client(hub.card());
    client.frontier().unwrap();
    let lead = team.lead(hub.card());
    lead.set_blocked(&laptop.signing.public(), true).unwrap();
    assert_eq!(client.frontier().unwrap_err().code(), "device-blocked");
    assert!(lead.status().unwrap().devices[0].blocked);
    lead.set_blocked(&laptop.signing.public(), false).unwrap();
    client.frontier().unwrap();
}

#[test]
fn too_large_too_many_and_the_wrong_bytes() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 9);
    let mut laptop = team.laptop();
    let entries = laptop.write(501);
    let client = laptop.client(hub.card());
    let code = |result: Result<_, SyncError>| result.map(|_: tianye_sync::Pushed| ()).unwrap_err().code();
    assert_eq!(code(client.push(&entries)), "too-many");

    let (http, token) = (http(&hub), client.sign_in().unwrap().0);
    let url = |path: &str| format!("{}/v1/projects/{}{path}", hub.card().address, team.project);
    let big = vec![1_u8; 5 * 1024 * 1024];
    let announced = http.post(url("/entries")).bearer_auth(&token).body(big.clone());
    assert_eq!(answer(announced), (413, "too-large".to_owned()));
    let streamed = reqwest::blocking::Body::new(std::io::Cursor::new(big));
    assert_eq!(answer(http.post(url("/entries")).bearer_auth(&token).body(streamed)), (413, "too-large".to_owned()));
    let chunk = format!("/chunks/{}", ChunkId::from_bytes([7; 32]));
    let body = reqwest::blocking::Body::new(std::io::Cursor::new(vec![1_u8; 1024 * 1024 + 1]));
    assert_eq!(answer(http.put(url(&chunk)).bearer_auth(&token).body(body)), (413, "too-large".to_owned()));
    let wrong = http.put(url(&chunk)).bearer_auth(&token).body("other bytes");
    assert_eq!(answer(wrong), (422, "chunk-id-wrong".to_owned()));
    assert_eq!(answer(http.get(url(&chunk)).bearer_auth(&token)), (404, "chunk-unknown".to_owned()));
    let noise = http.post(url("/entries")).bearer_auth(&token).body(MARKER);
    assert_eq!(answer(noise), (400, "bad-request".to_owned()));
    let noise = http.post(url("/entries/missing?entries=5&bytes=5")).bearer_auth(&token).body(MARKER);
    assert_eq!(answer(noise), (400, "bad-request".to_owned()));
    let ids = format!("{{\"chunks\":[{}]}}", vec![format!("\"{}\"", "ab".repeat(32)); 5_001].join(","));
    let many = http.post(url("/chunks/missing")).bearer_auth(&token).body(ids);
    assert_eq!(answer(many), (413, "too-many".to_owned()));
    assert_eq!(std::fs::read_dir(data.path().join("incoming")).unwrap().count(), 0);
    assert_eq!(team.lead(hub.card()).status().unwrap().entries, 0);
}

#[test]
fn each_device_has_its_share_and_the_hub_an_end() {
    let data = tempfile::tempdir().unwrap();
    let limits = Limits { device_bytes: 60_000, project_bytes: 100_000, ..Limits::default() };
    let hub = start_with(data.path(), "127.0.0.1:0".parse().unwrap(), limits);
    let mut team = common::Team::new(10);
    team.register(&hub);
    let (mut one, mut two) = (team.laptop(), team.laptop());
    one.write(4);
    one.write_file(70_000);
    assert_eq!(one.sync(hub.card()).unwrap_err().code(), "device-quota");
    assert_eq!(one.receipts.len(), 4, "what fitted is there");
    two.write(2);
    two.write_file(54_000);
    two.sync(hub.card()).unwrap();
    let mut three = team.laptop();
    three.write_file(50_000);
    assert_eq!(three.sync(hub.card()).unwrap_err().code(), "hub-full");
    let stored = |folder: &str| common::files_below(&data.path().join(folder)).len();
    assert_eq!((stored("chunks"), stored("incoming")), (1, 0), "a refused chunk leaves nothing");
    // Nor is it charged: what fits still does.
    one.chunks.clear();
    one.write(1);
    one.sync(hub.card()).unwrap();
}

#[test]
fn guessing_is_slowed_down() {
    let data = tempfile::tempdir().unwrap();
    let limits = Limits { failures: 5, ..Limits::default() };
    let hub = start_with(data.path(), "127.0.0.1:0".parse().unwrap(), limits);
    let mut team = common::Team::new(11);
    team.register(&hub);
    let laptop = team.laptop();
    let signed_in = laptop.client(hub.card());
    signed_in.frontier().unwrap();
    let http = http(&hub);
    let guess = |number: usize| {
        let url = format!("{}/v1/projects/{}", hub.card().address, team.project);
        answer(http.put(url).bearer_auth(format!("guess {number}"))).1
    };
    let codes: Vec<String> = (0..7).map(guess).collect();
    assert_eq!(codes[..5], vec!["token-unknown"; 5]);
    assert_eq!(codes[5..], vec!["too-many-attempts"; 2]);
    signed_in.frontier().unwrap();
}

fn invitation(team: &mut common::Team, card: &HubCard) -> Invitation {
    Invitation {
        project: team.project,
        project_key: team.key.public(),
        title: MARKER.to_owned(),
        hub: Some(card.to_address().unwrap()),
        id: InvitationId::random(&mut team.rng),
        secret: Invitation::new_secret(&mut team.rng),
        name: MARKER.to_owned(),
        role: "interviewer".to_owned(),
        expires: 0,
    }
}

#[test]
fn joining_by_letter_box() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 12);
    let invitation = invitation(&mut team, hub.card());
    let lead = team.lead(hub.card());
    // The new laptop knows the hub from the invitation alone.
    let card = HubCard::from_address(invitation.hub.as_ref().unwrap()).unwrap();
    let new = HubClient::new(&card, invitation.project, Credentials::None).unwrap();
    let (signing, reading) = (SigningKey::generate(&mut team.rng), ReadingKey::generate(&mut team.rng));
    let device = DeviceId::random(&mut team.rng);
    let request = JoinRequest::new(&invitation, device, &signing, &reading);

    assert_eq!(new.leave_request(&invitation, &request).unwrap_err().code(), "invitation-refused", "not open yet");
    lead.open_invitation(&invitation).unwrap();
    lead.open_invitation(&invitation).unwrap();
    assert!(lead.join_requests().unwrap().is_empty());

    // Somebody who saw the invitation's number but not its secret.
    let mut guessed = invitation.clone();
    guessed.secret = [0; 16];
    let forged = JoinRequest::new(&guessed, device, &signing, &reading);
    assert_eq!(new.leave_request(&guessed, &forged).unwrap_err().code(), "invitation-refused");
    assert_eq!(new.fetch_admission(&guessed).unwrap_err().code(), "invitation-refused");
    let url = format!("{}/v1/projects/{}/invitations/{}/request", card.address, team.project, invitation.id);
    let bare = http(&hub).put(url).header(INVITATION_MAC, "zz").body(request.to_bytes());
    assert_eq!(answer(bare), (403, "invitation-refused".to_owned()));
    assert!(lead.join_requests().unwrap().is_empty());

    new.leave_request(&invitation, &request).unwrap();
    new.leave_request(&invitation, &request).unwrap();
    assert!(new.fetch_admission(&invitation).unwrap().is_none());
    let other = JoinRequest::new(&invitation, DeviceId::random(&mut team.rng), &signing, &reading);
    assert_eq!(new.leave_request(&invitation, &other).unwrap_err().code(), "invitation-used", "one laptop each");

    let waiting = lead.join_requests().unwrap();
    assert_eq!((waiting.len(), waiting[0].answered), (1, false));
    let received = JoinRequest::from_bytes(&waiting[0].request.0).unwrap();
    received.verify(&invitation).unwrap();
    assert_eq!(CompareCode::new(&team.key.public(), &received), CompareCode::new(&team.key.public(), &request));

    let sealed = common::admit(&mut team, &received);
    lead.leave_admission(waiting[0].invitation, &sealed).unwrap();
    let sealed = new.fetch_admission(&invitation).unwrap().unwrap();
    let admission = Admission::open(&sealed, &invitation, &request, &reading).unwrap();
    let credentials = Credentials::device(signing.clone(), admission.certificate.clone());
    HubClient::new(&card, team.project, credentials).unwrap().frontier().unwrap();

    lead.close_invitation(invitation.id).unwrap();
    assert_eq!(new.fetch_admission(&invitation).unwrap_err().code(), "invitation-refused");
    assert_eq!(lead.open_invitation(&invitation).unwrap_err().code(), "invitation-used");
    assert!(lead.join_requests().unwrap().is_empty());
}

#[test]
fn the_audit_log_has_a_signed_head() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 13);
    let mut laptop: Laptop = team.laptop();
    let client = laptop.client(hub.card());
    client.push(&laptop.write(2)).unwrap();
    let first = client.audit_head().unwrap();
    client.push(&laptop.write(2)).unwrap();
    let second = client.audit_head().unwrap();
    assert_eq!(second.number, first.number + 1);
    let summary = tianye_hub::summary(data.path()).unwrap();
    assert_eq!((summary.audit_lines, summary.audit_broken_at, summary.running), (second.number, None, true));
    hub.stop().unwrap();
    assert!(!tianye_hub::summary(data.path()).unwrap().running);
}

#[test]
fn one_folder_one_hub() {
    let data = tempfile::tempdir().unwrap();
    let hub = start(data.path());
    let options = tianye_hub::Options {
        data: data.path().to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        address: None,
        now: || 0,
        limits: Limits::default(),
    };
    assert_eq!(tianye_hub::start(&options).unwrap_err().code(), "hub-in-use");
    let card = hub.card().clone();
    drop(hub);
    assert_eq!(tianye_hub::start(&options).unwrap().card().pin, card.pin);
    #[cfg(unix)]
    for name in ["hub-card.json", "hub-tls.key", "hub-receipt.key", "hub-admin.key"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(data.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} is for its owner only");
    }
    // A damaged key is said, never replaced: devices would not know this hub any more.
    std::fs::write(data.path().join("hub-receipt.key"), "short").unwrap();
    assert_eq!(tianye_hub::start(&options).unwrap_err().code(), "hub-key-damaged");
}
