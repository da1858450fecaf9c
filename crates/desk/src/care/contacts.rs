//! Contact cards: whom to call at a place, prepared by the lead, on every laptop.

use std::collections::BTreeSet;

use tianye_journal::RecordId;
use tianye_survey::{Card, Contact, ContactRole, Contacts, Content, kind};

use crate::desk::Desk;
use crate::filling::record_id;
use crate::refusal::{Result, refuse};
use crate::view::{ContactCardView, ContactView, ContactsInput};

/// Most people on one card.
const MOST_PEOPLE: usize = 20;
/// Longest word on a card, in characters.
const LONGEST_WORD: usize = 200;

impl Desk {
    /// The contact cards of the project: the one for everywhere, then those of all places, empty where nobody wrote one.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn contact_cards(&self, language: &str) -> Result<Vec<ContactCardView>> {
        let mut cards: Vec<ContactCardView> = Vec::new();
        for state in self.book.project.contacts.values() {
            let Some(card) = &state.card else { continue };
            cards.push(ContactCardView {
                site: card.site.map(|site| site.to_string()).unwrap_or_default(),
                place: card.site.map(|site| self.book.site_name(Some(site), language)).unwrap_or_default(),
                people: contact_views(&card.people),
            });
        }
        if !cards.iter().any(|card| card.site.is_empty()) {
            let people = contact_views(&Contacts::of_the_country());
            cards.push(ContactCardView { site: String::new(), place: String::new(), people });
        }
        let written: BTreeSet<RecordId> =
            self.book.project.contacts.values().filter_map(|state| state.card.as_ref()?.site).collect();
        for site in self.book.project.sites.keys().filter(|site| !written.contains(site)) {
            let place = self.book.site_name(Some(*site), language);
            cards.push(ContactCardView { site: site.to_string(), place, people: Vec::new() });
        }
        cards.sort_by(|a, b| (!a.site.is_empty(), &a.place).cmp(&(!b.site.is_empty(), &b.place)));
        Ok(cards)
    }

    /// Writes the contact card of a place, or of the whole project.
    ///
    /// # Errors
    /// A role that may not; a place that is not here; `contact-number` for a person without a number; words that are too
    /// long; the store's refusal.
    pub fn set_contacts(&mut self, input: &ContactsInput, language: &str) -> Result<Vec<ContactCardView>> {
        self.must_write(kind::CONTACTS)?;
        let site = Some(&input.site).filter(|site| !site.is_empty()).map(|site| record_id(site)).transpose()?;
        if let Some(site) = &site
            && self.book.project.site(site).is_none()
        {
            return Err(refuse("site-gone", "expected a site of this project, found none"));
        }
        if input.people.len() > MOST_PEOPLE {
            return Err(refuse("contacts-too-many", format!("expected at most {MOST_PEOPLE} people"))
                .with("limit", MOST_PEOPLE.to_string()));
        }
        let people = input.people.iter().map(contact).collect::<Result<Vec<_>>>()?;
        let after = Contacts { site, people };
        let found = self
            .book
            .project
            .contacts
            .iter()
            .find(|(_, state)| state.card.as_ref().is_some_and(|card| card.site == site));
        let (record, parents, card): (RecordId, _, Card<Contacts>) = match found {
            Some((record, state)) => (*record, state.heads(), state.edit(&after)),
            None => (self.new_record(), Vec::new(), Card::whole(&after)),
        };
        if !card.is_empty() {
            self.append(record, parents, &Content::Contacts(card))?;
        }
        self.contact_cards(language)
    }
}

/// Contacts as a screen shows them.
pub(super) fn contact_views(people: &[Contact]) -> Vec<ContactView> {
    let view = |contact: &Contact| ContactView {
        role: contact.role.as_str().to_owned(),
        name: contact.name.to_string(),
        number: contact.number.to_string(),
        hours: contact.hours.to_string(),
        note: contact.note.to_string(),
    };
    people.iter().map(view).collect()
}

fn contact(view: &ContactView) -> Result<Contact> {
    let role = ContactRole::from(view.role.as_str());
    if !ContactRole::ALL.contains(&role) {
        return Err(refuse("internal", "expected one of the roles of a contact card, found another word"));
    }
    if view.number.trim().is_empty() {
        return Err(refuse("contact-number", "expected a number to call, found none"));
    }
    for word in [&view.name, &view.number, &view.hours, &view.note] {
        let found = word.chars().count();
        if found > LONGEST_WORD {
            return Err(refuse("too-long", format!("expected at most {LONGEST_WORD} characters, found {found}"))
                .with("limit", LONGEST_WORD.to_string()));
        }
    }
    let word = |text: &str| text.trim().into();
    Ok(Contact {
        role,
        name: word(&view.name),
        number: word(&view.number),
        hours: word(&view.hours),
        note: word(&view.note),
    })
}
