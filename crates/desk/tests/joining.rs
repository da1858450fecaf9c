//! Joining while hubs come and go: by the hub on the lead's laptop, or by file, through restarts of the program.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use common::{Field, PASSPHRASE, begin, finish, hub, laptop, say, set_up};
use tianye_desk::Laptop;
use tianye_desk::view::{InvitationPlace, JoinState, Role};

#[test]
fn while_the_project_s_hub_is_away_one_joins_by_the_lead_s_laptop() {
    let (field, mut lead, ..) = set_up();
    let Field { folder, hub: far, .. } = field;
    let far_away = far.card().address.clone();
    far.stop().unwrap();
    let near = hub(&folder.path().join("nearby"));
    lead.open_nearby(near.card()).unwrap();

    let invitation = lead.invite("李想", "第二组", Role::Interviewer).unwrap();
    let laptop = laptop(folder.path(), "新来的");
    let read = laptop.read_invitation(&invitation).unwrap();
    let waiting = laptop.request_join(&read.id, PASSPHRASE, "示例电脑").unwrap();
    assert!(waiting.sent, "the hub on the lead's laptop has it");
    let team = lead.team().unwrap();
    assert_eq!(team.requests[0].compare_code, waiting.compare_code);
    lead.approve(&team.requests[0].id).unwrap();
    assert_eq!(laptop.join_state(&waiting.id).unwrap().state, JoinState::Admitted);

    let mut desk = laptop.unlock(&waiting.id, PASSPHRASE).unwrap();
    assert_eq!(desk.sync_state().unwrap().hub, far_away, "the project's hub is what it is for the others");
    let shown = desk.nearby().unwrap().unwrap();
    lead.sync_nearby(&shown.address, &shown.code).unwrap();
    desk.sync_nearby(&shown.address, &shown.code).unwrap();
    begin(&mut desk, "301");
    say(&mut desk, "/family/say", "妈妈过年回来");
    finish(&mut desk);
    assert!(desk.sync_nearby(&shown.address, &shown.code).unwrap().sent > 0);
    lead.sync_nearby(&shown.address, &shown.code).unwrap();
    assert!(lead.records("zh-CN").unwrap().iter().any(|card| card.code == "301"));
}

#[test]
fn where_no_hub_is_reached_one_joins_by_file_and_a_restart_in_between_loses_nothing() {
    let (field, mut lead, ..) = set_up();
    let Field { folder, hub: far, .. } = field;
    // The invitation was made while the hub was there; the answer finds it away.
    let invitation = lead.invite("李想", "第二组", Role::Interviewer).unwrap();
    far.stop().unwrap();
    let waiting = {
        let laptop = laptop(folder.path(), "新来的");
        let read = laptop.read_invitation(&invitation).unwrap();
        let waiting = laptop.request_join(&read.id, PASSPHRASE, "示例电脑").unwrap();
        assert!(!waiting.sent);
        assert_eq!(laptop.join_state(&waiting.id).unwrap_err().code, "hub-unreachable");
        waiting
    };

    let laptop = laptop(folder.path(), "新来的");
    assert!(laptop.start().unwrap().joining.is_empty(), "it is not known before the passphrase is given");
    assert_eq!(laptop.unlock(&waiting.id, PASSPHRASE).unwrap_err().code, "join-waiting");
    let again = laptop.start().unwrap().joining;
    assert_eq!(again.len(), 1);
    assert_eq!(
        (again[0].id.as_str(), again[0].compare_code.as_str(), again[0].sent),
        (waiting.id.as_str(), waiting.compare_code.as_str(), false)
    );
    let request = laptop.request_text(&waiting.id).unwrap();
    let admission = lead.approve_request(&request, &again[0].compare_code).unwrap();
    laptop.admit_by_text(&waiting.id, &admission).unwrap();
    assert!(laptop.start().unwrap().joining.is_empty());
    assert_eq!(laptop.unlock(&waiting.id, PASSPHRASE).unwrap().role(), Role::Interviewer);
}

