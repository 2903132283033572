//! Whether a symptom is true: every failing check that it speaks of is looked at again, whole, by other code than the one that
//! found it.

use std::collections::BTreeMap;

use hidden::{Case, Check, Rule};
use protocol::{Value, Values};

use crate::{
    judge::{Outcome, find_fault, measure, symptoms},
    messages,
    verdict::{Amount, Arrangement, Comparison, Function, Place, Reading, Relation, Symptom},
};

/// Where single precision and another formula bring numbers apart, as a part of the largest.
const NEAR: f64 = 1e-3;

/// A failing check that the symptom is not true of: "`y` of case 3".
pub fn refuting(
    symptom: &Symptom,
    cases: &[Case],
    failing: &BTreeMap<usize, Vec<Outcome>>,
) -> Option<String> {
    if let Relation::Partly { holds, part } = &symptom.relation {
        let said = Symptom { relation: (**holds).clone(), ..symptom.clone() };
        return (true_of(&said, cases, failing)? < part.holds).then(|| "as many cases as it says".to_owned());
    }
    failing.iter().find_map(|(&c, outcomes)| {
        let case = &cases[c];
        let wrong: Vec<&Check> =
            case.checks.iter().filter(|check| find_fault(case, check, outcomes).is_some()).collect();
        let values_wrong =
            |call: usize| wrong.iter().any(|check| check.call == call && !symptoms::is_gradient(check));
        let meant = wrong
            .iter()
            .filter(|check| symptom.of.contains(&messages::quantity(&check.output, &check.steps)));
        let meant = meant.filter(|check| !(symptoms::is_gradient(check) && values_wrong(check.call)));
        let refuting = meant.filter(|check| {
            let args = &case.calls[check.call].args;
            is_true(&symptom.relation, check, args, &measure(check, outcomes)) == Some(false)
        });
        let mut refuting = refuting.map(|check| format!("`{}` of case {c}, {}", check.output, case.about));
        refuting.next()
    })
}

/// Of how many failing checks it is true; nothing where it is about checks of another kind.
fn true_of(symptom: &Symptom, cases: &[Case], failing: &BTreeMap<usize, Vec<Outcome>>) -> Option<usize> {
    let all = failing
        .iter()
        .flat_map(|(&c, outcomes)| cases[c].checks.iter().map(move |check| (c, check, outcomes)));
    let meant =
        all.filter(|(_, check, _)| symptom.of.contains(&messages::quantity(&check.output, &check.steps)));
    let looked_at: Vec<bool> = meant
        .filter(|(c, check, outcomes)| find_fault(&cases[*c], check, outcomes).is_some())
        .filter_map(|(c, check, outcomes)| {
            let args = &cases[c].calls[check.call].args;
            is_true(&symptom.relation, check, args, &measure(check, outcomes))
        })
        .collect();
    (!looked_at.is_empty()).then(|| looked_at.into_iter().filter(|is| *is).count())
}

/// Whether a relation holds of one check; nothing where it is about checks of another kind.
fn is_true(relation: &Relation, check: &Check, args: &Values, reading: &Reading) -> Option<bool> {
    let Reading::Array(got) = reading else { return None };
    let (want, budget) = match &check.rule {
        Rule::Close { want, budget } => (want, budget),
        Rule::CloseToAny { wants, budget } => (wants.first()?, budget),
        _ => return None,
    };
    if let Relation::Shape { .. } = relation {
        return (want.shape != got.shape).then_some(true);
    }
    if want.shape != got.shape {
        return None;
    }
    let (shape, want) = (&want.shape, want.to_f64());
    let elements = Elements { shape, right: budget.allowed(&want), want, got: got.to_f64(), args };
    elements.obey(relation)
}

struct Elements<'a> {
    shape: &'a [usize],
    want: Vec<f64>,
    got: Vec<f64>,
    args: &'a Values,
    /// The error that counts as none.
    right: f64,
}

