//! Room for numbers that are needed for a moment only, kept from one operation to the next: the system zeroes every page of
//! memory that it hands out, which takes longer than filling it.

use std::cell::RefCell;

use dfdx::prelude::*;

/// Numbers in the largest room that is kept, 16 MiB.
const MOST: usize = if cfg!(test) { 64 } else { 1 << 22 };

thread_local! {
    /// Rooms that nobody is in. Taken out while in use, so that operations may lie inside each other.
    static KEPT: RefCell<Vec<Vec<f32>>> = const { RefCell::new(Vec::new()) };
}

/// Calls `run` with room for so many numbers, whatever they are.
pub(super) fn with_room<R>(count: usize, run: impl FnOnce(&mut [f32]) -> R) -> R {
    let mut room = KEPT.with_borrow_mut(|kept| take(kept, count)).unwrap_or_default();
    if room.len() < count {
        room = vec![0.0; count];
    }
    let result = run(&mut room[..count]);
    if room.len() <= MOST {
        KEPT.with_borrow_mut(|kept| kept.push(room));
    }
    result
}

/// The smallest room that is large enough, or else the largest.
fn take(kept: &mut Vec<Vec<f32>>, count: usize) -> Option<Vec<f32>> {
    kept.sort_unstable_by_key(Vec::len);
    let fitting = kept.iter().position(|room| room.len() >= count);
    fitting.or(kept.len().checked_sub(1)).map(|i| kept.remove(i))
}

/// Calls `run` with the elements of a tensor, row by row; dfdx lends no slice of it.
pub(super) fn with_elements<S: Shape, R>(x: &Tensor<S, f32, Cpu>, run: impl FnOnce(&[f32]) -> R) -> R {
    let x = x.clone().contiguous();
    with_room(x.shape().num_elements(), |elements| {
        x.copy_into(elements);
        run(elements)
    })
}
