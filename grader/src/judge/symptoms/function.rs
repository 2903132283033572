//! Functions of what is wanted: negated, squared, exponentiated; and of whole rows: softmax, centred, cumulative.

use super::pair::Pair;
use crate::verdict::{Function, Relation};

/// Functions of single numbers, the simplest first.
pub const OF_NUMBERS: [Function; 23] = [
    Function::Negative,
    Function::Size,
    Function::Rest,
    Function::Reciprocal,
    Function::Square,
    Function::Root,
    Function::Positive,
    Function::NegativePart,
    Function::Exp,
    Function::Logarithm,
    Function::ExpOfNegative,
    Function::InverseRoot,
    Function::Cube,
    Function::Logistic,
    Function::RestOfSquare,
    Function::Tanh,
    Function::Sigmoid,
    Function::Rounded,
    Function::Sign,
    Function::BeforeSigmoid,
    Function::BeforeTanh,
    Function::TanhForSigmoid,
    Function::SigmoidForTanh,
];

/// Functions of rows along the last axis.
pub const OF_ROWS: [Function; 7] = [
    Function::Softmax,
    Function::LogSoftmax,
    Function::Centred,
    Function::Normalised,
    Function::UnitRows,
    Function::OneHot,
    Function::Cumulative,
];

/// Every function of what is wanted.
pub fn candidates(_: &[Pair]) -> Vec<Relation> {
    let functions = OF_NUMBERS.into_iter().chain(OF_ROWS);
    functions.map(|function| Relation::OfWanted { function }).collect()
}

/// What `function` makes of what is wanted.
pub fn of_wanted(function: Function, pair: &Pair) -> Option<Vec<f64>> {
    if !OF_ROWS.contains(&function) {
        return Some(pair.want.iter().map(|&x| of_number(function, x)).collect());
    }
    let width = pair.shape.last().copied().filter(|&width| width > 1)?;
    let each = pair.places.iter().map(|&place| {
        let row: Vec<f64> = (0..width).map(|k| pair.wanted_at(place - place % width + k)).collect();
        of_row(function, &row, place % width)
    });
    Some(each.collect())
}

/// The function of one number.
pub fn of_number(function: Function, x: f64) -> f64 {
    match function {
        Function::Negative => -x,
        Function::Reciprocal => 1.0 / x,
        Function::Square => x * x,
        Function::Cube => x.powi(3),
        Function::Root => x.sqrt(),
        Function::InverseRoot => 1.0 / x.sqrt(),
        Function::Size => x.abs(),
        Function::Exp => x.exp(),
        Function::ExpOfNegative => (-x).exp(),
        Function::Logarithm => x.ln(),
        Function::Rest => 1.0 - x,
        Function::Logistic => x * (1.0 - x),
        Function::RestOfSquare => 1.0 - x * x,
        Function::Positive => x.max(0.0),
        Function::NegativePart => x.min(0.0),
        Function::Tanh => x.tanh(),
        Function::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        Function::Rounded => x.round(),
        Function::Sign => f64::from(u8::from(x > 0.0)),
        Function::BeforeSigmoid => (x / (1.0 - x)).ln(),
        Function::BeforeTanh => x.atanh(),
        Function::TanhForSigmoid => (x / (1.0 - x)).ln().tanh(),
        // σ(z) = (1 + tanh(z/2))/2, and of tanh z it is known what e^(2z) is.
        Function::SigmoidForTanh => 1.0 / (1.0 + ((1.0 - x) / (1.0 + x)).sqrt()),
        _ => x,
    }
}

fn of_row(function: Function, row: &[f64], k: usize) -> f64 {
    let (x, n) = (row[k], row.len() as f64);
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let exponentials = || row.iter().map(|x| (x - largest).exp()).sum::<f64>();
    match function {
        Function::Softmax => (x - largest).exp() / exponentials(),
        Function::LogSoftmax => x - largest - exponentials().ln(),
        Function::Centred => x - row.iter().sum::<f64>() / n,
        Function::Normalised => x / row.iter().sum::<f64>(),
        Function::UnitRows => x / row.iter().map(|x| x * x).sum::<f64>().sqrt(),
        Function::OneHot => f64::from(u8::from(row.iter().position(|x| *x == largest) == Some(k))),
        Function::Cumulative => row[..=k].iter().sum(),
        _ => x,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::made_up::*, *};

    #[test]
    fn a_square_is_seen_and_a_sum_is_not() {
        let want = [0.3, -1.7, 2.2, 0.9];
        let squares: Vec<f64> = want.iter().map(|x| x * x).collect();
        let square = Some(Relation::OfWanted { function: Function::Square });
        assert_eq!(found(&[made(&want, &squares)]), square);
        assert_ne!(found(&[made(&want, &[0.39, 2.89, 4.94, 0.81])]), square);
    }

    #[test]
    fn softmax_twice_is_the_softmax_of_what_is_wanted() {
        let once = [0.2, 0.5, 0.3];
        let sum: f64 = once.iter().map(|x: &f64| x.exp()).sum();
        let twice: Vec<f64> = once.iter().map(|x| x.exp() / sum).collect();
        assert_eq!(found(&[made(&once, &twice)]), Some(Relation::OfWanted { function: Function::Softmax }));
    }
}
