//! Compiles the shell's permissions and resources.
fn main() {
    tauri_build::build();
}
