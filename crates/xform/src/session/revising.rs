//! A submission that another program edited, as changes of the filling that it was made of.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::Session;
use super::edit::SubmissionError;
use super::resume::Leftover;
use crate::beyond::Given;
use crate::form::{DefId, Shape};
use crate::instance::Instance;
use crate::order::Order;
use crate::{Context, Field, FieldPath, Origin, RowId};

/// Times that answers are blanked which the revision does not have, as each may let another question be asked again. A form
/// in which one answer hides the next, on and on, ends before.
const MOST_ROUNDS: usize = 32;

/// Rows before times rows after, of one repeat, that are compared; of more, those at the same place are
/// taken for the same.
const MOST_COMPARED: usize = 1 << 18;

/// What a revision says anew.
#[derive(Debug)]
pub struct Revised {
    /// The filling as it is with the changes.
    pub session: Session,
    /// What changed, by the filling's own addresses. A blank answer was blanked, a blank row removed.
    pub changes: Vec<Field>,
    /// What has no place in the form, by the filling's own addresses.
    pub leftovers: Vec<Leftover>,
}

impl Session {
    /// What an edited submission changes in this filling, whose submission was edited (OpenRosa metadata specification,
    /// “deprecatedID”). The filling itself stays as it is.
    ///
    /// A submission knows rows only by their order: those that say the same are the same, then those that stand between the
    /// same neighbours. `bits` are the identity of a row that is new, by its address in the submission: made of that and of the
    /// revision's id, so that whoever takes the same revision in gets the same changes. What is not in the submission because
    /// it is not asked stays as it is.
    ///
    /// # Errors
    /// [`SubmissionError`].
    pub fn revise(
        &self,
        submission: &str,
        bits: &dyn Fn(&FieldPath) -> u128,
        context: &Context<'_>,
    ) -> Result<Revised, SubmissionError> {
        let mut before = Self::take_in(&self.form, &self.instance_xml(), context)?;
        let mut after = Self::take_in(&self.form, submission, context)?;
        for taken in [&mut before, &mut after] {
            // Rows that the form brings and the submission does not have.
            taken.fields.retain(|field| field.path.row().is_none() || !field.given.is_blank());
        }
        let (rows, orders) = self.match_rows(&before.fields, &after.fields, bits);

        let kept: HashMap<FieldPath, Field> =
            self.fields().into_iter().map(|field| (field.path.clone(), field)).collect();
        let leftovers = after.leftovers.into_iter();
        let leftovers: Vec<Leftover> =
            leftovers.map(|left| Leftover { path: with_rows(&left.path, &rows), ..left }).collect();
        let mut said: HashSet<FieldPath> = leftovers.iter().map(|left| left.path.clone()).collect();
        let mut changed: BTreeMap<FieldPath, (Given, Origin)> = BTreeMap::new();
        for field in &after.fields {
            let path = with_rows(&field.path, &rows);
            if field.path.row().is_some() {
                if let Some(order) = orders.get(&path) {
                    changed.insert(path.clone(), (order.to_string().into(), Origin::RowPresence));
                }
            } else if kept.get(&path).is_none_or(|known| known.given != field.given) {
                changed.insert(path.clone(), (field.given.clone(), field.origin));
            }
            said.insert(path);
        }

        let mut session = self.with_changes(&changed, context);
        for _ in 0..MOST_ROUNDS {
            let gone: Vec<Field> = session
                .fields()
                .into_iter()
                .filter(|field| !said.contains(&field.path) && session.blanks(field))
                .collect();
            if gone.is_empty() {
                break;
            }
            changed.extend(gone.into_iter().map(|field| (field.path, (Given::Blank, field.origin))));
            session = self.with_changes(&changed, context);
        }
        // What stands in a row that is removed needs no word of its own.
        let gone = |(path, (given, _)): (&FieldPath, &(Given, Origin))| {
            (path.row().is_some() && given.is_blank()).then(|| path.clone())
        };
        let removed: Vec<FieldPath> = changed.iter().filter_map(gone).collect();
        changed.retain(|path, _| removed.iter().all(|row| row == path || !row.contains(path)));
        let counting: HashSet<FieldPath> =
            session.fields().into_iter().filter(|field| field.counts).map(|field| field.path).collect();
        let changes = changed.into_iter().map(|(path, (given, origin))| {
            let counts = counting.contains(&path);
            Field { path, given, origin, counts }
        });
        Ok(Revised { changes: changes.collect(), session, leftovers })
    }

