//! Compiles the shell's permissions and resources. Every command needs a permission, like those of Tauri itself.

const COMMANDS: &[&str] = &[
    "start",
    "create_project",
    "open_invitation",
    "read_invitation",
    "request_join",
    "join_state",
    "unlock",
    "lock",
    "home",
    "start_interview",
    "open_interview",
    "correct_interview",
    "preview_move",
    "move_interview",
    "take_move_back",
    "answer",
    "give_non_answer",
    "confirm",
    "set_note",
    "add_row",
    "remove_row",
    "move_to",
    "set_form_language",
    "find_question",
    "why",
    "form_media",
    "undo",
    "pause_interview",
    "finalise",
    "records",
    "hand_over",
    "conflicts",
    "decide",
    "team",
    "invite",
    "approve",
    "sync",
    "sync_state",
    "check_form",
    "check_form_again",
    "try_form",
    "add_form",
    "export_csv",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    tauri_build::try_build(attributes).expect("the shell's configuration is whole");
}
