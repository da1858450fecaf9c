//! In which order cells are computed: what is read comes before what reads it, and circles are refused.

use crate::expression::Compiled;
use crate::form::{Def, DefId, Shape};
use crate::graph::{Aspect, Graph, repeats_between};

/// A state of a definition that others read: four times its number, and which. Numbers instead of maps of pairs: a form
/// of 10,000 questions is ordered in a tenth of the time.
type Vertex = u32;

#[derive(Clone, Copy)]
enum State {
    Rows,
    Relevant,
    Options,
    Value,
}

fn vertex(def: DefId, state: State) -> Vertex {
    def.0 * 4 + state as u32
}

/// What a cell of that aspect decides, if others can wait for it.
fn decided(aspect: Aspect) -> Option<State> {
    match aspect {
        Aspect::Count => Some(State::Rows),
        Aspect::Relevant => Some(State::Relevant),
        Aspect::Options => Some(State::Options),
        Aspect::Calculate => Some(State::Value),
        Aspect::Readonly | Aspect::Required | Aspect::Constraint | Aspect::Soft | Aspect::Label => None,
    }
}

#[derive(Clone, Copy)]
struct Edge {
    to: Vertex,
    /// A circle of such edges has no end. The others only choose rows, which may be read while they come and go.
    hard: bool,
    aspect: Aspect,
}

/// By vertex: what waits for it.
struct Edges(Vec<Vec<Edge>>);

impl Edges {
    fn of(&self, from: Vertex) -> &[Edge] {
        &self.0[from as usize]
    }

    fn hard(&self, from: Vertex) -> impl Iterator<Item = Vertex> + '_ {
        self.of(from).iter().filter(|edge| edge.hard).map(|edge| edge.to)
    }
}

/// Ranks the cells of a graph, or names the circles: (path of the first node, the whole chain).
pub(crate) fn rank(graph: &mut Graph, defs: &[Def], exprs: &[Compiled]) -> Result<(), Vec<(String, String)>> {
    let edges = edges(graph, defs, exprs);
    let all: Vec<Vertex> = (0..edges.0.len() as u32).collect();
    let mut walker = Walker::new(all.len());
    let circles: Vec<(String, String)> = walker
        .components(&all, &|vertex| edges.hard(vertex).collect())
        .iter()
        .filter(|component| component.len() > 1 || edges.hard(component[0]).any(|to| to == component[0]))
        .map(|component| name_circle(component, &edges, defs))
        .collect();
    if !circles.is_empty() {
        return Err(circles);
    }
    // Components come in reverse: what is read last comes first. Inside one, soft edges are left out.
    let mut ranks = vec![0; all.len()];
    let mut next = 1;
    let components = walker.components(&all, &|vertex| edges.of(vertex).iter().map(|edge| edge.to).collect());
    for component in components.into_iter().rev() {
        let parts = if component.len() == 1 {
            vec![component]
        } else {
            let mut inside = component;
            inside.sort_unstable();
            let within = |vertex| edges.hard(vertex).filter(|to| inside.binary_search(to).is_ok()).collect();
            walker.components(&inside, &within)
        };
        for vertex in parts.into_iter().rev().flatten() {
            ranks[vertex as usize] = next;
            next += 1;
        }
    }
    for cell in &mut graph.cells {
        cell.rank = decided(cell.aspect).map_or(u32::MAX, |state| ranks[vertex(cell.def, state) as usize]);
    }
    Ok(())
}

fn edges(graph: &Graph, defs: &[Def], exprs: &[Compiled]) -> Edges {
    let mut edges = Edges(vec![Vec::new(); defs.len() * 4]);
    let mut connect = |from: Vertex, to: Vertex, hard: bool, aspect: Aspect| {
        edges.0[from as usize].push(Edge { to, hard, aspect });
    };
    for (index, def) in defs.iter().enumerate() {
        let id = DefId(index as u32);
        if let Some(parent) = def.parent {
            connect(vertex(parent, State::Relevant), vertex(id, State::Relevant), true, Aspect::Relevant);
        }
        if def.shape == Shape::Leaf {
            connect(vertex(id, State::Relevant), vertex(id, State::Value), true, Aspect::Relevant);
            connect(vertex(id, State::Options), vertex(id, State::Value), true, Aspect::Options);
        }
        if def.shape == Shape::Repeat {
            connect(vertex(id, State::Rows), vertex(id, State::Relevant), false, Aspect::Count);
        }
    }
    for cell in &graph.cells {
        let Some(to) = decided(cell.aspect).map(|state| vertex(cell.def, state)) else { continue };
        for reference in &exprs[cell.expr.0 as usize].refs {
            if cell.aspect == Aspect::Options && reference.target == cell.def {
                continue;
            }
            let target = &defs[reference.target.0 as usize];
            let hard = !reference.picks_rows || cell.aspect == Aspect::Count;
            let state = if target.shape == Shape::Leaf { State::Value } else { State::Relevant };
            // `..` and `count(../roster)` ask for rows, not for what is in them; a row's own relevance may ask so too.
            let own = target.shape != Shape::Leaf && is_above(reference.target, cell.def, defs);
            connect(vertex(reference.target, state), to, hard && !own, cell.aspect);
            for (repeat, _) in repeats_between(reference, defs) {
                connect(vertex(repeat, State::Rows), to, false, cell.aspect);
            }
        }
    }
    for list in &mut edges.0 {
        // Of several edges to one vertex the first gives the word, and any hard one makes it hard.
        list.sort_by_key(|edge| edge.to);
        list.dedup_by(|later, first| {
            let same = later.to == first.to;
            first.hard |= same && later.hard;
            same
        });
    }
    edges
}

