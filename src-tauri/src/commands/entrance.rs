//! Before and at the door: the projects of this laptop, unlocking and leaving.

use tauri::State;
use tianye_desk::Desk;
use tianye_desk::view::{HomeView, NewProject, StartView};

use super::Answer;
use crate::shell::Shell;

/// What the window shows before anybody has unlocked.
#[tauri::command]
#[specta::specta]
pub async fn start(shell: State<'_, Shell>) -> Answer<StartView> {
    shell
        .beside(|shell| {
            let (language, unlocked) = (shell.language.clone(), shell.is_unlocked());
            Ok(StartView { language, unlocked, ..shell.laptop.start()? })
        })
        .await
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
