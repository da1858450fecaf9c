//! Who is compared with whom.
//!
//! Each respondent stands in a handful of blocks, one for each thing that a second card of the same child would share with
//! the first. Within a block everybody is compared; in one that is too large (a name that was put in for all) each only
//! with the next few, in the order of class, name and birth date.

use super::{Person, spread::spread};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Largest block in which all are compared.
const WHOLE: usize = 64;
/// In larger ones: how many each is compared with.
const NEAREST: usize = 8;

/// The pairs to compare, by place, the lesser first; and how many stand in blocks that were not compared whole.
pub(super) fn pairs(people: &[Person<'_>]) -> (Vec<(usize, usize)>, usize) {
    let mut blocks = spread(people, |from, part| {
        let mut blocks: Vec<(u64, usize)> = Vec::with_capacity(part.len() * 12);
        for (at, person) in (from..).zip(part) {
            keys(person, |key| blocks.push((key, at)));
        }
        blocks
    });
    blocks.sort_unstable();
    blocks.dedup();
    let mut pairs = Vec::new();
    let mut crowded: BTreeSet<usize> = BTreeSet::new();
    for block in blocks.chunk_by(|one, other| one.0 == other.0) {
        let mut members: Vec<usize> = block.iter().map(|(_, at)| *at).collect();
        let reach = if members.len() > WHOLE {
            crowded.extend(&members);
            members.sort_by_cached_key(|at| people.get(*at).map(nearness));
            NEAREST
        } else {
            members.len()
        };
        for (at, one) in members.iter().enumerate() {
            pairs.extend(members.iter().skip(at + 1).take(reach).map(|other| (*one.min(other), *one.max(other))));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    (pairs, crowded.len())
}

/// What two cards of one child stand close by.
fn nearness(person: &Person<'_>) -> impl Ord + use<> {
    let traits = person.traits;
    (traits.site, person.name.characters().to_vec(), traits.birth.clone(), person.number.clone(), traits.record)
}

/// The blocks in which a respondent stands.
fn keys(person: &Person<'_>, mut put: impl FnMut(u64)) {
    let traits = person.traits;
    let mut key = |sort: u8, what: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        (sort, traits.kind.as_str()).hash(&mut hasher);
        what(&mut hasher);
        put(hasher.finish());
    };
    let place = traits.school.or(traits.site);
    if !person.code.is_empty() {
        key(0, &|h| person.code.hash(h));
    }
    if !person.number.is_empty() && place.is_some() {
        key(1, &|h| (place, &person.number).hash(h));
    }
    let day = person.birth.and_then(|day| Some((day.year, day.month?, day.day?)));
    if let (Some(day), Some(_)) = (day, place) {
        key(2, &|h| (place, day).hash(h));
    }
    if person.name.is_empty() {
        return;
    }
    for sound in person.name.heard() {
        key(3, &|h| (place, sound).hash(h));
        if let Some(day) = person.birth {
            key(4, &|h| (day.year, sound).hash(h));
        }
    }
    key(5, &|h| (place, person.name.characters()).hash(h));
    for part in person.name.parts() {
        key(6, &|h| (traits.site.or(place), &part).hash(h));
    }
    if let Some(given) = person.name.given() {
        key(7, &|h| (place, &given).hash(h));
    }
}
