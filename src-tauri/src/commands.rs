//! The commands: each is one act of the desk.

use std::path::Path;

use tauri::{AppHandle, State};
use tianye_desk::view::{
    AddInput, AnswerInput, CallInput, CareView, Checklist, ChecklistInput, ConflictCard, ConflictView, ConsentInput,
    ConsentSheet, ConsentText, ContactCardView, ContactsInput, DecisionInput, DueView, DuplicatesView, EraseInput,
    ErasePreview, ErasureView, EvidenceCard, ExportInput, ExportLogRow, ExportPreview, ExportReport, FilePart,
    FormCheck, FormFile, Frame, HandOverInput, Hit, HomeView, ImportView, InstrumentCard, InterviewCard, InterviewView,
    JoinRequestView, JoinView, MapView, Move, MoveInput, MoveView, NearbyPlace, NearbyView, NewInterview, NewProject,
    NonAnswer, PairInput, QrView, Refusal, ReportInput, ReportView, RevokeInput, Role, StartView, Step, SyncView,
    TakeBackInput, TeamView, WhyView, WithdrawInput, Withdrawn,
};
use tianye_desk::{Desk, codes, nearby_view, refuse};

use crate::dialogs;
use crate::shell::Shell;

type Answer<T> = Result<T, Refusal>;

