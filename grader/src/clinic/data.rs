//! What the clinic's trainings get: the bundled digits at half their size, as a call's arguments.

use anyhow::{Context, Result};
use datasets::{Examples, Images, mnist};
use protocol::{Array, Value, Values};

/// Of each digit: images to learn from, to measure by, and of those that come later.
const EACH: [usize; 3] = [200, 50, 50];

/// The digits, in the order in which they are bundled: to learn from, to measure by, and such as nobody has looked at.
pub fn digits() -> Result<Values> {
    let digits = mnist::bundled().context("the clinic's patients read the bundled digits")?;
    let [learned, measured, later] = EACH;
    let of_train =
        |from: usize, to: usize| digits.train.select(&digits.train.numbers_of_each_class(from, to));
    let mut values = Values::new();
    add(&mut values, "train", &of_train(0, learned));
    add(&mut values, "test", &digits.test.select(&digits.test.numbers_of_each_class(0, measured)));
    add(&mut values, "fresh", &of_train(learned, learned + later));
    Ok(values)
}

fn add(values: &mut Values, name: &str, images: &Images) {
    let (pixels, n) = (halved(images), images.labels.len());
    let shape = [n, (images.height / 2) * (images.width / 2)];
    values.insert(name.to_owned(), Value::Array(Array::f32(&shape, pixels)));
    let labels = images.labels.iter().map(|&label| label as u64).collect();
    values.insert(format!("{name}_labels"), Value::Array(Array::index(&[n], labels)));
}

/// Means of 2 × 2 pixels.
fn halved(images: &Images) -> Vec<f32> {
    let (height, width) = (images.height / 2, images.width / 2);
    let mut pixels = Vec::new();
    for number in 0..images.labels.len() {
        let image = images.image(number);
        for (row, column) in (0..height * width).map(|i| (2 * (i / width), 2 * (i % width))) {
            let at = |r: usize, c: usize| image[(row + r) * images.width + column + c];
            pixels.push((at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4.0);
        }
    }
    pixels
}
