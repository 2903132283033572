//! A failing check as numbers: what is wanted, what came, and when one explains the other.

use hidden::{Budget, Case, Check, Rule};
use protocol::{Array, Data, Value, Values};

use crate::verdict::near;

/// Elements of one check that are looked at; of longer arrays so many, from all over.
const MOST: usize = 512;
/// A relation must make the largest error so many times smaller.
const SMALLER: f64 = 20.0;

/// What is wanted of a check, element by element: of one that fails with what came, of one that passes what is wanted twice.
#[derive(Clone)]
pub struct Pair<'a> {
    /// The case that it belongs to.
    pub case: &'a Case,
    /// What should hold, and does not.
    pub check: &'a Check,
    /// Lengths along all axes.
    pub shape: &'a [usize],
    /// The elements that are looked at, as positions in the flattened array.
    pub places: Vec<usize>,
    /// What they should be.
    pub want: Vec<f64>,
    /// What they are.
    pub got: Vec<f64>,
    wanted: &'a Array,
    budget: Budget,
}

impl<'a> Pair<'a> {
    /// Of a check that fails, and what was worked out for it; nothing where shapes differ or no elements are wanted.
    pub fn of(case: &'a Case, check: &'a Check, got: &Array) -> Option<Self> {
        let mut pair = Self::right(case, check)?;
        if got.shape != pair.shape {
            return None;
        }
        pair.got = pair.places.iter().map(|&i| at(got, i)).collect();
        Some(pair)
    }

    /// Of a check that passes.
    pub fn right(case: &'a Case, check: &'a Check) -> Option<Self> {
        let (wanted, budget) = wanted(check)?;
        let n = wanted.len();
        let step = n.div_ceil(MOST).max(1);
        // No step that divides the rows: a sample must not stand in one column.
        let step = if step > 1 { step | 1 } else { 1 };
        let places: Vec<usize> = (0..n).step_by(step).collect();
        let want: Vec<f64> = places.iter().map(|&i| at(wanted, i)).collect();
        Some(Self { case, check, shape: &wanted.shape, got: want.clone(), places, want, wanted, budget })
    }

    /// The arguments of the call.
    pub fn args(&self) -> &'a Values {
        &self.case.calls[self.check.call].args
    }

    /// What is wanted at any position, looked at or not.
    pub fn wanted_at(&self, place: usize) -> f64 {
        at(self.wanted, place)
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.wanted.len()
    }

    /// Whether all elements are looked at.
    pub fn is_whole(&self) -> bool {
        self.places.len() == self.len()
    }

    /// The position along each axis.
    pub fn index(&self, mut place: usize) -> Vec<usize> {
        let mut index = vec![0; self.shape.len()];
        for (slot, &length) in index.iter_mut().zip(self.shape).rev() {
            (*slot, place) = (place % length.max(1), place / length.max(1));
        }
        index
    }

    /// How many places on in the flattened array the next element along `axis` is.
    pub fn stride(&self, axis: usize) -> usize {
        self.shape[axis + 1..].iter().product()
    }

    /// Which elements are wrong.
    pub fn wrong(&self) -> Vec<bool> {
        let allowed = self.budget.allowed(&self.want);
        self.got.iter().zip(&self.want).map(|(got, want)| !near(*got, *want, allowed)).collect()
    }

    /// With some of the elements alone.
    pub fn only(&self, keep: &[bool]) -> Self {
        let kept = |values: &[f64]| values.iter().zip(keep).filter(|(_, k)| **k).map(|(x, _)| *x).collect();
        let places = self.places.iter().zip(keep).filter(|(_, k)| **k).map(|(i, _)| *i).collect();
        Self { places, want: kept(&self.want), got: kept(&self.got), ..self.clone() }
    }

    /// With what a function makes of wanted and given numbers, where both are finite and not large; roughly, since an inverse loses
    /// digits. Nothing where little is left.
    pub fn mapped(&self, function: impl Fn(f64) -> f64) -> Option<Self> {
        const LARGE: f64 = 6.0;
        let is_fit = |x: &f64| function(*x).abs() < LARGE;
        let keep: Vec<bool> =
            self.want.iter().zip(&self.got).map(|(want, got)| is_fit(want) && is_fit(got)).collect();
        let mut pair = self.only(&keep);
        pair.want.iter_mut().chain(&mut pair.got).for_each(|x| *x = function(*x));
        pair.budget = Budget { roundings: 4096.0, terms: 1, scale: 1.0, ..Budget::elementwise() };
        (2 * pair.want.len() > self.want.len()).then_some(pair)
    }

    /// Whether an element may be off by this from what a relation says it is: ten budgets, since another formula rounds otherwise.
    pub fn tolerance(&self, prediction: &[f64]) -> f64 {
        10.0 * self.budget.allowed(prediction).max(Budget::elementwise().allowed(prediction))
    }

    /// Whether `prediction` is what came, and much nearer to it than what is wanted.
    /// `scale` is the size of what cancels on the way to the prediction.
    pub fn is_explained(&self, prediction: &[f64], scale: f64) -> bool {
        let tolerance = self.tolerance(prediction).max(10.0 * Budget::elementwise().allowed(&[scale]));
        if prediction.len() != self.got.len()
            || !self.got.iter().zip(prediction).all(|(got, said)| near(*got, *said, tolerance))
        {
            return false;
        }
        let (before, after) = (largest(&self.got, &self.want), largest(&self.got, prediction));
        // What is not finite, and should be, is explained by nothing less.
        before == 0.0 || after * SMALLER <= before
    }
}

/// The largest finite difference.
fn largest(a: &[f64], b: &[f64]) -> f64 {
    let errors = a.iter().zip(b).map(|(a, b)| (a - b).abs()).filter(|error| error.is_finite());
    errors.fold(0.0, f64::max)
}

/// What a check wants element by element, and how exactly.
pub fn wanted(check: &Check) -> Option<(&Array, Budget)> {
    match &check.rule {
        Rule::Close { want, budget } => Some((want, *budget)),
        Rule::CloseToAny { wants, budget } => Some((wants.first()?, *budget)),
        _ => None,
    }
}

/// An element of an array.
pub fn at(array: &Array, place: usize) -> f64 {
    match &array.data {
        Data::F32(values) => values.get(place).map_or(f64::NAN, |x| f64::from(*x)),
        Data::F64(values) => values.get(place).copied().unwrap_or(f64::NAN),
        Data::Index(values) => values.get(place).map_or(f64::NAN, |x| *x as f64),
    }
}

/// The arrays among some arguments that are worth a look: not a network's hundreds of weights.
pub fn arrays(args: &Values) -> impl Iterator<Item = (&String, &Array)> {
    let many = args.len() > 24;
    args.iter().filter_map(move |(name, value)| match value {
        Value::Array(array) if !(many && name.contains('/')) => Some((name, array)),
        _ => None,
    })
}

/// The value of an array argument at the same position as `place` of a pair: of the same shape, or of the shape of some axes
/// one after the other, and then the same along all others.
pub fn beside(pair: &Pair, argument: &Array, place: usize) -> Option<f64> {
    let (own, shape) = (argument.shape.as_slice(), pair.shape);
    if own == shape {
        return Some(at(argument, place));
    }
    if own.is_empty() || own.len() >= shape.len() || argument.len() < 2 {
        return None;
    }
    // The last axes first: that is where features stand.
    let first = (0..=shape.len() - own.len()).rev().find(|&first| shape[first..first + own.len()] == *own)?;
    let index = pair.index(place);
    let flat = own.iter().enumerate().fold(0, |flat, (k, length)| flat * length + index[first + k]);
    Some(at(argument, flat))
}