/// A command that is one call of the unlocked desk, on a thread of its own.
macro_rules! desk {
    ($(#[$doc:meta])* $name:ident ($($arg:ident : $type:ty),*) -> $out:ty, $call:expr) => {
        $(#[$doc])*
        #[tauri::command]
        #[specta::specta]
        pub async fn $name(shell: State<'_, Shell>, $($arg: $type),*) -> Answer<$out> {
            shell.beside(move |shell| shell.with_desk(|desk| {
                let call: fn(&mut tianye_desk::Desk, $($type),*) -> Answer<$out> = $call;
                call(desk, $($arg),*)
            })).await
        }
    };
}

mod care;
mod carrying;
mod copies;
mod people;

pub use care::*;
pub use carrying::*;
pub use copies::*;
pub use people::*;

/// What the window shows before anybody has unlocked.
#[tauri::command]
#[specta::specta]
pub async fn start(shell: State<'_, Shell>) -> Answer<StartView> {
    let language = shell.language.clone();
    shell.beside(|shell| Ok(StartView { language, ..shell.laptop.start()? })).await
}

/// Makes a practice project with its lead on this laptop.
#[tauri::command]
#[specta::specta]
pub async fn create_project(shell: State<'_, Shell>, input: NewProject, lang: String) -> Answer<HomeView> {
    shell
        .beside(move |shell| {
            let mut desk = shell.laptop.create_project(&input)?;
            let home = desk.home(&lang)?;
            shell.sit(Some(desk));
            Ok(home)
        })
        .await
}

/// Asks for an invitation file and reads it; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn open_invitation(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<JoinView>> {
    shell
        .beside(move |shell| {
            let Some(path) = dialogs::open_file(&app, "Tianye", &["tianye-invite"]) else { return Ok(None) };
            let text = String::from_utf8(dialogs::read(&path)?)
                .map_err(|_| refuse("invitation-damaged", "expected text, found other bytes"))?;
            shell.laptop.read_invitation(&text).map(Some)
        })
        .await
}

/// Reads an invitation that was pasted.
#[tauri::command]
#[specta::specta]
pub async fn read_invitation(shell: State<'_, Shell>, text: String) -> Answer<JoinView> {
    shell.beside(move |shell| shell.laptop.read_invitation(&text)).await
}

/// Sets the passphrase and asks to join.
#[tauri::command]
#[specta::specta]
pub async fn request_join(shell: State<'_, Shell>, id: String, passphrase: String, device: String) -> Answer<JoinView> {
    shell.beside(move |shell| shell.laptop.request_join(&id, &passphrase, &device)).await
}

/// Where a join stands; asks the hub.
#[tauri::command]
#[specta::specta]
pub async fn join_state(shell: State<'_, Shell>, id: String) -> Answer<JoinView> {
    shell.beside(move |shell| shell.laptop.join_state(&id)).await
}

/// Unlocks a store.
#[tauri::command]
#[specta::specta]
pub async fn unlock(shell: State<'_, Shell>, store: String, passphrase: String, lang: String) -> Answer<HomeView> {
    shell
        .beside(move |shell| {
            let mut desk = shell.laptop.unlock(&store, &passphrase)?;
            let home = desk.home(&lang)?;
            shell.sit(Some(desk));
            Ok(home)
        })
        .await
}

/// Locks the store; an open interview is sealed first.
#[tauri::command]
#[specta::specta]
pub async fn lock(shell: State<'_, Shell>) -> Answer<()> {
    shell
        .beside(|shell| {
            // What is carried ends before its next step; what went through is in the store.
            shell.stop_carrying();
            let left = shell.with_desk(Desk::leave);
            shell.sit(None);
            match left {
                // Every answer is on the disk already; what could not be sealed is sealed after the next unlocking.
                Ok(()) | Err(_) => Ok(()),
            }
        })
        .await
}

desk! {
    /// The page after unlocking.
    home(lang: String) -> HomeView, |desk, lang| desk.home(&lang)
}
desk! {
    /// Begins an interview.
    start_interview(input: NewInterview, lang: String) -> InterviewView, |desk, input, lang| desk.start_interview(&input, &lang)
}
desk! {
    /// Opens an interview where it stopped.
    open_interview(id: String, lang: String) -> InterviewView, |desk, id, lang| desk.open_interview(&id, &lang)
}
desk! {
    /// Opens a finalised interview for correction.
    correct_interview(id: String, lang: String) -> InterviewView, |desk, id, lang| desk.correct_interview(&id, &lang)
}
desk! {
    /// What would become of a draft's answers in the newest version of its form.
    preview_move(id: String, lang: String) -> MoveView, |desk, id, lang| desk.preview_move(&id, &lang)
}
desk! {
    /// Moves a draft to the newest version of its form.
    move_interview(id: String, lang: String) -> InterviewView, |desk, id, lang| desk.move_interview(&id, &lang)
}
desk! {
    /// Takes a move back since which nothing was answered.
    take_move_back(id: String, lang: String) -> InterviewView, |desk, id, lang| desk.take_move_back(&id, &lang)
}
desk! {
    /// Takes an answer; it is durable when this resolves.
    answer(input: AnswerInput) -> Step, |desk, input| desk.answer(&input)
}
desk! {
    /// Gives a declared non-answer to a question; it is durable when this resolves.
    give_non_answer(field: String, non_answer: NonAnswer) -> Step, |desk, field, non_answer| desk.give_non_answer(&field, non_answer)
}
desk! {
    /// Confirms an answer that a soft check asks about.
    confirm(field: String, reason: String) -> Step, |desk, field, reason| desk.confirm(&field, &reason)
}
desk! {
    /// Attaches a note to a question.
    set_note(field: String, text: String) -> Step, |desk, field, text| desk.set_note(&field, &text)
}
desk! {
    /// Adds a row to a repeat.
    add_row(repeat: String) -> InterviewView, |desk, repeat| desk.add_row(&repeat)
}
desk! {
    /// Removes a row of a repeat.
    remove_row(row: String) -> InterviewView, |desk, row| desk.remove_row(&row)
}
desk! {
    /// Goes to another page.
    move_to(to: Move) -> InterviewView, |desk, to| desk.go(&to)
}
desk! {
    /// Shows the form in another of its languages.
    set_form_language(index: u32) -> InterviewView, |desk, index| desk.set_form_language(index)
}
desk! {
    /// Finds questions.
    find_question(text: String) -> Vec<Hit>, |desk, text| desk.find_question(&text)
}
desk! {
    /// Why a question is hidden, required, wrong, or has its value.
    why(field: String) -> WhyView, |desk, field| desk.why(&field)
}
desk! {
    /// A picture, sound or film of the open interview's form.
    form_media(file: String) -> FormFile, |desk, file| desk.form_media(&file)
}
desk! {
    /// Begins to take in bytes from the screen for a question: a recording, a drawing, a photograph of the camera.
    start_recording(field: String) -> u32, |desk, field| desk.start_recording(&field)
}
desk! {
    /// Takes in the next bytes, at most 1 MiB; they are durable when this resolves.
    put_piece(recording: u32, base64: String) -> (), |desk, recording, base64| desk.put_piece(recording, &base64)
}
desk! {
    /// Puts aside what was taken in.
    drop_recording(recording: u32) -> Step, |desk, recording| desk.drop_recording(recording)
}
desk! {
    /// Takes what those in the room say to sound that the form wishes in the background.
    answer_sound_wish(field: String, agreed: bool, note: String) -> Step,
    |desk, field, agreed, note| desk.answer_sound_wish(&field, agreed, &note)
}
desk! {
    /// A part of a file that an answer names.
    file_part(interview: String, name: String, part: u32) -> FilePart, |desk, interview, name, part| desk.file_part(&interview, &name, part)
}
desk! {
    /// Takes the last change back.
    undo() -> InterviewView, |desk| desk.undo()
}
desk! {
    /// Ends the sitting and shows the lists.
    pause_interview(lang: String) -> HomeView, |desk, lang| desk.pause_interview(&lang)
}
desk! {
    /// Says why the open interview, finished before, is corrected; durable when this resolves.
    give_reason(reason: String) -> InterviewView, |desk, reason| desk.give_reason(&reason)
}
desk! {
    /// Finalises the open interview.
    finalise(lang: String) -> HomeView, |desk, lang| desk.finalise(&lang)
}
desk! {
    /// Every interview that this person may read.
    records(lang: String) -> Vec<InterviewCard>, |desk, lang| desk.records(&lang)
}
desk! {
    /// Lets a member go on with an interview.
    hand_over(interview: String, member: String, lang: String) -> Vec<InterviewCard>,
    |desk, interview, member, lang| desk.hand_over(&interview, &member, &lang)
}
desk! {
    /// What would go if an interview, or the respondent of it, were erased.
    preview_erasure(record: String, lang: String) -> ErasePreview, |desk, record, lang| {
        desk.preview_erasure(&record, &lang)
    }
}
desk! {
    /// Erases an interview, answers of it, or a respondent; gives the certificate.
    erase(input: EraseInput) -> ErasureView, |desk, input| desk.erase(&input)
}
desk! {
    /// The sheet for what a child tells of harm.
    care(lang: String) -> CareView, |desk, lang| desk.care(&lang)
}
desk! {
    /// Writes a report for the safeguarding holders.
    save_report(input: ReportInput, lang: String) -> ReportView, |desk, input, lang| desk.save_report(&input, &lang)
}
desk! {
    /// Records a call about a report.
    record_call(input: CallInput) -> ReportView, |desk, input| desk.record_call(&input)
}
desk! {
    /// Adds words to a report.
    add_to_report(input: AddInput) -> ReportView, |desk, input| desk.add_to_report(&input)
}
desk! {
    /// Says that somebody outside has a report now.
    hand_report_over(input: HandOverInput) -> ReportView, |desk, input| desk.hand_report_over(&input)
}
desk! {
    /// Moves answers of an interview into a report.
    move_to_report(input: MoveInput, lang: String) -> ReportView, |desk, input, lang| desk.move_to_report(&input, &lang)
}
desk! {
    /// The reports that this person reads.
    reports() -> Vec<ReportView>, |desk| desk.reports()
}
desk! {
    /// Whom to call where.
    contact_cards(lang: String) -> Vec<ContactCardView>, |desk, lang| desk.contact_cards(&lang)
}
desk! {
    /// Writes the contact card of a place.
    set_contacts(input: ContactsInput, lang: String) -> Vec<ContactCardView>,
    |desk, input, lang| desk.set_contacts(&input, &lang)
}
desk! {
    /// What was erased, and where it has been carried out.
    erasures(lang: String) -> Vec<ErasureView>, |desk, lang| desk.erasures(&lang)
}
desk! {
    /// What two laptops answered differently, one line each.
    conflict_cards(lang: String) -> Vec<ConflictCard>, |desk, lang| desk.conflict_cards(&lang)
}
desk! {
    /// What was decided and holds, the last decision first.
    decided_cards(lang: String) -> Vec<ConflictCard>, |desk, lang| desk.decided_cards(&lang)
}
desk! {
    /// The open conflicts of an interview.
    conflicts_of(record: String, lang: String) -> Vec<ConflictView>,
    |desk, record, lang| desk.conflicts_of(&record, &lang)
}
desk! {
    /// A field that was decided, as its conflict was shown.
    decided(record: String, field: String, lang: String) -> ConflictView,
    |desk, record, field, lang| desk.decided(&record, &field, &lang)
}
desk! {
    /// Decides conflicts of one interview: all of them, or none.
    decide(inputs: Vec<DecisionInput>, lang: String) -> Vec<ConflictCard>, |desk, inputs, lang| {
        desk.decide_all(&inputs)?;
        desk.conflict_cards(&lang)
    }
}
desk! {
    /// Takes a decision back.
    take_back_decision(input: TakeBackInput, lang: String) -> Vec<ConflictCard>, |desk, input, lang| {
        desk.take_back_decision(&input)?;
        desk.conflict_cards(&lang)
    }
}
desk! {
    /// What may be there twice, and what was said of it.
    duplicates(lang: String) -> DuplicatesView, |desk, lang| desk.duplicates(&lang)
}
desk! {
    /// Says what two records are to each other.
    rule_pair(input: PairInput, lang: String) -> DuplicatesView, |desk, input, lang| {
        desk.rule_pair(&input)?;
        desk.duplicates(&lang)
    }
}
desk! {
    /// Members, requests, invitations.
    team() -> TeamView, |desk| desk.team()
}
desk! {
    /// Admits who asks to join, after the codes were compared.
    approve(invitation: String) -> TeamView, |desk, invitation| {
        desk.approve(&invitation)?;
        desk.team()
    }
}
desk! {
    /// An invitation as a code for the camera of the invited laptop.
    invitation_qr(invitation: String) -> Option<QrView>, |desk, invitation| desk.invitation_qr(&invitation)
}
desk! {
    /// Revokes a laptop's certificate.
    revoke(input: RevokeInput) -> TeamView, |desk, input| desk.revoke(&input)
}
desk! {
    /// Accepts what was written with a revoked certificate and has come since.
    accept_late(certificate: String) -> TeamView, |desk, certificate| desk.accept_late(&certificate)
}
desk! {
    /// How far sending is.
    sync_state() -> SyncView, |desk| desk.sync_state()
}
desk! {
    /// Puts the form checked last into the project.
    add_form(lang: String) -> HomeView, |desk, lang| {
        desk.add_form()?;
        desk.home(&lang)
    }
}

/// Makes what was taken in the answer. The desk stays usable while it is sealed.
#[tauri::command]
#[specta::specta]
pub async fn finish_recording(shell: State<'_, Shell>, field: String, recording: u32) -> Answer<Step> {
    shell
        .beside(move |shell| {
            let sealed = shell.with_desk(|desk| desk.sealer(&field))?.recording(recording)?;
            shell.with_desk(|desk| desk.attach(sealed))
        })
        .await
}

/// Asks for a file and makes it the answer; none if the person changed their mind. The desk stays usable while it is sealed.
#[tauri::command]
#[specta::specta]
pub async fn choose_file(app: AppHandle, shell: State<'_, Shell>, field: String) -> Answer<Option<Step>> {
    shell
        .beside(move |shell| {
            let sealer = shell.with_desk(|desk| desk.sealer(&field))?;
            let Some(path) = dialogs::open_file(&app, "Tianye", sealer.endings()) else { return Ok(None) };
            let sealed = sealer.file(&path)?;
            shell.with_desk(|desk| desk.attach(sealed)).map(Some)
        })
        .await
}

/// The text of a bar code in a frame of the camera; none if there is none.
#[tauri::command]
#[specta::specta]
pub async fn read_code(shell: State<'_, Shell>, frame: Frame) -> Answer<Option<String>> {
    shell.beside(move |_| codes::in_frame(&frame)).await
}

/// Asks for a picture and reads the bar code in it; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn read_code_in_picture(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<String>> {
    shell
        .beside(move |_| {
            let endings = ["jpg", "jpeg", "png", "webp"];
            dialogs::open_file(&app, "Tianye", &endings).map(|path| codes::in_picture(&path)).transpose()
        })
        .await
}

