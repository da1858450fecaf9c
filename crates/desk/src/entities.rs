//! Entities: the lists that interviews add to, as forms read them, as a lead hands them on, and as people look at them.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tianye_export::{EntityRow, Table, entity_table, write};
use tianye_journal::{EntryHash, RecordId};
use tianye_survey::{
    self as survey, Content, EntityAct, EntityWrite, ExportFor, FormHash, HandedOn, Purpose, Told, kind,
};
use tianye_xform::{Form, TableRows};

use crate::book::{Brief, entries_of};
use crate::desk::Desk;
use crate::interview::open::OpenInterview;
use crate::interview::page::small;
use crate::kept_exports::{Chosen, KeptExport};
use crate::refusal::{Result, refuse};
use crate::view::{EntityList, EntityTorn, EntityView, EntityWord, ExportPurpose, Role};
use crate::world;

/// Interviews that one entry hands on.
const AT_ONCE: usize = 100;

/// Entities that two laptops changed differently: list and id.
pub(crate) type Torn = BTreeSet<(String, String)>;

impl Desk {
    /// A form with the entities of its lists on top of their files, as an interview sees them: without what it says itself.
    ///
    /// # Errors
    /// As [`Desk::form`]; more entities than a list holds.
    pub(crate) fn form_with_lists(&self, hash: &FormHash, own: Option<&RecordId>) -> Result<Arc<Form>> {
        Ok(self.book.with_lists(&self.form(hash)?, own)?)
    }

    /// The entities of the lists that a form reads or writes on which two laptops disagree.
    pub(crate) fn torn(&self, form: &Form) -> Torn {
        let lists: BTreeSet<&str> = form.entities().iter().map(|entity| entity.list.as_str()).collect();
        let mut torn = Torn::new();
        for list in lists {
            let entities = self.book.entities.list(list, &form.table_rows(list), None);
            let disputed = entities.into_iter().filter(|entity| entity.conflicts().next().is_some());
            torn.extend(disputed.map(|entity| (list.to_owned(), entity.id)));
        }
        torn
    }

    /// What the open interview makes of entities, to be sealed with it; none for a form that makes none.
    pub(crate) fn acts(&self, open: &OpenInterview) -> Option<Vec<EntityAct>> {
        if open.form().entities().is_empty() {
            return None;
        }
        let mut acts = survey::acts(open.session());
        for act in &mut acts {
            act.saw = self.book.entities.seen(&act.list, &act.id, &open.record());
        }
        Some(acts)
    }

