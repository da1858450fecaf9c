//! Places.

use tauri::State;
use tianye_desk::view::PlacePage;

use super::Answer;
use crate::shell::Shell;

desk! {
    /// A place's page.
    place_page(id: String, lang: String) -> PlacePage, |desk, id, lang| desk.place_page(&id, &lang)
}
