//! Colours of numbers: a sequence that rises evenly in brightness, and one with a middle; both told apart by colour-blind people.

/// Red, green, blue.
pub type Rgb = [u8; 3];

/// What is no number, or infinite: a colour that no scale has.
pub const NOT_FINITE: Rgb = [230, 60, 200];

/// From dark violet over green to yellow.
const RISING: [Rgb; 6] =
    [[68, 1, 84], [65, 68, 135], [42, 120, 142], [34, 168, 132], [122, 209, 81], [253, 231, 37]];
/// From blue over white to orange.
const AROUND: [Rgb; 5] = [[5, 80, 150], [110, 170, 215], [247, 247, 247], [240, 160, 90], [180, 70, 0]];
const GREY: [Rgb; 2] = [[0, 0, 0], [255, 255, 255]];

/// How numbers become colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// From the least to the largest.
    Rising(f64, f64),
    /// From black to white.
    Grey(f64, f64),
    /// Around 0, as far on both sides.
    Around(f64),
}

impl Scale {
    /// The least and the largest number on it.
    pub fn ends(self) -> (f64, f64) {
        match self {
            Self::Rising(low, high) | Self::Grey(low, high) => (low, high),
            Self::Around(reach) => (-reach, reach),
        }
    }

    /// Where a number stands, from 0 to 1.
    pub fn place(self, x: f64) -> f64 {
        let (low, high) = self.ends();
        let width = high - low;
        if width > 0.0 && width.is_finite() { ((x - low) / width).clamp(0.0, 1.0) } else { 0.5 }
    }

    /// The colour of a number.
    pub fn colour(self, x: f64) -> Rgb {
        if !x.is_finite() {
            return NOT_FINITE;
        }
        match self {
            Self::Rising(..) => between(&RISING, self.place(x)),
            Self::Grey(..) => between(&GREY, self.place(x)),
            Self::Around(_) => between(&AROUND, self.place(x)),
        }
    }
}

fn between(colours: &[Rgb], place: f64) -> Rgb {
    let along = place * (colours.len() - 1) as f64;
    let i = (along as usize).min(colours.len() - 2);
    let (from, to, share) = (colours[i], colours[i + 1], along - i as f64);
    [0, 1, 2].map(|k| (f64::from(from[k]) + share * (f64::from(to[k]) - f64::from(from[k]))).round() as u8)
}

/// As an attribute has it.
pub fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Whether black is read better on it than white.
pub fn is_bright([r, g, b]: Rgb) -> bool {
    299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b) > 140_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_where_they_should() {
        assert_eq!(Scale::Rising(1.0, 3.0).colour(3.0), RISING[5]);
        assert_eq!(Scale::Around(2.0).colour(0.0), AROUND[2]);
        assert_eq!(Scale::Grey(0.0, 1.0).colour(7.0), [255; 3]);
        for scale in [Scale::Rising(1.0, 1.0), Scale::Around(0.0), Scale::Grey(f64::MIN, f64::MAX)] {
            assert_eq!(scale.place(1.0), 0.5);
            assert_eq!(scale.colour(f64::NAN), NOT_FINITE);
        }
    }
}
