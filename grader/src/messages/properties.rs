//! Quantities, places and properties of cases in words, as parts of the sentences in `symptoms`.

use super::numbers;
use crate::verdict::{Arrangement, Base, Comparison, Form, Function, Place, Property, Reshape};

/// A bound in few digits.
fn number(x: f64) -> String {
    let (exact, short) = (format!("{x:e}"), numbers::number(x));
    if short.contains('e') && exact.len() < short.len() { exact } else { short }
}

/// "axis 1"
pub fn axis(axis: usize) -> String {
    format!("axis {axis}")
}

/// What a quantity is made of.
pub fn base(base: &Base) -> String {
    match base {
        Base::Number(name) => format!("`{name}`"),
        Base::Length(name, along) => format!("the length of `{name}` along axis {along}"),
        Base::Lengths(name, one, other) => {
            format!("the product of `{name}`'s lengths along axes {one} and {other}")
        }
        Base::Elements(name) => format!("the number of `{name}`'s elements"),
        Base::Mean(name) => format!("the mean of `{name}`"),
        Base::Deviation(name) => format!("the standard deviation of `{name}`"),
        Base::Largest(name) => format!("the largest element of `{name}`"),
        Base::Sum(name) => format!("the sum of `{name}`"),
        Base::Norm(name) => format!("the norm of `{name}`"),
    }
}

/// What is made of `q`.
pub fn form(form: Form, q: &str) -> String {
    // What has a word in it reads better as a word.
    let long = q.contains(' ');
    let q = if long { format!("({q})") } else { q.to_owned() };
    match form {
        Form::Itself => q.trim_start_matches('(').trim_end_matches(')').to_owned(),
        Form::Negative => format!("−{q}"),
        Form::Inverse => format!("1/{q}"),
        Form::Root => format!("√{q}"),
        Form::InverseRoot => format!("1/√{q}"),
        Form::Square => format!("{q}²"),
        Form::InverseSquare => format!("1/{q}²"),
        Form::Rest => format!("1 − {q}"),
        Form::InverseRest => format!("1/(1 − {q})"),
        Form::Half => format!("{q}/2"),
        Form::Double => format!("2 · {q}"),
        Form::TwoOver => format!("2/{q}"),
        Form::Less => format!("{q} − 1"),
        Form::OverLess if long => format!("n/(n − 1) with n = {q}"),
        Form::LessOver if long => format!("(n − 1)/n with n = {q}"),
        Form::OverLess => format!("{q}/({q} − 1)"),
        Form::LessOver => format!("({q} − 1)/{q}"),
        Form::More => format!("1 + {q}"),
        Form::Odds => format!("{q}/(1 − {q})"),
        Form::InverseOdds => format!("(1 − {q})/{q}"),
    }
}

/// "the square"
pub fn function(function: Function) -> &'static str {
    match function {
        Function::Identity => "the number itself",
        Function::Negative => "the negative",
        Function::Reciprocal => "the reciprocal",
        Function::Square => "the square",
        Function::Cube => "the cube",
        Function::Root => "the square root",
        Function::InverseRoot => "one over the square root",
        Function::Size => "the absolute value",
        Function::Exp => "the exponential",
        Function::ExpOfNegative => "the exponential of the negative",
        Function::Logarithm => "the logarithm",
        Function::Rest => "1 minus the number, 1 − y,",
        Function::Logistic => "y(1 − y)",
        Function::RestOfSquare => "1 − y²",
        Function::Positive => "max(0, …)",
        Function::NegativePart => "min(0, …)",
        Function::Tanh => "tanh",
        Function::Sigmoid => "the sigmoid",
        Function::Rounded => "the rounded value",
        Function::Sign => "the step function (1 where positive, else 0)",
        Function::Softmax => "the softmax",
        Function::LogSoftmax => "the logarithm of the softmax",
        Function::Centred => "each row less its mean, taken",
        Function::Normalised => "each row over its sum, taken",
        Function::UnitRows => "each row over its norm, taken",
        Function::OneHot => "the one-hot form",
        Function::Cumulative => "the running sum",
        Function::BeforeSigmoid => "the logit",
        Function::BeforeTanh => "the artanh",
        Function::TanhForSigmoid => "tanh in the place of the sigmoid",
        Function::SigmoidForTanh => "the sigmoid in the place of tanh",
    }
}

/// Where wanted numbers are.
pub fn arranged(how: &Arrangement) -> String {
    match how {
        Arrangement::Permuted(order) if order.len() == 2 => "rows and columns are exchanged".to_owned(),
        Arrangement::Permuted(order) => format!("the axes stand in the order {order:?}"),
        Arrangement::Reversed(along) => format!("they are reversed along {}", axis(*along)),
        Arrangement::Rolled(along, by) => {
            format!("they are moved by {by} along {}, around the edge", axis(*along))
        }
        Arrangement::Shifted(along, by) => format!("they are moved by {by} along {}", axis(*along)),
        Arrangement::Taken(along, order) => {
            format!("along {} there stand the entries {order:?} that belong to 0, 1, …", axis(*along))
        }
        Arrangement::InRows => "each row has them in another order".to_owned(),
        Arrangement::Shuffled => "they stand in another order".to_owned(),
    }
}

