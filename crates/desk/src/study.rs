//! Study codes: what a de-identified export calls children, interviews and interviewers.
//!
//! They are made with a secret of the project: the same child has the same code in every export, whoever of the leads and
//! analysts makes it, and who has only the file cannot go back from the code. The secret stands on the project's card, sealed for
//! the leads' shared key, so it stays in the stores of those who read everything anyway.

use tianye_journal::{Recipient, RecordId, from_hex, open_for, seal_for, to_hex};
use tianye_survey::{Card, Content, Project, kind, rights};
use zeroize::Zeroizing;

use crate::desk::Desk;
use crate::refusal::{Result, refuse};

/// Bytes of the key, and of the base day behind it.
const KEY: usize = 32;
const LENGTH: usize = KEY + 8;
/// Digits and letters that are not taken for each other.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Letters of a code: 60 bits.
const LONG: usize = 12;

/// The project's secret for study codes, and its base day.
pub(crate) struct Study {
    key: Zeroizing<[u8; KEY]>,
    /// The Monday from which weeks are counted, in days since 1970-01-01.
    pub base: i64,
}

impl Study {
    /// The code of a respondent: of the leading one of linked cards.
    pub fn respondent(&self, desk: &Desk, subject: &RecordId) -> String {
        self.code("respondent", &desk.book.project.identities().leading(subject).to_string())
    }

    /// The code of a place.
    pub fn site(&self, site: &RecordId) -> String {
        self.code("site", &site.to_string())
    }

    /// The code of an interview.
    pub fn interview(&self, interview: &RecordId) -> String {
        self.code("interview", &interview.to_string())
    }

    /// The code of somebody of the team.
    pub fn person(&self, person: &str) -> String {
        self.code("person", person)
    }

    fn code(&self, what: &str, id: &str) -> String {
        let hash = blake3::keyed_hash(&self.key, format!("{what}\0{id}").as_bytes());
        let mut code = String::new();
        for (at, byte) in hash.as_bytes().iter().take(LONG).enumerate() {
            if at > 0 && at.is_multiple_of(4) {
                code.push('-');
            }
            code.push(char::from(LETTERS[usize::from(byte % 32)]));
        }
        code
    }
}

impl Desk {
    /// The project's secret for study codes.
    ///
    /// # Errors
    /// `export-no-study` where the project has none yet, or this person does not read it.
    pub(crate) fn study(&self) -> Result<Study> {
        let missing = || refuse("export-no-study", "expected the project's secret for study codes, found none to read");
        let sealed = self.book.project.project().and_then(|project| project.study.as_deref()).and_then(from_hex);
        let sealed = sealed.ok_or_else(missing)?;
        let keys = self.store.read(|view| view.reading_keys())?;
        let plain = keys.iter().find_map(|key| open_for(key, &sealed, LENGTH).ok()).ok_or_else(missing)?;
        let (key, base) = plain.split_first_chunk::<KEY>().ok_or_else(missing)?;
        let base = <[u8; 8]>::try_from(base).map_err(|_| missing())?;
        Ok(Study { key: Zeroizing::new(*key), base: i64::from_le_bytes(base) })
    }

    /// A new secret, sealed for the leads. Weeks are counted from the Monday of this week.
    pub(crate) fn new_study(&self) -> Result<String> {
        use rand_core::Rng as _;
        let mut plain = Zeroizing::new([0; LENGTH]);
        crate::world::key_rng(&*self.world).fill_bytes(&mut plain[..KEY]);
        let today = self.world.now().timestamp().div_euclid(86_400);
        let monday = today - (today + 3).rem_euclid(7);
        plain[KEY..].copy_from_slice(&monday.to_le_bytes());
        let leads: Vec<Recipient> = self.who.readers()?.into_iter().take(1).collect();
        Ok(to_hex(&seal_for(&leads, &*plain)?))
    }

    /// Gives a project of an earlier version its secret, once, by a lead.
    pub(crate) fn begin_study(&mut self) -> Result<()> {
        let Some((record, state)) = self.book.project.projects.iter().next() else { return Ok(()) };
        let Some(card) = state.card.clone().filter(|card| card.study.is_none()) else { return Ok(()) };
        let role = self.who.survey_role();
        let may = rights::exports(&role) == rights::Export::Identified
            && rights::reads(&role, &tianye_survey::Role::Interviewer);
        if !may || self.must_write(kind::PROJECT).is_err() || self.is_revoked() {
            return Ok(());
        }
        let (record, parents) = (*record, state.ground.heads());
        let with = Project { study: Some(self.new_study()?), ..card.clone() };
        self.append(record, parents, &Content::Project(Card::changes(&card, &with)))?;
        Ok(())
    }
}
