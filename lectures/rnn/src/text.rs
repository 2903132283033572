//! Characters in and out of a network.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use rand::rngs::StdRng;
use toolkit::tensor::Matrix;

/// A table of characters; a character's place is its number.
///
/// A network knows numbers, and a text is characters: the table stands between the two.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::text::CharTable;
/// let table = CharTable::of("banana");
/// assert_eq!(table.characters, ['a', 'b', 'n']);
/// assert_eq!(table.encode("nab").unwrap(), [2, 0, 1]);
/// let rows = table.one_hot("nab", &Cpu::default()).unwrap();
/// assert_eq!(rows.as_vec(), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
/// assert_eq!(table.decode(&rows), "nab");
/// assert_eq!(table.encode("bad").unwrap_err().to_string(), "the character 'd' at place 2 is not in the table");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CharTable {
    /// The characters, each once, in the order of their code points.
    pub characters: Vec<char>,
}

/// A character that is not in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCharacter {
    /// The character.
    pub character: char,
    /// Its place in the text, counted in characters from 0.
    pub place: usize,
}

impl fmt::Display for UnknownCharacter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the character {:?} at place {} is not in the table", self.character, self.place)
    }
}

impl Error for UnknownCharacter {}

impl CharTable {
    /// All characters that occur in `text`.
    ///
    /// Source: notebook “Learning to add numbers”: `CharacterTable`.
    pub fn of(text: &str) -> Self {
        todo!()
    }

    /// The number of each character of `text`.
    ///
    /// # Errors
    /// For the first character that is not in the table.
    pub fn encode(&self, text: &str) -> Result<Vec<usize>, UnknownCharacter> {
        todo!()
    }

    /// `text` as one-hot vectors: a row for each character, 1 in the column of its number and 0 elsewhere. Shape (characters
    /// of the text, characters of the table). The text is not empty.
    ///
    /// # Errors
    /// For the first character that is not in the table.
    pub fn one_hot<D: Device<f32>>(&self, text: &str, dev: &D) -> Result<Matrix<D>, UnknownCharacter> {
        todo!()
    }

    /// The text that `rows` stand for, one-hot vectors or logits: of each row the character with the largest number, and of
    /// equal ones the first. A row is as long as the table, which is not empty.
    pub fn decode<D: Device<f32>>(&self, rows: &Matrix<D>) -> String {
        todo!()
    }
}

/// A temperature that no sample can be drawn at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InvalidTemperature(
    /// The temperature.
    pub f32,
);

impl fmt::Display for InvalidTemperature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a temperature of {} is not a finite number of at least 0", self.0)
    }
}

impl Error for InvalidTemperature {}

/// Draws a class from `logits`, boldly or carefully: the number k of a class with probability
///
/// ```text
/// p_k = exp(z_k / T) / Σ_j exp(z_j / T)          T = temperature
/// ```
///
/// T = 1 gives the network's own probabilities. Towards 0 the largest logit wins more and more often; a `temperature` of 0 is
/// the limit, the class with the largest logit, and of equal ones the first. Large T make all classes equally likely.
///
/// Logits of thousands must not overflow, nor very small temperatures. `logits` holds at least one number and no NaN; a class
/// with the logit −∞ is never drawn, and not all are −∞. All randomness comes from `rng`.
///
/// # Errors
/// When `temperature` is negative, infinite or NaN.
///
/// Source: Ackley, Hinton & Sejnowski 1985.
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// use rnn::text::sample_with_temperature;
/// let mut rng = StdRng::seed_from_u64(1);
/// assert_eq!(sample_with_temperature(&[1.0, 3.0, 2.0], 0.0, &mut rng), Ok(1));
/// let draws = (0..1000).map(|_| sample_with_temperature(&[0.0, 1.0], 1.0, &mut rng).unwrap());
/// let ones: usize = draws.sum();
/// assert!((650..810).contains(&ones)); // e / (1 + e) = 0.73 of them
/// ```
pub fn sample_with_temperature(
    logits: &[f32],
    temperature: f32,
    rng: &mut StdRng,
) -> Result<usize, InvalidTemperature> {
    todo!()
}