impl Elements<'_> {
    fn obey(&self, relation: &Relation) -> Option<bool> {
        let each = |f: &dyn Fn(f64) -> f64| self.is(&self.want.iter().map(|x| f(*x)).collect::<Vec<_>>());
        Some(match relation {
            Relation::Times { by: Amount::Constant { value, .. } } => each(&|x| x * value),
            Relation::Plus { by: Amount::Constant { value, .. } } => each(&|x| x + value),
            Relation::Times { by: Amount::EachCase { range: (low, high) } } => {
                let slack = NEAR * high.abs().max(low.abs());
                let ratios =
                    self.want.iter().zip(&self.got).filter(|(want, _)| want.abs() > NEAR).map(|(w, g)| g / w);
                ratios.into_iter().all(|ratio| (low - slack..=high + slack).contains(&ratio))
            }
            Relation::Constant { value: Some(x) } => each(&|_| *x),
            Relation::Constant { value: None } => self.got.iter().all(|x| same(*x, self.got[0], x.abs())),
            // What cancels is as large as 1.
            Relation::OfWanted { function: Function::Rest } => {
                self.want.iter().zip(&self.got).all(|(want, got)| same(*got, 1.0 - want, 1.0 + want.abs()))
            }
            Relation::OfWanted { function } => {
                each(&|x| plain(*function, x).unwrap_or(f64::NAN)) || plain(*function, 0.5).is_none()
            }
            Relation::OfArgument { argument, function: Function::Identity } => {
                match self.args.get(argument)? {
                    Value::Array(array) if array.len() == self.got.len() => self.is(&array.to_f64()),
                    Value::Number(x) => each(&|_| *x),
                    _ => return None,
                }
            }
            Relation::Mean { axis: None } => {
                let mean = self.want.iter().sum::<f64>() / self.want.len() as f64;
                each(&|_| mean)
            }
            Relation::Arranged { how: Arrangement::Shifted(..) } => return None,
            Relation::Arranged { .. } => self.is_another_order(),
            Relation::Except { place, .. } => (0..self.want.len())
                .all(|i| same(self.got[i], self.want[i], self.right / NEAR) || self.is_in(place, i)),
            Relation::NearlyRight { off } => {
                let differences = self.got.iter().zip(&self.want).map(|(got, want)| (got - want).abs());
                differences.fold(0.0, f64::max) <= 1.01 * off * self.size()
            }
            Relation::Signs { sizes_right: true } => {
                self.got.iter().zip(&self.want).all(|(got, want)| same(got.abs(), want.abs(), self.size()))
            }
            Relation::OneSided { large, sizes, .. } => {
                let of = |x: f64| if *sizes { x.abs() } else { x };
                self.got.iter().zip(&self.want).all(|(got, want)| {
                    let (got, want) = (of(*got), of(*want));
                    same(got, want, self.size()) || (got > want) == *large
                })
            }
            _ => return None,
        })
    }

    fn size(&self) -> f64 {
        self.want
            .iter()
            .chain(&self.got)
            .filter(|x| x.is_finite())
            .fold(0.0, |largest: f64, x| largest.max(x.abs()))
    }

    fn is(&self, said: &[f64]) -> bool {
        let size = said.iter().filter(|x| x.is_finite()).fold(0.0, |largest: f64, x| largest.max(x.abs()));
        self.got.iter().zip(said).all(|(got, said)| same(*got, *said, size))
    }

    fn is_another_order(&self) -> bool {
        let sorted = |values: &[f64]| {
            let mut values = values.to_vec();
            values.sort_by(f64::total_cmp);
            values
        };
        sorted(&self.got).iter().zip(sorted(&self.want)).all(|(got, want)| same(*got, want, self.size()))
    }

    /// Whether an element lies in a place, or that is not looked at here.
    fn is_in(&self, place: &Place, i: usize) -> bool {
        let index = |axis: usize| {
            i / self.shape[axis + 1..].iter().product::<usize>().max(1) % self.shape[axis].max(1)
        };
        match place {
            Place::Wanted(comparison) => compares(*comparison, self.want[i]),
            Place::Argument(name, comparison) => match self.args.get(name) {
                Some(Value::Array(array)) if array.len() == self.want.len() => {
                    compares(*comparison, array.to_f64()[i])
                }
                _ => true,
            },
            Place::At(axis, at) => index(*axis) == *at,
            Place::Last(axis) => index(*axis) + 1 == self.shape[*axis],
            Place::From(axis, from) => index(*axis) >= *from,
            Place::BeforeLast(axis) => index(*axis) + 1 < self.shape[*axis],
            Place::Odd(axis) => index(*axis) % 2 == 1,
            Place::Even(axis) => index(*axis) % 2 == 0,
            _ => true,
        }
    }
}

fn same(a: f64, b: f64, size: f64) -> bool {
    a == b
        || a.is_nan() && b.is_nan()
        || (a - b).abs() <= NEAR * size.max(f64::from(f32::MIN_POSITIVE) / NEAR)
}

fn compares(comparison: Comparison, x: f64) -> bool {
    match comparison {
        Comparison::Below(bound) => x < bound,
        Comparison::Above(bound) => x > bound,
        Comparison::Is(value) => (x - value).abs() == 0.0,
        Comparison::Beyond(bound) => !(-bound..=bound).contains(&x),
        Comparison::Within(bound) => (-bound..=bound).contains(&x),
        Comparison::NotFinite => x.is_nan() || x.is_infinite(),
    }
}

/// Some of the functions, written once more.
fn plain(function: Function, x: f64) -> Option<f64> {
    Some(match function {
        Function::Negative => 0.0 - x,
        Function::Square => x.powi(2),
        Function::Root => x.powf(0.5),
        Function::Reciprocal => x.recip(),
        Function::Size => x.abs(),
        Function::Rest => 1.0 - x,
        Function::Exp => x.exp(),
        Function::Logarithm => x.ln(),
        Function::Positive => (x + x.abs()) / 2.0,
        Function::NegativePart => (x - x.abs()) / 2.0,
        Function::Tanh => x.tanh(),
        _ => return None,
    })
}
