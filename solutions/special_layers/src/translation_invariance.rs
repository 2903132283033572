//! How much of a feature map survives a shift of its image.

use dfdx::prelude::*;
use toolkit::tensor::Images;

use crate::{
    conv::{Padding, WindowError},
    pooling::max_pool2d,
};

/// How much of pooled feature maps survives when the maps move to the right: for each shift of 0, 1, …, `farthest` columns
/// the share of the active units that keep their value.
///
/// ```text
/// a = max-pooled maps
/// b = max-pooled maps moved by `shift` columns; zeros enter at the left, what leaves at the right is lost
///
/// survival(shift) = number of units with a = b ≠ 0 / number of units with a ≠ 0 or b ≠ 0
/// ```
///
/// A unit is one number of a pooled map. Units that are 0 before and after do not count: most maps are mostly empty, and
/// what is not there survives anything. Where no unit counts at all, nothing was lost, and the survival is 1. Pooling copies
/// values, so “=” means equal to the last bit.
///
/// Moving the image moves its feature maps (a convolution is *equivariant*), which is why the maps stand for the image here.
/// Pooling adds the *invariance*: without it (`pool` = 1) nearly nothing survives a single step. For maps of independent
/// values pooling by p lets (p − s) / (p + s) survive a shift of s < p.
///
/// Shapes: `maps` (n, h, w, c). The windows are `pool` × `pool`, side by side, without padding, as in
/// [`max_pool2d`](crate::pooling::max_pool2d). The result has `farthest` + 1 numbers, the first of them 1; a shift of w
/// columns or more leaves nothing but zeros.
///
/// # Errors
/// Those of [`max_pool2d`](crate::pooling::max_pool2d): `pool` is 0, or larger than the maps.
///
/// Source: slide “Translation invariance”; Goodfellow, Bengio & Courville 2016, §9.3 and figure 9.8.
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::translation_invariance::translation_invariance;
/// let dev = Cpu::default();
/// // A map of 2 × 6 units, of which one is active: pooled by 2, it stays in its window for one step, and then moves on.
/// let row = [0.0, 0.0, 5.0, 0.0, 0.0, 0.0];
/// let map = dev.tensor_from_vec([row, [0.0; 6]].concat(), (1, 2, 6, 1));
/// assert_eq!(translation_invariance(map.clone(), 1, 2).unwrap(), [1.0, 0.0, 0.0]);
/// assert_eq!(translation_invariance(map, 2, 2).unwrap(), [1.0, 1.0, 0.0]);
/// ```
pub fn translation_invariance<D: Device<f32>>(
    maps: Images<D>,
    pool: usize,
    farthest: usize,
) -> Result<Vec<f32>, WindowError> {
    let pooled = |maps| Ok(max_pool2d(maps, pool, pool, Padding::Valid)?.as_vec());
    let before = pooled(maps.clone())?;
    (0..=farthest).map(|shift| Ok(survival(&before, &pooled(moved(maps.clone(), shift))?))).collect()
}

/// The share of the active units that keep their value; 1 where no unit is active.
fn survival(before: &[f32], after: &[f32]) -> f32 {
    let active = before.iter().zip(after).filter(|&(&a, &b)| a != 0.0 || b != 0.0);
    let (count, kept) = (active.clone().count(), active.filter(|(a, b)| a == b).count());
    if count == 0 { 1.0 } else { kept as f32 / count as f32 }
}

/// Every map moved to the right by `shift` columns.
fn moved<D: Device<f32>>(maps: Images<D>, shift: usize) -> Images<D> {
    let (n, h, w, c) = *maps.shape();
    let values = maps.as_vec();
    let mut moved = vec![0.0; values.len()];
    let steps = shift.min(w);
    for (new, old) in moved.chunks_mut(w * c).zip(values.chunks(w * c)) {
        new[steps * c..].copy_from_slice(&old[..(w - steps) * c]);
    }
    maps.device().tensor_from_vec(moved, (n, h, w, c))
}
