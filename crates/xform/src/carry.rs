//! How answers given under one version of a form read under a later one: their addresses, their codes.
//!
//! A question is the same in both when the author's hint (`renamed_from`) says so, or when it has the same name in the same
//! place. Rows keep their identities. What has no partner keeps an address of its own, which no question of the new form
//! has: nothing is ever dropped by reading.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::form::{DefId, Form, Shape};
use crate::{FieldPath, Given, RowId, ValueKind};

/// How one version reads under a later one.
#[derive(Debug, Default)]
pub struct Carry {
    /// Template path in the old form → its place.
    places: HashMap<String, Place>,
    /// Template path in the old form → codes that are called differently now.
    codes: HashMap<String, BTreeMap<String, String>>,
    /// Repeats tied to choices → the question whose codes their rows have. Template paths in the old form.
    over: HashMap<String, String>,
    strange: Vec<StrangeHint>,
}

/// A hint that fits nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StrangeHint {
    /// Template path of the question in the new form.
    pub path: String,
    /// The name that it is said to have had.
    pub found: String,
    /// The name stands several times in the old form; otherwise not at all.
    pub ambiguous: bool,
}

#[derive(Debug)]
struct Place {
    /// It has a partner in the new form.
    there: bool,
    /// Names from the root down, and the old repeat (template path) whose row stands at each.
    steps: Vec<(String, Option<String>)>,
}

/// How the answers of `old` read under `new`. `renamed` are pairs of template paths (old, new) beside the hints in the
/// form. `tag` tells the old version from all others: it becomes part of an address where a question is gone and another
/// one has its place.
#[must_use]
pub fn carry(old: &Form, new: &Form, renamed: &[(String, String)], tag: &str) -> Carry {
    let mut pairing = Pairing::new(old, new, renamed);
    pairing.pair_below(DefId(0));
    let Pairing { partner, strange, .. } = pairing;
    let mut carry = Carry { strange, ..Carry::default() };
    let by_old: HashMap<DefId, DefId> = partner.iter().map(|(new, old)| (*old, *new)).collect();
    carry.place_below(old, new, DefId(0), &by_old, &partner, tag);
    carry.read_codes(old, new, &by_old);
    carry
}

impl Carry {
    /// The template path in the new form of a question, group or repeat of the old one; none if it is gone.
    #[must_use]
    pub fn partner(&self, template: &str) -> Option<String> {
        let place = self.places.get(template).filter(|place| place.there)?;
        Some(place.steps.iter().map(|(name, _)| format!("/{name}")).collect())
    }

    /// The address under the new form. What the old form does not have either keeps its own, below what it stands in.
    #[must_use]
    pub fn path(&self, path: &FieldPath) -> FieldPath {
        let steps: Vec<_> = path.steps().collect();
        let mut template = String::new();
        // Row identities by the old repeat they belong to, and the deepest known place.
        let mut rows: HashMap<String, String> = HashMap::new();
        let mut known = None;
        for (at, step) in steps.iter().enumerate() {
            template.push('/');
            template.push_str(step.name);
            if let Some(row) = step.row {
                rows.insert(template.clone(), self.row(&template, row));
            }
            if let Some(place) = self.places.get(&template) {
                known = Some((at + 1, place));
            }
        }
        let Some((depth, place)) = known else { return path.clone() };
        let mut text = String::new();
        for (name, repeat) in &place.steps {
            text.push('/');
            text.push_str(name);
            if let Some(row) = repeat.as_ref().and_then(|repeat| rows.get(repeat)) {
                text.push_str(&format!("[{row}]"));
            }
        }
        for step in &steps[depth..] {
            text.push('/');
            text.push_str(step.name);
            text.push_str(&step.row.map(|row| format!("[{row}]")).unwrap_or_default());
        }
        FieldPath::parse(&text).unwrap_or_else(|_| path.clone())
    }

    /// What was given at an address of the old form, in the codes of the new one.
    #[must_use]
    pub fn given(&self, path: &FieldPath, given: &Given) -> Given {
        let Given::Value(text) = given else { return given.clone() };
        let Some(codes) = (!self.codes.is_empty()).then(|| self.codes.get(&path.template())).flatten() else {
            return given.clone();
        };
        let mut now: Vec<&str> = Vec::new();
        for code in text.split_whitespace() {
            let code = codes.get(code).map_or(code, String::as_str);
            if !now.contains(&code) {
                now.push(code);
            }
        }
        Given::from(now.join(" "))
    }

    /// The new code of a choice, if it is called differently now.
    #[must_use]
    pub fn code(&self, template: &str, code: &str) -> Option<&str> {
        self.codes.get(template)?.get(code).map(String::as_str)
    }

    /// Template paths of what both forms have: (old, new).
    pub fn pairs(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.places.keys().filter_map(|old| Some((old.clone(), self.partner(old)?)))
    }

