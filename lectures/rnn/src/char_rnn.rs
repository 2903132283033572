//! Capstone: a network that learns to write from the King James Bible, a character at a time.

use dfdx::prelude::*;
use rand::rngs::StdRng;
use toolkit::{
    ops::{LayerOps, LstmWeights},
    optim::{Parameters, Visitor},
    tensor::{Matrix, Vector},
};

use crate::text::{CharTable, UnknownCharacter};

/// An LSTM that reads characters, and a linear layer that says which comes next.
#[derive(Clone, Debug)]
pub struct CharRnn<D: Device<f32>> {
    /// From one-hot vectors to states.
    pub lstm: LstmWeights<D>,
    /// From states to logits: (hidden, characters).
    pub weight: Matrix<D>,
    /// (characters,)
    pub bias: Vector<D>,
}

impl<D: Device<f32>> Parameters<D> for CharRnn<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        self.lstm.visit(visitor)?;
        visitor.tensor(&mut self.weight)?;
        visitor.tensor(&mut self.bias)
    }
}

/// The states h and c of an LSTM, each (n, hidden).
pub type State<D> = (Matrix<D>, Matrix<D>);

/// How a network is built and trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// Units of the LSTM.
    pub hidden: usize,
    /// Passes through the text.
    pub epochs: usize,
    /// Places at which the text is read at the same time.
    pub batch_size: usize,
    /// Characters that are read before each step of training.
    pub steps: usize,
    /// Adam's step size at the beginning.
    pub learning_rate: f64,
}

/// A piece of training: what is read, and what comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Characters of all streams, stream after stream: `batch_size` · `steps`.
    pub inputs: Vec<usize>,
    /// For each the character that follows it.
    pub targets: Vec<usize>,
}

/// What came of a training.
#[derive(Clone, Debug)]
pub struct Training<D: Device<f32>> {
    /// The network after the last epoch.
    pub model: CharRnn<D>,
    /// The mean of each epoch, in bits a character.
    pub train_bits: Vec<f64>,
}

/// Cuts a text into windows for a network that reads `batch_size` places of it at the same time.
///
/// ```text
/// text        the word was god               length l = ⌊(characters − 1) / batch_size⌋ of a stream
/// streams     the wor│d was g│od              stream k begins at character k · l
/// windows     steps characters of every stream; those of the next window follow them directly
/// ```
///
/// So the states after one window are the states before the next, and nothing is forgotten between them. What is left at the
/// end, of the text and of each stream, is not used.
///
/// A text that is too short for a single window has none. `batch_size` and `steps` are at least 1.
///
/// Source: slide “Generated Bible verses”; Karpathy 2015, “The unreasonable effectiveness of recurrent neural networks”.
///
/// ```
/// use rnn::char_rnn::windows;
/// let cut = windows(&[0, 1, 2, 3, 4, 5, 6, 7, 8], 2, 2); // streams 0 1 2 3 and 4 5 6 7
/// assert_eq!(cut[0].inputs, [0, 1, 4, 5]);
/// assert_eq!(cut[0].targets, [1, 2, 5, 6]);
/// assert_eq!(cut[1].inputs, [2, 3, 6, 7]);
/// assert_eq!(cut[1].targets, [3, 4, 7, 8]);
/// assert_eq!(cut.len(), 2);
/// ```
pub fn windows(text: &[usize], batch_size: usize, steps: usize) -> Vec<Window> {
    todo!()
}

