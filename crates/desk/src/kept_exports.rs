//! The exports that were made on a laptop: each carries an id, and what to drop from it can be said: after an erasure, and after
//! somebody took back what it is for or its last day passed, though the record stays and may be used for other things.
//!
//! What is kept in the store and what is written beside the tables (`export.json`) is the same, so that an export that came
//! from another laptop can be asked too. It holds keys of rows and names of files, never a name of a person who was asked; of a
//! de-identified export the keys are study codes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tianye_export::{Table, file_name, write};
use tianye_journal::RecordId;
use tianye_store::Op;
use tianye_survey::{ExportFor, Purpose};

use crate::consenting::Lapse;
use crate::desk::Desk;
use crate::interview::page::small;
use crate::papers;
use crate::refusal::{Result, refuse};
use crate::view::{DropRow, ErasedExport, ExportInput, ExportPurpose, LeftOut as LeftOutView};
use crate::world;

/// The file beside the tables.
pub(crate) const MANIFEST: &str = "export.json";
/// Longest manifest that is read, in bytes.
const LONGEST_MANIFEST: u64 = 64 << 20;
/// The version of the manifest that is written.
const VERSION: u32 = 1;

const INDEX: &str = "exports";

/// How many interviews are not in an export, by the purpose that was not agreed to.
pub(crate) type LeftOut = BTreeMap<Purpose, u32>;

/// The same as screens show it.
pub(crate) fn told(left_out: &LeftOut) -> Vec<LeftOutView> {
    let one = |(purpose, interviews): (&Purpose, &u32)| LeftOutView {
        purpose: purpose.as_str().to_owned(),
        interviews: *interviews,
    };
    left_out.iter().map(one).collect()
}

impl From<ExportPurpose> for ExportFor {
    fn from(purpose: ExportPurpose) -> Self {
        match purpose {
            ExportPurpose::Analysis => Self::Analysis,
            ExportPurpose::Archiving => Self::Archiving,
            ExportPurpose::SchoolSharing => Self::SchoolSharing,
        }
    }
}

impl From<ExportFor> for ExportPurpose {
    fn from(purpose: ExportFor) -> Self {
        match purpose {
            ExportFor::Analysis => Self::Analysis,
            ExportFor::Archiving => Self::Archiving,
            ExportFor::SchoolSharing => Self::SchoolSharing,
        }
    }
}

fn key_of(id: &str) -> String {
    format!("export-{id}")
}

/// An export, as its manifest says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptExport {
    /// Version of the manifest.
    pub tianye_export: u32,
    /// A random id.
    pub id: String,
    /// When, by the laptop's clock.
    pub at: String,
    /// Who exported: a person of the team.
    pub by: By,
    /// `form_id`.
    pub form: String,
    /// Version of the form whose columns the tables have.
    pub form_version: String,
    /// Whether the project is one for practice.
    pub practice: bool,
    /// What was chosen.
    pub options: Chosen,
    /// Why it holds what tells who somebody is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The tables.
    pub tables: Vec<KeptTable>,
    /// The rows, by the id of their interview: the key that stands in the tables.
    pub interviews: BTreeMap<String, KeptRows>,
    /// How many interviews are not in it, by the purpose that was not agreed to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: LeftOut,
    /// How many interviews are not in it since they were made for practice before the project began.
    #[serde(default, skip_serializing_if = "is_none")]
    pub left_out_practice: u32,
    /// The acts of erasing that were carried out before: none of what they erased is in it.
    pub erasures: BTreeSet<String>,
    /// Where it was written: only in the store.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub folder: String,
}

/// Who exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct By {
    pub id: String,
    pub name: String,
}

/// What was chosen when exporting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Chosen {
    pub labels: bool,
    pub names: bool,
    pub files: bool,
    pub instances: bool,
    pub entities: bool,
    /// Whether it holds what tells who somebody is. Exports of earlier versions did.
    #[serde(default = "yes")]
    pub identified: bool,
    /// What it is for.
    #[serde(default)]
    pub purpose: ExportFor,
}

fn yes() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "what serde hands over")]
fn is_none(count: &u32) -> bool {
    *count == 0
}

impl From<&ExportInput> for Chosen {
    fn from(input: &ExportInput) -> Self {
        let ExportInput { labels, names, files, instances, entities, identified, purpose, .. } = *input;
        Self { labels, names, files, instances, entities, identified, purpose: purpose.into() }
    }
}

/// A table of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptTable {
    /// Its file, below the export's folder.
    pub file: String,
    /// Heading of the column with the keys.
    pub key: String,
    /// How many rows.
    pub rows: u32,
    /// Whether its rows are of repeats, not of interviews.
    #[serde(default)]
    pub inner: bool,
}

