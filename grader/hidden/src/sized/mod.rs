//! Calls to be timed: an exercise's author writes one function that draws a call of a given size and says how much work it is.
//!
//! No oracle and no answer here: what is timed is compared with what the reference answers to the same call. So these
//! stay in the copies that students get.

pub(crate) mod convnets;
pub mod mine;
pub(crate) mod regularization;
pub(crate) mod rnn;
pub(crate) mod special_layers;
pub(crate) mod tricks;

use std::collections::BTreeMap;

use protocol::Call;

use crate::{
    Args, Budget, Check, Rule, Statistic, Suite,
    exercises::{CHAPTERS, Entry, entry},
};

/// How large a call is: the lengths that `exercises.toml` names.
pub type Sizes = BTreeMap<String, usize>;

/// The function that draws a call of an exercise.
pub type Sizer = fn(&mut Suite, &dyn Fn(&str) -> usize) -> Workload;

/// How much a call has to do, by the textbook: what rates are computed from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Work {
    /// Floating-point operations, where arithmetic decides.
    Flops(f64),
    /// Bytes that must be read or written at least, where memory decides.
    Bytes(f64),
}

/// A call to be timed.
#[derive(Clone, Debug)]
pub struct Workload {
    args: Args,
    cotangent: Option<Vec<usize>>,
    /// How far two right answers may lie apart.
    pub budget: Budget,
    /// What must hold of an answer that chance decides; where this is empty, the reference's answer must.
    pub checks: Vec<Check>,
    /// Forward.
    pub forward: Work,
    /// Forward and backward, where there is a backward pass.
    pub both: Option<Work>,
}

impl Workload {
    /// A call with a forward pass alone, so far.
    fn new(args: Args, budget: Budget, forward: Work) -> Self {
        // Two right answers may each be off by a budget, in different directions.
        Self { args, cotangent: None, budget: budget.times(2.0), checks: Vec::new(), forward, both: None }
    }

    /// With a backward pass from a cotangent of this shape; `both` is the work of forward and backward pass.
    fn backward(self, shape: &[usize], both: Work) -> Self {
        Self { cotangent: Some(shape.to_vec()), both: Some(both), ..self }
    }

    /// What an answer that chance decides must obey.
    fn check(mut self, output: &str, rule: Rule) -> Self {
        self.checks.push(Check { call: 0, output: output.to_owned(), steps: Vec::new(), rule });
        self
    }

    fn statistic(self, output: &str, statistic: Statistic, low: f64, high: f64) -> Self {
        self.check(output, Rule::Statistic { statistic, low, high })
    }
}

/// A call of `chapter/exercise` of these sizes, drawn from `seed`; with a cotangent where it goes `backward`. `None` where
/// nobody times the exercise, or it has no backward pass.
///
/// # Panics
/// When `sizes` lacks one: a slip in `exercises.toml`, which a test looks for.
pub fn workload(
    chapter: &str,
    exercise: &str,
    sizes: &Sizes,
    seed: u64,
    backward: bool,
) -> Option<(Call, Workload)> {
    let sizer = entry(chapter, exercise)?.sized?;
    let size = |name: &str| match sizes.get(name) {
        Some(&size) => size,
        None => panic!("`bench` of `{chapter}/{exercise}` in exercises.toml has no size `{name}`"),
    };
    let mut tests = Suite::new(exercise, seed);
    let workload = sizer(&mut tests, &size);
    let mut args = workload.args.clone();
    match (&workload.cotangent, backward) {
        (Some(shape), true) => args = args.constant("d_y", tests.normal(shape, 1.0)),
        (None, true) => return None,
        (_, false) => {}
    }
    Some((args.into_call(exercise), workload))
}

/// Exercises that can be timed, as `(chapter, exercise)`.
pub fn timed() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_chapter = |&(chapter, entries): &(&'static str, &'static [Entry])| {
        entries.iter().filter(|entry| entry.sized.is_some()).map(move |entry| (chapter, entry.id))
    };
    CHAPTERS.iter().flat_map(of_chapter)
}

/// So many times four bytes: single-precision numbers read or written.
fn floats(n: usize) -> Work {
    Work::Bytes(4.0 * n as f64)
}

/// A product of the sizes, twice: a multiplication and an addition each.
fn multiply_adds(sizes: &[usize]) -> f64 {
    sizes.iter().fold(2.0, |product, &size| product * size as f64)
}

/// Three products of the size of the forward pass's: itself, and one for each of the two gradients.
fn three_products(forward: f64) -> Work {
    Work::Flops(3.0 * forward)
}
