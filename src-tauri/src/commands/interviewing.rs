//! The interview that is open: answers, rows, files, and how it begins and ends.

use tauri::{AppHandle, State};
use tianye_desk::codes;
use tianye_desk::view::{
    AnswerInput, FilePart, FormFile, Frame, Hit, HomeView, InterviewCard, InterviewView, Move, MoveView, NewInterview,
    NonAnswer, Step, WhyView,
};

use super::Answer;
use crate::dialogs;
use crate::shell::Shell;

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

desk! {
    /// Begins an interview with a respondent who is known.
    start_with(person: String, form: String, lang: String) -> InterviewView,
    |desk, person, form, lang| desk.start_with(&person, &form, &lang)
}
desk! {
    /// Ends the open interview because the respondent stops.
    stop_interview(keep: bool, lang: String) -> HomeView, |desk, keep, lang| desk.stop_interview(keep, &lang)
}