/// What an export has of one interview.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptRows {
    /// The tables with rows of it, by their place in the list of tables.
    pub tables: Vec<usize>,
    /// Files and folders that are only of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// Rows of entities that it made or changed: the table's place, and the entity's id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<(usize, String)>,
}

/// What an act erased, as far as exports go.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gone {
    /// What exports with study codes call these interviews, where that can be known here.
    pub codes: BTreeMap<RecordId, String>,
    /// The act.
    pub act: String,
    /// Interviews that were erased whole.
    pub whole: BTreeSet<RecordId>,
    /// Answers that were erased: interview and field.
    pub answers: Vec<(RecordId, String)>,
}

/// Why a row goes that was erased.
const ERASED: &str = "erased";
impl Lapse {
    /// Why a row goes of a record that stays, in the list of rows to drop.
    fn as_str(&self) -> &'static str {
        match self {
            Self::TakenBack(_) => "taken-back",
            Self::PastItsDay(_) => "past-its-day",
        }
    }

    fn purpose(&self) -> &Purpose {
        match self {
            Self::TakenBack(purpose) | Self::PastItsDay(purpose) => purpose,
        }
    }
}

/// What lapsed of what exports need, by what they are for and whether they tell who somebody is: interviews as such exports call
/// them. It holds as of now: who agrees again is not in it any more, nor what may be kept for longer after all.
#[derive(Debug, Default)]
pub(crate) struct Lapsed(BTreeMap<(ExportFor, bool), BTreeMap<String, Lapse>>);

impl KeptExport {
    /// What stands in place of a form where it is the sheet of what waits for decisions.
    pub const DECISIONS: &'static str = "decisions";

    /// An export that nothing was written of yet.
    pub fn new(desk: &Desk, form: &str, form_version: String, options: Chosen, folder: &Path) -> Result<Self> {
        Ok(Self {
            tianye_export: VERSION,
            id: desk.new_record().to_string(),
            at: world::iso(desk.world.now()),
            by: By { id: desk.person().to_string(), name: desk.who.name.clone() },
            form: form.to_owned(),
            form_version,
            practice: desk.book.project.is_practice(),
            options,
            reason: String::new(),
            tables: Vec::new(),
            interviews: BTreeMap::new(),
            left_out: LeftOut::new(),
            left_out_practice: 0,
            erasures: desk.acts_of_erasing()?.into_keys().collect(),
            folder: folder.display().to_string(),
        })
    }

    /// Notes a table and the interviews with rows in it; `key` is the heading of the column with their ids.
    pub fn note_table(&mut self, file: &str, table: &Table, key: &str, inner: bool) {
        let at = self.tables.len();
        self.tables.push(KeptTable {
            file: file.to_owned(),
            key: key.to_owned(),
            rows: small(table.rows.len()),
            inner,
        });
        let Some(column) = table.head.iter().position(|head| head == key) else { return };
        let keys: BTreeSet<&str> = table.rows.iter().filter_map(|row| row.get(column)).map(String::as_str).collect();
        for key in keys {
            self.rows_of(key).tables.push(at);
        }
    }

    /// Notes a table of entities, and which interviews made or changed its rows.
    pub fn note_entities(&mut self, file: &str, table: &Table, of: &dyn Fn(&str) -> BTreeSet<String>) {
        let at = self.tables.len();
        self.tables.push(KeptTable {
            file: file.to_owned(),
            key: "__id".to_owned(),
            rows: small(table.rows.len()),
            inner: false,
        });
        for id in table.rows.iter().filter_map(|row| row.first()) {
            for interview in of(id) {
                self.rows_of(&interview).entities.push((at, id.clone()));
            }
        }
    }

    /// What it has of an interview.
    pub fn rows_of(&mut self, interview: &str) -> &mut KeptRows {
        self.interviews.entry(interview.to_owned()).or_default()
    }

    /// Keeps it in the store: before anything is written, so that no export is unknown.
    pub fn keep(&self, desk: &Desk) -> Result<()> {
        let mut index: Vec<String> = papers::setting(&desk.store, INDEX)?.unwrap_or_default();
        if !index.contains(&self.id) {
            index.push(self.id.clone());
        }
        Ok(desk.store.transact(Op::Setting, |tx| {
            papers::put(tx, &key_of(&self.id), self)?;
            papers::put(tx, INDEX, &index)
        })?)
    }

