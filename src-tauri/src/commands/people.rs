//! People and places, rosters, assignments.

use tauri::{AppHandle, State};
use tianye_desk::view::{
    AssignInput, AssignPreview, AssignmentsView, CardConflict, CardDecision, PeopleView, PersonInput, PersonQuery,
    PersonView, RosterInput, RosterView, SiteInput, TakeOverInput, TieInput,
};

use super::Answer;
use crate::dialogs;
use crate::shell::Shell;

desk! {
    /// Sites as a tree, and the people who are found.
    people(query: PersonQuery, lang: String) -> PeopleView, |desk, query, lang| desk.people(&query, &lang)
}
desk! {
    /// A person's page.
    person_page(id: String, lang: String) -> PersonView, |desk, id, lang| desk.person_page(&id, &lang)
}
desk! {
    /// Writes a card: a new person, or what changed on one.
    save_person(input: PersonInput, lang: String) -> PersonView, |desk, input, lang| {
        let id = desk.save_person(&input)?;
        desk.person_page(&id, &lang)
    }
}
desk! {
    /// Writes a tie; gives the page of the person `of`.
    save_tie(input: TieInput, of: String, lang: String) -> PersonView, |desk, input, of, lang| {
        desk.save_tie(&input)?;
        desk.person_page(&of, &lang)
    }
}
desk! {
    /// Adds a site, or gives one another name or place.
    save_site(input: SiteInput) -> String, |desk, input| desk.save_site(&input)
}
desk! {
    /// What two laptops wrote differently on cards.
    card_conflicts(lang: String) -> Vec<CardConflict>, |desk, lang| desk.card_conflicts(&lang)
}
desk! {
    /// What was decided on cards and holds.
    cards_decided(lang: String) -> Vec<CardConflict>, |desk, lang| desk.cards_decided(&lang)
}
desk! {
    /// Decides between what two wrote on a card.
    decide_card(input: CardDecision, lang: String) -> Vec<CardConflict>, |desk, input, lang| {
        desk.decide_card(&input)?;
        desk.card_conflicts(&lang)
    }
}
desk! {
    /// What the roster comes to when it is read so.
    plan_roster(input: RosterInput, lang: String) -> RosterView, |desk, input, lang| desk.plan_roster(&input, &lang)
}
desk! {
    /// Takes the roster in.
    import_roster(input: RosterInput, lang: String) -> RosterView, |desk, input, lang| {
        desk.import_roster(&input, &lang)
    }
}
desk! {
    /// Forgets the roster's file.
    close_roster() -> (), |desk| {
        desk.close_roster();
        Ok(())
    }
}
desk! {
    /// Whom an assignment would be about.
    preview_assignment(input: AssignInput, lang: String) -> AssignPreview, |desk, input, lang| desk.preview_assignment(&input, &lang)
}
desk! {
    /// Assigns a form to a class, or to those chosen.
    assign(input: AssignInput, lang: String) -> AssignmentsView, |desk, input, lang| {
        desk.assign(&input, &lang)?;
        desk.assignments(&lang)
    }
}
desk! {
    /// Assignments by class.
    assignments(lang: String) -> AssignmentsView, |desk, lang| desk.assignments(&lang)
}
desk! {
    /// Somebody else does assignments now.
    take_over(input: TakeOverInput, lang: String) -> AssignmentsView, |desk, input, lang| {
        desk.take_over(&input)?;
        desk.assignments(&lang)
    }
}

/// Asks for the file of a roster and reads it; none if the person changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_roster(
    app: AppHandle,
    shell: State<'_, Shell>,
    input: RosterInput,
    lang: String,
) -> Answer<Option<RosterView>> {
    shell
        .beside(move |shell| {
            let Some(path) = dialogs::open_file(&app, "Tianye", &["xlsx", "xls", "ods", "csv"]) else {
                return Ok(None);
            };
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let bytes = dialogs::read(&path)?;
            shell.with_desk(|desk| desk.open_roster(&name, &bytes, &input, &lang)).map(Some)
        })
        .await
}