    /// The rows that a submission of this filling has, by their addresses there.
    fn own_rows(&self) -> HashMap<FieldPath, RowId> {
        let mut own = HashMap::new();
        let mut numbers: HashMap<FieldPath, u32> = HashMap::new();
        let mut numbered: HashMap<FieldPath, RowId> = HashMap::new();
        for field in self.fields().into_iter().filter(|field| field.counts && field.path.row().is_some()) {
            let Some(id) = field.path.row() else { continue };
            let repeat = with_rows(&field.path.without_row(), &numbered);
            let number = numbers.entry(repeat.clone()).or_default();
            *number += 1;
            let there = if id.choice().is_some() { id.clone() } else { RowId::derived(*number) };
            numbered.insert(field.path.clone(), there.clone());
            own.insert(repeat.with_row(&there), id);
        }
        own
    }

    /// Which rows of the revision are which of the filling's: the filling's identities by the revision's addresses, and
    /// the order keys of those that are new, by their new addresses.
    fn match_rows(
        &self,
        before: &[Field],
        after: &[Field],
        bits: &dyn Fn(&FieldPath) -> u128,
    ) -> (HashMap<FieldPath, RowId>, HashMap<FieldPath, Order>) {
        let (were, are, own) = (Rows::of(before), Rows::of(after), self.own_rows());
        let kept = self.fields().into_iter().filter(|field| field.path.row().is_some());
        let kept: HashMap<FieldPath, Order> =
            kept.filter_map(|field| Some((field.path, Order::parse(field.given.text())?))).collect();
        let (mut rows, mut orders) = (HashMap::new(), HashMap::new());
        // The row that each is in the submission before.
        let mut partner: HashMap<FieldPath, RowId> = HashMap::new();
        // Outer repeats first.
        for (repeat, new) in &are.below {
            let (there, here) = (with_rows(repeat, &partner), with_rows(repeat, &rows));
            let old = were.below.get(&there).map_or(&[][..], Vec::as_slice);
            let by_itself = self.form.find_def(&repeat.template()).is_some_and(|def| !self.comes_by_itself(def));
            let pairs = if by_itself {
                pair(&were.say(old), &are.say(new))
            } else {
                new.iter().map(|row| old.iter().position(|was| was.row() == row.row())).collect()
            };
            let known = |at: usize| own.get(old.get(pairs.get(at).copied().flatten()?)?);
            let mut last = Order::FIRST;
            for (at, row) in new.iter().enumerate() {
                let Some(number) = row.row() else { continue };
                let id = match known(at) {
                    Some(known) => known.clone(),
                    None if by_itself => RowId::random(bits(row)),
                    None => number,
                };
                let address = here.with_row(&id);
                if let Some(was) = pairs[at].and_then(|was| old[was].row()) {
                    partner.insert(row.clone(), was);
                }
                if let Some(order) = kept.get(&address) {
                    last = *order;
                } else if by_itself {
                    let later = (at + 1..new.len()).find_map(|later| kept.get(&here.with_row(known(later)?)));
                    last = later.and_then(|later| last.between(*later)).unwrap_or_else(|| last.next());
                    orders.insert(address, last);
                }
                rows.insert(row.clone(), id);
            }
        }
        (rows, orders)
    }

    /// Whether rows of a repeat are brought by choices or by a count.
    fn comes_by_itself(&self, repeat: DefId) -> bool {
        self.form.def(repeat).bind.beyond.over.is_some() || self.count_cell(repeat).is_some()
    }

    /// The filling with some fields given otherwise.
    fn with_changes(&self, changes: &BTreeMap<FieldPath, (Given, Origin)>, context: &Context<'_>) -> Self {
        let mut fields: BTreeMap<FieldPath, Given> =
            self.fields().into_iter().map(|field| (field.path, field.given)).collect();
        fields.extend(changes.iter().map(|(path, (given, _))| (path.clone(), given.clone())));
        let mut session = Self::around(Arc::clone(&self.form), Instance::from_seed(&self.form), context);
        session.restore(fields, context);
        session.preload(context, false);
        session.act(context, |engine| {
            engine.compute_all();
        });
        session
    }

    /// Whether a field that a revision does not have was taken out by it: it would be asked, and it has a value.
    fn blanks(&self, field: &Field) -> bool {
        if !field.counts {
            return false;
        }
        match field.origin {
            Origin::RowPresence => self
                .form
                .find_def(&field.path.template())
                .is_some_and(|repeat| self.form.def(repeat).shape == Shape::Repeat && !self.comes_by_itself(repeat)),
            Origin::Answered | Origin::Default => !field.given.is_blank(),
            Origin::Calculated | Origin::Metadata => false,
        }
    }
}

