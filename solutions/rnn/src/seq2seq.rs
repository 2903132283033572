//! Capstone: a network that learns to add.

use std::collections::HashSet;

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng, seq::SliceRandom};
use toolkit::{
    epoch_log::EpochLog,
    init::xavier_uniform,
    ops::{LayerOps, LstmWeights},
    optim::{AdamConfig, Optimizer, Rule},
    tensor::Sequences,
};

use crate::given::sums::{Adder, CHARACTERS, Recipe, Report, Sums, TooManySums, watched};

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
    let numbers = 10_usize.pow(digits);
    let different = numbers * (numbers + 1) / 2;
    if count > different {
        return Err(TooManySums { count, different });
    }
    let mut seen = HashSet::new();
    let mut sums = Vec::with_capacity(count);
    while sums.len() < count {
        let (a, b) = (draw_number(digits, rng), draw_number(digits, rng));
        // both orders have the same key
        if seen.insert((a.min(b), a.max(b))) {
            sums.push((a, b));
        }
    }
    Ok(sums)
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
    let question = |(a, b): &(usize, usize)| {
        let padded = format!("{:<length$}", format!("{a}+{b}"), length = 2 * digits + 1);
        padded.chars().rev().collect()
    };
    let answer = |(a, b): &(usize, usize)| format!("{:<length$}", a + b, length = digits + 1);
    Sums { questions: sums.iter().map(question).collect(), answers: sums.iter().map(answer).collect() }
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
    let (n, steps, _) = *questions.shape();
    let last = D::time_step(D::lstm(questions, &adder.encoder), steps - 1);
    let inputs = (n, length, last.shape().1);
    let states = D::lstm(last.broadcast_like::<_, Axis<1>>(&inputs), &adder.decoder);
    // the linear layer wants rows: all steps of all answers
    let (hidden, characters) = *adder.weight.shape();
    let logits = D::linear(states.reshape_like(&(n * length, hidden)), &adder.weight, &adder.bias);
    logits.reshape_like(&(n, length, characters))
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
    let mut adder = Adder::new(recipe.hidden, dev, rng);
    let mut order: Vec<usize> = (0..train.questions.len()).collect();
    let steps = recipe.epochs * order.len().div_ceil(recipe.batch_size);
    let mut adam = Optimizer::new(adam_of(recipe.learning_rate));
    let (mut done, mut train_loss, mut log) = (0, Vec::new(), EpochLog::new(recipe.epochs));
    let few = test.pick(&(0..test.questions.len().min(WATCHED)).collect::<Vec<_>>());
    for _ in 0..recipe.epochs {
        order.shuffle(rng);
        let mut sum = 0.0;
        for rows in order.chunks(recipe.batch_size) {
            adam.rule = adam_of(recipe.learning_rate * (1.0 - done as f64 / steps as f64));
            sum += adder.step(&mut adam, &train.pick(rows), dev) * rows.len() as f32;
            done += 1;
        }
        let loss = sum / order.len() as f32;
        train_loss.push(loss);
        // Who watches sees the loss, and below it what the network makes of a few sums by now.
        log.epoch(format_args!("loss {loss:.4}\n{}", watched(&few.questions, &adder.answers(&few, dev))));
    }
    let answers = adder.answers(test, dev);
    let right = answers.iter().zip(&test.answers).filter(|(ours, theirs)| ours == theirs).count();
    Report { train_loss, exact: right as f32 / answers.len() as f32, answers }
}

/// How many sums somebody watches while the network learns.
const WATCHED: usize = 5;

fn draw_number(digits: u32, rng: &mut StdRng) -> usize {
    let length = rng.gen_range(1..=digits);
    rng.gen_range(0..10_usize.pow(length))
}

fn adam_of(learning_rate: f64) -> Rule {
    Rule::Adam(AdamConfig { lr: learning_rate, ..AdamConfig::default() })
}

/// The characters' numbers, text after text.
fn numbers(texts: &[String]) -> Vec<usize> {
    texts.iter().flat_map(|text| text.chars().filter_map(|c| CHARACTERS.find(c))).collect()
}

/// The characters' one-hot vectors: (texts, length, characters).
fn one_hot<D: Device<f32>>(texts: &[String], dev: &D) -> Sequences<D> {
    let (numbers, width) = (numbers(texts), CHARACTERS.len());
    let mut rows = vec![0.0; numbers.len() * width];
    numbers.iter().enumerate().for_each(|(row, number)| rows[row * width + number] = 1.0);
    dev.tensor_from_vec(rows, (texts.len(), numbers.len() / texts.len(), width))
}

impl<D: LayerOps> Adder<D> {
    fn new(hidden: usize, dev: &D, rng: &mut StdRng) -> Self {
        let characters = CHARACTERS.len();
        Self {
            encoder: LstmWeights::new(characters, hidden, dev, rng),
            decoder: LstmWeights::new(hidden, hidden, dev, rng),
            weight: xavier_uniform((hidden, characters), dev, rng),
            bias: dev.zeros_like(&(characters,)),
        }
    }

    /// One step downhill; the loss before it.
    fn step(&mut self, adam: &mut Optimizer<D>, sums: &Sums, dev: &D) -> f32 {
        let targets = numbers(&sums.answers);
        let count = targets.len();
        let questions = one_hot(&sums.questions, dev).leaky_trace();
        let logits = adder_logits(self, questions, count / sums.answers.len());
        let logits = logits.reshape_like(&(count, CHARACTERS.len()));
        let loss = D::softmax_cross_entropy(logits, &dev.tensor_from_vec(targets, (count,)));
        let value = loss.as_vec()[0];
        // It fails only when the device has no memory left.
        adam.step(self, loss.backward()).expect("out of memory");
        value
    }

    /// The network's answers to the questions, as long as the right ones.
    fn answers(&self, sums: &Sums, dev: &D) -> Vec<String> {
        let length = sums.answers[0].len();
        let logits = adder_logits(self, one_hot(&sums.questions, dev), length).as_vec();
        let largest = |z: &[f32]| (0..z.len()).max_by(|&i, &j| z[i].total_cmp(&z[j]));
        let numbers = logits.chunks(CHARACTERS.len()).filter_map(largest);
        let characters: Vec<char> = numbers.filter_map(|number| CHARACTERS.chars().nth(number)).collect();
        characters.chunks(length).map(String::from_iter).collect()
    }
}
