//! Work on several things at once, as many as the machine has processors. What the work is, others say.

use std::{
    num::NonZero,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

/// `work(lane, i, item)` for every item, number i, in any order; the results are in the order of the items. Lanes are numbered
/// from 0, and a lane does one thing after the other, so what has the lane's number in its name is used by one at a time.
///
/// A panic in `work` is one of the caller's.
pub fn side_by_side<T: Sync, R: Send>(items: &[T], work: impl Fn(usize, usize, &T) -> R + Sync) -> Vec<R> {
    let done = Mutex::new(Vec::with_capacity(items.len()));
    in_dependency_order(
        items,
        |_, _| false,
        |lane, i, item| {
            let result = work(lane, i, item);
            lock(&done).push((i, result));
        },
    );
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, result)| result).collect()
}

/// `work(lane, i, item)` for every item, in lanes as [`side_by_side`]: the first item that can begin begins first, and none
/// before all that it `needs` are through.
///
/// Items that need each other in a circle begin when nothing else is left. A panic in `work` is one of the caller's.
pub fn in_dependency_order<T: Sync>(
    items: &[T],
    needs: impl Fn(&T, &T) -> bool + Sync,
    work: impl Fn(usize, usize, &T) + Sync,
) {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    let (stages, changed) = (Mutex::new(vec![Stage::Waiting; items.len()]), Condvar::new());
    let run = |lane: usize| {
        while let Some(i) = next(&stages, &changed, items, &needs) {
            // Also when `work` panics, or the other lanes would wait for ever.
            let _end = End { stages: &stages, changed: &changed, item: i };
            work(lane, i, &items[i]);
        }
    };
    thread::scope(|scope| {
        for lane in 0..threads {
            let run = &run;
            scope.spawn(move || run(lane));
        }
    });
}

/// What a mutex guards, also after a thread that held it has panicked.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Waiting,
    Running,
    Done,
}

/// Marks an item as done when it goes out of scope.
struct End<'a> {
    stages: &'a Mutex<Vec<Stage>>,
    changed: &'a Condvar,
    item: usize,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        lock(self.stages)[self.item] = Stage::Done;
        self.changed.notify_all();
    }
}

/// Waits for an item that can begin; nothing once none is left.
fn next<T>(
    stages: &Mutex<Vec<Stage>>,
    changed: &Condvar,
    items: &[T],
    needs: &impl Fn(&T, &T) -> bool,
) -> Option<usize> {
    let mut stages = lock(stages);
    loop {
        let is = |i: usize, stage: Stage| stages[i] == stage;
        let waits_for = |i: usize, k: usize| i != k && !is(k, Stage::Done) && needs(&items[i], &items[k]);
        let mut waiting = (0..items.len()).filter(|&i| is(i, Stage::Waiting)).peekable();
        let first = *waiting.peek()?;
        let ready = waiting.find(|&i| !(0..items.len()).any(|k| waits_for(i, k)));
        let circle = (!stages.contains(&Stage::Running)).then_some(first);
        if let Some(i) = ready.or(circle) {
            stages[i] = Stage::Running;
            return Some(i);
        }
        stages = changed.wait(stages).unwrap_or_else(PoisonError::into_inner);
    }
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

    #[test]
    fn nothing_begins_before_what_it_needs() {
        // Item i needs i / 2: a tree. 0 and 1 would need themselves, which counts for nothing.
        let items: Vec<usize> = (0..100).rev().collect();
        let seen = Mutex::new(Vec::new());
        in_dependency_order(&items, |i, k| i / 2 == *k, |_, _, &i| seen.lock().unwrap().push(i));
        let seen = seen.into_inner().unwrap();
        let place = |i: usize| seen.iter().position(|&k| k == i).unwrap();
        assert_eq!(seen.len(), 100);
        assert!((2..100).all(|i| place(i / 2) < place(i)), "{seen:?}");
    }

    #[test]
    fn a_circle_does_not_wait_for_ever() {
        let seen = Mutex::new(0);
        in_dependency_order(&[0, 1, 2], |i, k| (i + 1) % 3 == *k, |_, _, _| *seen.lock().unwrap() += 1);
        assert_eq!(seen.into_inner().unwrap(), 3);
    }
}
