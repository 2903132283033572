//! Images with classes.

use crate::{
    Examples,
    examples::{pick, pick_rows},
    generated::Digits,
};

/// Images of one size, with their classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Images {
    /// In pixels.
    pub height: usize,
    /// In pixels.
    pub width: usize,
    /// 1 for grey, 3 for red, green, blue.
    pub channels: usize,
    /// `labels.len() · height · width · channels` intensities from 0 to 1: image by image, row by row, channels last.
    pub pixels: Vec<f32>,
    /// The class of each image: an index into `classes`.
    pub labels: Vec<usize>,
    /// What the classes are called.
    pub classes: Vec<String>,
}

impl Images {
    /// Numbers in one image.
    pub fn size(&self) -> usize {
        self.height * self.width * self.channels
    }

    /// One image: row by row, channels last.
    pub fn image(&self, i: usize) -> &[f32] {
        &self.pixels[i * self.size()..(i + 1) * self.size()]
    }

    /// How many images each class has.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.classes.len()];
        self.labels.iter().for_each(|&label| counts[label] += 1);
        counts
    }

    /// The mean of each channel over all images; summed in `f64`.
    pub fn means(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.channels];
        for pixel in self.pixels.chunks(self.channels) {
            sums.iter_mut().zip(pixel).for_each(|(sum, &value)| *sum += f64::from(value));
        }
        let n = (self.pixels.len() / self.channels) as f64;
        sums.iter().map(|sum| sum / n).collect()
    }

    /// The images of some classes alone, in their order, labelled by the place of their class in `classes`.
    pub fn of_classes(&self, classes: &[usize]) -> Images {
        let place = |label: usize| classes.iter().position(|&class| class == label);
        let which: Vec<usize> = (0..self.len()).filter(|&i| place(self.labels[i]).is_some()).collect();
        let mut kept = self.select(&which);
        kept.labels = kept.labels.into_iter().filter_map(place).collect();
        kept.classes = pick(&self.classes, classes);
        kept
    }

    /// The numbers of each class's images that are `from`th and later but not `to`th, in their order.
    pub fn numbers_of_each_class(&self, from: usize, to: usize) -> Vec<usize> {
        let mut seen = vec![0; self.classes.len()];
        let mut numbers = Vec::new();
        for (i, &label) in self.labels.iter().enumerate() {
            if (from..to).contains(&seen[label]) {
                numbers.push(i);
            }
            seen[label] += 1;
        }
        numbers
    }

    /// The images of `more` behind these.
    ///
    /// # Panics
    /// When size, channels or classes differ.
    pub fn extend(&mut self, more: Images) {
        let form = |images: &Images| (images.height, images.width, images.channels, images.classes.clone());
        assert_eq!(form(self), form(&more), "images of two kinds cannot be joined");
        self.pixels.extend(more.pixels);
        self.labels.extend(more.labels);
    }
}

impl Examples for Images {
    fn len(&self) -> usize {
        self.labels.len()
    }

    fn select(&self, which: &[usize]) -> Self {
        Images {
            height: self.height,
            width: self.width,
            channels: self.channels,
            pixels: pick_rows(&self.pixels, self.size(), which),
            labels: pick(&self.labels, which),
            classes: self.classes.clone(),
        }
    }
}

impl From<Digits> for Images {
    fn from(digits: Digits) -> Self {
        Images {
            height: digits.side,
            width: digits.side,
            channels: 1,
            pixels: digits.pixels,
            labels: digits.labels,
            classes: (0..10).map(|digit| digit.to_string()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Images {
        Images {
            height: 1,
            width: 2,
            channels: 3,
            pixels: (0..18).map(|i| i as f32).collect(),
            labels: vec![2, 0, 2],
            classes: ["a", "b", "c"].map(str::to_owned).to_vec(),
        }
    }

    #[test]
    fn classes_are_counted_kept_and_renumbered() {
        let images = three();
        assert_eq!(images.counts(), [1, 0, 2]);
        let kept = images.of_classes(&[2, 1]);
        assert_eq!((kept.labels.as_slice(), kept.image(1)), ([0, 0].as_slice(), images.image(2)));
        assert_eq!(kept.classes, ["c", "b"]);
        assert_eq!(images.numbers_of_each_class(1, 2), [2]);
    }

    #[test]
    fn means_are_of_channels() {
        assert_eq!(three().means(), [7.5, 8.5, 9.5]);
    }
}