/// What comes next, for every character that is read: logits, one row a character, and the states at the end.
///
/// ```text
/// h₁ … h_steps = LSTM(one-hot vectors)              from the states `state`
/// logits_t = h_t · W + b
/// ```
///
/// `inputs` are characters of n streams, stream after stream, where n is the number of rows of the states: n · steps numbers
/// below the number of characters. Logits (n · steps, characters) come out in the same order. The tape is in the logits, and
/// gradients reach all weights; the states, before and after, are numbers and have no gradient: what happened before this
/// window is not learnt from any more (truncated backpropagation through time).
///
/// `toolkit` has `LayerOps::lstm_from`, `time_step` and `linear`.
///
/// Source: slide “Generated Bible verses”; Karpathy 2015.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::{char_rnn::{CharRnn, char_logits}, lstm::LstmWeights};
/// let dev = Cpu::default();
/// // Without weights the states stay 0, and only the last bias speaks.
/// let lstm = LstmWeights {
///     input: dev.zeros_like(&(2, 4)),
///     hidden: dev.zeros_like(&(1, 4)),
///     bias: dev.zeros_like(&(4,)),
/// };
/// let model = CharRnn { lstm, weight: dev.ones_like(&(1, 2)), bias: dev.tensor_from_vec(vec![0.5, -0.5], (2,)) };
/// let state = (dev.zeros_like(&(1, 1)), dev.zeros_like(&(1, 1)));
/// let (logits, _) = char_logits::<_, NoneTape>(&model, &[0, 1, 1], state);
/// assert_eq!((logits.shape(), logits.as_vec()), (&(3, 2), vec![0.5, -0.5, 0.5, -0.5, 0.5, -0.5]));
/// ```
pub fn char_logits<D: LayerOps, T: Tape<f32, D>>(
    model: &CharRnn<D>,
    inputs: &[usize],
    state: State<D>,
) -> (Matrix<D, T>, State<D>) {
    todo!()
}

/// How many bits the network needs for a character of a text that it reads from the beginning, with states of 0.
///
/// ```text
/// −1/(length − 1) · Σ log₂ p(character t+1 | characters 1 … t)        the first character is free
/// ```
///
/// Who knows nothing needs log₂ of the number of characters; who knows how frequent each is, about 4.2 here.
///
/// The text has two characters at least.
///
/// Source: slide “Generated Bible verses”; Shannon 1951, “Prediction and entropy of printed English”.
pub fn bits_per_character<D: LayerOps>(model: &CharRnn<D>, text: &[usize]) -> f64 {
    todo!()
}

/// Trains a network to predict the next character of `text`, numbers below `characters`.
///
/// ```text
/// step k of n:      Adam with the step size η · (1 − k/n),   k = 0, 1, …, n − 1
/// ```
///
/// 1. Draw the weights of the LSTM (`LstmWeights::new` in `toolkit`), then those of the linear layer
///    (`init::xavier_uniform`); its bias starts at 0.
/// 2. In every epoch begin with states of 0 and go through the [`windows`] *in order*, one step of Adam each on the mean
///    cross entropy of its characters. The states at the end of a window are those at the beginning of the next.
/// 3. Note the mean loss of each epoch in bits: that of each window before its step, divided by ln 2.
///
/// All randomness comes from `rng`. The text is long enough for a window.
///
/// # Errors
/// When the device has no memory left.
///
/// Source: slide “Generated Bible verses”; Karpathy 2015.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use rnn::{char_rnn::{Recipe, bits_per_character, train_char_rnn, write}, text::CharTable};
/// let text = "in the beginning was the word. ".repeat(40);
/// let table = CharTable::of(&text);
/// let numbers = table.encode(&text).unwrap();
/// let recipe = Recipe { hidden: 16, epochs: 20, batch_size: 4, steps: 16, learning_rate: 0.03 };
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let training = train_char_rnn(&numbers, table.characters.len(), recipe, &dev, &mut rng).unwrap();
/// assert!(bits_per_character(&training.model, &numbers) < 0.3);
/// let written = write(&training.model, &table, "in the ", 24, 0.0, &mut rng).unwrap();
/// assert_eq!(written, "beginning was the word. ");
/// ```
pub fn train_char_rnn<D: LayerOps>(
    text: &[usize],
    characters: usize,
    recipe: Recipe,
    dev: &D,
    rng: &mut StdRng,
) -> Result<Training<D>, D::Err> {
    todo!()
}

/// Lets the network write: `length` characters that follow `start`, which itself is not repeated.
///
/// The network first reads `start`, of one character at least, from states of 0. Then each character is drawn from its logits
/// by [`sample_with_temperature`](crate::text::sample_with_temperature), and read by the network before it says what comes next.
/// `temperature` is one that can be sampled at.
///
/// # Errors
/// For the first character of `start` that is not in the table.
///
/// Source: slide “Generated Bible verses”; Karpathy 2015.
pub fn write<D: LayerOps>(
    model: &CharRnn<D>,
    table: &CharTable,
    start: &str,
    length: usize,
    temperature: f32,
    rng: &mut StdRng,
) -> Result<String, UnknownCharacter> {
    todo!()
}