/// The rows of a submission and what they say.
struct Rows {
    /// By the address of their repeat, outer ones first, in their order.
    below: BTreeMap<FieldPath, Vec<FieldPath>>,
    says: HashMap<FieldPath, Says>,
}

/// What a row says: addresses in it, and what is given there.
type Says = BTreeSet<(String, String)>;

impl Rows {
    fn of(fields: &[Field]) -> Self {
        let mut below: BTreeMap<FieldPath, Vec<FieldPath>> = BTreeMap::new();
        let mut says: HashMap<FieldPath, Says> = HashMap::new();
        for field in fields {
            if field.path.row().is_some() {
                below.entry(field.path.without_row()).or_default().push(field.path.clone());
            }
            let given =
                field.given.non_answer().map_or_else(|| format!("={}", field.given.text()), |no| no.code().into());
            let text = field.path.as_str();
            for (end, _) in text.match_indices("]/") {
                if let Ok(row) = FieldPath::parse(&text[..=end]) {
                    says.entry(row).or_default().insert((text[end + 1..].to_owned(), given.clone()));
                }
            }
        }
        Self { below, says }
    }

    fn say(&self, some: &[FieldPath]) -> Vec<Says> {
        some.iter().map(|row| self.says.get(row).cloned().unwrap_or_default()).collect()
    }
}

/// For each new row its place among the old ones; none for one that was added. Both orders are kept, and as much as can be
/// is said by the same row as before.
fn pair(old: &[Says], new: &[Says]) -> Vec<Option<usize>> {
    let begin = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old[begin..].iter().rev().zip(new[begin..].iter().rev());
    let end = rest.take_while(|(a, b)| a == b).count();
    let mut pairs: Vec<Option<usize>> = (0..begin).map(Some).collect();
    let (middle_old, middle_new) = (&old[begin..old.len() - end], &new[begin..new.len() - end]);
    let middle = if middle_old.len().saturating_mul(middle_new.len()) <= MOST_COMPARED {
        alike(middle_old, middle_new)
    } else {
        (0..middle_new.len()).map(|at| Some(at).filter(|at| *at < middle_old.len())).collect()
    };
    pairs.extend(middle.into_iter().map(|pair| pair.map(|at| at + begin)));
    pairs.extend((old.len() - end..old.len()).map(Some));
    pairs
}

/// The pairs, in order, whose rows have most in common (dynamic programming); a pair with nothing in common counts least.
fn alike(old: &[Says], new: &[Says]) -> Vec<Option<usize>> {
    let width = new.len() + 1;
    let in_common =
        |was: &Says, is: &Says| u32::try_from(was.intersection(is).count()).unwrap_or(u32::MAX >> 8).min(u32::MAX >> 8);
    // A row that says the same, nothing included, before one that says as much of the same and more.
    let score = |was: &Says, is: &Says| 1 + 4 * in_common(was, is) + 2 * u32::from(was == is);
    let scores: Vec<Vec<u32>> = old.iter().map(|was| new.iter().map(|is| score(was, is)).collect()).collect();
    // What the pairs from a place on come to.
    let mut best = vec![0_u32; (old.len() + 1) * width];
    for was in (0..old.len()).rev() {
        for is in (0..new.len()).rev() {
            let both = best[(was + 1) * width + is + 1].saturating_add(scores[was][is]);
            best[was * width + is] = both.max(best[(was + 1) * width + is]).max(best[was * width + is + 1]);
        }
    }
    let mut pairs = vec![None; new.len()];
    let (mut was, mut is) = (0, 0);
    while was < old.len() && is < new.len() {
        let here = best[was * width + is];
        if here == best[(was + 1) * width + is + 1].saturating_add(scores[was][is]) {
            pairs[is] = Some(was);
            (was, is) = (was + 1, is + 1);
        } else if here == best[(was + 1) * width + is] {
            was += 1;
        } else {
            is += 1;
        }
    }
    pairs
}

/// An address with other identities of rows, by the addresses of these rows.
fn with_rows(path: &FieldPath, rows: &HashMap<FieldPath, RowId>) -> FieldPath {
    let (mut there, mut here) = (FieldPath::root(), FieldPath::root());
    for step in path.steps() {
        (there, here) = (there.child(step.name), here.child(step.name));
        if let Some(id) = step.row.and_then(|row| RowId::parse(row).ok()) {
            there = there.with_row(&id);
            let id = rows.get(&there).cloned().unwrap_or(id);
            here = here.with_row(&id);
        }
    }
    here
}
