//! Says what is wrong with a reading. Whether something is, follows from the rule: the same comparison finds both.

use hidden::{Budget, Case, Check, Rule, Statistic};
use protocol::Array;

use super::{
    arguments::{arguments, differing},
    numbers::{capitalised, index, number, shape, times},
    quantities::{quantity, statistic_name},
    walls::{self, Told},
};
use crate::verdict::{Fault, Kind, Reading, near};

/// Differing elements shown.
const SHOWN: usize = 3;

/// What is wrong, or `None` where the rule holds.
pub fn fault(case: &Case, check: &Check, reading: &Reading) -> Option<String> {
    let complaint = match (&check.rule, reading) {
        (Rule::Refuses { mentions }, Reading::Refused(message)) => refusal(mentions, message)?,
        (Rule::Refuses { .. }, _) => "The function must return `Err` here, and it returned `Ok`.".to_owned(),
        _ => match nothing_to_compare(&check.output, reading) {
            Some(complaint) => complaint,
            None => offence(case, check, reading)?,
        },
    };
    Some(format!("{}\n{}", capitalised(&complaint), arguments(case, check.call)))
}

/// Where an output has no value that a rule could speak of, what there is instead.
fn nothing_to_compare(output: &str, reading: &Reading) -> Option<String> {
    match reading {
        Reading::Refused(message) => {
            Some(format!("The function returned `Err` (“{message}”), and it should not."))
        }
        Reading::Missing => Some(format!("There is no output `{output}` in the answer.")),
        Reading::Unlike { got, want } => {
            Some(format!("`{output}` has shape {}, expected {}.", shape(got), shape(want)))
        }
        Reading::Panicked | Reading::Dead | Reading::Accepted => {
            Some("There is no answer to look at.".to_owned())
        }
        Reading::Array(_)
        | Reading::Number(_)
        | Reading::Equal(_)
        | Reading::Text(_)
        | Reading::Sample { .. } => None,
    }
}

/// How a value offends against its rule.
fn offence(case: &Case, check: &Check, reading: &Reading) -> Option<String> {
    let what = &quantity(&check.output, &check.steps);
    match (&check.rule, reading) {
        (Rule::Close { want, budget }, Reading::Array(got)) => difference(what, want, got, *budget),
        (Rule::CloseToAny { wants, budget }, Reading::Array(got)) => {
            any_difference(what, wants, got, *budget)
        }
        (Rule::Shape { shape }, Reading::Array(got)) => wrong_shape(what, shape, &got.shape),
        (Rule::Within { low, high }, Reading::Array(got)) => outside(what, *low, *high, got),
        (Rule::Statistic { statistic, low, high }, Reading::Number(got)) => {
            off_range(what, *statistic, *low, *high, *got)
        }
        (Rule::SameAs { .. } | Rule::Permutation { .. }, Reading::Equal(true))
        | (Rule::DiffersFrom { .. }, Reading::Equal(false)) => None,
        (Rule::SameAs { call, output }, _) => {
            let other = other_name(check, *call, output);
            Some(format!("{what} differs from {other}; it must be the same, bit for bit."))
        }
        (Rule::DiffersFrom { call, output }, _) => Some(unchanged(case, check, what, (*call, output))),
        (Rule::Permutation { .. }, _) => Some(format!(
            "{what} must hold every element exactly once, in any order; some are missing, repeated or new."
        )),
        (Rule::Spans { degrees, .. }, Reading::Number(got)) => too_far_apart(what, *degrees, *got),
        (Rule::Text { want }, Reading::Text(got)) => text_difference(what, want, got),
        _ => Some(format!("{what} is of the wrong kind.")),
    }
}

/// A panic, with `todo!()` kept apart from accidents.
pub fn panic(case: &Case, call: usize, message: &str, location: &str) -> Fault {
    let place = if location.is_empty() { String::new() } else { format!(" at {}", short_location(location)) };
    if message.starts_with("not yet implemented") {
        return Fault { kind: Kind::Todo, message: format!("A `todo!()` was reached{place}.") };
    }
    let told = walls::of_panic(message, location);
    let told: String = told.iter().flat_map(Told::lines).map(|line| format!("{line}\n")).collect();
    let message = message.replace('\n', "\n  ");
    let message = format!("{told}The code panicked{place}:\n  {message}\n{}", arguments(case, call));
    Fault { kind: Kind::Panic, message }
}

