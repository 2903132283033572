//! Trainings of capstones that are made twice, on the given layers and on those that a student wrote: small enough to wait for,
//! long enough for a wrong layer to show.
//!
//! No answer here: what the one training gives is compared with what the other does. So these, too, stay in students' copies.

use datasets::{
    Error, Examples, Images,
    generated::{Additions, additions},
    mnist, text,
};
use protocol::{Call, Value};
use rand::{SeedableRng, rngs::StdRng};

use crate::{Args, Suite, Tensor};

/// A training, and what is compared.
#[derive(Clone, Debug)]
pub struct Training {
    /// The call that trains.
    pub call: Call,
    /// The output with the losses.
    pub losses: &'static str,
    /// What each of them is of: a step, or an epoch.
    pub unit: &'static str,
    /// How far two right trainings may be apart, as a part of the loss.
    pub allowed: f64,
}

/// Two right layers round differently, by some 10⁻⁷ of a number. Over three seeds the losses of the solutions' layers and of the
/// toolkit's were 7·10⁻⁷ of themselves apart at most; a hundred times that leaves room for other ways to write a layer.
const ALLOWED: f64 = 1e-4;

/// How a capstone writes one.
type Author = fn(&mut Suite) -> Result<Args, Error>;

/// The training of `chapter/exercise`, drawn from `seed`. `None` where there is none.
///
/// # Errors
/// When data that it needs could not be loaded.
pub fn training(chapter: &str, exercise: &str, seed: u64) -> Option<Result<Training, Error>> {
    let (author, losses, unit): (Author, _, _) = match (chapter, exercise) {
        ("regularization", "mnist_mlp") => (mnist_mlp, "train_loss", "step"),
        ("convnets", "mnist_cnn") => (mnist_cnn, "train_loss", "step"),
        ("rnn", "char_rnn") => (char_rnn, "train_bits", "epoch"),
        ("rnn", "seq2seq_addition") => (seq2seq_addition, "train_loss", "step"),
        _ => return None,
    };
    let mut t = Suite::new(exercise, seed);
    let written = author(&mut t).map(|args| args.count("seed", t.seed()));
    Some(written.map(|args| Training { call: args.into_call(exercise), losses, unit, allowed: ALLOWED }))
}

/// Every epoch is one batch, so that the loss of each is that of a step.
fn mnist_mlp(t: &mut Suite) -> Result<Args, Error> {
    let digits = mnist::bundled()?;
    let (train, test) = (digits.train.select(&some(t, &digits.train, 148)), digits.test.select(&[0, 1, 2]));
    let args = [("train", train), ("test", test)].into_iter().fold(Args::new(), |args, (name, set)| {
        let images = pixels(t, &set, &[set.len(), set.size()]);
        args.constant(name, images).indexes(&format!("{name}_labels"), &set.labels)
    });
    let args = args.number("input_dropout", 0.125).number("hidden_dropout", 0.25);
    let args = args.count("hidden", 128).count("held_out", 20).count("epochs", 20).count("patience", 20);
    Ok(args.count("batch_size", 128).number("learning_rate", 0.004).number("decay", 0.99))
}

fn mnist_cnn(t: &mut Suite) -> Result<Args, Error> {
    let digits = mnist::bundled()?;
    let train = digits.train.select(&some(t, &digits.train, 20 * 32));
    let [validation, test] = [[0, 1], [2, 3]].map(|which| digits.test.select(&which));
    let sets = [("train", train), ("validation", validation), ("test", test)];
    let args = sets.into_iter().fold(Args::new(), |args, (name, set)| {
        let images = pixels(t, &set, &[set.len(), set.height, set.width, 1]);
        args.constant(name, images).indexes(&format!("{name}_labels"), &set.labels)
    });
    let args = args.count("first", 8).count("second", 16).count("hidden", 64);
    let args = args.number("pooled_dropout", 0.125).number("hidden_dropout", 0.25);
    Ok(args.count("epochs", 1).count("batch_size", 32).number("learning_rate", 0.004))
}

/// Two windows an epoch: the second begins with the states of the first.
fn char_rnn(t: &mut Suite) -> Result<Args, Error> {
    const STREAMS: usize = 16;
    const STEPS: usize = 24;
    let corpus = text::bundled()?;
    let characters = corpus.characters();
    let numbers = corpus.encode(&characters);
    let from = t.seed() % (numbers.len() / 2);
    let train = &numbers[from..from + STREAMS * 2 * STEPS + 1];
    let args = Args::new()
        .function("train_char_rnn + bits_per_character + write")
        .value("characters", Value::Text(characters.iter().collect()));
    let args = args.indexes("train", train).indexes("test", &train[..2]).text("start", "And ");
    let args = args.count("units", 64).count("epochs", 15).count("batch_size", STREAMS).count("steps", STEPS);
    Ok(args.number("learning_rate", 0.01).count("length", 1))
}

/// Every epoch is one batch, so that the loss of each is that of a step.
fn seq2seq_addition(t: &mut Suite) -> Result<Args, Error> {
    let all = additions(130, 2, true, &mut StdRng::seed_from_u64(t.seed() as u64));
    let lines = |lines: &[String]| Value::Text(lines.join("\n"));
    let Additions { questions, answers } = all;
    let args =
        [("train", 0..128), ("test", 128..130)].into_iter().fold(Args::new(), |args, (name, which)| {
            args.value(&format!("{name}_questions"), lines(&questions[which.clone()]))
                .value(&format!("{name}_answers"), lines(&answers[which]))
        });
    let args = args.count("hidden", 64).count("epochs", 20).count("batch_size", 128);
    Ok(args.number("learning_rate", 0.01))
}

/// The numbers of `count` neighbours, from a place that is drawn.
fn some(t: &mut Suite, images: &Images, count: usize) -> Vec<usize> {
    let from = t.seed() % (images.len() - count + 1);
    (from..from + count).collect()
}

fn pixels(t: &Suite, images: &Images, shape: &[usize]) -> Tensor {
    let values: Vec<f64> = images.pixels.iter().map(|&grey| f64::from(grey)).collect();
    t.array(shape, &values)
}
