//! What is carried: to and from a hub, and on sticks. The desk stays usable meanwhile.

use tauri::{AppHandle, State};
use tianye_desk::view::{
    CarryingView, DraftsTaken, NearbyPlace, NearbyView, Role, StickView, StickWritten, SyncReport, SyncView,
};
use tianye_desk::{
    Cancel, Courier, Desk, Progress, batches_in, carrying_view, drafts_in, nearby_view, refuse, stick_view,
};

use super::Answer;
use crate::dialogs;
use crate::shell::Shell;

/// Goes to the hub and back.
#[tauri::command]
#[specta::specta]
pub async fn sync(shell: State<'_, Shell>) -> Answer<SyncReport> {
    let cancel = shell.begin_carrying();
    shell.beside(move |shell| there_and_back(shell, &cancel, |desk| desk.courier())).await
}

/// Goes to the hub of a laptop of the same network and back: the one whose address and code are given, or that of last
/// time.
#[tauri::command]
#[specta::specta]
pub async fn sync_nearby(shell: State<'_, Shell>, place: Option<NearbyPlace>) -> Answer<SyncReport> {
    let cancel = shell.begin_carrying();
    shell
        .beside(move |shell| {
            there_and_back(shell, &cancel, |desk| {
                if let Some(place) = place {
                    desk.find_nearby(&place.address, &place.code)?;
                }
                desk.courier_nearby()
            })
        })
        .await
}

/// Goes to a hub and back, and once more if what came gave this laptop something to say.
fn there_and_back(
    shell: &Shell,
    cancel: &Cancel,
    courier: impl FnOnce(&mut Desk) -> Answer<Courier>,
) -> Answer<SyncReport> {
    let mut courier = shell.with_desk(|desk| {
        desk.before_carrying()?;
        courier(desk)
    })?;
    told(shell, |tell| {
        let mut run = || {
            let run = courier.run(cancel, &mut |progress| tell(progress, (1, 1)));
            // What came before it was stopped is here.
            run.inspect_err(|_| drop(shell.with_desk(Desk::after_stick)))
        };
        let report = run()?;
        let (told, further) = shell.with_desk(|desk| Ok((desk.after_sync(&report)?, desk.has_news(&report)?)))?;
        if !further {
            return Ok(told);
        }
        let again = run()?;
        shell.with_desk(|desk| desk.after_sync(&again)).map(|further| told.and(further))
    })
}

/// Calls with what notes how far it is; afterwards nothing is carried.
fn told<T>(shell: &Shell, work: impl FnOnce(&dyn Fn(&Progress, (usize, usize))) -> Answer<T>) -> Answer<T> {
    let done = work(&|progress, file| shell.note_carried(Some(carrying_view(progress, file))));
    shell.note_carried(None);
    done
}

/// How far a sync or a stick is; none if nothing is carried.
#[tauri::command]
#[specta::specta]
pub async fn carrying(shell: State<'_, Shell>) -> Answer<Option<CarryingView>> {
    Ok(shell.carried())
}

/// Stops a sync or a stick that is under way; what went through stays.
#[tauri::command]
#[specta::specta]
pub async fn stop_carrying(shell: State<'_, Shell>) -> Answer<()> {
    shell.stop_carrying();
    Ok(())
}

/// Writes to a stick what its readers lack; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn write_stick(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<StickWritten>> {
    let cancel = shell.begin_carrying();
    shell
        .beside(move |shell| {
            let Some(folder) = dialogs::folder(&app) else { return Ok(None) };
            let mut carrier = shell.with_desk(|desk| {
                desk.leave()?;
                desk.before_carrying()?;
                desk.carrier_to_write()
            })?;
            told(shell, |tell| carrier.write(&folder, &cancel, &mut |progress| tell(progress, (1, 1)))).map(Some)
        })
        .await
}

/// Takes in all batches of a folder of a stick; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn read_stick(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<StickView>> {
    let cancel = shell.begin_carrying();
    shell
        .beside(move |shell| {
            let Some(folder) = dialogs::folder(&app) else { return Ok(None) };
            let files = batches_in(&folder)?;
            let mut carrier = shell.with_desk(|desk| {
                desk.leave()?;
                desk.carrier()
            })?;
            let mut reports = Vec::new();
            let mut stopped = None;
            told(shell, |tell| {
                for (at, file) in files.iter().enumerate() {
                    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    match carrier.read(file, &cancel, &mut |progress| tell(progress, (at + 1, files.len()))) {
                        Err(refusal) if refusal.code != "batch-unusable" => {
                            stopped = Some(refusal);
                            break;
                        }
                        report => reports.push((name, report)),
                    }
                }
                Ok(())
            })?;
            // What came before it was stopped is here.
            shell.with_desk(Desk::after_stick)?;
            if let Some(stopped) = stopped {
                return Err(stopped);
            }
            carrier.leave_card(&folder);
            let mut view = stick_view(&reports);
            // What they stand on has come by now. They are for leads alone, and of no use to others who read the same stick.
            if shell.with_desk(|desk| Ok(desk.role() == Role::Lead))? {
                let files = drafts_in(&folder)?;
                for file in &files {
                    match shell.with_desk(|desk| desk.look_at_drafts(file)) {
                        Ok(found) => view.drafts.extend((found.drafts > 0).then_some(found)),
                        Err(_) => {
                            view.unusable.push(file.file_name().unwrap_or_default().to_string_lossy().into_owned());
                        }
                    }
                }
                shell.remember_drafts(files);
            }
            Ok(Some(view))
        })
        .await
}

/// Takes over the drafts of a file on the stick that was read last, with a remark of whose they were.
#[tauri::command]
#[specta::specta]
pub async fn take_drafts(shell: State<'_, Shell>, file: String, remark: String) -> Answer<DraftsTaken> {
    shell
        .beside(move |shell| {
            let found = shell.found_drafts(&file);
            let path = found.ok_or_else(|| refuse("drafts-unusable", "expected a file of the stick read last"))?;
            shell.with_desk(|desk| desk.take_drafts(&path, &|_, _| remark.clone()))
        })
        .await
}

desk! {
    /// How far sending is.
    sync_state() -> SyncView, |desk| desk.sync_state()
}
desk! {
    /// Takes something that does not fit from the list: the person knows of it.
    note_misfit(key: String) -> SyncView, |desk, key| desk.note_misfit(&key)
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