/// Invites somebody and writes the invitation where the person says; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn invite(
    app: AppHandle,
    shell: State<'_, Shell>,
    name: String,
    group: String,
    role: Role,
) -> Answer<Option<String>> {
    shell
        .beside(move |shell| {
            let plain: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
            let Some(path) = dialogs::save_file(&app, &format!("{plain}.tianye-invite")) else { return Ok(None) };
            let text = shell.with_desk(|desk| desk.invite(&name, &group, role))?;
            dialogs::write(&path, text.as_bytes())?;
            Ok(Some(path.display().to_string()))
        })
        .await
}

/// Writes a certificate where the person says, as a text; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn save_certificate(
    app: AppHandle,
    shell: State<'_, Shell>,
    id: String,
    lang: String,
) -> Answer<Option<String>> {
    let suggested = format!("{}-{}.txt", if lang.starts_with("zh") { "删除证明" } else { "erasure" }, short(&id));
    shell
        .beside(move |shell| {
            let text = shell.with_desk(|desk| desk.certificate_text(&id, &lang))?;
            write_where_asked(&app, &suggested, &text)
        })
        .await
}

/// Writes what to drop from an export where the person says, as CSV; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn save_drops(app: AppHandle, shell: State<'_, Shell>, exported: String) -> Answer<Option<String>> {
    shell
        .beside(move |shell| {
            let text = shell.with_desk(|desk| desk.drop_csv(&exported))?;
            write_where_asked(&app, &format!("drop-{}.csv", short(&exported)), &text)
        })
        .await
}

