//! Commands on a project.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::ValueEnum as _;
use tianye_desk::view::{
    AssignInput, DecisionInput, EntityView, ExportInput, GroupInput, HubLog, InterviewCard, InvitationPlace,
    LaptopCard, NewProject, PairAct, RevokeInput, Role, RosterInput, StoppedView, TakeBackInput,
};
use tianye_desk::world::Machine;
use tianye_desk::{Desk, KdfCost, Laptop, Result, practice, refuse};

use crate::arguments::{ProjectCommand, RoleName, Seat};
use crate::deciding;
use crate::form::{self, cannot};
use crate::nearby;
use crate::progress;
use crate::say;
use crate::stopping;
use crate::words::Words;

/// The instrument that the practice project brings.
const PUPIL: &str = "pupil";

/// People of the practice project: the lead, then the interviewers with their groups.
const LEAD: (&str, &str) = ("沈一帆", "组长电脑");
const TEAM: &[(&str, &str, &str)] = &[("陈禾", "第一组", "示例电脑 03"), ("周宁", "第二组", "示例电脑 05")];

/// Runs a command on a project.
pub fn run(command: ProjectCommand, json: bool, words: &Words) -> Result<ExitCode> {
    match command {
        ProjectCommand::Practice { seat, hub_card, lead_only } => set_up(&seat, hub_card.as_deref(), lead_only, words)?,
        ProjectCommand::New { seat, title, lead, device, hub_card } => {
            let hub_card = hub_card.as_deref().map(text).transpose()?;
            let passphrase = passphrase(&seat, true)?;
            laptop(&seat.data).create_project(&NewProject { title, person: lead, device, passphrase, hub_card })?;
            say::line(
                "The project is made. It is a practice project until everything on its checklist is done (tianye checklist, tianye begin-real).",
            );
        }
        ProjectCommand::Stores { data } => {
            let start = laptop(&data).start()?;
            if json {
                say::json(&start);
            } else {
                for card in start.stores {
                    say::line(&format!("{}  {}  {}  {}", card.id, card.person, role_word(card.role), card.project));
                }
            }
        }
        ProjectCommand::AddForm { seat, file, instrument } => {
            let mut desk = sit(&seat)?;
            let report = match (file, instrument) {
                (Some(file), _) => {
                    let folder = file.parent().unwrap_or(Path::new(".")).to_owned();
                    let bytes = form::read_limited(&file)?;
                    desk.check_form(&form::name_of(&file), &bytes, &|name| form::beside(&folder, name))?
                }
                (None, id) => desk.check_instrument(id.as_deref().unwrap_or_default())?,
            };
            if json {
                say::check_json(&report, words);
            } else {
                say::check(&report, words);
            }
            if !report.usable {
                return Ok(ExitCode::FAILURE);
            }
            desk.add_form()?;
        }
        ProjectCommand::Invite { seat, name, role, group, output } => {
            let mut desk = sit(&seat)?;
            let invitation = desk.invite(&name, &group, role_of(role))?;
            std::fs::write(&output, invitation).map_err(|why| cannot("write", &output, &why))?;
            let made = desk.invitations()?.pop();
            if json {
                say::json(&made);
            } else {
                say::line(&format!("The invitation for {name} is in {}. Hand it over in person.", output.display()));
                match made.and_then(|made| made.typed) {
                    Some(place) => say::line(&format!("Or, on the other laptop: {}", join_line(&place))),
                    None => say::line("No hub was reached: it goes by file only."),
                }
            }
        }
        ProjectCommand::Join { seat, invitation, at, code, device, request } => {
            let laptop = laptop(&seat.data);
            let view = match invitation {
                Some(file) => laptop.read_invitation(&text(&file)?)?,
                None => laptop.find_invitation(&at.unwrap_or_default(), &code.unwrap_or_default())?,
            };
            let view = laptop.request_join(&view.id, &passphrase(&seat, true)?, &device)?;
            if let Some(path) = request {
                let text = laptop.request_text(&view.id)?;
                std::fs::write(&path, text).map_err(|why| cannot("write", &path, &why))?;
            }
            if json {
                say::json(&view);
            } else {
                say::line(&format!("Tell the lead this code: {}", view.compare_code));
            }
        }
        ProjectCommand::Team { seat } => {
            let team = sit(&seat)?.team()?;
            if json {
                say::json(&team);
            } else {
                for member in &team.members {
                    let laptops: Vec<String> = member.laptops.iter().map(laptop_line).collect();
                    say::line(&format!("{}  {}  {}", member.name, role_word(member.role), laptops.join(", ")));
                }
                for request in &team.requests {
                    say::line(&format!("asks to join: {}  code {}", request.name, request.compare_code));
                }
                for invited in &team.invited {
                    let how = invited.typed.as_ref().map_or_else(|| "by file only".to_owned(), join_line);
                    say::line(&format!("invited: {}  {how}", invited.name));
                }
            }
        }
        ProjectCommand::Admit { seat, code, request: Some(request), output } => {
            let output = output.ok_or_else(|| refuse("internal", "expected --output beside --request"))?;
            let admission = sit(&seat)?.approve_request(&text(&request)?, &code)?;
            std::fs::write(&output, admission).map_err(|why| cannot("write", &output, &why))?;
            say::line(&format!("The admission is in {}. Only the laptop that asked can open it.", output.display()));
        }
        ProjectCommand::Enter { seat, admission } => enter(&seat, &text(&admission)?)?,
        ProjectCommand::ToStick { seat, folder } => crate::carrying::to_stick(&mut sit(&seat)?, &folder, json, words)?,
        ProjectCommand::FromStick { seat, paths } => {
            return crate::carrying::from_stick(&mut sit(&seat)?, &paths, seat.language, json, words);
        }
        ProjectCommand::State { seat, frontier, noted } => {
            crate::standing::run(&mut sit(&seat)?, (frontier, noted), json, words)?;
        }
        ProjectCommand::Verify { seat, paths } => return crate::verifying::run(&sit(&seat)?, &paths, json, words),
        ProjectCommand::Admit { seat, code, request: None, .. } => {
            let mut desk = sit(&seat)?;
            let wanted = digits(&code);
            let requests = desk.team()?.requests;
            let found = requests.iter().find(|request| digits(&request.compare_code) == wanted);
            let found = found.ok_or_else(|| {
                refuse("code-other", "expected a request with this code, found none: compare again, do not admit")
            })?;
            desk.approve(&found.id)?;
            say::line(&format!("{} is admitted.", found.name));
        }
        ProjectCommand::Revoke { seat, member, device, why, note } => {
            let mut desk = sit(&seat)?;
            let certificate = laptop_of(&desk, &member, device.as_deref())?;
            let why = why.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
            desk.revoke(&RevokeInput { certificate, why, note })?;
            say::line(&format!("The laptop of {member} is revoked. Sync, so that the others learn it."));
        }
        ProjectCommand::AcceptLate { seat, member, device } => {
            let mut desk = sit(&seat)?;
            let certificate = laptop_of(&desk, &member, device.as_deref())?;
            desk.accept_late(&certificate)?;
            say::line(&format!("What came of {member} since is accepted."));
        }
        ProjectCommand::Assign { seat, member, site, form, kind, due, note, anyway, dry_run } => {
            let mut desk = sit(&seat)?;
            let (interviewer, site) = (desk.mate_named(&member)?, desk.site_named(&site)?);
            let (kind, due) = (kind.code().to_owned(), due.unwrap_or_default());
            let input = AssignInput { form, site, kind, interviewer, due, note, anyway, ..AssignInput::default() };
            crate::people::assign(&mut desk, &input, dry_run, seat.language.tag(), json, words)?;
        }
        ProjectCommand::Assignments { seat } => crate::people::assignments(&sit(&seat)?, &seat, json)?,
        ProjectCommand::TakeOver { seat, assignments, to, reason, anyway } => {
            let mut desk = sit(&seat)?;
            let language = seat.language.tag();
            crate::people::take_over(&mut desk, &assignments, to.as_deref(), &reason, anyway, language)?;
        }
        ProjectCommand::People { seat, text } => crate::people::list(&sit(&seat)?, &text, seat.language.tag(), json)?,
        ProjectCommand::Group { seat, name, of, site, id } => {
            let mut desk = sit(&seat)?;
            let site = site.map(|site| desk.site_named(&site)).transpose()?.unwrap_or_default();
            let group = desk.save_group(&GroupInput { id, name, site, members: of })?;
            if json {
                say::json(&serde_json::json!({ "group": group }));
            } else {
                say::line(&group);
            }
        }
        ProjectCommand::ImportRoster { seat, file, site, kind, columns, sheet, make_sites, dry_run } => {
            let mut desk = sit(&seat)?;
            let input = RosterInput {
                sheet: sheet.saturating_sub(1),
                kind: kind.code().to_owned(),
                site: site.map(|site| desk.site_named(&site)).transpose()?.unwrap_or_default(),
                makes_sites: make_sites,
                ..RosterInput::default()
            };
            let language = seat.language.tag();
            return crate::people::import(&mut desk, &file, input, &columns, dry_run, language, json, words);
        }
        ProjectCommand::List { seat } => {
            let records = sit(&seat)?.records(seat.language.tag())?;
            if json {
                say::json(&records);
            } else {
                records.iter().for_each(|card| say::line(&card_line(card)));
            }
        }
        ProjectCommand::Simulate { seat, form, count, seed } => {
            sit(&seat)?.simulate(&form, count, seed)?;
            say::line(&format!("{count} simulated interviews are in the store."));
        }
        ProjectCommand::Nearby { seat, listen } => nearby::run(sit(&seat)?, &seat, listen, json)?,
        ProjectCommand::Sync { seat, at, code } => {
            let mut desk = sit(&seat)?;
            let mut line = progress::of(words);
            let (cancel, tell) = (stopping::by_keyboard(), &mut |progress: &_| line.tell(progress));
            let report = match at.zip(code) {
                None => desk.sync_told(&cancel, tell)?,
                Some((address, code)) => desk.sync_nearby_told((&address, &code), &cancel, tell)?,
            };
            drop(line);
            if json {
                say::json(&report);
            } else {
                let (sent, received) = (report.sent, report.received);
                say::line(&format!("sent {sent}, received {received}, open conflicts {}", report.conflicts));
                match report.hub_log {
                    HubLog::GoesOn => {}
                    HubLog::Rewound => say::line(&words.say("sync-hub-rewound", &[])),
                    HubLog::Rewritten => say::line(&words.say("sync-hub-rewritten", &[])),
                }
                if report.forgotten > 0 {
                    say::line(&words.say("sync-forgotten", &[("count", &report.forgotten.to_string())]));
                }
                crate::standing::hint(&desk, words)?;
            }
        }
        ProjectCommand::Recover { seat, boxes, hub } => {
            let laptop = laptop(&seat.data);
            let store = store_of(&laptop, &seat)?;
            let (_, view) = laptop.recover(&store, &passphrase(&seat, false)?, &boxes, hub)?;
            crate::recovering::tell(&view, json);
        }
        ProjectCommand::RecoveryKey { seat } => crate::forgotten::show_key(&sit(&seat)?, json)?,
        ProjectCommand::OpenForgotten { store, key, out } => {
            crate::forgotten::bring_out(&store, &text(&key)?, &out, json)?;
        }
        ProjectCommand::Copies { seat, rehearse: true, .. } => {
            crate::recovering::tell_rehearsal(&sit(&seat)?.try_recovery()?, json);
        }
        ProjectCommand::Copies { seat, discard: Some(name), yes, .. } => {
            let mut desk = sit(&seat)?;
            if yes {
                desk.discard_set_aside(&name)?;
                crate::recovering::tell_copies(&desk.copies()?, json);
            } else {
                crate::recovering::tell_left(&desk.left_in_set_aside(&name)?, json);
            }
        }
        ProjectCommand::Copies { seat, snapshot, check, second_box, no_second_box, .. } => {
            let mut desk = sit(&seat)?;
            if check {
                desk.look_at_copies()?;
            }
            if snapshot {
                desk.keep_snapshot()?;
            }
            if second_box.is_some() || no_second_box {
                desk.keep_second_box(second_box.as_deref())?;
            }
            crate::recovering::tell_copies(&desk.copies()?, json);
        }
        ProjectCommand::Conflicts { seat, decided } => {
            deciding::conflicts(&sit(&seat)?, decided, seat.language.tag(), json)?;
        }
        ProjectCommand::Decide { seat, number, answer, value, reason } => {
            let mut desk = sit(&seat)?;
            let conflicts = desk.conflicts(seat.language.tag())?;
            let conflict = number.checked_sub(1).and_then(|at| conflicts.get(at)).ok_or_else(|| {
                refuse("conflict-gone", format!("expected a number up to {}, found {number}", conflicts.len()))
            })?;
            let chosen = match (answer, value) {
                (Some(at), _) => at.checked_sub(1).and_then(|at| conflict.sides.get(at)).map(|side| side.value.clone()),
                (None, value) => value,
            };
            let value = chosen.ok_or_else(|| {
                refuse("conflict-gone", format!("expected an answer up to {}, found another", conflict.sides.len()))
            })?;
            let side = answer.and_then(|at| conflict.sides.get(at.checked_sub(1)?));
            let non_answer = side.and_then(|side| side.non_answer);
            desk.decide(&DecisionInput {
                record: conflict.record.clone(),
                field: conflict.field.clone(),
                value,
                non_answer,
                names: conflict.sides.iter().map(|side| side.entry.clone()).collect(),
                reason,
            })?;
            say::line("Decided.");
        }
        ProjectCommand::TakeBack { seat, interview, field, reason } => {
            sit(&seat)?.take_back_decision(&TakeBackInput { record: interview, field, reason })?;
            say::line("Taken back.");
        }
        ProjectCommand::Duplicates { seat, judged } => {
            deciding::duplicates(&sit(&seat)?, judged, seat.language.tag(), json)?;
        }
        ProjectCommand::Link { seat, leading, others, reason } => {
            let mut desk = sit(&seat)?;
            let lines = others.len();
            deciding::link(&mut desk, &leading, &others, &reason)?;
            say::line(&format!("{lines} linked."));
        }
        ProjectCommand::KeepApart { seat, one, other, reason } => {
            deciding::rule(&mut sit(&seat)?, (&one, &other), PairAct::Apart, &reason)?;
            say::line("Kept apart.");
        }
        ProjectCommand::Unlink { seat, one, other, reason } => {
            deciding::rule(&mut sit(&seat)?, (&one, &other), PairAct::Open, &reason)?;
            say::line("Taken back.");
        }
        ProjectCommand::Sheet { seat, output, reason } => {
            deciding::write_sheet(&sit(&seat)?, &output, &reason, seat.language.tag())?;
        }
        ProjectCommand::DecideFrom { seat, sheet, yes } => {
            let language = seat.language.tag();
            return deciding::decide_from(&mut sit(&seat)?, &sheet, yes, language, json, words);
        }
        ProjectCommand::Move { seat, interview, yes, back } => {
            let language = seat.language.tag();
            crate::moving::run(&mut sit(&seat)?, interview.as_deref(), (yes, back), language, json, words)?;
        }
        ProjectCommand::HandOver { seat, interview, member } => {
            let mut desk = sit(&seat)?;
            let language = seat.language.tag();
            let records = desk.records(language)?;
            let found = records.iter().find(|card| card.id == interview || card.code == interview);
            let id = found.map_or(interview.as_str(), |card| card.id.as_str()).to_owned();
            let members = desk.team()?.members;
            let found = members.iter().find(|one| one.name == member || one.id == member);
            let found =
                found.ok_or_else(|| refuse("member-gone", format!("expected a member, found none named {member}")))?;
            desk.hand_over(&id, &found.id, language)?;
            say::line(&format!("{member} can go on with it after the next sync."));
        }
        ProjectCommand::Import { seat, form, paths, yes } => {
            let language = seat.language.tag();
            let mut desk = sit(&seat)?;
            let taking = crate::instances::Taking::Records;
            return crate::instances::take_in(&mut desk, taking, (&form, &paths), yes, language, json, words);
        }
        ProjectCommand::ImportRevision { seat, form, paths, yes } => {
            let language = seat.language.tag();
            let mut desk = sit(&seat)?;
            let taking = crate::instances::Taking::Revisions;
            return crate::instances::take_in(&mut desk, taking, (&form, &paths), yes, language, json, words);
        }
        ProjectCommand::Export { seat, form, output, instances, codes, names, files, entities, shield } => {
            let input = ExportInput { form, labels: !codes, names, files, entities, ..crate::exports::input(*shield) };
            crate::exports::run(&sit(&seat)?, &input, output.as_deref(), instances.as_deref(), &seat, json, words)?;
        }
        ProjectCommand::Exports { seat } => crate::exports::log(&sit(&seat)?, json, words)?,
        ProjectCommand::Erase { seat, what } => {
            let language = seat.language.tag();
            crate::erasing::erase(&mut sit(&seat)?, &what, language, json, words)?;
        }
        ProjectCommand::Checklist { seat, noted } => {
            crate::beginning::checklist(&mut sit(&seat)?, &noted, json, words)?;
        }
        ProjectCommand::BeginReal { seat } => crate::beginning::begin(&mut sit(&seat)?, json, words)?,
        ProjectCommand::Due { seat, only, yes } => {
            let language = seat.language.tag();
            crate::beginning::due(&mut sit(&seat)?, &only, yes, language, json, words)?;
        }
        ProjectCommand::Erasures { seat, what } => {
            let language = seat.language.tag();
            crate::erasing::erasures(&sit(&seat)?, &what, language, json, words)?;
        }
        ProjectCommand::Consent { seat, act, person, form, from, evidence } => {
            let asked = crate::consent::Asked { act, person, form, from, evidence };
            let language = seat.language.tag();
            crate::consent::run(&mut sit(&seat)?, &asked, language, json, words)?;
        }
        ProjectCommand::Contacts { seat, site, set } => {
            let language = seat.language.tag();
            crate::care::contacts(&mut sit(&seat)?, &site, set.as_deref(), language, json, words)?;
        }
        ProjectCommand::Reports { seat } => crate::care::reports(&sit(&seat)?, json, words)?,
        ProjectCommand::Report { seat, act } => {
            let language = seat.language.tag();
            crate::care::report(&mut sit(&seat)?, act, language, json, words)?;
        }
        ProjectCommand::Entities { seat, list: None, .. } => {
            let lists = sit(&seat)?.entity_lists();
            if json {
                say::json(&lists);
            } else {
                lists.iter().for_each(|list| say::line(list));
            }
        }
        ProjectCommand::Entities { seat, list: Some(list), csv, reason, purpose } => {
            let desk = sit(&seat)?;
            if csv {
                let (text, [withheld, practice]) =
                    desk.entity_csv(&list, reason.as_deref().unwrap_or_default(), crate::exports::purpose(purpose))?;
                say::text(&text);
                if withheld > 0 {
                    say::warn(&format!("{withheld} interviews were left out: consent does not cover them."));
                }
                crate::exports::practised(practice, words);
                say::warn(
                    "These names are not encrypted any more. Keep them safe, and delete them when they are used.",
                );
                return Ok(ExitCode::SUCCESS);
            }
            let list = desk.entity_list(&list)?;
            if json {
                say::json(&list);
            } else {
                list.entities.iter().for_each(show_entity);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// An entity in a line, and a line for each column that two laptops changed differently.
fn show_entity(entity: &EntityView) {
    let properties: Vec<String> = entity.properties.iter().map(|(name, value)| format!("{name}={value}")).collect();
    say::line(&format!("{}  {}  v{}  {}", entity.id, entity.label, entity.version, properties.join("  ")));
    for torn in &entity.torn {
        let words: Vec<String> =
            torn.words.iter().map(|word| format!("{} ({}, {})", word.value, word.by, word.at)).collect();
        say::line(&format!("  changed differently: {}: {}", torn.column, words.join(" | ")));
    }
}

pub fn laptop(data: &Path) -> Laptop {
    Laptop::new(data, Arc::new(Machine), KdfCost::default())
}

/// Unlocks the store that was meant.
fn sit(seat: &Seat) -> Result<Desk> {
    let laptop = laptop(&seat.data);
    let store = store_of(&laptop, seat)?;
    let desk = laptop.unlock(&store, &passphrase(seat, false)?)?;
    if let Some(stopped) = desk.stopped()? {
        say::warn(&stopped_lines(&stopped));
    }
    Ok(desk)
}

/// What it means that this laptop was revoked, for who sits at it.
fn stopped_lines(stopped: &StoppedView) -> String {
    let StoppedView { by, at, why, note, waiting } = stopped;
    let first = match by.as_str() {
        "" => format!("Since {at} the hub takes no records of this laptop; the lead may have revoked it."),
        by => format!("{by} revoked this laptop on {at} ({why}). {note}"),
    };
    format!(
        "{}\nWhat was sent before counts. What is written here since is kept ({waiting} entries wait) and does not count until a \
         lead accepts it.\nDelete nothing. Write a stick (tianye to-stick) and give it to the lead together with the laptop; to \
         go on interviewing, ask for another invitation.",
        first.trim_end()
    )
}

/// Takes in the admission of a laptop that waits for it.
fn enter(seat: &Seat, admission: &str) -> Result<()> {
    let laptop = laptop(&seat.data);
    let (store, passphrase) = (store_of(&laptop, seat)?, passphrase(seat, false)?);
    match laptop.unlock(&store, &passphrase) {
        Err(waiting) if waiting.code == "join-waiting" => laptop.admit_by_text(&store, admission)?,
        Err(refusal) => return Err(refusal),
        Ok(_) => return Err(refuse("not-admitted", "expected a laptop that waits to join, found one that has joined")),
    }
    laptop.unlock(&store, &passphrase)?;
    say::line("This laptop has joined the project.");
    Ok(())
}

/// Id of the store that is meant.
fn store_of(laptop: &Laptop, seat: &Seat) -> Result<String> {
    let stores = laptop.start()?.stores;
    let meant = |who: &String| stores.iter().find(|card| card.person == *who || card.id == *who);
    let found = match (&seat.who, stores.as_slice()) {
        (Some(who), _) => meant(who),
        (None, [one]) => Some(one),
        (None, _) => None,
    };
    let found = found.ok_or_else(|| {
        let names: Vec<&str> = stores.iter().map(|card| card.person.as_str()).collect();
        refuse("store-gone", format!("expected --who with one of: {}", names.join(", ")))
    })?;
    Ok(found.id.clone())
}

/// The passphrase: from the environment, a file, or the keyboard.
fn passphrase(seat: &Seat, new: bool) -> Result<String> {
    if let Some(path) = &seat.passphrase_file {
        return Ok(text(path)?.lines().next().unwrap_or_default().to_owned());
    }
    if let Ok(passphrase) = std::env::var("TIANYE_PASSPHRASE") {
        return Ok(passphrase);
    }
    if !std::io::stdin().is_terminal() {
        return Err(refuse("passphrase-missing", "expected TIANYE_PASSPHRASE or --passphrase-file, found neither"));
    }
    let ask = |words: &str| {
        rpassword::prompt_password(words).map_err(|why| refuse("passphrase-missing", format!("cannot ask: {why}")))
    };
    let typed = ask("Passphrase 口令: ")?;
    if new && ask("Once more 再输一遍: ")? != typed {
        return Err(refuse("passphrases-differ", "expected the same passphrase twice, found two"));
    }
    Ok(typed)
}

/// What an invited person types.
fn join_line(place: &InvitationPlace) -> String {
    format!("tianye join --at {} --code {}", place.address, place.code)
}

fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|why| cannot("read", path, &why))
}

/// The practice project: the lead invites, two interviewers join on the same laptop, each by the real way.
fn set_up(seat: &Seat, hub_card: Option<&Path>, lead_only: bool, words: &Words) -> Result<()> {
    let laptop = laptop(&seat.data);
    let passphrase = std::env::var("TIANYE_PASSPHRASE").unwrap_or_else(|_| "tianye practice 2017".into());
    let mut lead = laptop.create_project(&NewProject {
        title: "浙江留守儿童 2017（练习）".into(),
        person: LEAD.0.into(),
        device: LEAD.1.into(),
        passphrase: passphrase.clone(),
        hub_card: hub_card.map(text).transpose()?,
    })?;
    let report = lead.check_instrument(PUPIL)?;
    if !report.usable {
        say::check(&report, words);
    }
    lead.add_form()?;
    lead.add_practice_places()?;
    say::line(&format!("The practice project is made; its lead is {}.", LEAD.0));
    if lead_only || hub_card.is_none() {
        return Ok(());
    }
    lead.sync()?;
    for (name, group, device) in TEAM {
        let invitation = laptop.read_invitation(&lead.invite(name, group, Role::Interviewer)?)?;
        let waiting = laptop.request_join(&invitation.id, &passphrase, device)?;
        let requests = lead.team()?.requests;
        let request = requests.iter().find(|request| request.compare_code == waiting.compare_code);
        let request =
            request.ok_or_else(|| refuse("code-other", "expected the same code on both sides, found another"))?;
        lead.approve(&request.id)?;
        laptop.join_state(&waiting.id)?;
        laptop.unlock(&waiting.id, &passphrase)?.sync()?;
        say::line(&format!("{name} ({group}) has joined; the code was {}.", waiting.compare_code));
    }
    lead.sync()?;
    for ((name, ..), county) in TEAM.iter().zip(practice::COUNTIES) {
        lead.assign_county("pupil", name, county)?;
    }
    lead.sync()?;
    for card in laptop.start()?.stores.iter().filter(|card| card.person != LEAD.0) {
        laptop.unlock(&card.id, &passphrase)?.sync()?;
    }
    Ok(())
}

/// The certificate of a member's laptop.
fn laptop_of(desk: &Desk, member: &str, device: Option<&str>) -> Result<String> {
    let team = desk.team()?;
    let theirs = team.members.into_iter().filter(|one| one.name == member || one.id == member);
    let laptops: Vec<LaptopCard> = theirs.flat_map(|one| one.laptops).collect();
    let fits = |one: &&LaptopCard| device.is_none_or(|device| one.device == device || one.certificate == device);
    match laptops.iter().filter(fits).collect::<Vec<_>>().as_slice() {
        [one] => Ok(one.certificate.clone()),
        [] => Err(refuse("member-gone", format!("expected a laptop of the team, found none of {member}"))),
        several => {
            let names: Vec<String> = several.iter().map(|one| laptop_line(one)).collect();
            Err(refuse("member-gone", format!("expected one laptop, found {}: name it by --device", names.join(", "))))
        }
    }
}

fn laptop_line(laptop: &LaptopCard) -> String {
    let LaptopCard { certificate, device, revoked, waiting, .. } = laptop;
    match revoked {
        Some(by) => format!("{device} (certificate {certificate}, revoked by {} {}, {waiting} waiting)", by.by, by.at),
        None => format!("{device} (certificate {certificate})"),
    }
}

fn role_of(role: RoleName) -> Role {
    match role {
        RoleName::Administrator => Role::Administrator,
        RoleName::Lead => Role::Lead,
        RoleName::Interviewer => Role::Interviewer,
        RoleName::Analyst => Role::Analyst,
        RoleName::Safeguarding => Role::Safeguarding,
    }
}

fn role_word(role: Role) -> &'static str {
    match role {
        Role::Administrator => "administrator",
        Role::Lead => "lead",
        Role::Interviewer => "interviewer",
        Role::Analyst => "analyst",
        Role::Safeguarding => "safeguarding lead",
    }
}

fn digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).collect()
}

fn card_line(card: &InterviewCard) -> String {
    let hub = if card.on_hub { "on hub" } else { "not on hub" };
    let InterviewCard { id, code, name, site, interviewer, state, .. } = card;
    let practice = if card.practice { "  practice" } else { "" };
    format!("{id}  {code} {name}  {site}  {interviewer}  {state:?}  {hub}{practice}")
}
