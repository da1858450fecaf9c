//! An invitation that lies at the hub for who types its code.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod common;

use std::time::Duration;

use common::{MARKER, Team, files_below, start_with, team_on_hub};
use tianye_hub::{Limits, Running};
use tianye_journal::{DeviceId, Invitation, InvitationId, JoinRequest, MAX_OFFER, ReadingKey, SigningKey, offer_id};
use tianye_sync::protocol::{Hex, HexBytes, LeaveOffer};
use tianye_sync::{
    Credentials, HubClient, Patience, Refusal, ShortCode, SyncError, find_invitation, invitation_code, pinned_http,
};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn invitation(team: &mut Team, hub: &Running) -> Invitation {
    Invitation {
        project: team.project,
        project_key: team.key.public(),
        title: MARKER.to_owned(),
        hub: Some(hub.card().to_address().unwrap()),
        id: InvitationId::random(&mut team.rng),
        secret: Invitation::new_secret(&mut team.rng),
        name: MARKER.to_owned(),
        role: "interviewer".to_owned(),
        expires: 0,
    }
}

/// What who types this code at this hub gets.
#[track_caller]
fn check(hub: &Running, code: &ShortCode, expect: Result<&Invitation, &str>) {
    let typed: ShortCode = code.to_string().to_lowercase().parse().unwrap();
    let found = find_invitation(&hub.card().address, &typed, Patience::default());
    assert_eq!(found.as_ref().map_err(SyncError::code), expect);
}

#[test]
fn who_types_the_code_gets_the_invitation_until_it_is_answered_or_closed() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 31);
    let lead = team.lead(hub.card());
    let (first, second) = (invitation(&mut team, &hub), invitation(&mut team, &hub));
    let (one, two) = (invitation_code(&first), invitation_code(&second));
    let refused = Err("invitation-refused");

    let early = lead.leave_offer(&first, DAY, &mut team.rng);
    assert_eq!(early.unwrap_err().code(), "invitation-refused", "no letter box yet");
    for invitation in [&first, &second] {
        lead.open_invitation(invitation).unwrap();
        check(&hub, &invitation_code(invitation), refused);
        lead.leave_offer(invitation, DAY, &mut team.rng).unwrap();
        lead.leave_offer(invitation, DAY, &mut team.rng).unwrap();
    }
    check(&hub, &one, Ok(&first));
    check(&hub, &one, Ok(&first));
    check(&hub, &two, Ok(&second));
    check(&hub, &ShortCode::from_bytes([7; 10]), refused);

    let (signing, reading) = (SigningKey::generate(&mut team.rng), ReadingKey::generate(&mut team.rng));
    let request = JoinRequest::new(&first, DeviceId::random(&mut team.rng), &signing, &reading);
    let new = HubClient::new(hub.card(), team.project, Credentials::None).unwrap();
    new.leave_request(&first, &request).unwrap();
    check(&hub, &one, refused);
    assert_eq!(lead.leave_offer(&first, DAY, &mut team.rng).unwrap_err().code(), "invitation-used");
    lead.close_invitation(second.id).unwrap();
    check(&hub, &two, refused);
    assert_eq!(lead.leave_offer(&second, DAY, &mut team.rng).unwrap_err().code(), "invitation-refused");

    let log = tianye_hub::summary(data.path()).unwrap();
    assert_eq!(log.audit_broken_at, None);
    hub.stop().unwrap();
    for file in files_below(data.path()) {
        let bytes = std::fs::read(&file).unwrap();
        let holds = bytes.windows(MARKER.len()).any(|part| part == MARKER.as_bytes());
        assert!(!holds, "{} tells whom was invited", file.display());
    }
}