    /// Writes the manifest into the export's folder. Where another form's stands there, it gets a name of its own.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        let other = read_manifest(&folder.join(MANIFEST)).is_ok_and(|there| there.form != self.form);
        let name = if other { format!("export_{}.json", file_name(&self.form)) } else { MANIFEST.to_owned() };
        let manifest = Self { folder: String::new(), ..self.clone() };
        let text = serde_json::to_vec_pretty(&manifest).map_err(std::io::Error::other)?;
        let file = fs::File::create(folder.join(name))?;
        std::io::Write::write_all(&mut &file, &text)?;
        file.sync_all()
    }

    /// What of it must go after these acts.
    pub fn to_drop(&self, gone: &[Gone]) -> Vec<DropRow> {
        let mut drops: BTreeSet<DropRow> = BTreeSet::new();
        for gone in gone.iter().filter(|gone| !self.erasures.contains(&gone.act)) {
            for (id, rows) in &self.interviews {
                let is_it = |of: &RecordId| of.to_string() == *id || gone.codes.get(of).is_some_and(|code| code == id);
                let whole = gone.whole.iter().any(is_it);
                let answers: Vec<&str> =
                    gone.answers.iter().filter(|(of, _)| is_it(of)).map(|(_, field)| field.as_str()).collect();
                // A sheet of decisions has an answer in whichever column of its rows.
                let in_sheet = self.form == Self::DECISIONS && !answers.is_empty();
                if whole || in_sheet {
                    drops.extend(self.all_of(id, rows, ERASED, ""));
                } else if !answers.is_empty() {
                    // Answers in a repeat stand in a table of their own.
                    let has = |table: &usize, field: &str| {
                        self.tables.get(*table).is_some_and(|table| table.inner == field.contains('['))
                    };
                    let cells = answers.iter().flat_map(|field| {
                        rows.tables.iter().filter(move |table| has(table, field)).map(move |table| (table, field))
                    });
                    drops.extend(cells.filter_map(|(table, field)| self.row(*table, id, ("clear", field), ERASED, "")));
                    // A file or an entity may hold the answer: no table says which.
                    drops.extend(self.beside(rows, ERASED, ""));
                }
            }
        }
        drops.into_iter().collect()
    }

    /// The same, and what must go since what it is for was taken back or is past its last day. What was erased is told as that.
    pub fn all_to_drop(&self, gone: &[Gone], lapsed: &Lapsed) -> Vec<DropRow> {
        let mut drops = self.to_drop(gone);
        let place = |row: &DropRow| [&row.file, &row.key, &row.act].map(String::clone);
        let erased: BTreeSet<[String; 3]> = drops.iter().map(place).collect();
        let of_lapsed = self.lapsed_in(lapsed);
        let rows: BTreeSet<DropRow> =
            of_lapsed.flat_map(|(id, rows, why)| self.all_of(id, rows, why.as_str(), why.purpose().as_str())).collect();
        drops.extend(rows.into_iter().filter(|row| !erased.contains(&place(row))));
        drops
    }

    /// How many interviews in it would not be in it now since somebody took back what it is for, by that; and how many since the
    /// last day of what it is for is over.
    pub fn lapsed(&self, lapsed: &Lapsed) -> [LeftOut; 2] {
        let [mut taken_back, mut past] = [LeftOut::new(), LeftOut::new()];
        for (.., why) in self.lapsed_in(lapsed) {
            let count = if matches!(why, Lapse::TakenBack(_)) { &mut taken_back } else { &mut past };
            *count.entry(why.purpose().clone()).or_default() += 1;
        }
        [taken_back, past]
    }

    fn lapsed_in<'a>(&'a self, lapsed: &'a Lapsed) -> impl Iterator<Item = (&'a str, &'a KeptRows, &'a Lapse)> {
        let all = lapsed.0.get(&(self.options.purpose, self.options.identified));
        let one = move |(id, rows): (&'a String, &'a KeptRows)| Some((id.as_str(), rows, all?.get(id)?));
        self.interviews.iter().filter_map(one)
    }

    /// Everything that it has of an interview.
    fn all_of(&self, id: &str, rows: &KeptRows, why: &str, purpose: &str) -> Vec<DropRow> {
        let mut all: Vec<DropRow> =
            rows.tables.iter().filter_map(|table| self.row(*table, id, ("drop", ""), why, purpose)).collect();
        all.extend(self.beside(rows, why, purpose));
        all
    }

    /// What it has of an interview beside the tables of its answers.
    fn beside(&self, rows: &KeptRows, why: &str, purpose: &str) -> Vec<DropRow> {
        let entities = rows.entities.iter();
        let mut beside: Vec<DropRow> =
            entities.filter_map(|(table, entity)| self.row(*table, entity, ("drop", ""), why, purpose)).collect();
        beside.extend(rows.files.iter().map(|file| DropRow {
            file: file.clone(),
            column: String::new(),
            key: String::new(),
            act: "delete".to_owned(),
            field: String::new(),
            why: why.to_owned(),
            purpose: purpose.to_owned(),
        }));
        beside
    }

    fn row(&self, table: usize, key: &str, (act, field): (&str, &str), why: &str, purpose: &str) -> Option<DropRow> {
        let table = self.tables.get(table)?;
        Some(DropRow {
            file: table.file.clone(),
            column: table.key.clone(),
            key: key.to_owned(),
            act: act.to_owned(),
            field: field.to_owned(),
            why: why.to_owned(),
            purpose: purpose.to_owned(),
        })
    }

    /// In a certificate; none where nothing of it must go.
    pub fn in_certificate(&self, gone: &[Gone]) -> Option<ErasedExport> {
        let drops = self.to_drop(gone);
        let files = small(drops.iter().filter(|row| row.act == "delete").count());
        let Self { id, at, form, folder, .. } = self.clone();
        let rows = small(drops.len()) - files;
        (!drops.is_empty()).then_some(ErasedExport { id, at, form, folder, rows, files })
    }
}

