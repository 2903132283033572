//! Factors and summands in words, as parts of the sentences in `symptoms`.

use super::{
    numbers::number,
    properties::{axis, base, form},
};
use crate::verdict::{Amount, Base, Form};

/// "1.25 times"
pub fn times(by: &Amount) -> String {
    match by {
        // What is so small a number is a quantity's by chance.
        Amount::Constant { value, .. } if *value == 2.0 => "twice".to_owned(),
        Amount::Constant { value, .. } if *value == 0.5 => "half".to_owned(),
        Amount::Constant { value, named: Some(q) } => {
            format!("{0} times ({0} is {1})", number(*value), form(q.form, &base(&q.base)))
        }
        Amount::Constant { value, named: None } => {
            let inverse = 1.0 / value;
            let is_whole = value.abs() < 1.0 && (inverse - inverse.round()).abs() < 1e-4 * inverse.abs();
            let part = if is_whole { format!(" (1/{})", inverse.round()) } else { String::new() };
            format!("{}{part} times", number(*value))
        }
        Amount::Quantity { quantity } => format!("{} times", form(quantity.form, &base(&quantity.base))),
        Amount::EachCase { range: (low, high) } => {
            format!("a multiple in each case, by {} to {}, of", number(*low), number(*high))
        }
        Amount::Each { axis: along } => {
            format!("at each index along {} a multiple of its own of", axis(*along))
        }
        Amount::MultipleOf { name } => format!("a multiple of `{name}` times"),
        Amount::Argument { name, inverse: false } => format!("`{name}` times, element by element,"),
        Amount::Argument { name, inverse: true } => format!("1/`{name}` times, element by element,"),
    }
}

/// What a factor may come from.
pub fn sum_for_mean(by: &Amount) -> &'static str {
    let Amount::Quantity { quantity } = by else { return "" };
    let is_count = matches!(quantity.base, Base::Length(..) | Base::Lengths(..) | Base::Elements(_));
    match quantity.form {
        Form::Itself if is_count => ": a sum where a mean belongs?",
        Form::Inverse if is_count => ": a mean where a sum belongs, or one mean too many?",
        Form::OverLess | Form::LessOver => ": n or n − 1?",
        _ => "",
    }
}

/// "+0.5 everywhere"
pub fn plus(by: &Amount) -> String {
    match by {
        Amount::Constant { value, named: None } => format!("{} everywhere", signed(*value)),
        Amount::Constant { value, named: Some(q) } => {
            format!("{} everywhere, which is {}", signed(*value), form(q.form, &base(&q.base)))
        }
        Amount::Quantity { quantity } => format!("{} too much", form(quantity.form, &base(&quantity.base))),
        Amount::EachCase { .. } => "the same for all elements, another in each case".to_owned(),
        Amount::MultipleOf { name } => format!("what is wrong is a multiple of `{name}`, element by element"),
        Amount::Each { axis: along } => format!("the same at each index along {}", axis(*along)),
        Amount::Argument { name, inverse: false } => format!("`{name}` too much, element by element"),
        Amount::Argument { name, inverse: true } => format!("`{name}` too little, element by element"),
    }
}

fn signed(x: f64) -> String {
    if x < 0.0 { format!("−{}", number(-x)) } else { format!("+{}", number(x)) }
}
