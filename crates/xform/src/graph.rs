//! Which computation depends on what: built once per form, over definitions.
//!
//! A *cell* is one computation of one definition: its relevance, its value, … At run time there is one for each
//! instance of the definition. Cells are ranked so that what a cell reads comes before it.

use std::collections::BTreeSet;

use crate::Control;
use crate::expression::{Compiled, ExprId, Ref};
use crate::form::{ControlDef, Def, DefId, OptionsDef, Part, Shape, TextDef, TextId};
use crate::rank;

/// Index of a cell.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct CellId(pub u32);

/// What a cell computes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Aspect {
    /// The number of rows of a repeat; asked at the node around it.
    Count,
    Relevant,
    /// Which options are offered, and so whether the stored value counts.
    Options,
    Calculate,
    Readonly,
    Required,
    Constraint,
    /// Whether the answer should be looked at again.
    Soft,
    /// Not computed, only reported: the label reads differently.
    Label,
}

impl Aspect {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Count => "jr:count",
            Self::Relevant => "relevant",
            Self::Options => "itemset",
            Self::Calculate => "calculate",
            Self::Readonly => "readonly",
            Self::Required => "required",
            Self::Constraint => "constraint",
            Self::Soft => "soft_constraint",
            Self::Label => "label",
        }
    }
}

/// One computation.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub def: DefId,
    pub aspect: Aspect,
    pub expr: ExprId,
    /// Cells of lower rank come first.
    pub rank: u32,
}

/// What must be computed again when something changed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Trigger {
    pub cell: CellId,
    /// Instances of the cell below the instance of this definition that stands above the change.
    pub apex: DefId,
}

/// The graph of a form.
#[derive(Debug, Default, Clone)]
pub(crate) struct Graph {
    pub cells: Vec<Cell>,
    /// Cells of each definition; those of `Count` stand at the repeat.
    pub by_def: Vec<Vec<CellId>>,
    /// By definition: what reads its value, or counts it.
    pub on_value: Vec<Vec<Trigger>>,
    /// By repeat: what reads its rows.
    pub on_rows: Vec<Vec<Trigger>>,
}

impl Graph {
    pub(crate) fn cell(&self, id: CellId) -> &Cell {
        &self.cells[id.0 as usize]
    }

    pub(crate) fn cell_of(&self, def: DefId, aspect: Aspect) -> Option<CellId> {
        self.by_def[def.0 as usize].iter().copied().find(|id| self.cell(*id).aspect == aspect)
    }
}

/// Builds the graph, or names the circles: (path of the first node, the whole chain).
pub(crate) fn build(
    defs: &[Def],
    controls: &[ControlDef],
    texts: &[TextDef],
    exprs: &[Compiled],
) -> Result<Graph, Vec<(String, String)>> {
    let mut graph = Graph {
        cells: Vec::new(),
        by_def: vec![Vec::new(); defs.len()],
        on_value: vec![Vec::new(); defs.len()],
        on_rows: vec![Vec::new(); defs.len()],
    };
    for index in 0..defs.len() {
        collect_cells(DefId(index as u32), defs, controls, texts, &mut graph);
    }
    rank::rank(&mut graph, defs, exprs)?;
    for index in 0..graph.cells.len() {
        let cell = CellId(index as u32);
        for reference in reads(graph.cell(cell), defs, controls, exprs) {
            graph.on_value[reference.target.0 as usize].push(Trigger { cell, apex: reference.apex });
            for (repeat, apex) in repeats_between(&reference, defs) {
                graph.on_rows[repeat.0 as usize].push(Trigger { cell, apex });
            }
        }
    }
    for triggers in graph.on_value.iter_mut().chain(&mut graph.on_rows) {
        triggers.sort_unstable();
        triggers.dedup();
    }
    Ok(graph)
}

