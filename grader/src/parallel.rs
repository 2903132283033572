//! Work on several things at once, as many as the machine has processors. What the work is, others say.

use std::{
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// `work(lane, i, item)` for every item, number i, in any order; the results are in the order of the items. Lanes are numbered from 0, and
/// a lane does one thing after the other, so what has the lane's number in its name is used by one at a time.
///
/// A panic in `work` is one of the caller's.
pub fn side_by_side<T: Sync, R: Send>(items: &[T], work: impl Fn(usize, usize, &T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    if threads <= 1 {
        return items.iter().enumerate().map(|(i, item)| work(0, i, item)).collect();
    }
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(items.len())));
    let run = |lane: usize| {
        while let Some((i, item)) = take(&next, items) {
            let result = work(lane, i, item);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((i, result));
        }
    };
    thread::scope(|scope| {
        for lane in 0..threads {
            let run = &run;
            scope.spawn(move || run(lane));
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, result)| result).collect()
}

fn take<'a, T>(next: &AtomicUsize, items: &'a [T]) -> Option<(usize, &'a T)> {
    let i = next.fetch_add(1, Ordering::Relaxed);
    Some((i, items.get(i)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_items() {
        let items: Vec<u64> = (0..200).collect();
        let slow_first = |_: usize, _: usize, &i: &u64| {
            // The first items take longest, so that others overtake them.
            (0..(200 - i) * 500).fold(i, |sum, k| std::hint::black_box(sum ^ k ^ k));
            i * i
        };
        assert_eq!(side_by_side(&items, slow_first), items.iter().map(|i| i * i).collect::<Vec<_>>());
        assert!(side_by_side(&[] as &[u64], slow_first).is_empty());
    }
}
