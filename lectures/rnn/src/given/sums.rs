//! Given: written sums, the network that learns them, and how it is trained.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use toolkit::{
    ops::LstmWeights,
    optim::{Parameters, Visitor},
    tensor::{Matrix, Vector},
};

/// All characters of questions and answers; a character's place is its number. The space comes first: padding is number 0.
pub const CHARACTERS: &str = " +0123456789";

/// Sums, written down: all questions are of one length, and all answers too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// Such as `"7+25 "`, reversed: `" 52+7"`.
    pub questions: Vec<String>,
    /// Such as `"32 "`.
    pub answers: Vec<String>,
}

impl Sums {
    /// The sums at these places, in this order.
    pub fn pick(&self, places: &[usize]) -> Self {
        let pick = |texts: &[String]| places.iter().map(|&i| texts[i].clone()).collect();
        Self { questions: pick(&self.questions), answers: pick(&self.answers) }
    }
}

/// More sums were asked for than there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManySums {
    /// How many were asked for.
    pub count: usize,
    /// How many there are.
    pub different: usize,
}

impl fmt::Display for TooManySums {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} sums were asked for, but only {} are different", self.count, self.different)
    }
}

impl Error for TooManySums {}

/// The network: an LSTM that reads, an LSTM that writes, and a linear layer from its states to characters.
#[derive(Clone, Debug)]
pub struct Adder<D: Device<f32>> {
    /// Reads the question: from the characters' one-hot vectors to states.
    pub encoder: LstmWeights<D>,
    /// Writes the answer: from the encoder's last state to states.
    pub decoder: LstmWeights<D>,
    /// From the decoder's states to characters: (hidden, characters).
    pub weight: Matrix<D>,
    /// (characters,)
    pub bias: Vector<D>,
}

impl<D: Device<f32>> Parameters<D> for Adder<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        self.encoder.visit(visitor)?;
        self.decoder.visit(visitor)?;
        visitor.tensor(&mut self.weight)?;
        visitor.tensor(&mut self.bias)
    }
}

/// How a network is built and trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// Units of each LSTM; 128 in the notebook.
    pub hidden: usize,
    /// Passes through the training sums.
    pub epochs: usize,
    /// Sums a step, at least 1; 128 in the notebook.
    pub batch_size: usize,
    /// Adam's step size at the beginning; 0.001 in the notebook, where it stays the same.
    pub learning_rate: f64,
}

/// What came of a training.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The mean loss of each epoch.
    pub train_loss: Vec<f32>,
    /// What the network answers to the test questions, padding included.
    pub answers: Vec<String>,
    /// The fraction of the test questions that are answered right to the last character.
    pub exact: f32,
}

/// What somebody sees who watches a network learn, as in the notebook: each question, the truth T, and what the network
/// answers behind a ✓ or a ✗. The truth is worked out from the question, which is reversed.
///
/// ```
/// use rnn::given::sums::watched;
/// let (questions, answers) = ([" 52+7".to_owned(), " 1+99".to_owned()], ["32 ".to_owned(), "101".to_owned()]);
/// assert_eq!(watched(&questions, &answers), "7+25 T 32 ✓ 32 · 99+1 T 100 ✗ 101");
/// ```
pub fn watched(questions: &[String], answers: &[String]) -> String {
    let line = |(question, answer): (&String, &String)| {
        let question: String = question.chars().rev().collect();
        let numbers = question.trim_end().split('+').filter_map(|number| number.parse::<usize>().ok());
        let truth = numbers.sum::<usize>().to_string();
        let (question, answer) = (question.trim_end(), answer.trim_end());
        let mark = if answer == truth { '✓' } else { '✗' };
        format!("{question} T {truth} {mark} {answer}")
    };
    questions.iter().zip(answers).map(line).collect::<Vec<_>>().join(" · ")
}
