//! The form as sections and pages.

use super::Session;
use crate::evaluate::primary;
use crate::form::{ControlDef, ControlId, DefId};
use crate::instance::{Found, NodeId, ROOT};
use crate::view::{Item, ItemKind, Outline, Page, PageKind, Progress, RowView, Section};
use crate::{Control, Fault, FieldPath, RowId, label};

impl Session {
    /// The form as sections and pages, with how far each is. Pages that are not relevant now are in it, marked so.
    #[must_use]
    pub fn outline(&self) -> Outline {
        let mut outline = Outline::default();
        let mut loose: Option<Section> = None;
        for id in &self.form.body {
            let control = self.form.control(*id);
            if self.is_section(control) {
                outline.sections.extend(loose.take());
                outline.sections.push(self.section(control));
            } else {
                let section = loose.get_or_insert_with(|| Section {
                    path: None,
                    title: String::new(),
                    relevant: false,
                    progress: Progress::default(),
                    pages: Vec::new(),
                });
                self.add_pages(*id, &mut Vec::new(), &mut section.pages);
            }
        }
        outline.sections.extend(loose);
        for section in &mut outline.sections {
            if section.path.is_none() {
                section.relevant = section.pages.iter().any(|page| page.relevant);
            }
            for page in &section.pages {
                section.progress.add(page.progress);
            }
            outline.progress.add(section.progress);
        }
        outline
    }

    /// The rows of a repeat, in order. Empty if there is no such repeat.
    #[must_use]
    pub fn roster(&self, repeat: &FieldPath) -> Vec<RowView> {
        match self.instance.find(&self.form, repeat) {
            Some(Found::Repeat(parent, def)) => self.rows(parent, def),
            _ => Vec::new(),
        }
    }

    fn is_section(&self, control: &ControlDef) -> bool {
        control.control == Control::Group && control.def.is_some() && self.repeat_inside(control).is_none()
            || self.repeat_inside(control).is_some()
            || control.control == Control::Repeat
    }

