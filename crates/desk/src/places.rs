//! A place's page: with whom one can speak there, and everything done about it.

use tianye_journal::RecordId;
use tianye_xform::About;

use crate::desk::Desk;
use crate::filling::record_id;
use crate::people::site_gone;
use crate::refusal::Result;
use crate::view::{PersonQuery, PersonRow, PlacePage};

impl Desk {
    /// A place's page.
    ///
    /// # Errors
    /// A place that is not here; the store's refusal.
    pub fn place_page(&self, id: &str, language: &str) -> Result<PlacePage> {
        let record = record_id(id)?;
        let project = &self.book.project;
        let site = project.site(&record).ok_or_else(site_gone)?;
        let inside = |other: &RecordId| project.is_within(other, &record);
        let mut records = vec![record];
        let about = |one: &tianye_survey::Assignment| one.subject.is_none() && one.site.as_ref().is_some_and(inside);
        let assignments = project.assignments.iter();
        let theirs = assignments.filter(|(_, state)| state.card.as_ref().is_some_and(about));
        records.extend(theirs.map(|(record, _)| *record));
        let briefs = self.book.interviews.iter();
        let done = briefs.filter(|(_, brief)| brief.site.as_ref().is_some_and(inside) && self.is_about_place(brief));
        records.extend(done.map(|(record, _)| *record));
        let there = |one: &tianye_survey::Beginning| one.subject.is_none() && one.site.as_ref().is_some_and(inside);
        let begun = self.begun_elsewhere(&there, language);
        Ok(PlacePage {
            id: record.to_string(),
            kind: site.kind.as_str().to_owned(),
            name: self.own_name(Some(record), language),
            within: self.book.site_name(site.parent, language),
            people: self.adults_at(id, language)?,
            assignments: self.assignments_at(&record, language)?,
            history: self.events_of(&records, &[record], begun, language)?,
        })
    }

    fn is_about_place(&self, brief: &crate::book::Brief) -> bool {
        let form = brief.form.and_then(|form| self.form(&form).ok());
        brief.subject.is_none() || form.is_some_and(|form| form.about() == About::Site)
    }

    fn adults_at(&self, id: &str, language: &str) -> Result<Vec<PersonRow>> {
        let mut people = Vec::new();
        for kind in ["cadre", "teacher", "guardian"] {
            let query = PersonQuery { kind: kind.into(), site: id.into(), ..PersonQuery::default() };
            people.extend(self.people(&query, language)?.people);
        }
        Ok(people)
    }
}
