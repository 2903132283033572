//! Symptoms: what all wrong answers of an exercise have in common. Plain data: finding them is the judge's, saying them `messages`'.

use serde::{Deserialize, Serialize};

use super::{Amount, Arrangement, Function, Place, Reshape};

/// What holds of every failing check of some outputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Symptom {
    /// The outputs, in words: "the output", "the gradient with respect to `x`".
    pub of: Vec<String>,
    /// What holds.
    #[serde(flatten)]
    pub relation: Relation,
    /// In how many failing checks it was seen.
    pub checks: usize,
    /// Whether these are gradients of outputs that are right.
    #[serde(default)]
    pub values_right: bool,
}

/// A relation between what is wanted and what came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "relation", rename_all = "snake_case")]
pub enum Relation {
    /// Wanted times something.
    Times {
        /// By what.
        by: Amount,
    },
    /// Wanted and something more.
    Plus {
        /// By what.
        by: Amount,
    },
    /// A function of each wanted element, or of each row.
    OfWanted {
        /// Which function.
        function: Function,
    },
    /// A function of each element of an argument.
    OfArgument {
        /// The argument's name.
        argument: String,
        /// Which function.
        function: Function,
    },
    /// What another output should be.
    OfOutput {
        /// The other output, in words.
        output: String,
    },
    /// What an earlier call of the case should give.
    OfEarlierCall,
    /// Wanted numbers at other places.
    Arranged {
        /// Where they are.
        how: Arrangement,
    },
    /// The same number everywhere.
    Constant {
        /// Which, where it is the same in all cases.
        #[serde(with = "number")]
        value: Option<f64>,
    },
    /// The same along an axis along which what is wanted differs.
    ConstantAlong {
        /// Along which nothing changes, from 0.
        axis: usize,
    },
    /// The mean of what is wanted.
    Mean {
        /// Along which axis; of all elements where there is none.
        axis: Option<usize>,
    },
    /// Another relation, before a function is applied.
    Before {
        /// What is applied to something wrong.
        function: Function,
        /// What holds before it.
        holds: Box<Relation>,
    },
    /// What it should be if one thing were otherwise.
    Supposed {
        /// What is otherwise, in words.
        what: String,
    },
    /// Right except in some place.
    Except {
        /// Where it is wrong.
        place: Place,
        /// What is there instead.
        instead: Option<Box<Relation>>,
    },
    /// A relation that holds of what is not cut off at 0 or 1.
    BetweenBounds {
        /// What holds there.
        holds: Box<Relation>,
    },
    /// A relation that holds in some of the failing checks.
    Partly {
        /// What holds in them.
        holds: Box<Relation>,
        /// In which.
        part: Part,
    },
    /// Off by little, and yet by more than roundings are.
    NearlyRight {
        /// The largest error, as a part of the largest wanted number.
        off: f64,
    },
    /// On one side of what is wanted.
    OneSided {
        /// Whether sizes or values are compared.
        sizes: bool,
        /// Whether it is too large.
        large: bool,
        /// The smallest and the largest ratio to what is wanted.
        ratios: Option<(f64, f64)>,
    },
    /// The right sign and the wrong size, or the right size and the wrong sign.
    Signs {
        /// Whether the sizes are right.
        sizes_right: bool,
    },
    /// How far it goes up and down with what is wanted: as it should (1), not at all (0), the other way (−1).
    Correlated {
        /// The correlation of all elements, each check's over their size.
        correlation: f64,
    },
    /// Another shape than wanted.
    Shape {
        /// In which way.
        change: Reshape,
    },
    /// A statistic is a multiple of what it should be.
    Statistic {
        /// In words: “mean”.
        statistic: String,
        /// By what it is multiplied.
        by: Amount,
    },
    /// A statistic is a function of what it should be.
    StatisticOf {
        /// In words: “mean”.
        statistic: String,
        /// Which function.
        function: Function,
    },
    /// A statistic or an element lies on one side of what is allowed.
    Outside {
        /// The statistic's name.
        statistic: Option<String>,
        /// Whether it is too large.
        large: bool,
        /// The smallest and the largest ratio to the middle of what is allowed.
        ratios: Option<(f64, f64)>,
    },
    /// Larger or smaller than wanted taken all in all, in every check.
    Altogether {
        /// Whether it is too large.
        large: bool,
        /// The smallest and the largest ratio of the norms.
        ratios: (f64, f64),
    },
    /// In each check the elements stand in the same order by size as those wanted, or in the opposite one.
    InOrder {
        /// Whether it is the opposite one.
        reversed: bool,
    },
    /// `Ok` where `Err` is due.
    Accepted,
    /// `Err` where an answer is due.
    Refused,
    /// The same where it must differ.
    Same,
    /// Different where it must be the same.
    Different,
    /// A panic, always at the same place.
    Panicked {
        /// File, line and column.
        location: String,
    },
    /// Wrong while other outputs are right in every case.
    Beside {
        /// Those outputs, in words.
        right: Vec<String>,
    },
}

impl Relation {
    /// Whether it says of every number what it is, and points at why.
    pub fn is_simple(&self) -> bool {
        match self {
            Self::Times { by } | Self::Plus { by } => !matches!(by, Amount::EachCase { .. }),
            Self::OfWanted { .. } | Self::OfArgument { .. } | Self::OfOutput { .. } | Self::Mean { .. } => {
                true
            }
            _ => matches!(self, Self::OfEarlierCall | Self::Arranged { .. } | Self::Constant { .. }),
        }
    }
}

/// Some of the failing checks of an output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// How many they are.
    pub holds: usize,
    /// Of how many.
    pub of: usize,
    /// What all their cases are called, and no others; nothing where they have several names.
    pub name: Option<String>,
}

/// JSON has no NaN: it is written as a word.
mod number {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        value.map(|x| x.to_string()).serialize(serializer)
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<f64>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::{Base, Comparison, Form, Quantity};

    #[test]
    fn what_is_written_as_json_is_read_again() {
        let quantity = Quantity { base: Base::Length("x".to_owned(), 1), form: Form::InverseRoot };
        let nan = Box::new(Relation::Constant { value: Some(f64::NAN) });
        let relations = [
            Relation::Accepted,
            Relation::Times { by: Amount::Quantity { quantity } },
            Relation::Arranged { how: Arrangement::Rolled(1, -2) },
            Relation::Except {
                place: Place::Argument("x".to_owned(), Comparison::Below(0.0)),
                instead: Some(nan),
            },
        ];
        for relation in relations {
            let symptom = Symptom { of: vec!["`y`".to_owned()], relation, checks: 3, values_right: true };
            let json = serde_json::to_string(&symptom).unwrap();
            let read: Symptom = serde_json::from_str(&json).unwrap();
            // NaN is not equal to itself.
            assert_eq!(format!("{read:?}"), format!("{symptom:?}"), "{json}");
        }
    }
}
