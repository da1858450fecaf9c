//! The desktop shell: the window, and the desk's acts as typed commands.
//!
//! **Purpose.** To open one window on the pages in `ui`, to hand each command to the desk on a thread of its own, and to
//! ask for files. Thin: a command is one call.
//!
//! **Must not know.** Rules of surveys, storage, words (the pages own them).
//!
//! **Words.** *Command*: a function the pages may call. *Shell*: what commands share: the laptop, and the desk while it
//! is unlocked.

mod commands;
mod dialogs;
mod shell;
mod window;

use tauri_specta::{Builder, collect_commands};

pub use shell::Shell;

/// Every command the pages may call. The capability file lists the same ones; a test compares them.
#[must_use]
pub fn commands() -> Builder<tauri::Wry> {
    use crate::commands::*;
    Builder::<tauri::Wry>::new().disable_serde_phases().commands(collect_commands![
        start,
        create_project,
        open_invitation,
        read_invitation,
        find_invitation,
        request_join,
        join_state,
        unlock,
        lock,
        home,
        start_interview,
        open_interview,
        correct_interview,
        preview_move,
        move_interview,
        take_move_back,
        answer,
        give_non_answer,
        confirm,
        set_note,
        add_row,
        remove_row,
        move_to,
        set_form_language,
        find_question,
        why,
        form_media,
        choose_file,
        start_recording,
        put_piece,
        finish_recording,
        drop_recording,
        file_part,
        answer_sound_wish,
        read_code,
        read_code_in_picture,
        undo,
        pause_interview,
        give_reason,
        finalise,
        records,
        hand_over,
        preview_erasure,
        erase,
        care,
        save_report,
        record_call,
        add_to_report,
        hand_report_over,
        move_to_report,
        reports,
        report_file,
        start_report_recording,
        put_report_piece,
        drop_report_recording,
        finish_report_recording,
        copy_report_file,
        contact_cards,
        set_contacts,
        erasures,
        save_certificate,
        save_drops,
        conflict_cards,
        cards_decided,
        decided_cards,
        conflicts_of,
        decided,
        decide,
        take_back_decision,
        duplicates,
        rule_pair,
        people,
        person_page,
        save_person,
        save_tie,
        save_site,
        group_sheet,
        save_group,
        place_page,
        card_conflicts,
        decide_card,
        choose_roster,
        plan_roster,
        import_roster,
        close_roster,
        preview_assignment,
        assign,
        assignments,
        take_over,
        team,
        invite,
        approve,
        revoke,
        accept_late,
        recovery_key,
        carrying,
        stop_carrying,
        sync_nearby,
        open_nearby,
        close_nearby,
        nearby,
        read_nearby,
        invitation_qr,
        invite_by_code,
        save_invitation,
        write_stick,
        read_stick,
        take_drafts,
        save_request,
        open_admission,
        open_request,
        approve_request,
        sync,
        sync_state,
        note_misfit,
        copies,
        keep_copy,
        look_at_copies,
        keep_second_box,
        keep_no_second_box,
        try_recovery,
        left_in_set_aside,
        discard_set_aside,
        choose_boxes,
        recover,
        maps,
        map_tile,
        add_map,
        check_form,
        check_form_again,
        try_form,
        add_form,
        choose_import,
        import_records,
        export_csv,
        preview_export,
        export_log,
        instruments,
        check_instrument,
        consent_sheet,
        record_consent,
        withdraw_consent,
        add_evidence,
        drop_evidence,
        evidence_part,
        start_with,
        stop_interview,
        consent_text,
        publish_text,
        checklist,
        note_checklist,
        begin_real,
        due,
        erase_due,
    ])
}

/// Opens the window and runs until it is closed.
///
/// # Panics
/// When the window system does not start: there is nobody to tell but the terminal.
pub fn run() {
    #[cfg(target_os = "linux")]
    window::draw_without_drivers();
    let commands = commands();
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .manage(Shell::from_environment())
        .invoke_handler(commands.invoke_handler())
        .setup(|app| window::open(app).map_err(Into::into))
        .run(tauri::generate_context!())
        .expect("the window system starts");
}

#[cfg(test)]
mod tests {
    use specta_typescript::Typescript;

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/lib/ipc/bindings.ts");

    fn generated() -> String {
        let folder = std::env::temp_dir().join(format!("tianye-bindings-{}", std::process::id()));
        let file = folder.join("bindings.ts");
        std::fs::create_dir_all(&folder).unwrap();
        super::commands().export(Typescript::default(), &file).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        text
    }

    #[test]
    fn bindings_are_current() {
        let generated = generated();
        if std::env::var_os("TIANYE_WRITE_BINDINGS").is_some() {
            std::fs::write(FILE, &generated).unwrap();
        }
        let committed = std::fs::read_to_string(FILE).unwrap_or_default();
        assert!(generated == committed, "ui/src/lib/ipc/bindings.ts is not current; run `cargo xtask bindings`");
    }

    #[test]
    fn the_window_may_call_exactly_the_commands_there_are() {
        let capability = include_str!("../capabilities/desk.json");
        let allowed: serde_json::Value = serde_json::from_str(capability).unwrap();
        let mut allowed: Vec<String> = allowed["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| one.as_str()?.strip_prefix("allow-").map(|name| name.replace('-', "_")))
            .collect();
        let build = include_str!("../build.rs");
        let mut built: Vec<String> = build
            .lines()
            .filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\",").map(str::to_owned))
            .collect();
        let source = include_str!("lib.rs");
        let list = source.split("collect_commands![").nth(1).unwrap().split(']').next().unwrap();
        let mut known: Vec<String> =
            list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
        for list in [&mut allowed, &mut built, &mut known] {
            list.sort();
        }
        assert_eq!(allowed, known, "capabilities/desk.json");
        assert_eq!(built, known, "build.rs");
    }
}
