//! Answers that nobody thought about: zeros, ones, any constant, an argument as it came, means, noise, nothing. None may pass all
//! checks of an output, and of the exercise.
//!
//! Where the right answer is such a one in every case, [`exceptions`](super::exceptions) says why.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use hidden::{Case, Check, Operand, Rule, Statistic, Step};
use protocol::{Answer, Array, Call, Value, Values};

use crate::judge::{Outcome, find_fault};

/// Elements of an output whose shape no rule tells.
const UNKNOWN: usize = 1000;

/// A way to answer without thinking.
#[derive(Clone, Debug)]
enum Idle {
    /// The same number everywhere, in every case.
    Constant(f64),
    /// The mean of each wanted array, where that is not all there is to it.
    MeanOfWanted,
    /// An argument as it came.
    Argument(String),
    /// The mean of an argument.
    MeanOf(String),
    /// Numbers that depend on the arguments alone, and on nothing in them.
    Noise,
    /// No elements.
    Empty,
    /// `Err` without a word.
    Refusal,
}

/// The checks of each output.
type Outputs<'c> = BTreeMap<&'c str, Vec<(&'c Case, &'c Check)>>;

/// The outputs that idle answers satisfy in all cases, and these answers in words.
pub fn passing(cases: &[Case]) -> Vec<(&str, String)> {
    let mut outputs = Outputs::new();
    for (case, check) in cases.iter().flat_map(|case| case.checks.iter().map(move |check| (case, check))) {
        outputs.entry(&check.output).or_default().push((case, check));
    }
    let arguments = arrays(cases);
    let found = outputs.iter().map(|(output, checks)| {
        let idle = answers(checks, &arguments);
        let passing: Vec<String> =
            idle.iter().filter(|idle| idle.passes(checks, &outputs)).map(Idle::name).collect();
        (*output, passing.join(", "))
    });
    found.filter(|(_, passing)| !passing.is_empty()).collect()
}

/// The names of arrays among the arguments; not of a network's hundreds of weights.
fn arrays(cases: &[Case]) -> BTreeSet<&str> {
    let arguments = cases.iter().flat_map(|case| &case.calls).flat_map(|call| &call.args);
    let arrays = arguments.filter(|(name, value)| matches!(value, Value::Array(_)) && !name.contains('/'));
    arrays.map(|(name, _)| name.as_str()).collect()
}

/// The idle answers to try for an output.
fn answers(checks: &[(&Case, &Check)], arguments: &BTreeSet<&str>) -> Vec<Idle> {
    let mut all = vec![Idle::MeanOfWanted, Idle::Noise, Idle::Empty, Idle::Refusal];
    all.extend(constants(checks).into_iter().map(Idle::Constant));
    for name in arguments {
        all.extend([Idle::Argument(name.to_string()), Idle::MeanOf(name.to_string())]);
    }
    all
}

/// Constants that are worth trying: the usual ones, the mean of all that is wanted, and what the bounds have in common.
fn constants(checks: &[(&Case, &Check)]) -> Vec<f64> {
    let mut constants = vec![0.0, 1.0, 0.5, f64::NAN];
    let wanted: Vec<f64> =
        checks.iter().filter_map(|(_, check)| wanted(check)).flat_map(Array::to_f64).collect();
    // One random number that is wanted once is nothing that somebody answers without looking.
    constants.extend(mean(&wanted).filter(|_| wanted.len() > 1));
    let plain = checks.iter().filter(|(_, check)| check.steps.is_empty());
    let bounds = plain.filter_map(|(_, check)| match check.rule {
        Rule::Within { low, high } => Some((low, high)),
        Rule::Statistic {
            statistic: Statistic::Mean | Statistic::Min | Statistic::Max | Statistic::Last,
            low,
            high,
        } => Some((low, high)),
        _ => None,
    });
    if let Some((low, high)) = bounds.reduce(|a, b| (a.0.max(b.0), a.1.min(b.1))) {
        constants.extend([low, high, (low + high) / 2.0].iter().filter(|bound| bound.is_finite()));
    }
    constants
}

