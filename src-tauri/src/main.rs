//! The window of Tianye.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    tianye_shell::run();
}
