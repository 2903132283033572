//! Cases for `rnn::seq2seq`: sums by their rules, logits by the formula, trainings by what they answer.

use std::collections::HashSet;

use datasets::generated::{Additions, additions};
use protocol::Value;
use rand::{Rng, SeedableRng, rngs::StdRng};

use super::oracle::{Weights, part};
use crate::{Args, Budget, Derived, Plot, Rule, Statistic, Suite, Tensor, Terms, is_supposed, otherwise};

pub fn seq2seq_addition(t: &mut Suite) {
    draws(t);
    writing(t);
    answers(t);
    secrets(t);
    // The reference, over five seeds: 0.998 to 1.
    let plan = Plan { hidden: 64, epochs: 12, batch_size: 32, learning_rate: 0.01 };
    learns(t, plan, 0.95);
}

/// The notebook's size.
pub fn full(t: &mut Suite) {
    learns(t, Plan { hidden: 128, epochs: 20, batch_size: 32, learning_rate: 0.01 }, 0.99);
}

/// How a network is trained.
#[derive(Clone, Copy)]
struct Plan {
    hidden: usize,
    epochs: usize,
    batch_size: usize,
    learning_rate: f64,
}

impl Plan {
    fn args(self, train: &Additions, test: &Additions, seed: usize) -> Args {
        let text = |lines: &[String]| Value::Text(lines.join("\n"));
        Args::new()
            .value("train_questions", text(&train.questions))
            .value("train_answers", text(&train.answers))
            .value("test_questions", text(&test.questions))
            .value("test_answers", text(&test.answers))
            .count("hidden", self.hidden)
            .count("epochs", self.epochs)
            .count("batch_size", self.batch_size)
            .number("learning_rate", self.learning_rate)
            .count("seed", seed)
    }
}

/// 4500 sums of two digits to learn from, 500 others to answer. Each of these travels with the next one's answer, so that
/// nobody but the judge knows what is right.
fn learns(t: &mut Suite, plan: Plan, least: f64) {
    let (train, test) = sums(5000, 500, 2, 42);
    let mut others = test.clone();
    others.answers.rotate_left(1);
    let letters: Vec<f64> = test.answers.iter().map(|answer| in_one_number(answer)).collect();
    let right = Derived::of("answers").dot(&LETTERS).equal(&t.array(&[letters.len()], &letters));
    t.call("4500 sums to learn, 500 others to answer", plan.args(&train, &others, 1))
        .check("train_loss", Rule::Shape { shape: vec![plan.epochs] })
        .within(right.clone(), least, 1.0)
        .number("answered right to the last digit", right)
        .text("some answers", "shown")
        .line(&Plot::new("Loss", "epoch", "cross entropy"), "training", "train_loss");
}

/// What the three letters of an answer are worth in a number that stands for it; letters are below 128.
const LETTERS: [f64; 3] = [16_384.0, 128.0, 1.0];

fn in_one_number(answer: &str) -> f64 {
    answer.bytes().zip(LETTERS).map(|(letter, worth)| f64::from(letter) * worth).sum()
}

/// Reversed sums, of which the last `held_out` are the second part.
fn sums(n: usize, held_out: usize, digits: u32, seed: u64) -> (Additions, Additions) {
    let all = additions(n, digits, true, &mut StdRng::seed_from_u64(seed));
    let cut = |from: usize, to: usize| Additions {
        questions: all.questions[from..to].to_vec(),
        answers: all.answers[from..to].to_vec(),
    };
    (cut(0, n - held_out), cut(n - held_out, n))
}

/// A number for each sum, the same for a + b and b + a; `numbers` is how many numbers there are to draw from.
fn unordered(numbers: f64) -> Derived {
    Derived::of("sums").sorted().dot(&[numbers, 1.0])
}

