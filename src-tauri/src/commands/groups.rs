//! Groups: who sits together in a discussion or a session.

use tauri::State;
use tianye_desk::view::{GroupInput, GroupQuery, GroupView, PersonView};

use super::Answer;
use crate::shell::Shell;

desk! {
    /// Who is in a group that is put together, and who is found for it.
    group_sheet(query: GroupQuery, lang: String) -> GroupView, |desk, query, lang| desk.group_sheet(&query, &lang)
}
desk! {
    /// Writes the card of a group; gives its page.
    save_group(input: GroupInput, lang: String) -> PersonView, |desk, input, lang| {
        let id = desk.save_group(&input)?;
        desk.person_page(&id, &lang)
    }
}