    /// Hints of the new form that fit nothing in the old one.
    #[must_use]
    pub fn strange(&self) -> &[StrangeHint] {
        &self.strange
    }

    /// A row that stands for a choice has its code.
    fn row(&self, repeat: &str, row: &str) -> String {
        let code = || RowId::parse(row).ok()?.choice();
        let now = self.over.get(repeat).and_then(|question| self.code(question, &code()?));
        now.map_or_else(|| row.to_owned(), |code| RowId::of_choice(code).as_str().to_owned())
    }

    fn place_below(
        &mut self,
        old: &Form,
        new: &Form,
        parent: DefId,
        by_old: &HashMap<DefId, DefId>,
        partner: &HashMap<DefId, DefId>,
        tag: &str,
    ) {
        for id in old.def(parent).below() {
            let def = old.def(id);
            let place = match by_old.get(&id) {
                Some(now) => Place { there: true, steps: steps_of(old, new, *now, partner) },
                None => {
                    let outer = self.places.get(&old.def(parent).path);
                    let mut steps = outer.map(|outer| outer.steps.clone()).unwrap_or_default();
                    let mut template: String = steps.iter().map(|(name, _)| format!("/{name}")).collect();
                    template.push('/');
                    template.push_str(&def.name);
                    let taken = new.find_def(&template).is_some();
                    let name = if taken { format!("{}.gone-{tag}", def.name) } else { def.name.clone() };
                    steps.push((name, (def.shape == Shape::Repeat).then(|| def.path.clone())));
                    Place { there: false, steps }
                }
            };
            self.places.insert(def.path.clone(), place);
            self.place_below(old, new, id, by_old, partner, tag);
        }
    }

    fn read_codes(&mut self, old: &Form, new: &Form, by_old: &HashMap<DefId, DefId>) {
        for (was, is) in by_old {
            if new.def(*is).shape == Shape::Repeat {
                if let Some(question) = over(old, *was) {
                    self.over.insert(old.def(*was).path.clone(), question);
                }
                continue;
            }
            let hinted = |kind| matches!(kind, ValueKind::SelectOne | ValueKind::SelectMultiple | ValueKind::Rank);
            if !hinted(new.def(*is).kind) {
                continue;
            }
            let Some(now) = new.question(&new.def(*is).path) else { continue };
            if now.choices.iter().all(|choice| choice.renamed_from.is_empty()) {
                continue;
            }
            let before = old.question(&old.def(*was).path).map(|question| question.choices).unwrap_or_default();
            let mut codes = BTreeMap::new();
            for choice in now.choices.iter().filter(|choice| !choice.renamed_from.is_empty()) {
                let applied =
                    |known: &&crate::Choice| known.value == choice.value && shares(&known.renamed_from, choice);
                if before.iter().any(|known| applied(&known)) {
                    continue; // The old version says so too: there it is the new code already.
                }
                for code in &choice.renamed_from {
                    if before.is_empty() || before.iter().any(|known| known.value == *code) {
                        codes.insert(code.clone(), choice.value.clone());
                    }
                }
            }
            if !codes.is_empty() {
                self.codes.insert(old.def(*was).path.clone(), codes);
            }
        }
    }
}

fn shares(names: &[String], choice: &crate::Choice) -> bool {
    names.iter().any(|name| choice.renamed_from.contains(name))
}

/// The steps of a node of the new form, with the old repeats whose rows stand in them.
fn steps_of(old: &Form, new: &Form, id: DefId, partner: &HashMap<DefId, DefId>) -> Vec<(String, Option<String>)> {
    let mut steps = Vec::new();
    let mut at = Some(id);
    while let Some(id) = at.filter(|id| id.0 != 0) {
        let def = new.def(id);
        let repeat = partner.get(&id).filter(|_| def.shape == Shape::Repeat).map(|was| old.def(*was).path.clone());
        steps.push((def.name.clone(), repeat));
        at = def.parent;
    }
    steps.reverse();
    steps
}

/// The question whose choices a repeat has rows for.
fn over(form: &Form, repeat: DefId) -> Option<String> {
    let def = form.def(repeat);
    let source = form.exprs[def.bind.beyond.over?.0 as usize].source.trim();
    let mut at = if source.starts_with('/') { DefId(0) } else { repeat };
    for step in source.split('/').filter(|step| !step.is_empty()).skip(usize::from(source.starts_with('/'))) {
        at = match step.trim() {
            ".." => form.def(at).parent?,
            "." | "current()" => at,
            name => form.def(at).find(&form.defs, name)?,
        };
    }
    Some(form.def(at).path.clone())
}