fn draws(t: &mut Suite) {
    let args = |count: usize, digits: usize, seed: usize| {
        Args::new().function("draw_sums").count("count", count).count("digits", digits).count("seed", seed)
    };
    for round in 0..16 {
        let count = t.rng.gen_range(1..=55);
        let about = "sums of one digit: none twice, whether a + b or b + a";
        let most = count as f64;
        t.call(about, args(count, 1, round))
            .check("sums", Rule::Shape { shape: vec![count, 2] })
            .statistic(unordered(10.0), Statistic::Distinct, most, most)
            .within("sums", 0.0, 9.0);
    }
    let all = (0..10).flat_map(|a| (a..10).map(move |b| f64::from(10 * a + b))).collect();
    t.call("all 55 sums of one digit", args(55, 1, 3)).check(unordered(10.0), Rule::Permutation { of: all });
    let seed = t.seed();
    t.call("2000 sums of two digits, none twice", args(2000, 2, seed))
        .statistic(unordered(100.0), Statistic::Distinct, 2000.0, 2000.0)
        .statistic(Derived::of("sums").dot(&[1.0, 0.0]), Statistic::Max, 95.0, 99.0)
        .also(args(2000, 2, seed))
        .check("sums", Rule::SameAs { call: 0, output: "sums".to_owned() })
        .also(args(2000, 2, seed + 1))
        .check("sums", Rule::DiffersFrom { call: 0, output: "sums".to_owned() });
    // Half of all numbers have one digit, so their mean is (4.5 + 49.5) / 2 = 27 and their spread 30.3; that no sum comes
    // twice makes it 29. The mean of 150 has a spread of 2.5: bounds at almost five of them. Of numbers that are all equally
    // likely it is 49.5.
    let first = |t: &mut Suite| {
        let seed = t.seed();
        t.call("150 sums of two digits: short numbers are as frequent as long ones", args(150, 2, seed))
            .statistic(Derived::of("sums").dot(&[1.0, 0.0]), Statistic::Mean, 15.0, 41.0)
            .statistic(Derived::of("sums").dot(&[0.0, 1.0]), Statistic::Mean, 15.0, 41.0);
    };
    first(t);
    t.call("more sums than there are", args(56, 1, 1)).refuses(&["56", "55"]);
    t.call("many more sums than there are", args(6000, 2, 1)).refuses(&["6000", "5050"]);
}

fn writing(t: &mut Suite) {
    for digits in [1, 2, 3] {
        for _ in 0..20 {
            let n = t.rng.gen_range(1..=4);
            let most = 10usize.pow(digits);
            let pairs: Vec<(usize, usize)> =
                (0..n).map(|_| (t.rng.gen_range(0..most), t.rng.gen_range(0..most))).collect();
            write(t, "sums of random numbers", &pairs, digits as usize);
        }
    }
    write(t, "zeros", &[(0, 0), (0, 99), (99, 0)], 2);
    write(t, "the longest and the shortest", &[(999, 999), (1, 2)], 3);
}

fn write(t: &mut Suite, about: &str, pairs: &[(usize, usize)], digits: usize) {
    let padded = |text: String, length: usize| text.clone() + &" ".repeat(length - text.len());
    let is_front = is_supposed("spaces stood in front");
    let padded = |text: String, length: usize| {
        if is_front { " ".repeat(length - text.len()) + &text } else { padded(text, length) }
    };
    let has_zeros = is_supposed("numbers were filled up with zeros");
    let number = |n: usize| if has_zeros { format!("{n:0digits$}") } else { n.to_string() };
    let exchanged = is_supposed("the two numbers of a question were exchanged");
    let question = |&(a, b): &(usize, usize)| {
        let (a, b) = if exchanged { (b, a) } else { (a, b) };
        padded(format!("{}+{}", number(a), number(b)), 2 * digits + 1).chars().rev().collect::<String>()
    };
    let answer = |&(a, b): &(usize, usize)| padded(format!("{}", a + b), digits + 1);
    let column = |f: fn(&(usize, usize)) -> usize| pairs.iter().map(f).collect::<Vec<_>>();
    let lines = |f: &dyn Fn(&(usize, usize)) -> String| pairs.iter().map(f).collect::<Vec<_>>().join("\n");
    let (a, b) = (column(|pair| pair.0), column(|pair| pair.1));
    let args = Args::new().function("write_sums").indexes("a", &a).indexes("b", &b).count("digits", digits);
    t.call(about, args)
        .check("questions", Rule::Text { want: lines(&question) })
        .check("answers", Rule::Text { want: lines(&answer) });
}

fn answers(t: &mut Suite) {
    for _ in 0..64 {
        t.decisive(answer);
    }
}

fn answer(t: &mut Suite) {
    let [n, steps, length, width, first, second] = [3, 4, 3, 4, 3, 3].map(|most| t.rng.gen_range(1..=most));
    let args = Args::new().function("adder_logits");
    let mut args = args.tensor("questions", t.normal(&[n, steps, width], 1.0));
    for (name, features, hidden) in [("encoder", width, first), ("decoder", first, second)] {
        args = args
            .tensor(&format!("{name}_input"), t.normal(&[features, 4 * hidden], 0.7))
            .tensor(&format!("{name}_hidden"), t.normal(&[hidden, 4 * hidden], 0.7))
            .tensor(&format!("{name}_bias"), t.normal(&[4 * hidden], 0.7));
    }
    args = args.tensor("weight", t.normal(&[second, width], 1.0)).tensor("bias", t.normal(&[width], 1.0));
    // Two LSTMs of up to four steps: a chain four times as long as a cell's, of numbers up to 5. What reaches the encoder
    // is small, as half open gates and flat slopes lie between, and so are the terms that its gradients are summed from.
    // A slope 1 − tanh² of a gate that is nearly saturated is known to the rounding of 1, not of itself: the factor of gradients.
    let budget = Budget::sum(n + width + first + second).times(4.0);
    let budget = |output: &str, terms: Terms| match output {
        "y" => budget.scale(5.0),
        _ => budget.times(4.0).scale(terms.largest),
    };
    let about = format!("logits of {n} answers of {length} characters to questions of {steps}");
    t.differentiable_each(&about, args.count("length", length), budget, |args| logits(args, length));
}

