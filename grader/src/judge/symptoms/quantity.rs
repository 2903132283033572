//! Named quantities: numbers that follow from a case's arguments, such as `1/(1 − p)` or the square root of a length.

use protocol::{Value, Values};

use super::pair::{arrays, at};
use crate::verdict::{Base, Form, Quantity};

/// Arrays up to so many elements have a mean that is worth knowing.
const LONGEST: usize = 4096;

/// Every form, the simplest first.
const FORMS: [Form; 18] = [
    Form::Itself,
    Form::Inverse,
    Form::Negative,
    Form::Root,
    Form::InverseRoot,
    Form::Square,
    Form::InverseSquare,
    Form::Rest,
    Form::InverseRest,
    Form::Half,
    Form::Double,
    Form::TwoOver,
    Form::Less,
    Form::OverLess,
    Form::LessOver,
    Form::More,
    Form::Odds,
    Form::InverseOdds,
];

/// What quantities can be made of in a call with these arguments.
pub fn bases(args: &Values) -> Vec<Base> {
    let numbers = args.iter().filter(|(_, value)| matches!(value, Value::Number(_) | Value::Count(_)));
    let mut bases: Vec<Base> = numbers.map(|(name, _)| Base::Number(name.clone())).collect();
    for (name, array) in arrays(args).filter(|(name, _)| *name != "d_y") {
        let axes = array.shape.len().min(4);
        bases.extend((0..axes).map(|axis| Base::Length(name.clone(), axis)));
        bases.extend((1..axes).map(|axis| Base::Lengths(name.clone(), axis - 1, axis)));
        if axes > 2 {
            bases.push(Base::Elements(name.clone()));
        }
        if (2..=LONGEST).contains(&array.len()) {
            let of = [Base::Mean, Base::Deviation, Base::Largest, Base::Sum, Base::Norm];
            bases.extend(of.map(|base| base(name.clone())));
        }
    }
    bases
}

/// The value of `base` in a call.
pub fn value_of(base: &Base, args: &Values) -> Option<f64> {
    let array = |name: &String| match args.get(name) {
        Some(Value::Array(array)) => Some(array),
        _ => None,
    };
    let length = |name, axis: usize| array(name)?.shape.get(axis).map(|&n| n as f64);
    match base {
        Base::Number(name) => match args.get(name)? {
            Value::Number(x) => Some(*x),
            Value::Count(n) => Some(*n as f64),
            _ => None,
        },
        Base::Length(name, axis) => length(name, *axis),
        Base::Lengths(name, one, other) => Some(length(name, *one)? * length(name, *other)?),
        Base::Elements(name) => Some(array(name)?.len() as f64),
        Base::Mean(name)
        | Base::Deviation(name)
        | Base::Largest(name)
        | Base::Sum(name)
        | Base::Norm(name) => {
            let array = array(name).filter(|array| (1..=LONGEST).contains(&array.len()))?;
            Some(summed_up(base, &(0..array.len()).map(|i| at(array, i)).collect::<Vec<_>>()))
        }
    }
}

fn summed_up(base: &Base, values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let sum: f64 = values.iter().sum();
    let squares = |center: f64| values.iter().map(|x| (x - center).powi(2)).sum::<f64>();
    match base {
        Base::Mean(_) => sum / n,
        Base::Deviation(_) => (squares(sum / n) / n).sqrt(),
        Base::Largest(_) => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Base::Norm(_) => squares(0.0).sqrt(),
        _ => sum,
    }
}

/// The value of a quantity in a call, if it is a number.
pub fn value(quantity: &Quantity, args: &Values) -> Option<f64> {
    Some(formed(quantity.form, value_of(&quantity.base, args)?)).filter(|x| x.is_finite())
}

fn formed(form: Form, q: f64) -> f64 {
    match form {
        Form::Itself => q,
        Form::Negative => -q,
        Form::Inverse => 1.0 / q,
        Form::Root => q.sqrt(),
        Form::InverseRoot => 1.0 / q.sqrt(),
        Form::Square => q * q,
        Form::InverseSquare => 1.0 / (q * q),
        Form::Rest => 1.0 - q,
        Form::InverseRest => 1.0 / (1.0 - q),
        Form::Half => q / 2.0,
        Form::Double => 2.0 * q,
        Form::TwoOver => 2.0 / q,
        Form::Less => q - 1.0,
        Form::OverLess => q / (q - 1.0),
        Form::LessOver => (q - 1.0) / q,
        Form::More => 1.0 + q,
        Form::Odds => q / (1.0 - q),
        Form::InverseOdds => (1.0 - q) / q,
    }
}

/// The simplest quantity that has these values in these calls and is not the same in all of them; or, with `same`, that is.
pub fn named(values: &[(&Values, f64)], close: f64, same: bool) -> Option<Quantity> {
    let (args, first) = values.first()?;
    let near = |is: f64, wanted: f64| (is - wanted).abs() <= close * wanted.abs();
    // A size that happens to be the same everywhere names nothing.
    let bases = bases(args).into_iter().filter(|base| !same || matches!(base, Base::Number(_)));
    let fits = |base: &Base, form: Form| {
        values
            .iter()
            .all(|(args, wanted)| value_of(base, args).is_some_and(|q| near(formed(form, q), *wanted)))
    };
    bases.into_iter().find_map(|base| {
        // Sums over an argument are made once for all forms.
        let q = value_of(&base, args)?;
        let form = FORMS.into_iter().find(|form| near(formed(*form, q), *first) && fits(&base, *form))?;
        Some(Quantity { base, form })
    })
}

#[cfg(test)]
mod tests {
    use protocol::Array;

    use super::*;

    fn args(p: f64, rows: usize) -> Values {
        let x = Array::f32(&[rows, 2], vec![0.3; 2 * rows]);
        [("p".to_owned(), Value::Number(p)), ("x".to_owned(), Value::Array(x))].into()
    }

    #[test]
    fn what_is_left_of_a_probability_has_a_name() {
        let (a, b) = (args(0.2, 3), args(0.5, 4));
        let found = named(&[(&a, 1.25), (&b, 2.0)], 1e-6, false).unwrap();
        assert_eq!(found, Quantity { base: Base::Number("p".to_owned()), form: Form::InverseRest });
        assert_eq!(named(&[(&a, 1.25), (&b, 2.5)], 1e-6, false), None);
    }

    #[test]
    fn lengths_are_quantities_too() {
        let (a, b) = (args(0.2, 3), args(0.2, 16));
        let found = named(&[(&a, 3f64.sqrt()), (&b, 4.0)], 1e-6, false).unwrap();
        assert_eq!(found, Quantity { base: Base::Length("x".to_owned(), 0), form: Form::Root });
    }
}
