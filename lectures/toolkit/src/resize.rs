//! Images at another size.

use dfdx::prelude::*;
use rayon::prelude::*;

use crate::tensor::Images;

/// Images (n, h, w, c) as (n, height, width, c), bilinear: each new pixel's centre is looked up in the old image, between the
/// centres of four old pixels (PyTorch's `interpolate` with `align_corners=False`). No gradient.
///
/// ```
/// use dfdx::prelude::*;
/// let x = Cpu::default().tensor_from_vec(vec![0.0, 4.0], (1, 1, 2, 1));
/// assert_eq!(toolkit::resize::bilinear(&x, (1, 4)).as_vec(), [0.0, 1.0, 3.0, 4.0]);
/// ```
///
/// # Panics
/// When the images have no pixels.
pub fn bilinear<D: Device<f32>>(images: &Images<D>, (height, width): (usize, usize)) -> Images<D> {
    let (n, h, w, c) = *images.shape();
    assert!(h > 0 && w > 0 && c > 0, "bilinear: images of {h}×{w}×{c} have no pixels");
    let (pixels, rows, columns) = (images.as_vec(), neighbours(h, height), neighbours(w, width));
    let mut resized = vec![0.0; n * height * width * c];
    resized.par_chunks_mut((width * c).max(1)).enumerate().for_each(|(line, to)| {
        let (top, bottom, down) = rows[line % height];
        let row = |row: usize| &pixels[(line / height * h + row) * w * c..][..w * c];
        let (top, bottom) = (row(top), row(bottom));
        for (pixel, &(left, right, across)) in to.chunks_exact_mut(c).zip(&columns) {
            for (k, value) in pixel.iter_mut().enumerate() {
                let mix = |line: &[f32]| line[left * c + k] * (1.0 - across) + line[right * c + k] * across;
                *value = mix(top) * (1.0 - down) + mix(bottom) * down;
            }
        }
    });
    images.device().tensor_from_vec(resized, (n, height, width, c))
}

/// For each new place the old places before and behind it, and how near the second is, between 0 and 1.
fn neighbours(old: usize, new: usize) -> Vec<(usize, usize, f32)> {
    let place = |i: usize| {
        let at = ((i as f64 + 0.5) * old as f64 / new as f64 - 0.5).clamp(0.0, (old - 1) as f64);
        let before = at as usize;
        (before, (before + 1).min(old - 1), (at - before as f64) as f32)
    };
    (0..new).map(place).collect()
}