fn logits(args: &Args, length: usize) -> Tensor {
    let questions = args.get("questions");
    let (n, width) = (questions.shape()[0], questions.shape()[2]);
    let lstm = |name: &str| {
        let get = |part: &str| args.get(&format!("{name}_{part}"));
        Weights::new(get("input"), get("hidden"), get("bias"))
    };
    let (encoder, decoder) = (lstm("encoder"), lstm("decoder"));
    let (weight, bias) = (args.get("weight"), args.get("bias"));
    let mut values = Vec::new();
    for i in 0..n {
        let mut state = zeros(args.get("encoder_hidden"));
        for x in part(questions, i).chunks(width) {
            state = encoder.lstm_step(x, &state.0, &state.1);
        }
        let read = if is_supposed("the encoder's C were read, not its h") {
            state.1.clone()
        } else {
            state.0.clone()
        };
        let handed = is_supposed("the decoder began with the encoder's state");
        let mut state = match zeros(args.get("decoder_hidden")) {
            zeros if handed && zeros.0.len() == state.0.len() => state,
            zeros => zeros,
        };
        let (first_alone, forgets) = (
            is_supposed("the decoder heard the question at its first step only"),
            is_supposed("the decoder's state began anew at each step"),
        );
        for step in 0..length {
            if forgets {
                state = zeros(args.get("decoder_hidden"));
            }
            let heard = if first_alone && step > 0 { vec![0.0; read.len()] } else { read.clone() };
            state = decoder.lstm_step(&heard, &state.0, &state.1);
            let unit = |k: usize| state.0.iter().enumerate().map(|(j, h)| h * weight[[j, k]]).sum::<f64>();
            let times = otherwise("the readout's bias were left out", 1.0, 0.0);
            values.extend((0..bias.len()).map(|k| times * bias[[k]] + unit(k)));
        }
    }
    Tensor::from_shape_vec(vec![n, length, bias.len()], values).unwrap_or_default()
}

fn zeros(hidden: &Tensor) -> (Vec<f64>, Vec<f64>) {
    let n = hidden.shape()[0];
    (vec![0.0; n], vec![0.0; n])
}

/// What may not make a difference, and what must.
fn secrets(t: &mut Suite) {
    let plan = Plan { hidden: 8, epochs: 2, batch_size: 8, learning_rate: 0.01 };
    let (train, test) = sums(50, 10, 1, t.rng.r#gen());
    let wrong = Additions { answers: vec!["7 ".to_owned(); 10], ..test.clone() };
    let seed = t.seed();
    let same = |call: usize, output: &str| Rule::SameAs { call, output: output.to_owned() };
    t.call("other test answers, the same answers of the network", plan.args(&train, &test, seed))
        .also(plan.args(&train, &wrong, seed))
        .check("answers", same(0, "answers"))
        .check("train_loss", same(0, "train_loss"));
    t.call("the same seed twice, then another", plan.args(&train, &test, seed))
        .also(plan.args(&train, &test, seed))
        .check("train_loss", same(0, "train_loss"))
        .also(plan.args(&train, &test, seed + 1))
        .check("train_loss", Rule::DiffersFrom { call: 0, output: "train_loss".to_owned() });
    let none = Plan { epochs: 0, ..plan };
    t.call("0 epochs: no losses, but answers", none.args(&train, &test, seed))
        .check("train_loss", Rule::Shape { shape: vec![0] })
        // Whatever it writes instead, ten different sums are hardly half of it.
        .statistic("exact", Statistic::Mean, 0.0, 0.5);
    // Before anything is learnt all twelve characters are about equally likely: ln 12 = 2.48.
    let still = Plan { epochs: 4, learning_rate: 0.0, hidden: 32, ..plan };
    t.call("a step size of 0: the loss of a network that knows nothing", still.args(&train, &test, seed))
        .check("train_loss", Rule::Shape { shape: vec![4] })
        .check("train_loss", Rule::Within { low: 2.2, high: 2.8 })
        // A mean over all sums, however they are shuffled.
        .within(Derived::of("train_loss").dot(&[1.0, -1.0]), -1e-4, 1e-4);
    let heart = Plan { hidden: 32, epochs: 120, batch_size: 8, learning_rate: 0.01 };
    let distinct: HashSet<&String> = train.questions.iter().collect();
    let about = format!("{} sums learnt by heart", distinct.len());
    // The reference, over forty seeds: all of them, and once all but one.
    t.call(&about, heart.args(&train, &train, seed)).statistic("exact", Statistic::Mean, 0.9, 1.0);
}