#[test]
fn an_invitation_made_without_any_hub_goes_by_file() {
    let (field, mut lead, ..) = set_up();
    let Field { folder, hub: far, .. } = field;
    far.stop().unwrap();
    let invitation = lead.invite("李想", "第二组", Role::Lead).unwrap();
    let laptop = laptop(folder.path(), "新来的");
    let read = laptop.read_invitation(&invitation).unwrap();
    let waiting = laptop.request_join(&read.id, PASSPHRASE, "示例电脑").unwrap();
    let request = laptop.request_text(&waiting.id).unwrap();
    assert_eq!(lead.approve_request(&request, "000 000 000").unwrap_err().code, "code-other");
    let admission = lead.approve_request(&request, &waiting.compare_code).unwrap();
    laptop.admit_by_text(&waiting.id, &admission).unwrap();
    let desk = laptop.unlock(&waiting.id, PASSPHRASE).unwrap();
    assert_eq!(desk.role(), Role::Lead);
    assert!(!desk.sync_state().unwrap().hub.is_empty(), "the hub is known from the admission");
}

#[test]
fn a_request_that_found_no_hub_is_left_there_when_one_looks_again() {
    let (field, mut lead, ..) = set_up();
    let Field { folder, hub: far, .. } = field;
    let (place, data) = (far.card().address.clone(), folder.path().join("hub"));
    let invitation = lead.invite("李想", "第二组", Role::Interviewer).unwrap();
    far.stop().unwrap();
    let laptop = laptop(folder.path(), "新来的");
    let read = laptop.read_invitation(&invitation).unwrap();
    let waiting = laptop.request_join(&read.id, PASSPHRASE, "示例电脑").unwrap();
    assert!(!waiting.sent);
    let back = common::hub_at(&data, &place);
    assert!(laptop.join_state(&waiting.id).unwrap().sent);
    let team = lead.team().unwrap();
    lead.approve(&team.requests[0].id).unwrap();
    assert_eq!(laptop.join_state(&waiting.id).unwrap().state, JoinState::Admitted);
    back.stop().unwrap();
}

/// What typing this leads to: whom the invitation is for, or a refusal.
#[track_caller]
fn check(laptop: &Laptop, address: &str, code: &str, expect: Result<&str, &str>) {
    let found = laptop.find_invitation(address, code).map(|view| view.person).map_err(|why| why.code);
    assert_eq!(found.as_deref().map_err(String::as_str), expect, "{address} {code}");
}

#[test]
fn who_types_the_address_and_the_code_on_the_lead_s_screen_joins() {
    let (field, mut lead, ..) = set_up();
    let Field { folder, hub: far, .. } = field;
    far.stop().unwrap();
    let near = hub(&folder.path().join("nearby"));
    lead.open_nearby(near.card()).unwrap();
    lead.invite("李想", "第二组", Role::Interviewer).unwrap();
    lead.invite("王芳", "第二组", Role::Interviewer).unwrap();
    let invited = lead.team().unwrap().invited;
    let InvitationPlace { address, code } = invited[0].typed.clone().unwrap();
    assert_eq!(format!("https://{address}"), near.card().address);
    let other = invited[1].typed.clone().unwrap().code;

    let laptop = laptop(folder.path(), "新来的");
    let read = laptop.find_invitation(&format!(" {address}　"), &code.to_lowercase().replace('-', " ")).unwrap();
    assert_eq!((read.person.as_str(), read.state), ("李想", JoinState::Passphrase));
    let waiting = laptop.request_join(&read.id, PASSPHRASE, "示例电脑").unwrap();
    assert!(waiting.sent);
    let team = lead.team().unwrap();
    assert_eq!(team.requests[0].compare_code, waiting.compare_code);
    lead.approve(&team.requests[0].id).unwrap();
    assert_eq!(laptop.join_state(&waiting.id).unwrap().state, JoinState::Admitted);
    laptop.unlock(&waiting.id, PASSPHRASE).unwrap();

    check(&laptop, &address, &code, Err("invitation-not-there"));
    check(&laptop, &address, &other, Ok("王芳"));
}