fn write_where_asked(app: &AppHandle, suggested: &str, text: &str) -> Answer<Option<String>> {
    let Some(path) = dialogs::save_file(app, suggested) else { return Ok(None) };
    dialogs::write(&path, text.as_bytes())?;
    Ok(Some(path.display().to_string()))
}

fn short(id: &str) -> String {
    id.chars().take(8).collect()
}

/// Makes this laptop the hub of the network it is in, until the program ends or it is closed.
#[tauri::command]
#[specta::specta]
pub async fn open_nearby(shell: State<'_, Shell>) -> Answer<NearbyView> {
    shell
        .beside(|shell| {
            let card = shell.open_hub()?;
            shell.with_desk(|desk| desk.open_nearby(&card)).inspect_err(|_| drop(shell.close_hub()))
        })
        .await
}

/// Is no hub any more; what came is kept.
#[tauri::command]
#[specta::specta]
pub async fn close_nearby(shell: State<'_, Shell>) -> Answer<()> {
    shell.beside(Shell::close_hub).await
}

/// The hub of this laptop if it runs, else that of another laptop that was used last.
#[tauri::command]
#[specta::specta]
pub async fn nearby(shell: State<'_, Shell>) -> Answer<Option<NearbyView>> {
    shell
        .beside(|shell| match shell.hub() {
            Some((card, entries)) => Ok(Some(nearby_view(&card, Some(entries)))),
            None => shell.with_desk(|desk| desk.nearby()),
        })
        .await
}

