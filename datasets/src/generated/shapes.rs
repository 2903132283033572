//! Coloured shapes: the smallest images that need a convolution.

use rand::{Rng, rngs::StdRng};
use rand_distr::StandardNormal;

use crate::Images;

/// The classes, in the order of their labels.
const CLASSES: [&str; 4] = ["circle", "square", "triangle", "cross"];
/// Standard deviation of the noise on each channel.
const NOISE: f32 = 0.05;
/// A pixel's ink is the mean over this many points squared.
const POINTS: usize = 3;

/// `n` images of `side` × `side` pixels, red, green and blue: a circle, square, triangle or cross of any colour, size, place
/// and small turn, on a darker ground, under noise. The colour says nothing about the shape.
///
/// The same state of `rng` gives the same images.
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// let images = datasets::generated::shapes(3, 16, &mut StdRng::seed_from_u64(0));
/// assert_eq!(images.pixels.len(), 3 * 16 * 16 * 3);
/// ```
pub fn shapes(n: usize, side: usize, rng: &mut StdRng) -> Images {
    let mut images = Images {
        height: side,
        width: side,
        channels: 3,
        pixels: Vec::with_capacity(n * side * side * 3),
        labels: Vec::with_capacity(n),
        classes: CLASSES.map(str::to_owned).to_vec(),
    };
    for _ in 0..n {
        let shape = Shape::random(rng);
        for (row, column) in (0..side).flat_map(|row| (0..side).map(move |column| (row, column))) {
            let ink = shape.coverage(row, column, side);
            for (front, ground) in shape.colour.iter().zip(&shape.ground) {
                let noise = NOISE * rng.sample::<f32, _>(StandardNormal);
                images.pixels.push((ground + ink * (front - ground) + noise).clamp(0.0, 1.0));
            }
        }
        images.labels.push(shape.label);
    }
    images
}

/// One image. Coordinates go from −1 at one border to 1 at the other.
struct Shape {
    label: usize,
    /// Down, right.
    centre: (f32, f32),
    /// From the centre to the farthest point.
    radius: f32,
    /// In radians.
    turn: f32,
    colour: [f32; 3],
    ground: [f32; 3],
}

impl Shape {
    fn random(rng: &mut StdRng) -> Self {
        let mut colour = [0.0; 3].map(|_| rng.gen_range(0.2..1.0));
        colour[rng.gen_range(0..3)] = 1.0;
        let radius = rng.gen_range(0.4..0.8);
        let reach: f32 = 1.0 - radius;
        Self {
            label: rng.gen_range(0..CLASSES.len()),
            centre: (rng.gen_range(-reach..reach), rng.gen_range(-reach..reach)),
            radius,
            turn: rng.gen_range(-0.3..0.3),
            colour,
            ground: [0.0; 3].map(|_| rng.gen_range(0.0..0.3)),
        }
    }

    /// How much of a pixel the shape covers, from 0 to 1.
    fn coverage(&self, row: usize, column: usize, side: usize) -> f32 {
        let place = |i: usize, part: usize| {
            2.0 * (i as f32 + (part as f32 + 0.5) / POINTS as f32) / side as f32 - 1.0
        };
        let points = (0..POINTS).flat_map(|a| (0..POINTS).map(move |b| (a, b)));
        let inside = points.filter(|&(a, b)| self.holds(place(row, a), place(column, b))).count();
        inside as f32 / (POINTS * POINTS) as f32
    }

    fn holds(&self, down: f32, right: f32) -> bool {
        let (down, right) = ((down - self.centre.0) / self.radius, (right - self.centre.1) / self.radius);
        let (sin, cos) = self.turn.sin_cos();
        let (down, right) = (cos * down - sin * right, sin * down + cos * right);
        match CLASSES[self.label] {
            "circle" => down.hypot(right) < 1.0,
            "square" => down.abs().max(right.abs()) < 0.7,
            // Corners at the top and, 120° on, at both sides below.
            "triangle" => down < 0.5 && right.abs() < (down + 1.0) / 3.0_f32.sqrt(),
            _ => down.abs().max(right.abs()) < 1.0 && down.abs().min(right.abs()) < 0.25,
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn shapes_stay_in_range_and_every_class_occurs() {
        let images = shapes(400, 12, &mut StdRng::seed_from_u64(1));
        assert!(images.pixels.iter().all(|value| (0.0..=1.0).contains(value)));
        // 100 ± 8.7; five standard deviations
        assert!(images.counts().iter().all(|count| (57..143).contains(count)), "{:?}", images.counts());
    }

    /// A circle covers π r², a square 1.96 r², a triangle 1.30 r², a cross 1.75 r² of the image's 4.
    #[test]
    fn shapes_cover_their_area() {
        for (label, area) in [(0, std::f32::consts::PI), (1, 1.96), (2, 1.299), (3, 1.75)] {
            let (colour, ground) = ([1.0; 3], [0.0; 3]);
            let shape = Shape { label, centre: (0.1, -0.1), radius: 0.7, turn: 0.2, colour, ground };
            let pixels = (0..60).flat_map(|row| (0..60).map(move |column| (row, column)));
            let covered: f32 = pixels.map(|(row, column)| shape.coverage(row, column, 60)).sum();
            let covered = covered / 3600.0 * 4.0 / (0.7 * 0.7);
            assert!((covered - area).abs() < 0.01, "a {} covers {covered} r²", CLASSES[label]);
        }
    }

    #[test]
    fn the_same_seed_draws_the_same_shapes() {
        let draw = |seed| shapes(4, 8, &mut StdRng::seed_from_u64(seed));
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