fn collect_cells(id: DefId, defs: &[Def], controls: &[ControlDef], texts: &[TextDef], graph: &mut Graph) {
    let def = &defs[id.0 as usize];
    let mut add = |aspect, expr: Option<ExprId>| {
        if let Some(expr) = expr {
            graph.by_def[id.0 as usize].push(CellId(graph.cells.len() as u32));
            graph.cells.push(Cell { def: id, aspect, expr, rank: 0 });
        }
    };
    add(Aspect::Relevant, def.bind.relevant);
    if def.shape == Shape::Leaf {
        add(Aspect::Calculate, def.bind.calculate);
    }
    add(Aspect::Readonly, def.bind.readonly);
    add(Aspect::Required, def.bind.required);
    add(Aspect::Constraint, def.bind.constraint);
    add(Aspect::Soft, def.bind.beyond.soft);
    let mut has_options = false;
    for control in def.controls.iter().map(|control| &controls[control.0 as usize]) {
        if control.control == Control::Repeat {
            // Rows by choice come before rows by number: the number is for engines that have no other way.
            add(Aspect::Count, def.bind.beyond.over.or(control.count));
        }
        if let OptionsDef::Itemset(itemset) = &control.options
            && !has_options
        {
            has_options = true;
            add(Aspect::Options, Some(itemset.nodes));
        }
        for text in [control.label, control.hint].into_iter().flatten() {
            for expr in outputs(text, texts) {
                add(Aspect::Label, Some(expr));
            }
        }
        if let OptionsDef::Fixed(options) = &control.options {
            for text in options.iter().filter_map(|option| option.label) {
                for expr in outputs(text, texts) {
                    add(Aspect::Label, Some(expr));
                }
            }
        }
    }
}

fn outputs(text: TextId, texts: &[TextDef]) -> BTreeSet<ExprId> {
    let mut found = BTreeSet::new();
    match &texts[text.0 as usize] {
        TextDef::ItextOf(expr) | TextDef::ValueOf(expr) => {
            found.insert(*expr);
        }
        TextDef::Fixed(by_language) => {
            for text in by_language.iter().flatten() {
                found.extend(text.plain.iter().chain(&text.short).chain(&text.guidance).filter_map(
                    |part| match part {
                        Part::Output(expr) => Some(*expr),
                        Part::Literal(_) => None,
                    },
                ));
            }
        }
    }
    found
}

/// What a cell reads of the primary instance.
fn reads(cell: &Cell, defs: &[Def], controls: &[ControlDef], exprs: &[Compiled]) -> Vec<Ref> {
    let mut refs = exprs[cell.expr.0 as usize].refs.clone();
    if cell.aspect == Aspect::Options {
        let def = &defs[cell.def.0 as usize];
        for control in def.controls.iter().map(|control| &controls[control.0 as usize]) {
            let OptionsDef::Itemset(itemset) = &control.options else { continue };
            // Items that are nodes of the form: their values and labels are read too, from wherever they stand.
            let nodes = exprs[itemset.nodes.0 as usize].nodes_of_form();
            let apex = refs.iter().find(|found| Some(found.target) == nodes).map_or(DefId(0), |found| found.apex);
            for expr in std::iter::once(itemset.value).chain(itemset.label) {
                for inner in &exprs[expr.0 as usize].refs {
                    let shallow =
                        if defs[inner.apex.0 as usize].depth < defs[apex.0 as usize].depth { inner.apex } else { apex };
                    refs.push(Ref { target: inner.target, apex: shallow, picks_rows: inner.picks_rows });
                }
            }
        }
        // A filter that looks at the question itself is no circle: it narrows what is offered next to the choice made.
        refs.retain(|found| found.target != cell.def);
    }
    refs
}

/// The repeats whose rows a reference goes through, each with the definition below which readers are concerned.
pub(crate) fn repeats_between(reference: &Ref, defs: &[Def]) -> Vec<(DefId, DefId)> {
    let def = |id: DefId| &defs[id.0 as usize];
    let mut found = Vec::new();
    let mut at = Some(reference.target);
    while let Some(id) = at {
        let is_end = id == reference.target;
        if def(id).shape == Shape::Repeat && (is_end || def(id).depth > def(reference.apex).depth) {
            // `..` names the own row: its place among its siblings may be meant, so the siblings are concerned.
            let apex = if def(reference.apex).depth >= def(id).depth {
                def(id).parent.unwrap_or(DefId(0))
            } else {
                reference.apex
            };
            found.push((id, apex));
        }
        if def(id).depth <= def(reference.apex).depth {
            break;
        }
        at = def(id).parent;
    }
    found
}
