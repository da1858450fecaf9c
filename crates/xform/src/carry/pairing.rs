//! Which questions of two versions are the same one.

use std::collections::{HashMap, HashSet};

use super::StrangeHint;
use crate::form::{DefId, Form, Shape};

/// Which node of the new form is which of the old one.
pub(super) struct Pairing<'f> {
    old: &'f Form,
    new: &'f Form,
    /// Template paths of the new form → of the old one, as the caller says.
    said: HashMap<&'f str, &'f str>,
    /// New node → old node.
    pub partner: HashMap<DefId, DefId>,
    taken: HashSet<DefId>,
    by_name: HashMap<&'f str, Vec<DefId>>,
    pub strange: Vec<StrangeHint>,
}

impl<'f> Pairing<'f> {
    pub fn new(old: &'f Form, new: &'f Form, renamed: &'f [(String, String)]) -> Self {
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
    pub fn pair_below(&mut self, parent: DefId) {
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