impl Desk {
    /// The exports that were made on this laptop.
    pub(crate) fn kept_exports(&self) -> Result<Vec<KeptExport>> {
        let index: Vec<String> = papers::setting(&self.store, INDEX)?.unwrap_or_default();
        let one = |id: &String| papers::setting(&self.store, &key_of(id)).transpose();
        index.iter().filter_map(one).collect()
    }

    /// Looks up what lapsed of what such an export needs, once for all of its sort.
    ///
    /// # Errors
    /// The store's refusal.
    pub(crate) fn look_lapsed(&self, kept: &KeptExport, lapsed: &mut Lapsed) -> Result<()> {
        let sort = (kept.options.purpose, kept.options.identified);
        if lapsed.0.contains_key(&sort) {
            return Ok(());
        }
        let (today, study) = (self.today(), self.study().ok());
        let gate = self.gate(&today)?;
        let mut found = BTreeMap::new();
        for (record, brief) in &self.book.interviews {
            let Some(why) = self.lapsed(&gate, record, brief, sort) else { continue };
            found.extend(study.as_ref().map(|study| (study.interview(record), why.clone())));
            found.insert(record.to_string(), why);
        }
        lapsed.0.insert(sort, found);
        Ok(())
    }

    /// What must be dropped from an export after all erasures since, after what was taken back and not agreed to again, and since a
    /// last day of what it is for is over: the export's id, for one made on this laptop, or the folder that it was written to.
    ///
    /// # Errors
    /// `export-unknown`; `export-manifest` for a folder without a readable `export.json`.
    pub fn to_drop(&self, export: &str) -> Result<Vec<DropRow>> {
        let own = self.kept_exports()?.into_iter().find(|kept| kept.id == export);
        let folder = Path::new(export);
        let kept = match own {
            Some(kept) => kept,
            None if folder.is_dir() => read_manifest(&folder.join(MANIFEST))?,
            None => {
                let detail = "expected the id of an export made on this laptop, or its folder, found neither";
                return Err(refuse("export-unknown", detail).with("export", export));
            }
        };
        let mut lapsed = Lapsed::default();
        self.look_lapsed(&kept, &mut lapsed)?;
        Ok(kept.all_to_drop(&self.gone()?, &lapsed))
    }

    /// The same as CSV, for an analyst.
    ///
    /// # Errors
    /// As [`Self::to_drop`].
    pub fn drop_csv(&self, export: &str) -> Result<String> {
        let rows = self.to_drop(export)?.into_iter();
        let head = ["file", "key_column", "key", "act", "field", "why", "purpose"].map(str::to_owned).to_vec();
        let rows =
            rows.map(|row| vec![row.file, row.column, row.key, row.act, row.field, row.why, row.purpose]).collect();
        let mut bytes = Vec::new();
        write(&Table { name: "drop".to_owned(), head, rows }, &mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn read_manifest(path: &Path) -> Result<KeptExport> {
    let bad = |why: String| refuse("export-manifest", format!("{}: {why}", path.display()));
    let found = fs::metadata(path).map_err(|why| bad(why.to_string()))?.len();
    if found > LONGEST_MANIFEST {
        return Err(bad(format!("expected at most {LONGEST_MANIFEST} bytes, found {found}")));
    }
    let bytes = fs::read(path).map_err(|why| bad(why.to_string()))?;
    let kept: KeptExport =
        serde_json::from_slice(&bytes).map_err(|_| bad("expected the manifest of an export".to_owned()))?;
    if kept.tianye_export > VERSION {
        return Err(bad(format!("expected version {VERSION}, found {}", kept.tianye_export)));
    }
    Ok(kept)
}
