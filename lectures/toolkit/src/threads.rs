//! When it pays to share work out over threads, and in what portions.

/// Multiplications for which it pays to wake another thread.
pub(crate) const WORTH_SHARING: usize = 1 << 17;
/// Elements for which it does, where each is looked at once. One task works on so many; smaller tensors stay on one thread.
pub(crate) const BLOCK: usize = 1 << 14;

/// How many rows each thread gets when `rows` of so many multiplications each are shared out; all, where that is little work.
pub(crate) fn share(rows: usize, multiplications: usize) -> usize {
    let threads = if rows * multiplications < WORTH_SHARING { 1 } else { rayon::current_num_threads() };
    rows.div_ceil(threads).max(1)
}

/// The least number of rows for a task that goes through `elements` in each.
pub(crate) fn least(elements: usize) -> usize {
    BLOCK / elements.max(1) + 1
}
