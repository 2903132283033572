//! Arrays of any number of axes as planes that can be looked at: matrices, the channels of images, images in colour.

use protocol::Array;

/// A plane of an array.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// Which it is: "image 2, channel 1"; nothing where there is only one.
    pub name: String,
    /// Rows and columns.
    pub size: (usize, usize),
    /// Where the elements stand in the array, row after row; three for each place where it is in colour.
    pub at: Vec<usize>,
    /// Whether it is in colour.
    pub is_colour: bool,
}

/// Where images have their channels: in the last axis, or before rows and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// (image, channel, row, column), as networks have them.
    First,
    /// (image, row, column, channel), as files have them.
    Last,
    /// No images, but the weights of a convolution: (row, column, input channel, output channel).
    Kernel,
}

/// From this height and width on, three channels are red, green and blue; of small maps they are features.
const COLOURED: usize = 6;

/// All planes of arrays of this shape; none of scalars and of what is empty.
pub fn planes(shape: &[usize], channels: Channels) -> Vec<Plane> {
    if shape.contains(&0) {
        return Vec::new();
    }
    match *shape {
        [] => Vec::new(),
        [n] => vec![plane(String::new(), (1, n), (0, n, 1))],
        [h, w] => vec![plane(String::new(), (h, w), (0, w, 1))],
        [h, w, c] if channels == Channels::Last => planes(&[1, h, w, c], channels),
        [n, h, w] => (0..n).map(|i| plane(format!("{} of {n}", i + 1), (h, w), (i * h * w, w, 1))).collect(),
        [h, w, c, k] if channels == Channels::Kernel => {
            of_each(c, k, |i, o| plane(weights(i, c, o, k), (h, w), (i * k + o, w * c * k, c * k)))
        }
        [n, h, w, 3] if channels == Channels::Last && h.min(w) >= COLOURED => {
            (0..n).map(|i| colour(image(i, n), (h, w), i * h * w * 3)).collect()
        }
        [n, h, w, c] if channels == Channels::Last => {
            of_each(n, c, |i, k| plane(name(i, n, k, c), (h, w), (i * h * w * c + k, w * c, c)))
        }
        [n, c, h, w] => of_each(n, c, |i, k| plane(name(i, n, k, c), (h, w), ((i * c + k) * h * w, w, 1))),
        [ref first @ .., h, w] => planes(&[first.iter().product(), h, w], Channels::First),
    }
}

fn of_each(n: usize, c: usize, plane: impl Fn(usize, usize) -> Plane) -> Vec<Plane> {
    let plane = &plane;
    (0..n).flat_map(|i| (0..c).map(move |k| plane(i, k))).collect()
}

fn image(i: usize, n: usize) -> String {
    if n > 1 { format!("image {} of {n}", i + 1) } else { String::new() }
}

fn name(i: usize, n: usize, k: usize, c: usize) -> String {
    let channel = if c > 1 { format!("channel {} of {c}", k + 1) } else { String::new() };
    [image(i, n), channel].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn weights(i: usize, inputs: usize, o: usize, outputs: usize) -> String {
    format!("from channel {} of {inputs} to channel {} of {outputs}", i + 1, o + 1)
}

/// From `first` on, with so many elements from row to row and from column to column.
fn plane(name: String, (h, w): (usize, usize), (first, row, column): (usize, usize, usize)) -> Plane {
    let at = (0..h).flat_map(|y| (0..w).map(move |x| first + y * row + x * column)).collect();
    Plane { name, size: (h, w), at, is_colour: false }
}

fn colour(name: String, (h, w): (usize, usize), first: usize) -> Plane {
    Plane { name, size: (h, w), at: (first..first + 3 * h * w).collect(), is_colour: true }
}

impl Plane {
    /// Its elements in an array of the shape that it was made for.
    pub fn of(&self, values: &[f64]) -> Vec<f64> {
        self.at.iter().map(|&i| values.get(i).copied().unwrap_or(f64::NAN)).collect()
    }
}

/// The planes of `array` with its elements.
pub fn with_values(array: &Array, channels: Channels) -> Vec<(Plane, Vec<f64>)> {
    let values = array.to_f64();
    planes(&array.shape, channels).into_iter().map(|plane| (plane.clone(), plane.of(&values))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_is_in_one_plane() {
        let shapes: [&[usize]; 9] = [
            &[5],
            &[2, 3],
            &[2, 3, 4],
            &[8, 9, 3],
            &[2, 5, 4, 3],
            &[2, 5, 4, 1],
            &[2, 6, 4, 5],
            &[2, 7, 6, 3],
            &[2, 2, 2, 3, 4],
        ];
        for (shape, channels) in shapes
            .into_iter()
            .flat_map(|shape| [Channels::First, Channels::Last, Channels::Kernel].map(|c| (shape, c)))
        {
            let mut at: Vec<usize> = planes(shape, channels).into_iter().flat_map(|plane| plane.at).collect();
            at.sort_unstable();
            assert_eq!(at, (0..shape.iter().product()).collect::<Vec<_>>(), "{shape:?}");
        }
        assert!(planes(&[], Channels::First).is_empty() && planes(&[2, 0, 3], Channels::Last).is_empty());
    }

    #[test]
    fn channels_stand_first_or_last() {
        let named = |shape: &[usize], channels| -> Vec<String> {
            planes(shape, channels).into_iter().map(|plane| plane.name).collect()
        };
        assert_eq!(named(&[1, 2, 6, 6], Channels::First), ["channel 1 of 2", "channel 2 of 2"]);
        assert_eq!(planes(&[1, 2, 6, 6], Channels::First)[1].at[..2], [36, 37]);
        assert_eq!(planes(&[1, 6, 6, 2], Channels::Last)[1].at[..2], [1, 3]);
        assert!(planes(&[2, 6, 6, 3], Channels::Last).iter().all(|plane| plane.is_colour));
        assert_eq!(named(&[2, 4, 4, 3], Channels::Last)[5], "image 2 of 2, channel 3 of 3");
        let kernel = &planes(&[3, 2, 2, 4], Channels::Kernel)[5];
        assert_eq!(kernel.name, "from channel 2 of 2 to channel 2 of 4");
        assert_eq!((kernel.size, &kernel.at[..3]), ((3, 2), &[5, 13, 21][..]));
    }
}
