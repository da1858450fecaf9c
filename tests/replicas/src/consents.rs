//! What families said: cards that several laptops write on, and the word that must never be lost, a withdrawal.

use std::collections::BTreeSet;

use rand_core::Rng as _;
use tianye_journal::{EntryHash, RecordId};
use tianye_survey::{
    self as survey, Card, CardState, Consent, ConsentAct, Consents, Field, Guardian, LegalStanding, ProjectState,
    Purpose,
};

use crate::asking::same;
use crate::laptop::Laptop;
use crate::merging::Team;

/// What may be said.
const WORDS: [ConsentAct; 3] = [ConsentAct::Given, ConsentAct::Withdrawn, ConsentAct::Refused];

impl Team {
    pub(crate) fn consent(&mut self, at: usize, card: u8, word: u8) {
        let said = WORDS[usize::from(word) % WORDS.len()].clone();
        let cards: Vec<RecordId> =
            self.cards.iter().filter(|card| !self.laptops[at].entries_of(**card).is_empty()).copied().collect();
        let record = cards.get(usize::from(card) % (cards.len() + 1)).copied().unwrap_or_else(|| {
            let mut bytes = [0; 16];
            self.people.rng.fill_bytes(&mut bytes);
            let record = RecordId::from_bytes(bytes);
            self.cards.push(record);
            record
        });
        let state = self.card(at, record);
        let mother = Guardian { name: "".into(), relation: "母亲".into(), standing: LegalStanding::LegalGuardian };
        let consent = Consent { by: Some(mother), ..Consent::new(record, said) };
        self.write_with(at, record, state.heads(), BTreeSet::new(), &Card::whole(&consent).into());
    }

    fn card(&self, at: usize, record: RecordId) -> CardState<Consent> {
        survey::card(record, &self.laptops[at].entries_of(record), &self.team_of(&self.laptops[at]))
    }

    /// Everybody says what follows from the words that they can read; and where some word that nobody replaced is a no, nothing
    /// may be done with what was collected, whatever else was said on that card.
    pub(crate) fn ask_of_consents(&self, laptop: &Laptop, here: &BTreeSet<EntryHash>) -> Result<(), String> {
        let (team, rights) = (self.team_of(laptop), laptop.rights());
        for record in &self.cards {
            let state: CardState<Consent> = survey::card(*record, &laptop.entries_of(*record), &team);
            let act = state.fields.get(&Field::from("act"));
            let found: BTreeSet<(EntryHash, String)> = act
                .into_iter()
                .flat_map(|act| act.current())
                .map(|write| (write.entry, write.answer.value().unwrap_or_default().to_owned()))
                .collect();
            let expected = self.truth.words_of(*record, here, &rights);
            same(&format!("words on card {record}"), &found, &expected)?;
            let mut project = ProjectState::default();
            project.consents.insert(*record, state);
            let standing = Consents::of(&project, "").standing(record, &Purpose::Questionnaire);
            let is_no = expected.iter().any(|(_, word)| word != ConsentAct::Given.as_str());
            if is_no && standing.covers() {
                return Err(format!("card {record} says no and {standing:?}: {expected:?}"));
            }
        }
        Ok(())
    }
}
