//! Contrasts: what divides the cases that fail from those that pass.

use serde::{Deserialize, Serialize};

use super::{Base, Comparison};

/// What divides the cases that fail from those that pass.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    /// What the failing cases have in common and the passing ones lack.
    pub property: Property,
    /// The name of the cases that are compared, where they are not all.
    #[serde(default)]
    pub among: Option<String>,
    /// How many cases fail; all of them have it.
    pub failing: usize,
    /// How many pass without it.
    pub passing: usize,
    /// How many pass although they have it.
    #[serde(default)]
    pub exceptions: usize,
}

/// A simple property of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Property {
    /// A quantity compares so with a number.
    Compares(Base, Comparison),
    /// A quantity compares so with another: equal, or not.
    Equal(Base, Base, bool),
    /// An even or odd size.
    Even(Base, bool),
    /// A switch is on or off.
    Flag(String, bool),
    /// A word is this or another.
    Word(String, String, bool),
    /// An argument is given or left out.
    Given(String, bool),
    /// An array has an element that compares so, or has none.
    Holds(String, Comparison, bool),
    /// An array with so many axes, or not.
    Rank(String, usize, bool),
    /// An array holds equal numbers, or none.
    Ties(String, bool),
    /// More than one call, or a single one.
    Calls(bool),
    /// A call of this function.
    Function(String),
    /// Cases of these names.
    Cases(Vec<String>),
}
