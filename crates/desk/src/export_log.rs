//! The list of exports: those that were made here, and what other laptops of leads and analysts say of theirs.

use tianye_journal::{Recipient, from_hex, open_for, seal_for, to_hex};
use tianye_survey::rights::{Reach, reach};
use tianye_survey::{Content, ExportNote, Exported, kind};

use crate::desk::Desk;
use crate::filling::record_id;
use crate::interview::page::small;
use crate::kept_exports::{KeptExport, Lapsed, told};
use crate::refusal::Result;
use crate::view::ExportLogRow;

/// Most of a reason that others are told, in characters.
const LONGEST_REASON: usize = 1_000;

impl Desk {
    /// The exports that were made, the newest first: who, when, of what, and why with identifiers. Those of other laptops stand in
    /// it for who reads the leads' notes, without a folder.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn export_log(&self) -> Result<Vec<ExportLogRow>> {
        let own = self.kept_exports()?;
        let mut log: Vec<ExportLogRow> = self.told_exports(&own)?;
        let (gone, mut lapsed) = (self.gone()?, Lapsed::default());
        for kept in &own {
            self.look_lapsed(kept, &mut lapsed)?;
        }
        log.extend(own.into_iter().map(|kept| {
            let [taken_back, past_day] = kept.lapsed(&lapsed).map(|one| told(&one));
            ExportLogRow {
                taken_back,
                past_day,
                drops: small(kept.all_to_drop(&gone, &lapsed).len()),
                interviews: small(kept.interviews.len()),
                purpose: kept.options.purpose.into(),
                left_out: told(&kept.left_out),
                id: kept.id,
                at: kept.at,
                by: kept.by.name,
                form: kept.form,
                identified: kept.options.identified,
                reason: kept.reason,
                folder: kept.folder,
            }
        }));
        // Clocks of other laptops may be wrong: they order a list for people, and decide nothing.
        log.sort_by_cached_key(|row| {
            chrono::DateTime::parse_from_rfc3339(&row.at).map(|at| at.timestamp_millis()).ok()
        });
        log.reverse();
        Ok(log)
    }

    /// Writes down which exports were made here since, for the leads' other laptops: one entry each.
    ///
    /// # Errors
    /// The store's refusal.
    pub(crate) fn tell_exports(&mut self) -> Result<()> {
        if reach(&self.who.survey_role(), kind::EXPORTED) == Reach::Nothing || self.is_revoked() {
            return Ok(());
        }
        let mut bodies = Vec::new();
        for kept in self.kept_exports()? {
            let record = record_id(&kept.id)?;
            if self.book.project.exports.contains_key(&record) {
                continue;
            }
            let note = ExportNote {
                at: kept.at,
                form: kept.form,
                identified: kept.options.identified,
                reason: kept.reason.chars().take(LONGEST_REASON).collect(),
                interviews: small(kept.interviews.len()),
                purpose: kept.options.purpose,
                left_out: kept.left_out,
            };
            let note = serde_json::to_vec(&note).unwrap_or_default();
            let leads: Vec<Recipient> = self.who.readers()?.into_iter().take(1).collect();
            let sealed = Exported { sealed: to_hex(&seal_for(&leads, &note)?) };
            bodies.push(self.body(record, Vec::new(), &Content::from(&sealed))?);
        }
        if bodies.is_empty() { Ok(()) } else { self.append_all(&bodies) }
    }

    fn told_exports(&self, own: &[KeptExport]) -> Result<Vec<ExportLogRow>> {
        let keys = self.store.read(|view| view.reading_keys())?;
        let note = |sealed: &Exported| -> Option<ExportNote> {
            let sealed = from_hex(&sealed.sealed)?;
            let plain = keys.iter().find_map(|key| open_for(key, &sealed, ExportNote::LONGEST).ok())?;
            serde_json::from_slice(&plain).ok()
        };
        let others = self.book.project.exports.iter().map(|(record, said)| (record.to_string(), said));
        let others = others.filter(|(id, _)| own.iter().all(|kept| kept.id != *id));
        let row = |(id, (author, sealed)): (String, &(tianye_journal::PersonId, Exported))| {
            let ExportNote { at, form, identified, reason, interviews, purpose, left_out } = note(sealed)?;
            let (purpose, left_out) = (purpose.into(), told(&left_out));
            let by = self.book.name(author);
            let (folder, taken_back, past_day, drops) = (String::new(), Vec::new(), Vec::new(), 0);
            Some(ExportLogRow {
                id,
                at,
                by,
                form,
                identified,
                reason,
                interviews,
                purpose,
                left_out,
                folder,
                taken_back,
                past_day,
                drops,
            })
        };
        Ok(others.filter_map(row).collect())
    }
}