/// What is wanted of an output as it is.
fn wanted(check: &Check) -> Option<&Array> {
    match &check.rule {
        _ if !check.steps.is_empty() => None,
        Rule::Close { want, .. } => Some(want),
        Rule::CloseToAny { wants, .. } => wants.first(),
        _ => None,
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    let finite: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
    (!finite.is_empty()).then(|| finite.iter().sum::<f64>() / finite.len() as f64)
}

impl Idle {
    fn name(&self) -> String {
        match self {
            Self::Constant(x) => format!("the constant {x}"),
            Self::MeanOfWanted => "the mean of what is wanted".to_owned(),
            Self::Argument(name) => format!("`{name}` as it came"),
            Self::MeanOf(name) => format!("the mean of `{name}`"),
            Self::Noise => "noise".to_owned(),
            Self::Empty => "nothing".to_owned(),
            Self::Refusal => "an `Err` without a word".to_owned(),
        }
    }

    /// Whether all checks hold of such an answer; not where it makes none, and not where it is what must come back as it came.
    fn passes(&self, checks: &[(&Case, &Check)], outputs: &Outputs) -> bool {
        let mut judged = false;
        for (case, check) in checks {
            if matches!(self, Self::MeanOfWanted) && !wanted(check).is_some_and(varies) {
                continue;
            }
            if !self.satisfies(case, check) || self.is_refuted_beside(check, outputs) {
                return false;
            }
            judged = true;
        }
        judged && !checks.iter().all(|(case, check)| self.is_asked_for(case, check))
    }

    /// Whether a check holds of such an answer.
    fn satisfies(&self, case: &Case, check: &Check) -> bool {
        let outcomes = self.outcomes(case, check);
        outcomes.is_some_and(|outcomes| find_fault(&hollow(case), check, &outcomes).is_none())
    }

    /// Whether a check compares with another output that knows better.
    fn is_refuted_beside(&self, check: &Check, outputs: &Outputs) -> bool {
        let Rule::SameAs { output, .. } = &check.rule else { return false };
        let beside = outputs.get(output.as_str()).filter(|_| *output != check.output);
        beside.is_some_and(|checks| !checks.iter().all(|(case, check)| self.satisfies(case, check)))
    }

    /// Whether a check wants an argument as it came.
    fn is_asked_for(&self, case: &Case, check: &Check) -> bool {
        let Self::Argument(name) = self else { return false };
        let argument = case.calls.get(check.call).and_then(|call| call.args.get(name));
        match (wanted(check), argument) {
            (Some(want), Some(Value::Array(argument))) => want.to_f64() == argument.to_f64(),
            _ => false,
        }
    }

    /// The answers to all calls of a case, as far as `check` looks at them.
    fn outcomes(&self, case: &Case, check: &Check) -> Option<Vec<Outcome>> {
        let mut values = vec![Values::new(); case.calls.len()];
        let mut answer = |call: usize, output: &str| {
            let value = self.value(case, call, output)?;
            values.get_mut(call)?.insert(output.to_owned(), value);
            Some(())
        };
        answer(check.call, &check.output)?;
        if let Rule::SameAs { call, output } | Rule::DiffersFrom { call, output } = &check.rule {
            answer(*call, output)?;
        }
        for step in &check.steps {
            if let Step::Minus(Operand::Output(output))
            | Step::Times(Operand::Output(output))
            | Step::Over(Operand::Output(output)) = step
            {
                answer(check.call, output)?;
            }
        }
        let answered = |values| match self {
            Self::Refusal => Answer::Refused(String::new()),
            _ => Answer::Values(values),
        };
        Some(values.into_iter().map(|values| Outcome::Answered(answered(values))).collect())
    }

    fn value(&self, case: &Case, call: usize, output: &str) -> Option<Value> {
        let rules = || case.checks.iter().filter(|check| check.call == call && check.output == output);
        let arguments = &case.calls.get(call)?.args;
        let argument = |name: &str| match arguments.get(name) {
            Some(Value::Array(array)) => Some(array),
            _ => None,
        };
        if rules().any(|check| matches!(check.rule, Rule::Text { .. })) {
            return Some(Value::Text(String::new()));
        }
        let shape = shape(case, call, output);
        let n = shape.iter().product();
        let filled = |x: f64| Array::f64(&shape, vec![x; n]);
        Some(Value::Array(match self {
            Self::Constant(x) => filled(*x),
            Self::MeanOfWanted => filled(rules().find_map(wanted).and_then(|want| mean(&want.to_f64()))?),
            Self::Argument(name) => argument(name)?.clone(),
            Self::MeanOf(name) => filled(mean(&argument(name)?.to_f64())?),
            Self::Noise => Array::f64(&shape, noise(&case.calls[call], n)),
            Self::Empty | Self::Refusal => Array::f64(&[0], Vec::new()),
        }))
    }
}

/// A case whose complaints are short: nobody reads them.
fn hollow(case: &Case) -> Case {
    let calls = case.calls.iter().map(|call| Call::own(&call.exercise, Values::new()));
    Case { about: String::new(), calls: calls.collect(), checks: Vec::new(), shows: Vec::new() }
}

fn varies(want: &Array) -> bool {
    let values = want.to_f64();
    values.iter().any(|x| x != &values[0])
}

/// The shape that some rule tells, or what is worked out of the output.
fn shape(case: &Case, call: usize, output: &str) -> Vec<usize> {
    let same = |check: &&Check| check.call == call && check.output == output;
    let told = case.checks.iter().filter(same).find_map(|check| match (check.steps.first(), &check.rule) {
        (Some(step), _) => shape_before(step),
        (None, Rule::Close { want, .. }) => Some(want.shape.clone()),
        (None, Rule::CloseToAny { wants, .. }) => wants.first().map(|want| want.shape.clone()),
        (None, Rule::Shape { shape }) => Some(shape.clone()),
        (None, Rule::Permutation { of }) => Some(vec![of.len()]),
        (None, Rule::Spans { basis, .. }) => Some(basis.shape.clone()),
        _ => None,
    });
    told.unwrap_or_else(|| vec![UNKNOWN])
}

/// The shape that a step needs.
fn shape_before(step: &Step) -> Option<Vec<usize>> {
    match step {
        Step::Minus(Operand::Known(array))
        | Step::Times(Operand::Known(array))
        | Step::Over(Operand::Known(array))
        | Step::Error { against: array, .. }
        | Step::Equal(array) => (!array.shape.is_empty()).then(|| array.shape.clone()),
        Step::Dot(weights) => Some(vec![weights.len()]),
        Step::Accuracy(labels) => Some(vec![labels.len(), labels.iter().max()? + 1]),
        _ => None,
    }
}

/// Uniform in 0..1, another for another function, and for other numbers and words among the arguments.
fn noise(call: &Call, n: usize) -> Vec<f64> {
    let mut hasher = DefaultHasher::new();
    let small = call.args.iter().filter(|(_, value)| !matches!(value, Value::Array(_)));
    format!("{} {:?}", call.function, small.collect::<Vec<_>>()).hash(&mut hasher);
    let mut state = hasher.finish();
    let mut next = || {
        // splitmix64
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as f64 / 2f64.powi(64)
    };
    (0..n).map(|_| next()).collect()
}
