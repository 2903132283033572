//! A split that keeps the classes' shares: for files that are sorted by class, and for classes that are rare.

use std::{collections::BTreeMap, error::Error, fmt};

use rand::{rngs::StdRng, seq::SliceRandom};

use crate::cross_validation::Fold;

/// A share that leaves nothing to train on, or nothing to judge by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InvalidShare(pub f64);

impl fmt::Display for InvalidShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the share to hold out must lie between 0 and 1, and it is {}", self.0)
    }
}

impl Error for InvalidShare {}

/// Holds out the same `share` of every class.
///
/// `labels` has the class of each example; classes may have any numbers, and the examples come in any order, often sorted by
/// class. Of a class with m examples, `share` · m are in the validation part, rounded to the nearest whole number (halves up),
/// and all others in the training part. *Which* ones is drawn from `rng`, and the same seed gives the same split. The order
/// within a part does not matter.
///
/// Cut a sorted file instead, and a whole class is missing in training. Draw without regard to classes, and of a rare class there
/// may be none to judge by: of 1,000 examples with 5 ill, a tenth drawn at random has nobody ill in 59 % of all draws.
///
/// # Errors
/// When `share` is not above 0 and below 1.
///
/// Source: Kohavi 1995; scikit-learn's `StratifiedShuffleSplit`.
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// use regularization::stratified_split::stratified_split;
/// let labels = [0, 0, 0, 0, 0, 0, 1, 1, 1];
/// let fold = stratified_split(&labels, 1.0 / 3.0, &mut StdRng::seed_from_u64(1)).unwrap();
/// let mut held_out: Vec<usize> = fold.validation.iter().map(|&i| labels[i]).collect();
/// held_out.sort();
/// assert_eq!(held_out, [0, 0, 1]);
/// assert_eq!(fold.training.len(), 6);
/// assert!(stratified_split(&labels, 1.0, &mut StdRng::seed_from_u64(1)).is_err());
/// ```
pub fn stratified_split(labels: &[usize], share: f64, rng: &mut StdRng) -> Result<Fold, InvalidShare> {
    // NaN is refused, too.
    if !(share > 0.0 && share < 1.0) {
        return Err(InvalidShare(share));
    }
    let mut classes: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (example, &label) in labels.iter().enumerate() {
        classes.entry(label).or_default().push(example);
    }
    let mut fold = Fold { training: Vec::new(), validation: Vec::new() };
    for mut examples in classes.into_values() {
        examples.shuffle(rng);
        let (validation, training) = examples.split_at((share * examples.len() as f64).round() as usize);
        fold.validation.extend(validation);
        fold.training.extend(training);
    }
    Ok(fold)
}