/// Address and code of a hub, out of the text of a code; none if it is another text.
#[tauri::command]
#[specta::specta]
pub async fn read_nearby(text: String) -> Answer<Option<NearbyPlace>> {
    Ok(tianye_desk::read_nearby(&text))
}

/// Writes the join request of this laptop where the person says, to be carried to the lead; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn save_request(app: AppHandle, shell: State<'_, Shell>, id: String) -> Answer<Option<String>> {
    shell
        .beside(move |shell| {
            let text = shell.laptop.request_text(&id)?;
            let Some(path) = dialogs::save_file(&app, "tianye.tianye-join") else { return Ok(None) };
            dialogs::write(&path, text.as_bytes())?;
            Ok(Some(path.display().to_string()))
        })
        .await
}

/// Takes in an admission from a file; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn open_admission(app: AppHandle, shell: State<'_, Shell>, id: String) -> Answer<bool> {
    shell
        .beside(move |shell| {
            let Some(path) = dialogs::open_file(&app, "Tianye", &["tianye-admit"]) else { return Ok(false) };
            let bytes = dialogs::read(&path)?;
            shell.laptop.admit_by_text(&id, &String::from_utf8_lossy(&bytes))?;
            Ok(true)
        })
        .await
}

/// Reads a join request from a file: who asks, and the code to compare; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn open_request(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<JoinRequestView>> {
    shell
        .beside(move |shell| {
            let Some(path) = dialogs::open_file(&app, "Tianye", &["tianye-join"]) else { return Ok(None) };
            let text = String::from_utf8_lossy(&dialogs::read(&path)?).into_owned();
            let view = shell.with_desk(|desk| desk.read_request(&text))?;
            shell.remember_request(Some(text));
            Ok(Some(view))
        })
        .await
}

