//! Constancy: the same number everywhere, or along an axis, or the mean of what is wanted.

use super::pair::Pair;
use crate::verdict::Relation;

/// One number in all cases.
pub fn constants(pairs: &[Pair]) -> Vec<Relation> {
    let first = pairs.iter().flat_map(|pair| &pair.got).next();
    first.map(|&x| Relation::Constant { value: Some(x) }).into_iter().collect()
}

/// One number in each case, means, or the same along an axis.
pub fn candidates(pairs: &[Pair]) -> Vec<Relation> {
    let axes = pairs.iter().map(|pair| pair.shape.len()).min().unwrap_or_default();
    let means = (0..axes).map(|axis| Relation::Mean { axis: Some(axis) });
    let along = (0..axes).map(|axis| Relation::ConstantAlong { axis });
    let whole = [Relation::Mean { axis: None }, Relation::Constant { value: None }];
    whole.into_iter().chain(means).chain(along).collect()
}

/// What such a relation says.
pub fn predicted(relation: &Relation, pair: &Pair) -> Option<Vec<f64>> {
    let all = |x: f64| vec![x; pair.want.len()];
    match relation {
        Relation::Constant { value: Some(x) } => Some(all(*x)),
        Relation::Constant { value: None } if varies(&pair.want) => pair.got.first().map(|x| all(*x)),
        Relation::Constant { value: None } => Some(Vec::new()),
        Relation::Mean { axis: None } if pair.is_whole() && pair.len() > 1 => {
            Some(all(pair.want.iter().sum::<f64>() / pair.len() as f64))
        }
        Relation::Mean { axis: Some(axis) } if pair.shape.get(*axis)? > &1 => {
            Some(pair.places.iter().map(|&place| mean_along(pair, place, *axis)).collect())
        }
        Relation::ConstantAlong { axis } => first_along(pair, *axis),
        _ => None,
    }
}

fn varies(values: &[f64]) -> bool {
    values.iter().any(|x| *x != values[0])
}

fn mean_along(pair: &Pair, place: usize, axis: usize) -> f64 {
    let (stride, length) = (pair.stride(axis), pair.shape[axis]);
    let first = place - pair.index(place)[axis] * stride;
    (0..length).map(|k| pair.wanted_at(first + k * stride)).sum::<f64>() / length as f64
}

/// What came at index 0 of the axis, where all is known.
fn first_along(pair: &Pair, axis: usize) -> Option<Vec<f64>> {
    if !pair.is_whole() || *pair.shape.get(axis)? < 2 {
        return Some(Vec::new());
    }
    let stride = pair.stride(axis);
    let first = |place: usize| place - pair.index(place)[axis] * stride;
    let differs = pair.places.iter().any(|&place| pair.want[first(place)] != pair.want[place]);
    Some(if differs { pair.places.iter().map(|&place| pair.got[first(place)]).collect() } else { Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::{super::made_up::*, *};

    #[test]
    fn zeros_are_a_constant_and_one_zero_is_none() {
        let want = [0.3, -1.7, 2.2, 0.9];
        let zeros = Some(Relation::Constant { value: Some(0.0) });
        assert_eq!(found(&[made(&want, &[0.0; 4])]), zeros);
        assert_ne!(found(&[made(&want, &[0.0, -1.6, 2.4, 0.9])]), zeros);
    }

    #[test]
    fn equal_rows_are_constant_along_the_first_axis() {
        let pair = shaped(&[2, 3], &[0.1, 0.2, 0.3, 1.1, 1.2, 1.3], &[0.5, 0.7, 0.2, 0.5, 0.7, 0.2]);
        assert_eq!(found(&[pair]), Some(Relation::ConstantAlong { axis: 0 }));
    }
}
