//! Capstone: a network that learns to add.

use dfdx::prelude::*;
use rand::rngs::StdRng;
use toolkit::{ops::LayerOps, tensor::Sequences};

use crate::given::sums::{Adder, Recipe, Report, Sums, TooManySums};

/// Draws `count` sums a + b of two numbers of one to `digits` digits, of which no two are the same.
///
/// A number is drawn in two steps: its greatest length, 1, 2, … or `digits`, all equally likely; then a whole number from 0
/// to 10^length − 1, all equally likely. So short numbers are as frequent as long ones. Both numbers are drawn, and kept in
/// the order in which they were drawn.
///
/// A network that has learnt 52 + 7 can hardly be tested with 7 + 52. **a + b and b + a are the same sum**: of the two only
/// the first that is drawn is kept. Then you may cut the list wherever you like, and no sum is on both sides.
///
/// All randomness comes from `rng`: the same seed gives the same sums.
///
/// # Errors
/// When there are not so many different sums. There are n · (n + 1) / 2 of n = 10^`digits` numbers.
///
/// Source: notebook “Learning to add numbers”; Keras, examples/addition_rnn.py.
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// use rnn::seq2seq::draw_sums;
/// let mut sums = draw_sums(55, 1, &mut StdRng::seed_from_u64(1)).unwrap();
/// for (a, b) in &mut sums {
///     (*a, *b) = (*a.min(b), *a.max(b));
/// }
/// sums.sort();
/// assert_eq!(sums[..4], [(0, 0), (0, 1), (0, 2), (0, 3)]); // all 55 of them
/// assert!(draw_sums(56, 1, &mut StdRng::seed_from_u64(1)).is_err());
/// ```
pub fn draw_sums(count: usize, digits: u32, rng: &mut StdRng) -> Result<Vec<(usize, usize)>, TooManySums> {
    todo!()
}

/// Writes sums of numbers of at most `digits` digits down, as the network is to read and write them.
///
/// ```text
/// (7, 25), 2 digits:    "7+25"  padded to 2 · 2 + 1 characters  "7+25 "  reversed  " 52+7"
///                       "32"    padded to 2 + 1 characters      "32 "
/// ```
///
/// Both are padded with spaces behind. A question is then reversed as a whole; an answer is not. Reversed, the question ends
/// with the first digit of the first number, and the answer begins with a digit that depends on it: what is needed first has
/// been read last.
///
/// Source: notebook “Learning to add numbers”; Sutskever, Vinyals & Le 2014, §3.3.
///
/// ```
/// use rnn::seq2seq::write_sums;
/// let sums = write_sums(&[(7, 25), (99, 1)], 2);
/// assert_eq!(sums.questions, [" 52+7", " 1+99"]);
/// assert_eq!(sums.answers, ["32 ", "100"]);
/// ```
pub fn write_sums(sums: &[(usize, usize)], digits: usize) -> Sums {
    todo!()
}

/// Answers questions: one row of logits for each character of each answer.
///
/// ```text
/// h₁ … h_l = encoder(question)           read it all; only the last state h_l goes on
/// s₁ … s_m = decoder(h_l, h_l, …, h_l)   m times the same input, m = `length`
/// logits_t = s_t · W + b                 for each t = 1 … m
/// ```
///
/// `questions` are one-hot vectors (n, l, characters); n answers of `length` characters come out as logits
/// (n, length, characters). Both LSTMs begin with states of 0 and may have different numbers of units. `toolkit` has
/// `LayerOps::lstm`, `time_step` and `linear`; your own `lstm_unroll` does it as well, only slower.
///
/// The decoder never sees a character of the answer, not even one that it has written itself.
///
/// Source: notebook “Learning to add numbers” (Keras's `RepeatVector` and `TimeDistributed`); Cho et al. 2014.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::{given::sums::Adder, seq2seq::adder_logits};
/// use toolkit::ops::LstmWeights;
/// let dev = Cpu::default();
/// let lstm = || LstmWeights {
///     input: dev.ones_like(&(1, 4)),
///     hidden: dev.ones_like(&(1, 4)),
///     bias: dev.zeros_like(&(4,)),
/// };
/// let (weight, bias) = (dev.ones_like(&(1, 2)), dev.zeros_like(&(2,)));
/// let adder = Adder { encoder: lstm(), decoder: lstm(), weight, bias };
/// let logits = adder_logits(&adder, dev.ones_like(&(1, 3, 1)), 2).as_vec();
/// assert!((logits[0] - 0.2913).abs() < 1e-3 && (logits[2] - 0.5453).abs() < 1e-3, "{logits:?}");
/// ```
pub fn adder_logits<D: LayerOps, T: Tape<f32, D>>(
    adder: &Adder<D>,
    questions: Sequences<D, T>,
    length: usize,
) -> Sequences<D, T> {
    todo!()
}

/// Trains a network on sums, and lets it answer others.
///
/// ```text
/// loss of a batch = −mean over all characters of its answers of ln softmax(logits)[character]
/// step k of n:      Adam with the step size η · (1 − k/n),   k = 0, 1, …, n − 1
/// ```
///
/// 1. Draw the weights of both LSTMs and of the linear layer, all of `recipe.hidden` units: `toolkit` has
///    `LstmWeights::new`, `init::xavier_uniform`. The linear layer's bias starts at 0.
/// 2. In every epoch shuffle the training sums anew and cut them into batches of `batch_size`, of which the last may be
///    smaller. Make one step of Adam on each (`toolkit::optim` has it). The step size falls evenly, from η to almost 0 at
///    the last of all steps: large ones find the way, small ones arrive.
/// 3. The epoch's loss is the mean over all sums of the loss that each had when its batch came up, before the step: a
///    smaller last batch counts less.
/// 4. After the last epoch the network answers the test questions, each character by its largest logit. An answer is right
///    if all its characters are, padding included. **The test answers are for this only**: whatever they are, the network's
///    own answers are the same.
///
/// All randomness comes from `rng`: the same seed gives the same report. There is at least one training and one test sum;
/// with 0 epochs there are no losses.
///
/// With 4,500 of all sums of two digits, the notebook's recipe (Adam at 0.001, batches of 128, 100 epochs) answers 92 to
/// 94 % of 500 other sums right. Find out what a larger step size, smaller batches and their end at 0 do to that.
///
/// Source: notebook “Learning to add numbers”; Sutskever, Vinyals & Le 2014; Jozefowicz et al. 2015 for the forget gate.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use rnn::{given::sums::Recipe, seq2seq::{draw_sums, seq2seq_addition, write_sums}};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let sums = write_sums(&draw_sums(20, 1, &mut rng).unwrap(), 1);
/// let recipe = Recipe { hidden: 32, epochs: 60, batch_size: 4, learning_rate: 0.01 };
/// let report = seq2seq_addition(&sums, &sums, recipe, &dev, &mut rng);
/// assert_eq!(report.exact, 1.0); // learnt by heart
/// assert_eq!(report.answers, sums.answers);
/// ```
pub fn seq2seq_addition<D: LayerOps>(
    train: &Sums,
    test: &Sums,
    recipe: Recipe,
    dev: &D,
    rng: &mut StdRng,
) -> Report {
    todo!()
}