/// Admits who sent the request that was read last, after the codes were compared: writes the admission where the person
/// says; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn approve_request(app: AppHandle, shell: State<'_, Shell>, code: String) -> Answer<Option<String>> {
    shell
        .beside(move |shell| {
            let text = shell.request().ok_or_else(|| refuse("invitation-used", "expected a request, found none"))?;
            let Some(path) = dialogs::save_file(&app, "tianye.tianye-admit") else { return Ok(None) };
            let admission = shell.with_desk(|desk| desk.approve_request(&text, &code))?;
            dialogs::write(&path, admission.as_bytes())?;
            shell.remember_request(None);
            Ok(Some(path.display().to_string()))
        })
        .await
}

/// The maps of this laptop.
#[tauri::command]
#[specta::specta]
pub async fn maps(shell: State<'_, Shell>) -> Answer<Vec<MapView>> {
    shell.beside(|shell| Ok(shell.maps.list())).await
}

/// A tile of a map; none where it has none.
#[tauri::command]
#[specta::specta]
pub async fn map_tile(
    shell: State<'_, Shell>,
    file: String,
    zoom: u8,
    column: u32,
    row: u32,
) -> Answer<Option<FormFile>> {
    shell.beside(move |shell| shell.maps.tile(&file, zoom, column, row)).await
}

/// Asks for a map and copies it to this laptop; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn add_map(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<Vec<MapView>>> {
    shell
        .beside(move |shell| {
            let Some(path) = dialogs::open_file(&app, "MBTiles", &["mbtiles"]) else { return Ok(None) };
            shell.maps.add(&path)?;
            Ok(Some(shell.maps.list()))
        })
        .await
}

/// Asks for a workbook and checks it; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn check_form(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<FormCheck>> {
    shell
        .beside(move |shell| {
            let endings = ["xlsx", "xls", "ods", "csv", "md", "xml"];
            let Some(path) = dialogs::open_file(&app, "XLSForm", &endings) else { return Ok(None) };
            let report = check(shell, &path)?;
            shell.remember_workbook(path);
            Ok(Some(report))
        })
        .await
}

/// Checks the workbook that was checked last once more, as it is now on the disk; none if there was none.
#[tauri::command]
#[specta::specta]
pub async fn check_form_again(shell: State<'_, Shell>) -> Answer<Option<FormCheck>> {
    shell.beside(|shell| shell.workbook().map(|path| check(shell, &path)).transpose()).await
}

fn check(shell: &Shell, path: &Path) -> tianye_desk::Result<FormCheck> {
    let bytes = dialogs::read(path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let beside = |name: &str| {
        let plain = Path::new(name).components().count() == 1 && !name.starts_with("..");
        plain.then(|| dialogs::read(&folder.join(name)).ok()).flatten()
    };
    shell.with_desk(|desk| desk.check_form(&name, &bytes, &beside))
}

desk! {
    /// Opens the form that was checked last for trying; nothing of it is stored.
    try_form() -> InterviewView, |desk| desk.try_form()
}

/// Asks for submissions of other tools, files or a folder, and says what taking them in would do; none if the person
/// changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_import(
    app: AppHandle,
    shell: State<'_, Shell>,
    folder: bool,
    lang: String,
) -> Answer<Option<ImportView>> {
    shell
        .beside(move |shell| {
            let chosen = match folder {
                true => dialogs::folder_to_read(&app).into_iter().collect(),
                false => dialogs::open_files(&app, "ODK", &["xml", "zip"]),
            };
            if chosen.is_empty() {
                return Ok(None);
            }
            let view = shell.with_desk(|desk| desk.preview_submissions(&chosen, &lang))?;
            shell.remember_import(chosen);
            Ok(Some(view))
        })
        .await
}

/// Takes in what was chosen last; revisions of records that are here if they are wanted.
#[tauri::command]
#[specta::specta]
pub async fn import_records(shell: State<'_, Shell>, revisions: bool, lang: String) -> Answer<ImportView> {
    shell
        .beside(move |shell| {
            let chosen = shell.chosen_import();
            shell.with_desk(|desk| desk.take_in_submissions(&chosen, revisions, &lang))
        })
        .await
}