    /// A group that does nothing but label the repeat in it.
    fn repeat_inside<'a>(&'a self, control: &ControlDef) -> Option<&'a ControlDef> {
        let [only] = control.children.as_slice() else { return None };
        let inner = self.form.control(*only);
        let same = control.def.is_none() || control.def == inner.def;
        (control.control == Control::Group && inner.control == Control::Repeat && same).then_some(inner)
    }

    fn section(&self, control: &ControlDef) -> Section {
        let def = control.def.or_else(|| self.repeat_inside(control).and_then(|inner| inner.def)).unwrap_or(DefId(0));
        let mut pages = Vec::new();
        let single =
            is_field_list(control) || control.control == Control::Repeat || self.repeat_inside(control).is_some();
        if single {
            self.add_page_of(control, def, &[], &mut pages);
        } else {
            for child in &control.children {
                self.add_pages(*child, &mut Vec::new(), &mut pages);
            }
        }
        let (path, relevant, title) = self.heading(control, def, ROOT);
        Section { path: Some(path), title, relevant, progress: Progress::default(), pages }
    }

    /// Address, relevance and label of a group or repeat that stands outside repeats, or below `within`.
    fn heading(&self, control: &ControlDef, def: DefId, within: NodeId) -> (FieldPath, bool, String) {
        let scene = self.scene();
        match self.place(def, within) {
            Some(Found::Node(node)) => {
                let at = self.instance.node(node);
                let title = label::render(&scene, control.label, primary(node)).plain;
                (self.instance.path(&self.form, node), at.relevant, title)
            }
            Some(Found::Repeat(parent, repeat)) => {
                let at = self.instance.node(parent);
                let name = &self.form.def(repeat).name;
                let text = self.form.label_control(repeat).and_then(|control| control.label).or(control.label);
                let title = label::render(&scene, text, primary(parent)).plain;
                let rows = self.instance.rows(&self.form, parent, repeat);
                // A repeat whose bind hides all its rows is hidden; without rows, it is asked if a row could be added.
                let shown = rows.is_empty() || rows.iter().any(|row| self.instance.node(*row).relevant);
                (self.instance.path(&self.form, parent).child(name), at.relevant && shown, title)
            }
            None => (FieldPath::root(), false, String::new()),
        }
    }

    fn place(&self, def: DefId, within: NodeId) -> Option<Found> {
        let node = self.form.def(def);
        if node.shape == crate::form::Shape::Repeat {
            if self.instance.node(within).def == def {
                return Some(Found::Node(within));
            }
            let mut parents = Vec::new();
            self.instance.instances_below(&self.form, within, node.parent?, &mut parents);
            return parents.first().map(|parent| Found::Repeat(*parent, def));
        }
        let mut nodes = Vec::new();
        self.instance.instances_below(&self.form, within, def, &mut nodes);
        nodes.first().map(|node| Found::Node(*node))
    }

    fn add_pages(&self, id: ControlId, trail: &mut Vec<String>, pages: &mut Vec<Page>) {
        let control = self.form.control(id);
        let repeat = self.repeat_inside(control).and_then(|inner| inner.def);
        match (&control.control, control.def.or(repeat)) {
            (Control::Group, def) if repeat.is_none() && !is_field_list(control) => {
                let title = match def {
                    Some(def) => self.heading(control, def, ROOT).2,
                    None => label::render(&self.scene(), control.label, primary(ROOT)).plain,
                };
                let titled = !title.is_empty();
                if titled {
                    trail.push(title);
                }
                for child in &control.children {
                    self.add_pages(*child, trail, pages);
                }
                if titled {
                    trail.pop();
                }
            }
            (_, Some(def)) => self.add_page_of(control, def, trail, pages),
            (_, None) => {
                // A field list without a node of its own: its first question names it.
                let first = control.children.iter().find_map(|child| self.form.control(*child).def);
                if let Some(def) = first {
                    self.add_page_of(control, def, trail, pages);
                }
            }
        }
    }

    fn add_page_of(&self, control: &ControlDef, def: DefId, trail: &[String], pages: &mut Vec<Page>) {
        let (path, shown, mut title) = self.heading(control, def, ROOT);
        let mut page = Page {
            path,
            kind: PageKind::Question,
            title: String::new(),
            trail: trail.to_vec(),
            relevant: shown,
            progress: Progress::default(),
            items: Vec::new(),
            rows: Vec::new(),
            columns: Vec::new(),
            can_add: false,
        };
        let roster = control.control == Control::Repeat || self.repeat_inside(control).is_some();
        if roster {
            if let Some(Found::Repeat(parent, repeat)) = self.place(def, ROOT) {
                page.kind = PageKind::Roster;
                page.rows = self.rows(parent, repeat);
                page.rows.iter().for_each(|row| page.progress.add(row.progress));
                page.columns = self.columns(repeat);
                page.can_add = self.may_add(parent, repeat);
                page.relevant = self.instance.node(parent).relevant
                    && (page.rows.is_empty() && page.can_add || page.rows.iter().any(|row| row.relevant));
            }
        } else if control.control == Control::Group {
            page.kind = PageKind::FieldList;
            for child in &control.children {
                self.add_items(*child, ROOT, &mut page.items);
            }
            page.progress = self.progress(&page.items);
            page.relevant = page.items.iter().any(|item| item.relevant && item.kind != ItemKind::Heading);
        } else {
            page.items.push(Item { path: page.path.clone(), kind: ItemKind::Question, relevant: shown });
            page.progress = self.progress(&page.items);
            if title.is_empty() {
                self.form.def(def).name.clone_into(&mut title);
            }
        }
        page.title = title;
        pages.push(page);
    }

    fn add_items(&self, id: ControlId, within: NodeId, items: &mut Vec<Item>) {
        let control = self.form.control(id);
        let inner = self.repeat_inside(control);
        let def = control.def.or_else(|| inner.and_then(|inner| inner.def));
        let roster = control.control == Control::Repeat || inner.is_some();
        if let Some(def) = def {
            let (path, relevant, title) = self.heading(control, def, within);
            let kind = match control.control {
                _ if roster => ItemKind::Roster,
                Control::Group => ItemKind::Heading,
                _ => ItemKind::Question,
            };
            if kind != ItemKind::Heading || !title.is_empty() {
                items.push(Item { path, kind, relevant });
            }
        }
        if !roster {
            for child in &control.children {
                self.add_items(*child, within, items);
            }
        }
    }

    fn rows(&self, parent: NodeId, repeat: DefId) -> Vec<RowView> {
        let can_remove = self.may_add(parent, repeat);
        let control = self.form.repeat_control(repeat);
        let rows = self.instance.rows(&self.form, parent, repeat);
        rows.iter()
            .map(|row| {
                let at = self.instance.node(*row);
                let mut items = Vec::new();
                for child in control.map_or(&[][..], |control| &control.children) {
                    self.add_items(*child, *row, &mut items);
                }
                RowView {
                    path: self.instance.path(&self.form, *row),
                    id: at.row.clone().unwrap_or_else(|| RowId::derived(1)),
                    position: at.index + 1,
                    title: self.row_title(control, repeat, *row),
                    relevant: at.relevant,
                    progress: self.progress(&items),
                    can_remove,
                    items,
                }
            })
            .collect()
    }

    /// The label of the row's choice, if it stands for one; else of its first inner group, as the form language recommends, else the repeat's.
    fn row_title(&self, control: Option<&ControlDef>, repeat: DefId, row: NodeId) -> String {
        if let Some((_, label)) = self.choice_of(row) {
            return label;
        }
        let first = control.and_then(|control| control.children.first()).map(|id| self.form.control(*id));
        let group = first.filter(|first| first.control == Control::Group).and_then(|group| group.label);
        let text = group.or_else(|| self.form.label_control(repeat).and_then(|control| control.label));
        label::render(&self.scene(), text, primary(row)).plain
    }

    fn columns(&self, repeat: DefId) -> Vec<String> {
        let mut columns = Vec::new();
        let mut open: Vec<ControlId> =
            self.form.repeat_control(repeat).map_or_else(Vec::new, |control| control.children.clone());
        open.reverse();
        while let Some(id) = open.pop() {
            let control = self.form.control(id);
            match (&control.control, control.def) {
                (Control::Group, _) => open.extend(control.children.iter().rev()),
                (Control::Repeat, _) | (_, None) => {}
                (_, Some(def)) => columns.push(self.form.def(def).path.clone()),
            }
        }
        columns
    }

    /// How far the questions among some items are; rosters with all their rows.
    fn progress(&self, items: &[Item]) -> Progress {
        let mut progress = Progress::default();
        for item in items {
            match (item.kind, self.instance.find(&self.form, &item.path)) {
                (ItemKind::Question, Some(Found::Node(node))) => self.count(node, &mut progress),
                (ItemKind::Roster, Some(Found::Repeat(parent, repeat))) => {
                    self.rows(parent, repeat).iter().for_each(|row| progress.add(row.progress));
                }
                _ => {}
            }
        }
        progress
    }

    fn count(&self, node: NodeId, progress: &mut Progress) {
        let at = self.instance.node(node);
        if !at.relevant || at.readonly || !self.form.is_asked(at.def) {
            return;
        }
        progress.total += 1;
        if !self.instance.counting(node).is_empty() || self.instance.non_answer(node).is_some() {
            progress.answered += 1;
        }
        match self.instance.fault(&self.form, node) {
            Some(Fault::Missing) => progress.missing += 1,
            Some(Fault::Constraint | Fault::Check(_)) => progress.broken += 1,
            None => {}
        }
    }
}

fn is_field_list(control: &ControlDef) -> bool {
    control.control == Control::Group
        && control.appearance.iter().any(|word| word == "field-list" || word == "table-list")
}
