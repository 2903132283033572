//! Digits of a five by seven font in varying hands. They are easier than handwriting: nothing learnt from them says how well
//! a network reads MNIST.

use rand::{Rng, rngs::StdRng};
use rand_distr::StandardNormal;

/// Square grey images of digits, with their classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Digits {
    /// Height and width of an image in pixels.
    pub side: usize,
    /// `labels.len() · side · side` grey values from 0 (background) to 1 (ink): image by image, row by row.
    pub pixels: Vec<f32>,
    /// The digit that each image shows, 0 to 9.
    pub labels: Vec<usize>,
}

/// The ten digits on a grid of seven rows and five columns.
const GLYPHS: [[&[u8; 5]; 7]; 10] = [
    [b" ### ", b"#   #", b"#   #", b"#   #", b"#   #", b"#   #", b" ### "],
    [b"  #  ", b" ##  ", b"  #  ", b"  #  ", b"  #  ", b"  #  ", b" ### "],
    [b" ### ", b"#   #", b"    #", b"   # ", b"  #  ", b" #   ", b"#####"],
    [b" ### ", b"#   #", b"    #", b"  ## ", b"    #", b"#   #", b" ### "],
    [b"   # ", b"  ## ", b" # # ", b"#  # ", b"#####", b"   # ", b"   # "],
    [b"#####", b"#    ", b"#### ", b"    #", b"    #", b"#   #", b" ### "],
    [b" ### ", b"#    ", b"#    ", b"#### ", b"#   #", b"#   #", b" ### "],
    [b"#####", b"    #", b"   # ", b"  #  ", b"  #  ", b" #   ", b" #   "],
    [b" ### ", b"#   #", b"#   #", b" ### ", b"#   #", b"#   #", b" ### "],
    [b" ### ", b"#   #", b"#   #", b" ####", b"    #", b"    #", b" ### "],
];

/// `n` images of `side` × `side` pixels, each of a random digit in a hand of its own: shifted, stretched, slanted, with more
/// or less ink, under noise. From 8 pixels on, a person can read most of them.
///
/// The same state of `rng` gives the same images.
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// let digits = datasets::generated::digits(3, 8, &mut StdRng::seed_from_u64(0));
/// assert_eq!(digits.pixels.len(), 3 * 8 * 8);
/// assert!(digits.labels.iter().all(|&label| label < 10));
/// ```
pub fn digits(n: usize, side: usize, rng: &mut StdRng) -> Digits {
    let mut digits =
        Digits { side, pixels: Vec::with_capacity(n * side * side), labels: Vec::with_capacity(n) };
    for _ in 0..n {
        let label = rng.gen_range(0..GLYPHS.len());
        let hand = Hand::random(rng);
        for (row, column) in (0..side).flat_map(|row| (0..side).map(move |column| (row, column))) {
            let noise: f32 = rng.sample(StandardNormal);
            let ink = hand.ink(label, centred(row, side), centred(column, side));
            digits.pixels.push((ink + NOISE * noise).clamp(0.0, 1.0));
        }
        digits.labels.push(label);
    }
    digits
}

/// Standard deviation of the noise on each pixel.
const NOISE: f32 = 0.1;

/// The middle of pixel `i`, from −1 at one border of the image to 1 at the other.
fn centred(i: usize, side: usize) -> f32 {
    (2 * i + 1) as f32 / side as f32 - 1.0
}

/// How one image is written.
struct Hand {
    /// In glyph pixels: down, right.
    shift: (f32, f32),
    /// Glyph pixels from the image's centre to its border: down, right.
    reach: (f32, f32),
    /// How far the top leans to the right for each row up.
    slant: f32,
    /// Grey value of the strokes.
    ink: f32,
}

impl Hand {
    fn random(rng: &mut StdRng) -> Self {
        Self {
            shift: (rng.gen_range(-0.5..0.5), rng.gen_range(-0.6..0.6)),
            reach: (rng.gen_range(3.9..4.5), rng.gen_range(3.2..4.0)),
            slant: rng.gen_range(-0.1..0.25),
            ink: rng.gen_range(0.7..1.0),
        }
    }

    /// The ink at a place in the image, both coordinates from −1 to 1: the glyph, interpolated bilinearly.
    fn ink(&self, label: usize, down: f32, right: f32) -> f32 {
        let row = down * self.reach.0 - self.shift.0;
        let column = right * self.reach.1 - self.shift.1 + self.slant * row;
        // The glyph's centre is row 3, column 2.
        let (row, column) = (row + 3.0, column + 2.0);
        let (below, beside) = (row - row.floor(), column - column.floor());
        let pixel = |i: f32, j: f32| glyph(label, row.floor() + i, column.floor() + j);
        let upper = (1.0 - beside) * pixel(0.0, 0.0) + beside * pixel(0.0, 1.0);
        let lower = (1.0 - beside) * pixel(1.0, 0.0) + beside * pixel(1.0, 1.0);
        self.ink * ((1.0 - below) * upper + below * lower)
    }
}

/// A glyph's pixel: 1 where there is ink, 0 elsewhere and outside.
fn glyph(label: usize, row: f32, column: f32) -> f32 {
    let inside = (0.0..7.0).contains(&row) && (0.0..5.0).contains(&column);
    f32::from(inside && GLYPHS[label][row as usize][column as usize] == b'#')
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn the_same_seed_writes_the_same_digits() {
        let write = |seed| digits(5, 8, &mut StdRng::seed_from_u64(seed));
        assert_eq!(write(1), write(1));
        assert_ne!(write(1), write(2));
    }

    #[test]
    fn every_digit_occurs_about_as_often_and_no_pixel_leaves_its_range() {
        let many = digits(2000, 8, &mut StdRng::seed_from_u64(3));
        for digit in 0..10 {
            // 200 ± 13.4; five standard deviations
            let count = many.labels.iter().filter(|&&label| label == digit).count();
            assert!((133..267).contains(&count), "{count} times a {digit}");
        }
        assert!(many.pixels.iter().all(|grey| (0.0..=1.0).contains(grey)));
    }

    /// The mean image of a class, against which single images are compared, already tells most digits apart.
    #[test]
    fn images_resemble_their_class() {
        let (train, test) =
            (digits(2000, 8, &mut StdRng::seed_from_u64(4)), digits(500, 8, &mut StdRng::seed_from_u64(5)));
        let mut means = vec![[0.0_f32; 64]; 10];
        for (image, &label) in train.pixels.chunks(64).zip(&train.labels) {
            means[label].iter_mut().zip(image).for_each(|(mean, grey)| *mean += grey / 200.0);
        }
        let distance = |image: &[f32], mean: &[f32; 64]| {
            image.iter().zip(mean).map(|(a, b)| (a - b).powi(2)).sum::<f32>()
        };
        let nearest = |image: &[f32]| {
            (0..10).min_by(|&a, &b| distance(image, &means[a]).total_cmp(&distance(image, &means[b])))
        };
        let right = test
            .pixels
            .chunks(64)
            .zip(&test.labels)
            .filter(|(image, label)| nearest(image) == Some(**label))
            .count();
        assert!((350..500).contains(&right), "{right} of 500");
    }
}
