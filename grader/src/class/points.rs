//! Points: whole as long as nobody weights them, and written so; otherwise with two digits at most.

use std::{fmt, iter::Sum};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number of points, rounded to hundredths.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Points(f64);

impl Points {
    /// None.
    pub const ZERO: Self = Self(0.0);

    /// So many, rounded to hundredths.
    pub fn of(value: f64) -> Self {
        let rounded = (value * 100.0).round() / 100.0;
        // Neither −0 nor what is no number is written anywhere.
        Self(if rounded == 0.0 || !rounded.is_finite() { 0.0 } else { rounded })
    }

    /// As a number.
    pub fn value(self) -> f64 {
        self.0
    }

    /// The smaller of two.
    pub fn at_most(self, other: Self) -> Self {
        if other.0 < self.0 { other } else { self }
    }
}

impl From<u32> for Points {
    fn from(value: u32) -> Self {
        Self(f64::from(value))
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(points: I) -> Self {
        Self::of(points.map(Self::value).sum())
    }
}

impl fmt::Display for Points {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let text = format!("{:.2}", self.0);
        let short = text.trim_end_matches('0').trim_end_matches('.');
        out.write_str(short)
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_whole = self.0.fract() == 0.0 && self.0.abs() < 1e15;
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
        if is_whole { serializer.serialize_i64(self.0 as i64) } else { serializer.serialize_f64(self.0) }
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Self::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_points_are_written_as_such() {
        let written = |value: f64| serde_json::to_string(&Points::of(value)).unwrap();
        assert_eq!(
            ["7", "7.5", "-2", "0", "0"].map(str::to_owned),
            [7.0, 7.5, -2.0, -0.001, f64::NAN].map(written)
        );
        assert_eq!([10.0, 7.5, 0.333].map(|v| Points::of(v).to_string()), ["10", "7.5", "0.33"]);
        assert_eq!(serde_json::from_str::<Points>("3").unwrap(), Points::from(3));
        let third = Points::of(1.0 / 3.0);
        assert_eq!([third, third, third].into_iter().sum::<Points>(), Points::of(0.99));
    }
}
