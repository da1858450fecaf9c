//! Work on long lists, spread over the processors. What comes out stands in the order of the list, however many there are.

use std::num::NonZero;
use std::thread;

/// Shortest list that is worth a thread of its own.
const WORTH: usize = 4096;

/// Does `work` on the parts of a list side by side. It is told at which place its part begins.
pub(super) fn spread<T: Sync, R: Send>(items: &[T], work: impl Fn(usize, &[T]) -> Vec<R> + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(items.len() / WORTH);
    in_parts(items, threads, work)
}

fn in_parts<T: Sync, R: Send>(items: &[T], parts: usize, work: impl Fn(usize, &[T]) -> Vec<R> + Sync) -> Vec<R> {
    if parts < 2 || items.is_empty() {
        return work(0, items);
    }
    let length = items.len().div_ceil(parts);
    let work = &work;
    thread::scope(|scope| {
        let begin = |(number, part): (usize, _)| scope.spawn(move || work(number * length, part));
        let begun: Vec<_> = items.chunks(length).enumerate().map(begin).collect();
        let mut all = Vec::new();
        for thread in begun {
            match thread.join() {
                Ok(part) => all.extend(part),
                // As if it had been done here.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_list_whatever_the_parts() {
        for length in [0, 1, 2, 7, 64, 65] {
            let items: Vec<usize> = (0..length).collect();
            let twice: Vec<usize> = items.iter().flat_map(|item| [*item, *item]).collect();
            for parts in 0..9 {
                let found = in_parts(&items, parts, |from, part| {
                    part.iter().enumerate().flat_map(|(at, item)| [from + at, *item]).collect()
                });
                assert_eq!(found, twice, "{length} in {parts}");
            }
        }
    }
}