#[test]
fn an_offer_has_an_end_and_a_size() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 32);
    let lead = team.lead(hub.card());
    let ours = invitation(&mut team, &hub);
    lead.open_invitation(&ours).unwrap();
    let mut leave = |life| lead.leave_offer(&ours, life, &mut team.rng).map_err(|why| why.code());
    assert_eq!(leave(32 * DAY), Err("too-large"));
    leave(Duration::ZERO).unwrap();
    check(&hub, &invitation_code(&ours), Err("invitation-refused"));
    leave(DAY).unwrap();
    check(&hub, &invitation_code(&ours), Ok(&ours));

    let put = |sealed: Vec<u8>, seconds| {
        let body = LeaveOffer { offer: Hex(offer_id(&ours.code())), sealed: HexBytes(sealed), seconds };
        let url = format!("{}/v1/projects/{}/invitations/{}/offer", hub.card().address, team.project, ours.id);
        let http = pinned_http(hub.card().pin, Patience::default()).unwrap();
        let request = http.put(url).bearer_auth(lead.sign_in().unwrap().0).body(serde_json::to_vec(&body).unwrap());
        request.send().unwrap().status().as_u16()
    };
    assert_eq!(put(Vec::new(), 60), 400);
    assert_eq!(put(vec![1; MAX_OFFER + 1], 60), 413);
    assert_eq!(put(vec![1; 2 * MAX_OFFER], 60), 413);
    assert_eq!(put(vec![1; MAX_OFFER], u64::MAX), 413);
    // What the lead's code did not seal does not open, whatever the hub keeps.
    assert_eq!(put(vec![1; MAX_OFFER], 60), 204);
    check(&hub, &invitation_code(&ours), Err("hub-answer-unreadable"));
}

#[test]
fn nobody_takes_the_place_of_another_s_offer() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 33);
    let mut others = Team::new(34);
    others.register(&hub);
    let (ours, mut theirs) = (invitation(&mut team, &hub), invitation(&mut others, &hub));
    theirs.secret = ours.secret;
    let (lead, other) = (team.lead(hub.card()), others.lead(hub.card()));
    lead.open_invitation(&ours).unwrap();
    lead.leave_offer(&ours, DAY, &mut team.rng).unwrap();
    other.open_invitation(&theirs).unwrap();
    assert_eq!(other.leave_offer(&theirs, DAY, &mut others.rng).unwrap_err().code(), "invitation-used");
    other.close_invitation(theirs.id).unwrap();
    check(&hub, &invitation_code(&ours), Ok(&ours));
}

#[test]
fn codes_cannot_be_searched() {
    let data = tempfile::tempdir().unwrap();
    let limits = Limits { failures: 5, ..Limits::default() };
    let hub = start_with(data.path(), "127.0.0.1:0".parse().unwrap(), limits);
    let codes: Vec<_> = (0..7)
        .map(|number| {
            let found = find_invitation(&hub.card().address, &ShortCode::from_bytes([number; 10]), Patience::default());
            found.unwrap_err()
        })
        .collect();
    for (number, error) in codes.iter().enumerate() {
        let expect = if number < 5 { Refusal::InvitationRefused } else { Refusal::TooManyAttempts };
        assert!(matches!(error, SyncError::Refused(refusal) if *refusal == expect), "{number}: {error}");
    }
}

#[test]
fn the_address_that_was_typed_stands_for_the_hub_of_the_invitation_only() {
    let data = tempfile::tempdir().unwrap();
    let (mut team, hub) = team_on_hub(data.path(), 35);
    let lead = team.lead(hub.card());
    let mut moved = invitation(&mut team, &hub);
    let here = hub.card().address.clone();
    moved.hub.as_mut().unwrap().url = "https://192.0.2.1:8788".to_owned();
    let mut elsewhere = invitation(&mut team, &hub);
    elsewhere.hub.as_mut().unwrap().spki_pin = [9; 32];
    elsewhere.hub.as_mut().unwrap().url = "https://192.0.2.1:8788".to_owned();
    for (invitation, expect) in [(moved, here.as_str()), (elsewhere, "https://192.0.2.1:8788")] {
        lead.open_invitation(&invitation).unwrap();
        lead.leave_offer(&invitation, DAY, &mut team.rng).unwrap();
        let found = find_invitation(&here, &invitation_code(&invitation), Patience::default()).unwrap();
        assert_eq!(found.hub.as_ref().unwrap().url, expect);
    }
}
