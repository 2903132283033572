//! Standardization and whitening of a cloud of points, and of photographs.

use anyhow::Result;
use datasets::cats_and_dogs;
use rand::{Rng, SeedableRng, rngs::StdRng};
use rand_distr::StandardNormal;
use toolkit::tensor::Matrix;
use tricks::preprocessing::{Standardizer, ZcaWhitening};

use crate::{
    Figure,
    numbers::matrix,
    pictures::Pixels,
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "standardized",
        chapter: "tricks",
        alt: "Three plots of the same 200 points: as measured, long and far from the origin; standardized, still slanted; whitened, round. Three of the points are marked.",
        caption: "Standardization moves and scales the axes and leaves the slant; whitening takes it away, and ZCA does so without turning: the marked points stay where one looks for them.",
        draw: standardized,
    },
    Figure {
        name: "mean_images",
        chapter: "tricks",
        alt: "For 1,000 cats and 1,000 dogs of 32 × 32 pixels: the mean of each pixel, its standard deviation, and three photographs before and after standardization per channel.",
        caption: "The mean of 2,000 photographs is a grey-brown blur; per channel a picture keeps its look, and only its scale changes.",
        draw: mean_images,
    },
];

fn cloud() -> Matrix<dfdx::prelude::Cpu> {
    let mut rng = StdRng::seed_from_u64(5);
    let point = |_| {
        let (a, b): (f32, f32) = (rng.sample(StandardNormal), rng.sample(StandardNormal));
        [4.0 + 1.41 * a, 2.5 + 0.85 * a + 0.53 * b]
    };
    matrix(&(0..200).flat_map(point).collect::<Vec<f32>>(), 200, 2)
}

fn standardized() -> Result<Sheet> {
    let raw = cloud();
    let scaled = Standardizer::fit(&raw).apply(raw.clone());
    let white = ZcaWhitening::fit(&raw, 1e-6).apply(raw.clone());
    let mut sheet = Sheet::new(310.0);
    for (k, (name, points)) in
        [("as measured", raw), ("standardized", scaled), ("whitened (ZCA)", white)].into_iter().enumerate()
    {
        let area = Rect::new(55.0 + 222.0 * k as f64, 45.0, 190.0, 205.0);
        let (low, high) = if k == 0 { (-2.0, 9.0) } else { (-4.0, 4.0) };
        let (x, y) =
            (Axis::linear(low, high, 2.0, "first feature"), if k == 0 { "second feature" } else { "" });
        let plot = Plot::new(&mut sheet, area, x, Axis::linear(low, high, 2.0, y));
        plot.heading(&mut sheet, name);
        let points: Vec<(f64, f64)> =
            points.as_vec().chunks(2).map(|point| (f64::from(point[0]), f64::from(point[1]))).collect();
        plot.dots(&mut sheet, Hue::Soft, 2.0, points.iter().copied());
        for (mark, hue) in [
            (far(&cloud().as_vec(), 1.0), Hue::Orange),
            (far(&cloud().as_vec(), -1.0), Hue::Blue),
            (0, Hue::Green),
        ] {
            plot.dots(&mut sheet, hue, 5.0, [points[mark]]);
        }
    }
    Ok(sheet)
}

/// The point that lies farthest along the first feature, in this direction.
fn far(values: &[f32], direction: f32) -> usize {
    let places = 0..values.len() / 2;
    places.max_by(|&a, &b| (direction * values[2 * a]).total_cmp(&(direction * values[2 * b]))).unwrap_or(0)
}

fn mean_images() -> Result<Sheet> {
    let images = cats_and_dogs::bundled()?.train;
    let (size, n) = (images.size(), images.labels.len());
    let mut sums = vec![(0.0_f64, 0.0_f64); size];
    for image in images.pixels.chunks(size) {
        for (sum, &value) in sums.iter_mut().zip(image) {
            *sum = (sum.0 + f64::from(value), sum.1 + f64::from(value).powi(2));
        }
    }
    let mean: Vec<f32> = sums.iter().map(|sum| (sum.0 / n as f64) as f32).collect();
    let std: Vec<f32> =
        sums.iter().map(|sum| ((sum.1 / n as f64 - (sum.0 / n as f64).powi(2)).sqrt()) as f32).collect();
    let mut sheet = Sheet::new(330.0);
    for (k, (name, values)) in
        [("mean of each pixel", mean), ("std of each pixel (×2)", std.iter().map(|s| s * 2.0).collect())]
            .into_iter()
            .enumerate()
    {
        let rect = Rect::new(20.0, 34.0 + 154.0 * k as f64, 112.0, 112.0);
        sheet.picture(rect, &Pixels::new(32, 32, 3, &values));
        sheet.small(Hue::Ink, (20.0, rect.top - 8.0), Anchor::Start, name);
    }
    let (mean, std) = (images.means(), deviations(&images.pixels, &images.means()));
    for (k, number) in [1, 3, 1004].into_iter().enumerate() {
        let image = images.image(number);
        let left = 210.0 + 160.0 * k as f64;
        sheet.picture(Rect::new(left, 34.0, 112.0, 112.0), &Pixels::new(32, 32, 3, image));
        let scaled = image
            .iter()
            .enumerate()
            .map(|(i, &value)| ((f64::from(value) - mean[i % 3]) / std[i % 3]) as f32);
        // −2 becomes black and 2 white.
        let shown: Vec<f32> = scaled.map(|value| value / 4.0 + 0.5).collect();
        sheet.picture(Rect::new(left, 188.0, 112.0, 112.0), &Pixels::new(32, 32, 3, &shown));
    }
    sheet.small(Hue::Ink, (210.0, 26.0), Anchor::Start, "photographs, 0 to 1");
    sheet.small(
        Hue::Ink,
        (210.0, 180.0),
        Anchor::Start,
        "standardized per channel; −2 is shown black and 2 white",
    );
    let words = (0..3).map(|c| format!("{} {:.2} ± {:.2}", ["red", "green", "blue"][c], mean[c], std[c]));
    sheet.small(Hue::Soft, (210.0, 320.0), Anchor::Start, &words.collect::<Vec<_>>().join(", "));
    Ok(sheet)
}

fn deviations(pixels: &[f32], means: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; means.len()];
    for (i, &value) in pixels.iter().enumerate() {
        sums[i % means.len()] += (f64::from(value) - means[i % means.len()]).powi(2);
    }
    sums.into_iter().map(|sum| (sum / (pixels.len() / means.len()) as f64).sqrt()).collect()
}
