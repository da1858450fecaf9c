//! How answers given under one version of a form read under a later one: their addresses, their codes.
//!
//! A question is the same in both when the author's hint (`renamed_from`) says so, or when it has the same name in the same
//! place. Rows keep their identities. What has no partner keeps an address of its own, which no question of the new form
//! has: nothing is ever dropped by reading.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use pairing::Pairing;

use crate::form::{DefId, Form, Shape};
use crate::{FieldPath, Given, RowId, ValueKind};

mod pairing;

/// How one version reads under a later one.
#[derive(Debug, Default)]
pub struct Carry {
    /// Template path in the old form → its place.
    places: HashMap<String, Place>,
    /// Template path in the old form → codes that are called differently now.
    codes: HashMap<String, BTreeMap<String, String>>,
    /// Repeats tied to choices → the question whose codes their rows have. Template paths in the old form.
    over: HashMap<String, String>,
    /// Codes whose rows keep their own identity, by the template path of their question: several codes became one, and the
    /// row of another of them has its place.
    apart: HashMap<String, BTreeSet<String>>,
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
    carry.read_rows(old, by_old.keys());
    carry.read_codes(old, new, &by_old);
    carry
}

/// How answers of `new` read under `old`, the version before it: [`carry`] taken back. A code that several were brought
/// together in stays as it is, for nobody knows which of them it was. `tag` tells the new version from all others.
#[must_use]
pub fn carry_back(old: &Form, new: &Form, tag: &str) -> Carry {
    let mut pairing = Pairing::new(old, new, &[]);
    pairing.pair_below(DefId(0));
    let partner = pairing.partner;
    let by_old: HashMap<DefId, DefId> = partner.iter().map(|(new, old)| (*old, *new)).collect();
    let mut forth = Carry::default();
    forth.read_codes(old, new, &by_old);
    let mut back = Carry::default();
    back.place_below(new, old, DefId(0), &partner, &by_old, tag);
    back.read_rows(new, partner.keys());
    for (question, codes) in &forth.codes {
        let Some(is) = old.find_def(question).and_then(|was| by_old.get(&was)) else { continue };
        let choices = old.question(question).map(|question| question.choices).unwrap_or_default();
        let undone = undone(codes, choices.iter().map(|choice| choice.value.as_str()));
        if !undone.is_empty() {
            back.codes.insert(new.def(*is).path.clone(), undone);
        }
    }
    back
}

/// Codes as they are called now → what they were called, where that was one code alone.
fn undone<'c>(codes: &'c BTreeMap<String, String>, before: impl Iterator<Item = &'c str>) -> BTreeMap<String, String> {
    let unnamed = before.filter(|code| !codes.contains_key(*code)).map(|code| (code, code));
    let mut sources: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (was, is) in codes.iter().map(|(was, is)| (was.as_str(), is.as_str())).chain(unnamed) {
        sources.entry(is).or_default().push(was);
    }
    let alone = sources.into_iter().filter_map(|(is, was)| Some((is, *was.first().filter(|_| was.len() == 1)?)));
    alone.filter(|(is, was)| is != was).map(|(is, was)| (is.to_owned(), was.to_owned())).collect()
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
        let now = self.over.get(repeat).and_then(|question| {
            let code = RowId::parse(row).ok()?.choice()?;
            let apart = self.apart.get(question).is_some_and(|apart| apart.contains(&code));
            self.code(question, &code).filter(|_| !apart)
        });
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

    /// Which rows have codes. `paired` are nodes of the form that answers come from.
    fn read_rows<'d>(&mut self, from: &Form, paired: impl Iterator<Item = &'d DefId>) {
        for id in paired.filter(|id| from.def(**id).shape == Shape::Repeat) {
            if let Some(question) = over(from, *id) {
                self.over.insert(from.def(*id).path.clone(), question);
            }
        }
    }

    fn read_codes(&mut self, old: &Form, new: &Form, by_old: &HashMap<DefId, DefId>) {
        for (was, is) in by_old {
            let hinted = |kind| matches!(kind, ValueKind::SelectOne | ValueKind::SelectMultiple | ValueKind::Rank);
            if !hinted(new.def(*is).kind) {
                continue;
            }
            let Some(now) = new.question(&new.def(*is).path) else { continue };
            if now.choices.iter().all(|choice| choice.renamed_from.is_empty()) {
                continue;
            }
            let before = old.question(&old.def(*was).path).map(|question| question.choices).unwrap_or_default();
            let (mut codes, mut apart) = (BTreeMap::new(), BTreeSet::new());
            let is_before = |code: &String| before.is_empty() || before.iter().any(|known| known.value == *code);
            let renamed = |code: &String| now.choices.iter().any(|choice| choice.renamed_from.contains(code));
            for choice in now.choices.iter().filter(|choice| !choice.renamed_from.is_empty()) {
                let applied =
                    |known: &&crate::Choice| known.value == choice.value && shares(&known.renamed_from, choice);
                if before.iter().any(|known| applied(&known)) {
                    continue; // The old version says so too: there it is the new code already.
                }
                let was: Vec<&String> = choice.renamed_from.iter().filter(|code| is_before(code)).collect();
                // Of several that become one, the first has the row, or the one that always was called so.
                let stays = is_before(&choice.value) && !renamed(&choice.value);
                apart.extend(was.iter().skip(usize::from(!stays)).map(|code| (*code).clone()));
                codes.extend(was.into_iter().map(|code| (code.clone(), choice.value.clone())));
            }
            if !apart.is_empty() {
                self.apart.insert(old.def(*was).path.clone(), apart);
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
