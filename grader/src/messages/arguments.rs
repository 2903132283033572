//! What a function was called with, in a few lines that a student can type in again.

use std::collections::BTreeMap;

use hidden::Case;
use protocol::Value;

use super::numbers::{number, shape};

/// Arrays up to this many elements are written out.
const SMALL: usize = 12;
/// A group of arguments (`weights/_fc.bias`, `weights/_fc.weight`, …) up to this size is written one by one.
const FEW: usize = 8;

/// Which function was called, where that is not the exercise's own, and with what; of a network's hundreds of weights only how
/// many they are.
pub fn arguments(case: &Case, call: usize) -> String {
    let Some(call) = case.calls.get(call) else { return String::new() };
    let mut groups: BTreeMap<&str, Vec<(&String, &Value)>> = BTreeMap::new();
    for (name, value) in call.args.iter().filter(|(name, _)| *name != "d_y") {
        let group = name.split_once('/').map_or(name.as_str(), |(group, _)| group);
        groups.entry(group).or_default().push((name, value));
    }
    let lines = groups.into_iter().flat_map(|(group, members)| match members.len() {
        many if many > FEW => vec![format!("  with {group}/… = {many} arrays, {}", elements(&members))],
        _ => members.iter().map(|(name, value)| format!("  with {name} = {}", describe(value))).collect(),
    });
    let function = call.is_of_another().then(|| format!("  calling {}", call.function));
    function.into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

/// The names of the arguments that two calls of the same function have otherwise.
pub fn differing(case: &Case, one: usize, other: usize) -> Vec<&str> {
    let (Some(one), Some(other)) = (case.calls.get(one), case.calls.get(other)) else { return Vec::new() };
    if one.function != other.function {
        return Vec::new();
    }
    let names = one.args.iter().filter(|(name, value)| other.args.get(*name) != Some(value));
    names.map(|(name, _)| name.as_str()).collect()
}

fn elements(members: &[(&String, &Value)]) -> String {
    let of = |value: &Value| match value {
        Value::Array(array) => array.shape.iter().product(),
        _ => 1,
    };
    format!("{} numbers in all", members.iter().map(|(_, value)| of(value)).sum::<usize>())
}

fn describe(value: &Value) -> String {
    match value {
        Value::Number(x) => number(*x),
        Value::Count(n) => n.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::Array(array) => {
            let values = array.to_f64();
            if values.len() <= SMALL {
                let values: Vec<String> = values.iter().map(|x| number(*x)).collect();
                let values = format!("[{}]", values.join(", "));
                // Of a list everybody sees how long it is.
                return if array.shape.len() == 1 {
                    values
                } else {
                    format!("{values}, shape {}", shape(&array.shape))
                };
            }
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            format!(
                "{} numbers from {} to {}, shape {}",
                values.len(),
                number(low),
                number(high),
                shape(&array.shape)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Array, Call};

    use super::*;

    #[test]
    fn hundreds_of_weights_take_one_line() {
        let array = || Value::Array(Array::f32(&[2], vec![0.5, -1.0]));
        let weights = (0..200).map(|i| (format!("weights/{i}"), array()));
        let args = weights.chain([("x".to_owned(), array())]).collect();
        let calls = vec![Call { function: "train".to_owned(), ..Call::own("net", args) }];
        let case = Case { about: String::new(), calls, checks: Vec::new(), shows: Vec::new() };
        assert_eq!(
            arguments(&case, 0),
            "  calling train\n  with weights/… = 200 arrays, 400 numbers in all\n  with x = [0.5, -1]"
        );
    }
}