#[test]
fn an_invitation_to_be_typed_is_saved_as_a_file_later_by_which_who_cannot_reach_the_hub_joins() {
    let (field, mut lead, ..) = set_up();
    let first = lead.invite("李想", "第二组", Role::Interviewer).unwrap();
    let invited = lead.invitations().unwrap().pop().unwrap();
    let InvitationPlace { address, code } = invited.typed.clone().unwrap();
    field.hub.stop().unwrap();
    let laptop = laptop(field.folder.path(), "新来的");
    check(&laptop, &address, &code, Err("invitation-no-hub"));

    let text = lead.invitation_text(&invited.id).unwrap();
    assert_eq!(text, first);
    let read = laptop.read_invitation(&text).unwrap();
    assert_eq!((read.person.as_str(), read.state), ("李想", JoinState::Passphrase));
    let waiting = laptop.request_join(&read.id, PASSPHRASE, "示例电脑").unwrap();
    assert!(!waiting.sent, "its answer goes by file too");
    let request = laptop.request_text(&waiting.id).unwrap();
    let code = lead.read_request(&request).unwrap().compare_code;
    lead.approve_request(&request, &code).unwrap();
    assert_eq!(lead.invitation_text(&invited.id).unwrap_err().code, "invitation-used");
    assert_eq!(lead.invitation_text("x").unwrap_err().code, lead.invitation_qr("x").unwrap_err().code);
}

#[test]
fn what_is_typed_wrongly_is_told_apart() {
    let (field, mut lead, ..) = set_up();
    lead.invite("李想", "第二组", Role::Interviewer).unwrap();
    let InvitationPlace { address, code } = lead.invitations().unwrap().pop().unwrap().typed.unwrap();
    let laptop = laptop(field.folder.path(), "新来的");
    let other = if code.starts_with('A') { code.replacen('A', "B", 1) } else { format!("A{}", &code[1..]) };
    check(&laptop, &address, &code, Ok("李想"));
    check(&laptop, &address, &other, Err("invitation-not-there"));
    check(&laptop, &address, &code[1..], Err("invitation-code-unreadable"));
    check(&laptop, &address, "", Err("invitation-code-unreadable"));
    check(&laptop, "", &code, Err("invitation-address-unreadable"));
    check(&laptop, "a/b", &code, Err("invitation-address-unreadable"));
    field.hub.stop().unwrap();
    check(&laptop, &address, &code, Err("invitation-no-hub"));
}

#[test]
fn an_invitation_for_a_file_only_has_no_code() {
    let (field, mut lead, ..) = set_up();
    let Field { folder, hub: far, .. } = field;
    let place = far.card().address.clone();
    far.stop().unwrap();
    lead.invite("李想", "第二组", Role::Interviewer).unwrap();
    // Somebody else answers where the hub was.
    let stranger = common::hub_at(&folder.path().join("stranger"), &place);
    lead.invite("王芳", "第二组", Role::Interviewer).unwrap();
    assert!(lead.team().unwrap().invited.iter().all(|one| one.typed.is_none()));
    stranger.stop().unwrap();
}

#[test]
fn a_request_goes_on_by_file_where_somebody_else_answers_in_the_hub_s_place() {
    let (field, mut lead, ..) = set_up();
    let Field { folder, hub: far, .. } = field;
    let (place, data) = (far.card().address.clone(), folder.path().join("hub"));
    let invitation = lead.invite("李想", "第二组", Role::Interviewer).unwrap();
    far.stop().unwrap();
    let stranger = common::hub_at(&folder.path().join("stranger"), &place);
    let laptop = laptop(folder.path(), "新来的");
    let read = laptop.read_invitation(&invitation).unwrap();
    let waiting = laptop.request_join(&read.id, PASSPHRASE, "示例电脑").unwrap();
    assert!(!waiting.sent);
    let request = laptop.request_text(&waiting.id).unwrap();
    let admission = lead.approve_request(&request, &waiting.compare_code).unwrap();
    laptop.admit_by_text(&waiting.id, &admission).unwrap();
    assert_eq!(laptop.unlock(&waiting.id, PASSPHRASE).unwrap().role(), Role::Interviewer);
    stranger.stop().unwrap();

    // What the hub itself refuses stays refused.
    let back = common::hub_at(&data, &place);
    let again = lead.invite("王芳", "第二组", Role::Interviewer).unwrap();
    let (one, two) = (common::laptop(folder.path(), "一"), common::laptop(folder.path(), "二"));
    let ask = |laptop: &Laptop| {
        let read = laptop.read_invitation(&again).unwrap();
        laptop.request_join(&read.id, PASSPHRASE, "示例电脑").map(|view| view.sent).map_err(|why| why.code)
    };
    assert_eq!(ask(&one), Ok(true));
    assert_eq!(ask(&two), Err("invitation-used".to_owned()));
    back.stop().unwrap();
}
