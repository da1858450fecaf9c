//! Joining while hubs come and go: by the hub on the lead's laptop, or by file, through restarts of the program.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use common::{Field, PASSPHRASE, begin, finish, hub, laptop, say, set_up};
use tianye_desk::view::{JoinState, Role};

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