/// Paths into the registry lose everything before the crate's name.
pub(super) fn short_location(location: &str) -> String {
    match location.find("/registry/src/") {
        Some(at) => location[at + "/registry/src/".len()..]
            .split_once('/')
            .map_or(location, |(_, rest)| rest)
            .to_owned(),
        None => location.to_owned(),
    }
}

fn refusal(mentions: &[String], message: &str) -> Option<String> {
    let lower = message.to_lowercase();
    let missing = mentions.iter().find(|word| !lower.contains(&word.to_lowercase()))?;
    Some(format!(
        "the function returned `Err`, as it should, but the message (“{message}”) does not name `{missing}`."
    ))
}

fn any_difference(what: &str, wants: &[Array], got: &Array, budget: Budget) -> Option<String> {
    let differences: Option<Vec<String>> =
        wants.iter().map(|want| difference(what, want, got, budget)).collect();
    differences?.into_iter().next()
}

/// Shape first, then the elements beyond the budget: how many, the first of them, the worst, NaN and infinities apart.
fn difference(what: &str, want: &Array, got: &Array, budget: Budget) -> Option<String> {
    if let Some(complaint) = wrong_shape(what, &want.shape, &got.shape) {
        return Some(complaint);
    }
    let (wanted, given) = (want.to_f64(), got.to_f64());
    let allowed = budget.allowed(&wanted);
    let wrong: Vec<usize> = (0..wanted.len()).filter(|&i| !near(given[i], wanted[i], allowed)).collect();
    if wrong.is_empty() {
        return None;
    }
    let mut lines = format!(
        "{what} is wrong in {} of {} elements, shape {}.",
        wrong.len(),
        wanted.len(),
        shape(&want.shape)
    );
    lines += &format!("\n  {:<16}{:>14}{:>14}", "at", "expected", "yours");
    for &i in wrong.iter().take(SHOWN) {
        lines +=
            &format!("\n  {:<16}{:>14}{:>14}", index(i, &want.shape), number(wanted[i]), number(given[i]));
    }
    if wrong.len() > SHOWN {
        lines += &format!("\n  and {} more", wrong.len() - SHOWN);
    }
    Some(lines + &worst(&wrong, &wanted, &given, allowed))
}

fn worst(wrong: &[usize], wanted: &[f64], given: &[f64], allowed: f64) -> String {
    let count = |is: fn(f64) -> bool| wrong.iter().filter(|&&i| is(given[i]) && !is(wanted[i])).count();
    let (nan, infinite) = (count(f64::is_nan), count(f64::is_infinite));
    let errors = wrong.iter().map(|&i| (given[i] - wanted[i]).abs()).filter(|error| error.is_finite());
    let mut lines = String::new();
    if let Some(largest) = errors.reduce(f64::max) {
        lines += &match allowed {
            0.0 => format!("\n  largest error {}; these must be equal bit for bit", number(largest)),
            _ => format!(
                "\n  largest error {}, {} times the error budget of {allowed:.1e}",
                number(largest),
                times(largest / allowed)
            ),
        };
    }
    if nan + infinite > 0 {
        lines += &format!("\n  of yours, {nan} should not be NaN and {infinite} should not be infinite");
    }
    lines
}

fn wrong_shape(what: &str, want: &[usize], got: &[usize]) -> Option<String> {
    (want != got).then(|| format!("{what} has shape {}, expected {}.", shape(got), shape(want)))
}