fn is_above(above: DefId, id: DefId, defs: &[Def]) -> bool {
    let mut at = Some(id);
    while let Some(id) = at {
        if id == above {
            return true;
        }
        at = defs[id.0 as usize].parent;
    }
    false
}

fn name_circle(component: &[Vertex], edges: &Edges, defs: &[Def]) -> (String, String) {
    let mut inside = component.to_vec();
    inside.sort_unstable();
    // A walk inside a strongly connected component must come back to where it was.
    let mut walk = vec![inside[inside.len() - 1]];
    let start = loop {
        let here = walk[walk.len() - 1];
        let Some(to) = edges.hard(here).find(|to| inside.binary_search(to).is_ok()) else { break 0 };
        if let Some(at) = walk.iter().position(|seen| *seen == to) {
            break at;
        }
        walk.push(to);
    };
    let walk = &walk[start..];
    let path = |vertex: Vertex| &defs[vertex as usize / 4].path;
    let mut names = Vec::new();
    for (index, from) in walk.iter().enumerate() {
        let to = walk[(index + 1) % walk.len()];
        let aspect = edges.of(*from).iter().find(|edge| edge.to == to).map_or("", |edge| edge.aspect.word());
        let name = format!("{} {aspect}", path(to));
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    if let Some(first) = names.first().cloned() {
        names.push(first);
    }
    (path(walk[1 % walk.len()]).clone(), names.join(" → "))
}

/// Not met yet.
const NEW: u32 = u32::MAX;

/// Finds strongly connected components (Tarjan, without recursion). What it marks is kept between walks, so that many
/// small ones cost no more than their size.
struct Walker {
    /// By vertex: when it was met, and the earliest that it leads to.
    met: Vec<(u32, u32)>,
    on_stack: Vec<bool>,
}

impl Walker {
    fn new(vertices: usize) -> Self {
        Self { met: vec![(NEW, NEW); vertices], on_stack: vec![false; vertices] }
    }

    /// The components of some vertices, which `next` must not leave; a component before those that lead to it.
    fn components(&mut self, vertices: &[Vertex], next: &dyn Fn(Vertex) -> Vec<Vertex>) -> Vec<Vec<Vertex>> {
        let mut count = 0;
        let mut stack = Vec::new();
        let mut found = Vec::new();
        let mut work: Vec<(Vertex, Vec<Vertex>)> = Vec::new();
        for root in vertices {
            if self.met[*root as usize].0 != NEW {
                continue;
            }
            let mut enter = Some(*root);
            loop {
                if let Some(vertex) = enter.take() {
                    self.met[vertex as usize] = (count, count);
                    count += 1;
                    self.on_stack[vertex as usize] = true;
                    stack.push(vertex);
                    work.push((vertex, next(vertex)));
                }
                let Some((vertex, open)) = work.last_mut() else { break };
                let vertex = *vertex as usize;
                if let Some(to) = open.pop() {
                    let (number, _) = self.met[to as usize];
                    if number == NEW {
                        enter = Some(to);
                    } else if self.on_stack[to as usize] {
                        self.met[vertex].1 = self.met[vertex].1.min(number);
                    }
                    continue;
                }
                work.pop();
                let (number, low) = self.met[vertex];
                if let Some((above, _)) = work.last() {
                    let above = &mut self.met[*above as usize];
                    above.1 = above.1.min(low);
                }
                if number == low {
                    let at = stack.iter().rposition(|member| *member as usize == vertex).unwrap_or(0);
                    let component: Vec<Vertex> = stack.drain(at..).rev().collect();
                    component.iter().for_each(|member| self.on_stack[*member as usize] = false);
                    found.push(component);
                }
            }
        }
        vertices.iter().for_each(|vertex| self.met[*vertex as usize] = (NEW, NEW));
        found
    }
}