    /// Hands on what interviews say of entities, as a lead: members do not read each other's interviews, and forms on
    /// their laptops are to offer each other's entities. Whether anything was new.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn hand_on_entities(&mut self) -> Result<bool> {
        if self.role() != Role::Lead {
            return Ok(false);
        }
        let mut news: Vec<Told> = Vec::new();
        for record in &self.book.entities.records() {
            let handed = self.book.entities.handed(record);
            let told = self.to_hand_on(*record, handed.as_ref())?;
            if handed.is_none() && told.entries.is_empty() {
                continue;
            }
            if handed.as_ref() != Some(&told) && (handed.is_some() || !self.everybody_reads(*record, &told.entries)?) {
                news.push(told);
            }
        }
        if news.is_empty() {
            return Ok(false);
        }
        let record = self.book.entities.handing_record().unwrap_or_else(|| self.new_record());
        for told in news.chunks(AT_ONCE) {
            let entries = entries_of(&self.store, record)?;
            let heads = survey::handed_on(record, &entries, &self.book.team).0.heads();
            let authors = told.iter().flat_map(|told| told.writes.iter().map(|write| write.author));
            let people = authors.map(|person| (person, self.book.name(&person).into())).collect();
            self.append(record, heads, &Content::from(HandedOn { told: told.to_vec(), people }))?;
        }
        Ok(true)
    }

    /// What is to be handed on of an interview. Where all that was handed on of it is here, what this laptop reads in it
    /// holds: its words may have been erased since. Else the one who handed it on knew more.
    fn to_hand_on(&self, record: RecordId, handed: Option<&Told>) -> Result<Told> {
        let Some(handed) = handed else { return Ok(self.book.entities.told(&record)) };
        let here = entries_of(&self.store, record)?;
        let here: BTreeSet<EntryHash> =
            survey::without_erased(record, &here, &self.book.team).iter().map(|entry| entry.hash).collect();
        if !handed.entries.iter().all(|entry| here.contains(entry)) {
            return Ok(self.book.entities.told(&record));
        }
        let mut told = self.book.entities.read().get(&record).cloned().unwrap_or_else(|| Told::nothing(record));
        let known: BTreeSet<EntryHash> = told.entries.iter().chain(&handed.entries).copied().collect();
        told.entries = known.into_iter().collect();
        Ok(told)
    }

    /// Whether all these entries stand in leads' chains, which all members read.
    fn everybody_reads(&self, record: RecordId, entries: &[EntryHash]) -> Result<bool> {
        let own = entries_of(&self.store, record)?;
        let by_lead = |entry: &EntryHash| {
            let chain = own.iter().find(|one| one.hash == *entry).map(|one| one.chain);
            let standing = chain.and_then(|chain| self.book.team.0.get(&chain));
            standing.is_some_and(|standing| standing.role == survey::Role::Lead)
        };
        Ok(entries.iter().all(by_lead))
    }

    /// The lists of the project: those that interviews say something of, and those that its forms make entities for.
    #[must_use]
    pub fn entity_lists(&self) -> Vec<String> {
        let mut lists = self.book.entities.lists();
        for form in self.newest_forms() {
            lists.extend(form.entities().iter().map(|entity| entity.list.clone()));
        }
        lists.into_iter().collect()
    }

    /// A list as it stands: the rows of the file that forms have of it, and the entities on top.
    ///
    /// # Errors
    /// `entity-list-unknown`.
    pub fn entity_list(&self, list: &str) -> Result<EntityList> {
        self.list_of(list, &|_| true)
    }

    /// The list as it would stand if only some interviews had said something of it.
    fn list_of(&self, list: &str, counts: &dyn Fn(&RecordId) -> bool) -> Result<EntityList> {
        let known = self.entity_lists();
        if !known.iter().any(|one| one == list) {
            let detail = format!("expected one of the lists {}, found {list}", known.join(", "));
            return Err(refuse("entity-list-unknown", detail).with("list", list).with("lists", known.join("、")));
        }
        let entities = self.book.entities.list_of(list, &self.file_of(list), counts);
        let mut columns: Vec<String> = Vec::new();
        for name in entities.iter().flat_map(|entity| entity.columns.keys()) {
            if name != "label" && !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        columns.sort();
        Ok(EntityList {
            name: list.to_owned(),
            entities: entities.iter().map(|entity| self.entity_view(entity)).collect(),
            columns,
        })
    }

    fn entity_view(&self, entity: &survey::Entity) -> EntityView {
        let when = |write: &EntityWrite| world::iso_of(write.at.ms, write.at.offset).unwrap_or_default();
        let create = entity.acts.iter().find(|act| *act.value == *"create");
        let last = entity.updates().max_by_key(|act| (act.at.ms, act.entry));
        let word = |write: &EntityWrite| EntityWord {
            value: write.value.to_string(),
            by: self.book.name(&write.author),
            at: when(write),
        };
        let torn = entity.conflicts().map(|(column, held)| EntityTorn {
            column: column.to_owned(),
            words: held.conflict.iter().map(word).collect(),
        });
        let properties = entity.columns.iter().filter(|(name, _)| *name != "label");
        EntityView {
            id: entity.id.clone(),
            label: entity.label().to_owned(),
            properties: properties.map(|(name, column)| (name.clone(), column.value.to_string())).collect(),
            version: u32::try_from(entity.version).unwrap_or(u32::MAX),
            creator: create.map(|act| self.book.name(&act.author)).unwrap_or_default(),
            creator_id: create.map(|act| act.author.to_string()).unwrap_or_default(),
            created: create.map(when),
            updates: small(entity.updates().count()),
            updated: last.map(when),
            torn: torn.collect(),
        }
    }

    /// A list as CSV, in the shape that ODK Central gives it, and how many interviews were left out of it: because consent does
    /// not cover them and what it is for, and because they are practice. It stands in the list of exports as `entities/LIST`, so that later erasures name its rows.
    ///
    /// # Errors
    /// As [`Self::entity_list`]; a role that may not write names in plain text; `export-reason` without a reason; the store's
    /// refusal.
    pub fn entity_csv(&self, list: &str, reason: &str, purpose: ExportPurpose) -> Result<(String, [u32; 2])> {
        let purpose = purpose.into();
        self.may_export(true, purpose)?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(refuse("export-reason", "expected the reason for an export with identifiers, found none"));
        }
        let withheld = self.withheld_records(purpose)?;
        let table = table_of(&self.list_of(list, &|record| !withheld.contains_key(record))?);
        let options = Chosen { entities: true, identified: true, purpose, ..Chosen::default() };
        let name = format!("entities/{list}");
        let mut kept = KeptExport::new(self, &name, String::new(), options, std::path::Path::new(""))?;
        reason.clone_into(&mut kept.reason);
        self.note_list(&mut kept, &format!("{list}.csv"), &table, &withheld);
        let makers = self.book.entities.makers(list);
        let makers: BTreeSet<&RecordId> = makers.values().flatten().collect();
        for why in makers.into_iter().filter_map(|record| withheld.get(record)) {
            match why {
                Some(purpose) => *kept.left_out.entry(purpose.clone()).or_default() += 1,
                None => kept.left_out_practice += 1,
            }
        }
        kept.keep(self)?;
        let mut bytes = Vec::new();
        write(&table, &mut bytes)?;
        Ok((String::from_utf8_lossy(&bytes).into_owned(), [kept.left_out.values().sum(), kept.left_out_practice]))
    }

    /// The interviews of which nothing goes into an export that is for this, with what was not agreed to; with none, what was
    /// practised before the project began.
    pub(crate) fn withheld_records(&self, of: ExportFor) -> Result<BTreeMap<RecordId, Option<Purpose>>> {
        let today = self.today();
        let gate = self.gate(&today)?;
        let why = |(record, brief): (&RecordId, &Brief)| {
            if self.is_past_practice(brief) {
                return Some((*record, None));
            }
            Some((*record, Some(self.left_out(&gate, record, brief, (of, true))?)))
        };
        Ok(self.book.interviews.iter().filter_map(why).collect())
    }

    /// Notes a list in the list of exports, with the interviews that made or changed its rows.
    pub(crate) fn note_list(
        &self,
        kept: &mut KeptExport,
        file: &str,
        table: &Table,
        withheld: &BTreeMap<RecordId, Option<Purpose>>,
    ) {
        let makers = self.book.entities.makers(&table.name);
        let of = |id: &str| {
            let records = makers.get(id).into_iter().flatten().filter(|record| !withheld.contains_key(*record));
            records.map(ToString::to_string).collect()
        };
        kept.note_entities(file, table, &of);
    }

    /// The tables of the lists that a form reads or makes, in the shape that ODK Central gives them, without what some
    /// interviews say.
    pub(crate) fn entity_tables(
        &self,
        form: &Form,
        withheld: &BTreeMap<RecordId, Option<Purpose>>,
    ) -> Result<Vec<Table>> {
        let known = self.entity_lists();
        let mut lists: BTreeSet<&str> = form.entities().iter().map(|entity| entity.list.as_str()).collect();
        lists.extend(form.tables().filter(|table| known.iter().any(|list| list == table)));
        lists
            .into_iter()
            .map(|list| Ok(table_of(&self.list_of(list, &|record| !withheld.contains_key(record))?)))
            .collect()
    }

    /// The rows of the files that the newest forms have of a list; of rows with one id the first.
    fn file_of(&self, list: &str) -> TableRows {
        let mut rows: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        let mut order: Vec<String> = Vec::new();
        for row in self.newest_forms().iter().flat_map(|form| form.table_rows(list)) {
            let Some(id) = row.iter().find(|(column, _)| column == "name").map(|(_, id)| id.clone()) else { continue };
            if let Entry::Vacant(place) = rows.entry(id.clone()) {
                place.insert(row);
                order.push(id);
            }
        }
        order.into_iter().filter_map(|id| rows.remove(&id)).collect()
    }

    /// The newest version of each form that can be read here.
    pub(crate) fn newest_forms(&self) -> Vec<Arc<Form>> {
        let newest = self.book.project.latest_forms().into_values().filter_map(survey::Newest::one);
        newest.filter_map(|hash| self.form(&hash).ok()).collect()
    }
}

fn table_of(list: &EntityList) -> Table {
    let row = |entity: &EntityView| EntityRow {
        id: entity.id.clone(),
        label: entity.label.clone(),
        properties: list.columns.iter().map(|name| entity.properties.get(name).cloned().unwrap_or_default()).collect(),
        created: entity.created.clone().unwrap_or_default(),
        creator_id: entity.creator_id.clone(),
        creator: entity.creator.clone(),
        updates: entity.updates,
        updated: entity.updated.clone().unwrap_or_default(),
        version: entity.version,
        conflict: entity.torn.iter().map(|torn| torn.column.as_str()).collect::<Vec<_>>().join(" "),
    };
    entity_table(&list.name, &list.columns, &list.entities.iter().map(row).collect::<Vec<_>>())
}

/// Whether a record is where a lead hands entities on.
pub(crate) fn hands_on(entries: &[survey::Opened]) -> bool {
    entries.iter().any(|entry| entry.kind == kind::ENTITIES)
}