/// The first line that differs; the quotes show blanks at its end.
fn text_difference(what: &str, want: &str, got: &str) -> Option<String> {
    if want == got {
        return None;
    }
    let (wanted, given): (Vec<&str>, Vec<&str>) =
        (want.split_inclusive('\n').collect(), got.split_inclusive('\n').collect());
    let i = (0..wanted.len()).find(|&i| wanted.get(i) != given.get(i)).unwrap_or(wanted.len());
    let show = |lines: &[&str]| lines.get(i).map_or("nothing".to_owned(), |line| format!("{line:?}"));
    Some(format!(
        "{what} is another text from line {} on.\n  expected  {}\n  yours     {}",
        i + 1,
        show(&wanted),
        show(&given)
    ))
}

fn outside(what: &str, low: f64, high: f64, got: &Array) -> Option<String> {
    let values = got.to_f64();
    let at = values.iter().position(|x| !(low..=high).contains(x))?;
    if got.shape.is_empty() {
        return Some(format!("{what} is {}; it should be {}.", number(values[at]), range(low, high)));
    }
    let many = values.iter().filter(|x| !(low..=high).contains(x)).count();
    Some(format!(
        "{what} has {many} of {} elements outside {} to {}; the first is {} at {}.",
        values.len(),
        number(low),
        number(high),
        number(values[at]),
        index(at, &got.shape)
    ))
}

fn off_range(what: &str, statistic: Statistic, low: f64, high: f64, got: f64) -> Option<String> {
    let name = statistic_name(statistic);
    let complaint = format!("the {name} of {what} is {}; it should be {}.", number(got), range(low, high));
    (!(low..=high).contains(&got)).then_some(complaint)
}

fn too_far_apart(what: &str, allowed: f64, degrees: f64) -> Option<String> {
    // NaN is in no range.
    if degrees <= allowed {
        return None;
    }
    Some(format!(
        "the columns of {what} should span the space of the hidden factors; the two are {degrees:.1} degrees apart, and {allowed} are \
         allowed."
    ))
}

fn range(low: f64, high: f64) -> String {
    match (low.is_finite(), high.is_finite()) {
        _ if low == high => number(low),
        (true, true) => format!("between {} and {}", number(low), number(high)),
        (true, false) => format!("at least {}", number(low)),
        _ => format!("at most {}", number(high)),
    }
}

/// An output that should be another where something else is another.
fn unchanged(case: &Case, check: &Check, what: &str, (call, output): (usize, &str)) -> String {
    match differing(case, check.call, call)[..] {
        // Adapters make the generator of it that a function is given.
        ["seed"] => format!(
            "`rng` makes no difference: with another seed {what} is the same, bit for bit. Is every random number drawn from it?"
        ),
        [name] => format!("`{name}` makes no difference: with another one {what} is the same, bit for bit."),
        _ => format!(
            "{what} is the same as {}, bit for bit, and should be another.",
            other_name(check, call, output)
        ),
    }
}

/// What an output is compared with: another of its own call, or the same of another call.
fn other_name(check: &Check, call: usize, output: &str) -> String {
    match call == check.call {
        true => quantity(output, &[]),
        false => format!("that of {} of this case", nth_call(call)),
    }
}

/// Calls of a case are counted as people count.
fn nth_call(call: usize) -> String {
    match call {
        0 => "the first call".to_owned(),
        1 => "the second call".to_owned(),
        call => format!("call {}", call + 1),
    }
}

#[cfg(test)]
mod tests {
    use protocol::Values;

    use super::*;

    #[test]
    fn an_argument_that_changes_nothing_is_named() {
        let call = |seed| {
            protocol::Call::own("x", Values::from([("seed".to_owned(), protocol::Value::Count(seed))]))
        };
        let rule = Rule::DiffersFrom { call: 0, output: "y".to_owned() };
        let check = Check { call: 1, output: "y".to_owned(), steps: Vec::new(), rule };
        let case = |other| Case {
            about: String::new(),
            calls: vec![call(1), call(other)],
            checks: Vec::new(),
            shows: Vec::new(),
        };
        let said = |other| fault(&case(other), &check, &Reading::Equal(true)).unwrap();
        assert!(
            said(2).starts_with("`rng` makes no difference: with another seed the output is the same"),
            "{}",
            said(2)
        );
        assert!(
            said(1).contains("the same as that of the first call of this case, bit for bit"),
            "{}",
            said(1)
        );
    }
}