/// Which node of the new form is which of the old one.
struct Pairing<'f> {
    old: &'f Form,
    new: &'f Form,
    /// Template paths of the new form → of the old one, as the caller says.
    said: HashMap<&'f str, &'f str>,
    /// New node → old node.
    partner: HashMap<DefId, DefId>,
    taken: HashSet<DefId>,
    by_name: HashMap<&'f str, Vec<DefId>>,
    strange: Vec<StrangeHint>,
}

impl<'f> Pairing<'f> {
    fn new(old: &'f Form, new: &'f Form, renamed: &'f [(String, String)]) -> Self {
        let mut by_name: HashMap<&str, Vec<DefId>> = HashMap::new();
        for id in (1..old.defs.len() as u32).map(DefId) {
            by_name.entry(&old.def(id).name).or_default().push(id);
        }
        let said = renamed.iter().map(|(was, is)| (is.as_str(), was.as_str())).collect();
        let partner = HashMap::from([(DefId(0), DefId(0))]);
        let mut pairing = Self { old, new, said, partner, taken: HashSet::new(), by_name, strange: Vec::new() };
        // What is hinted comes first, wherever it stands: nobody else of the same name may take its place.
        for id in (1..new.defs.len() as u32).map(DefId) {
            if let Some(was) = pairing.hinted(id)
                && pairing.taken.insert(was)
            {
                pairing.partner.insert(id, was);
            }
        }
        pairing
    }

    /// What a hint says that a node of the new form was.
    fn hinted(&mut self, id: DefId) -> Option<DefId> {
        let def = self.new.def(id);
        if let Some(was) = self.said.get(def.path.as_str()) {
            return self.old.find_def(was);
        }
        let names = &def.bind.beyond.renamed_from;
        let own = self.old.find_def(&def.path);
        // The old version says so too: there it has the new name already.
        let applied = |id: DefId| self.old.def(id).bind.beyond.renamed_from.iter().any(|name| names.contains(name));
        if names.is_empty() || own.is_some_and(applied) {
            return None;
        }
        for name in names {
            if name.starts_with('/') {
                if let Some(was) = self.old.find_def(name) {
                    return Some(was);
                }
                continue;
            }
            let found = self.by_name.get(name.as_str()).map_or(&[][..], Vec::as_slice);
            // Of several, the one in the same place: under the partner of its own group.
            let outer = def.parent.and_then(|outer| self.partner.get(&outer).copied().or_else(|| self.same(outer)));
            let here = || found.iter().copied().find(|was| self.old.def(*was).parent == outer);
            match found {
                [] => {}
                [only] => return Some(*only),
                _ => {
                    let here = here();
                    if here.is_none() {
                        let (path, found) = (def.path.clone(), name.clone());
                        self.strange.push(StrangeHint { path, found, ambiguous: true });
                    }
                    return here;
                }
            }
        }
        // In another place of the old form, it may have its new name already.
        let same_name = self.by_name.get(def.name.as_str()).map_or(&[][..], Vec::as_slice);
        if !same_name.iter().any(|id| applied(*id)) {
            self.strange.push(StrangeHint { path: def.path.clone(), found: names.join(" "), ambiguous: false });
        }
        None
    }

    fn same(&self, new: DefId) -> Option<DefId> {
        self.old.find_def(&self.new.def(new).path)
    }

    /// Same name, same place: for all below a node whose own partner is known.
    fn pair_below(&mut self, parent: DefId) {
        let outer = self.partner.get(&parent).copied();
        for id in self.new.def(parent).below() {
            let def = self.new.def(id);
            if let Some(was) = self.partner.get(&id).copied().filter(|was| !self.fits(id, *was)) {
                self.partner.remove(&id);
                self.taken.remove(&was);
            }
            if !self.partner.contains_key(&id)
                && let Some(was) = outer.and_then(|outer| self.old.def(outer).find(&self.old.defs, &def.name))
                && !self.taken.contains(&was)
                && self.fits(id, was)
            {
                self.taken.insert(was);
                self.partner.insert(id, was);
            }
            self.pair_below(id);
        }
    }

    /// The same shape, in the same repeats: then each value has one place.
    fn fits(&self, id: DefId, was: DefId) -> bool {
        let (is, old) = (self.new.def(id), self.old.def(was));
        let repeats = |form: &Form, id: DefId| {
            let mut found = Vec::new();
            let mut at = form.def(id).parent;
            while let Some(outer) = at {
                if form.def(outer).shape == Shape::Repeat {
                    found.push(outer);
                }
                at = form.def(outer).parent;
            }
            found
        };
        let around = repeats(self.new, id).into_iter().map(|outer| self.partner.get(&outer).copied());
        is.shape == old.shape
            && is.attribute == old.attribute
            && around.collect::<Vec<_>>() == repeats(self.old, was).into_iter().map(Some).collect::<Vec<_>>()
    }
}
