//! Quantities that follow from a case's arguments, and functions of numbers: the words that symptoms are made of.

use serde::{Deserialize, Serialize};

/// By what is multiplied or what is added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "amount", rename_all = "snake_case")]
pub enum Amount {
    /// The same number in every case.
    Constant {
        /// What is multiplied by, or added.
        value: f64,
        /// What it is of the arguments, where that is known.
        named: Option<Quantity>,
    },
    /// A quantity of each case.
    Quantity {
        /// Which.
        quantity: Quantity,
    },
    /// A number of its own in each case.
    EachCase {
        /// The smallest and the largest of them.
        range: (f64, f64),
    },
    /// A multiple of an argument, by a number of its own in each case.
    MultipleOf {
        /// The argument that is multiplied.
        name: String,
    },
    /// A number of its own for each index along an axis.
    Each {
        /// Along which the elements are counted, from 0.
        axis: usize,
    },
    /// An argument, element by element.
    Argument {
        /// The argument's name.
        name: String,
        /// Whether it is divided by it, or subtracted.
        inverse: bool,
    },
}

/// A number that follows from a case's arguments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// What it is made of.
    pub base: Base,
    /// How.
    pub form: Form,
}

/// What a quantity is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// A number among the arguments.
    Number(String),
    /// The length of an argument along an axis.
    Length(String, usize),
    /// The product of two of an argument's lengths.
    Lengths(String, usize, usize),
    /// The number of an argument's elements.
    Elements(String),
    /// The mean of an argument.
    Mean(String),
    /// The standard deviation of an argument.
    Deviation(String),
    /// The largest element of an argument.
    Largest(String),
    /// The sum of an argument.
    Sum(String),
    /// The norm of an argument.
    Norm(String),
}

/// What is made of a base.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// q
    Itself,
    /// −q
    Negative,
    /// 1/q
    Inverse,
    /// √q
    Root,
    /// 1/√q
    InverseRoot,
    /// q²
    Square,
    /// 1/q²
    InverseSquare,
    /// 1 − q
    Rest,
    /// 1/(1 − q)
    InverseRest,
    /// q/2
    Half,
    /// 2q
    Double,
    /// 2/q
    TwoOver,
    /// q − 1
    Less,
    /// q/(q − 1)
    OverLess,
    /// (q − 1)/q
    LessOver,
    /// 1 + q
    More,
    /// q/(1 − q)
    Odds,
    /// (1 − q)/q
    InverseOdds,
}

/// A function of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// x
    Identity,
    /// −x
    Negative,
    /// 1/x
    Reciprocal,
    /// x²
    Square,
    /// x³
    Cube,
    /// √x
    Root,
    /// 1/√x
    InverseRoot,
    /// |x|
    Size,
    /// eˣ
    Exp,
    /// e⁻ˣ
    ExpOfNegative,
    /// ln x
    Logarithm,
    /// 1 − x
    Rest,
    /// x(1 − x)
    Logistic,
    /// 1 − x²
    RestOfSquare,
    /// max(x, 0)
    Positive,
    /// min(x, 0)
    NegativePart,
    /// tanh x
    Tanh,
    /// 1/(1 + e⁻ˣ)
    Sigmoid,
    /// x as it is rounded
    Rounded,
    /// 1 where x > 0, else 0
    Sign,
    /// e^x over the sum of a row's
    Softmax,
    /// ln of the softmax of a row
    LogSoftmax,
    /// x less the mean of its row
    Centred,
    /// x over the sum of its row
    Normalised,
    /// x over the norm of its row
    UnitRows,
    /// 1 at the largest of a row, else 0
    OneHot,
    /// the sum up to x along its row
    Cumulative,
    /// ln(x / (1 − x)): what the sigmoid makes x of
    BeforeSigmoid,
    /// artanh x: what tanh makes x of
    BeforeTanh,
    /// tanh in the place of the sigmoid
    TanhForSigmoid,
    /// The sigmoid in the place of tanh
    SigmoidForTanh,
}