/// What a de-identified export would hold, and how small its classes are.
#[tauri::command]
#[specta::specta]
pub async fn preview_export(shell: State<'_, Shell>, input: ExportInput, lang: String) -> Answer<ExportPreview> {
    shell.beside(move |shell| shell.with_desk(|desk| desk.preview_export(&input, &lang))).await
}

/// The exports that were made on this laptop, the newest first.
#[tauri::command]
#[specta::specta]
pub async fn export_log(shell: State<'_, Shell>) -> Answer<Vec<ExportLogRow>> {
    shell.beside(|shell| shell.with_desk(|desk| desk.export_log())).await
}

/// The instruments that come with the program.
#[tauri::command]
#[specta::specta]
pub async fn instruments(shell: State<'_, Shell>) -> Answer<Vec<InstrumentCard>> {
    shell.beside(|_| tianye_desk::instruments::cards()).await
}

/// Checks an instrument that comes with the program.
#[tauri::command]
#[specta::specta]
pub async fn check_instrument(shell: State<'_, Shell>, id: String) -> Answer<FormCheck> {
    shell.beside(move |shell| shell.with_desk(|desk| desk.check_instrument(&id))).await
}

/// Asks for a folder and writes tables to it; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn export_csv(
    app: AppHandle,
    shell: State<'_, Shell>,
    input: ExportInput,
    lang: String,
) -> Answer<Option<ExportReport>> {
    shell
        .beside(move |shell| {
            let Some(folder) = dialogs::folder(&app) else { return Ok(None) };
            shell.with_desk(|desk| desk.export_csv(&input, &folder, &lang)).map(Some)
        })
        .await
}

desk! {
    /// What is read with a respondent's family before a form is filled, and what was said so far.
    consent_sheet(person: String, form: String, lang: String) -> ConsentSheet,
    |desk, person, form, lang| desk.consent_sheet(&person, &form, &lang)
}
desk! {
    /// Writes down what somebody said.
    record_consent(input: ConsentInput, form: String, lang: String) -> ConsentSheet,
    |desk, input, form, lang| {
        desk.record_consent(&input)?;
        desk.consent_sheet(&input.person, &form, &lang)
    }
}
desk! {
    /// Takes consent back, and erases what was collected under it.
    withdraw_consent(input: WithdrawInput) -> Withdrawn, |desk, input| desk.withdraw_consent(&input)
}
desk! {
    /// Adds a file that shows what is being said.
    add_evidence(kind: String, parts: Vec<String>) -> Vec<EvidenceCard>,
    |desk, kind, parts| desk.add_evidence(&kind, &parts)
}
desk! {
    /// Puts the files aside that stand on no card yet.
    drop_evidence() -> (), |desk| desk.drop_evidence()
}
desk! {
    /// A part of a file on a consent's card.
    evidence_part(card: String, name: String, part: u32) -> FilePart,
    |desk, card, name, part| desk.evidence_part(&card, &name, part)
}
desk! {
    /// Begins an interview with a respondent who is known.
    start_with(person: String, form: String, lang: String) -> InterviewView,
    |desk, person, form, lang| desk.start_with(&person, &form, &lang)
}
desk! {
    /// Ends the open interview because the respondent stops.
    stop_interview(keep: bool, lang: String) -> HomeView, |desk, keep, lang| desk.stop_interview(keep, &lang)
}
desk! {
    /// The text that families are read.
    consent_text() -> ConsentText, |desk| Ok(desk.consent_text())
}
desk! {
    /// Publishes a version of the text.
    publish_text(text: ConsentText, new_activity: bool) -> ConsentText,
    |desk, text, new_activity| desk.publish_text(&text, new_activity)
}
desk! {
    /// The checklist before a real project begins.
    checklist() -> Checklist, |desk| Ok(desk.checklist())
}
desk! {
    /// Notes what the checklist asks for.
    note_checklist(input: ChecklistInput) -> Checklist, |desk, input| desk.note_checklist(&input)
}
desk! {
    /// Begins the real project.
    begin_real() -> Checklist, |desk| desk.begin_real()
}
desk! {
    /// What is to be erased.
    due(lang: String) -> Vec<DueView>, |desk, lang| desk.due(&lang)
}
desk! {
    /// Erases what is due of these interviews; what is due then.
    erase_due(records: Vec<String>, lang: String) -> Vec<DueView>,
    |desk, records, lang| {
        desk.erase_due(&records)?;
        desk.due(&lang)
    }
}