/// In which way a shape differs.
pub fn reshaped(change: &Reshape) -> String {
    match change {
        Reshape::Permuted(order) => format!("its axes stand in the order {order:?}"),
        Reshape::Lost(along) => format!("{} is not there", axis(*along)),
        Reshape::Kept(along) => format!("it has one axis of length 1 more, {}", axis(*along)),
        Reshape::Flat => "all is in one axis".to_owned(),
        Reshape::Longer(along, by) => {
            let side = if *by > 0 { "many" } else { "few" };
            format!("{} too {side} along {}", by.unsigned_abs(), axis(*along))
        }
        Reshape::Argument(name) => format!("it has the shape of `{name}`"),
        Reshape::Axis(along) => format!("only the length along {} is wrong", axis(*along)),
        Reshape::Rank(more) if *more > 0 => format!("it has {more} axes too many"),
        Reshape::Rank(more) => format!("it has {} axes too few", -more),
        Reshape::Elements => {
            "there are as many elements as there should be, arranged in other axes".to_owned()
        }
    }
}

/// "where `x` is negative"
pub fn place(place: &Place) -> String {
    match place {
        Place::Wanted(with) => format!("where {}", comparison("what is expected", *with)),
        Place::Argument(name, with) => format!("where {}", comparison(&format!("`{name}`"), *with)),
        Place::At(along, 0) => format!("at the start of {}", axis(*along)),
        Place::At(along, at) => format!("at index {at} along {}", axis(*along)),
        Place::Last(along) => format!("at the end of {}", axis(*along)),
        Place::From(along, at) => format!("from index {at} on along {}", axis(*along)),
        Place::BeforeLast(along) => format!("everywhere before the end of {}", axis(*along)),
        Place::Part(along, 0, 2) => format!("in the first half along {}", axis(*along)),
        Place::Part(along, _, 2) => format!("in the second half along {}", axis(*along)),
        Place::Part(along, part, parts) => format!("in part {} of {parts} along {}", part + 1, axis(*along)),
        Place::Edges(one, other) => format!("at the edges of axes {one} and {other}"),
        Place::Diagonal => "on the diagonal".to_owned(),
        Place::OffDiagonal => "off the diagonal".to_owned(),
        Place::Odd(along) => format!("at odd indexes along {}", axis(*along)),
        Place::Even(along) => format!("at even indexes along {}", axis(*along)),
        Place::Entries(along) => format!("in some entries along {}", axis(*along)),
    }
}

/// "`x` is negative"
pub fn comparison(what: &str, comparison: Comparison) -> String {
    match comparison {
        Comparison::Below(0.0) => format!("{what} is negative"),
        Comparison::Above(0.0) => format!("{what} is positive"),
        Comparison::Below(bound) => format!("{what} is below {}", number(bound)),
        Comparison::Above(bound) => format!("{what} is above {}", number(bound)),
        Comparison::Is(value) => format!("{what} is {}", number(value)),
        Comparison::Beyond(bound) => format!("{what} is larger than {} in size", number(bound)),
        Comparison::Within(bound) => format!("{what} is not 0 and at most {} in size", number(bound)),
        Comparison::NotFinite => format!("{what} is not finite"),
    }
}

/// What a property is of cases that have it, and of those that don't: "with `stride` above 1", "with others".
pub fn property(property: &Property) -> (String, String) {
    let pair = |with: &str, without: &str| (with.to_owned(), without.to_owned());
    let either = |first: bool, with: &str, without: &str| {
        if first { pair(with, without) } else { pair(without, with) }
    };
    match property {
        Property::Compares(of, with) => (
            format!("where {}", comparison(&base(of), *with)),
            format!("where {}", opposite(&base(of), *with)),
        ),
        Property::Equal(one, other, equal) => {
            let (one, other) = (base(one), base(other));
            either(*equal, &format!("where {one} is {other}, too"), &format!("where {one} is not {other}"))
        }
        Property::Even(of, even) => {
            let of = base(of);
            either(*even, &format!("where {of} is even"), &format!("where {of} is odd"))
        }
        Property::Flag(name, on) => either(*on, &format!("with `{name}`"), &format!("without `{name}`")),
        Property::Word(name, word, is) => {
            either(*is, &format!("where `{name}` is {word:?}"), &format!("where `{name}` is another word"))
        }
        Property::Given(name, given) => {
            either(*given, &format!("where `{name}` is given"), &format!("where `{name}` is left out"))
        }
        Property::Holds(name, with, held) => {
            let of = comparison(&format!("an element of `{name}`"), *with);
            let none = comparison(&format!("no element of `{name}`"), *with);
            either(*held, &format!("where {of}"), &format!("where {none}"))
        }
        Property::Rank(name, rank, is) => {
            either(*is, &format!("where `{name}` has {rank} axes"), &format!("where `{name}` has other axes"))
        }
        Property::Ties(name, tied) => either(
            *tied,
            &format!("where numbers of `{name}` are equal"),
            &format!("where all of `{name}` differ"),
        ),
        Property::Calls(several) => either(*several, "with several calls", "with a single call"),
        Property::Function(name) => (format!("of `{name}`"), "of other functions".to_owned()),
        Property::Cases(_) => pair("of these names", "of other names"),
    }
}

fn opposite(what: &str, comparison: Comparison) -> String {
    match comparison {
        Comparison::Below(bound) => format!("{what} is {} or more", number(bound)),
        Comparison::Above(bound) => format!("{what} is {} or less", number(bound)),
        Comparison::Is(value) => format!("{what} is not {}", number(value)),
        Comparison::Beyond(bound) | Comparison::Within(bound) => {
            format!("{what} is on the other side of {}", number(bound))
        }
        Comparison::NotFinite => format!("{what} is finite"),
    }
}
