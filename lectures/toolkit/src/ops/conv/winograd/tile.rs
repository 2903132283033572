//! The transforms of one tile, for several channels at a time: short loops that compilers turn into vector instructions.

use std::array::from_fn;

/// Results, and pixels, along a tile's side.
pub const RESULTS: usize = 4;
pub const PIXELS: usize = 6;
pub const TAPS: usize = PIXELS * PIXELS;

/// Neighbouring channels that are transformed together.
pub const LANES: usize = 16;
pub type Lanes = [f32; LANES];

/// G
#[inline(always)]
pub fn kernel_taps([a, b, c]: [f32; 3]) -> [f32; PIXELS] {
    let ([even, odd], [even_2, odd_2]) = ([(a + c) / -6.0, b / -6.0], [a / 24.0 + c / 6.0, b / 12.0]);
    [a / 4.0, even + odd, even - odd, even_2 + odd_2, even_2 - odd_2, c]
}

/// Bᵀ
#[inline(always)]
pub fn image_taps([a, b, c, d, e, f]: [f32; PIXELS]) -> [f32; PIXELS] {
    let ([even, odd], [even_2, odd_2]) = ([e - 4.0 * c, d - 4.0 * b], [e - c, 2.0 * (d - b)]);
    let ends = [4.0 * a - 5.0 * c + e, 4.0 * b - 5.0 * d + f];
    [ends[0], even + odd, even - odd, even_2 + odd_2, even_2 - odd_2, ends[1]]
}

/// Aᵀ
#[inline(always)]
pub fn results([a, b, c, d, e, f]: [f32; PIXELS]) -> [f32; RESULTS] {
    let ([even, odd], [even_2, odd_2]) = ([b + c, b - c], [d + e, d - e]);
    [a + even + even_2, odd + 2.0 * odd_2, even + 4.0 * even_2, odd + 8.0 * odd_2 + f]
}

/// `f` along both axes: of columns, then of rows.
#[inline(always)]
pub fn along_both<const I: usize, const O: usize>(
    x: &[[Lanes; I]; I],
    f: impl Fn([f32; I]) -> [f32; O],
) -> [[Lanes; O]; O] {
    let mut half = [[[0.0; LANES]; I]; O];
    for j in 0..I {
        for lane in 0..LANES {
            let one = f(from_fn(|i| x[i][j][lane]));
            (0..O).for_each(|i| half[i][j][lane] = one[i]);
        }
    }
    let mut y = [[[0.0; LANES]; O]; O];
    for (half, y) in half.iter().zip(&mut y) {
        for lane in 0..LANES {
            let one = f(from_fn(|j| half[j][lane]));
            (0..O).for_each(|j| y[j][lane] = one[j]);
        }
    }
    y
}

/// The lanes that start at `start(tap)`; zeros where they lie nowhere.
#[inline(always)]
pub fn load<const I: usize>(numbers: &[f32], start: impl Fn(usize) -> Option<usize>) -> [[Lanes; I]; I] {
    let mut taps = [[[0.0; LANES]; I]; I];
    for (tap, lanes) in taps.iter_mut().flatten().enumerate() {
        if let Some(start) = start(tap) {
            lanes.copy_from_slice(&numbers[start..start + LANES]);
        }
    }
    taps
}

/// Puts the lanes of each tap into its plane's part.
#[inline(always)]
pub fn store(taps: &[[Lanes; PIXELS]; PIXELS], parts: &mut [&mut [f32]], first: usize) {
    for (lanes, part) in taps.iter().flatten().zip(parts) {
        part[first..first + LANES].copy_from_slice(lanes);
    }
}
