//! Shape: in which way the shape that came differs from the one that is wanted, the same way in every check.

use protocol::Values;

use super::pair::arrays;
use crate::verdict::{Relation, Reshape};

/// Two shapes and the arguments of the call.
pub struct Shapes<'a> {
    /// What is wanted.
    pub want: Vec<usize>,
    /// What came.
    pub got: Vec<usize>,
    /// What the call was given.
    pub args: &'a Values,
}

/// The simplest difference that all have in common.
pub fn find(all: &[Shapes]) -> Option<Relation> {
    let change =
        candidates(all.first()?).into_iter().find(|change| all.iter().all(|shapes| is(change, shapes)))?;
    Some(Relation::Shape { change })
}

fn candidates(first: &Shapes) -> Vec<Reshape> {
    let (want, got) = (&first.want, &first.got);
    let mut all: Vec<Reshape> = Vec::new();
    all.extend((0..want.len()).map(Reshape::Lost));
    all.extend((0..got.len()).map(Reshape::Kept));
    all.extend(permutation(want, got).map(Reshape::Permuted));
    all.push(Reshape::Flat);
    all.extend(
        (0..want.len().min(got.len()))
            .map(|axis| Reshape::Longer(axis, got[axis] as isize - want[axis] as isize)),
    );
    all.extend(arrays(first.args).map(|(name, _)| Reshape::Argument(name.clone())));
    all.push(Reshape::Elements);
    all.extend((0..want.len()).map(Reshape::Axis));
    all.push(Reshape::Rank(got.len() as isize - want.len() as isize));
    all
}

/// Which wanted axis stands at each place, where that is no guess.
fn permutation(want: &[usize], got: &[usize]) -> Option<Vec<usize>> {
    let distinct = want.iter().enumerate().all(|(i, length)| !want[..i].contains(length));
    let order: Option<Vec<usize>> =
        got.iter().map(|length| want.iter().position(|wanted| wanted == length)).collect();
    order.filter(|order| distinct && order.len() == want.len() && !order.is_sorted())
}

fn is(change: &Reshape, Shapes { want, got, args }: &Shapes) -> bool {
    let without = |shape: &[usize], axis: usize| [&shape[..axis], &shape[axis + 1..]].concat();
    let count = |shape: &[usize]| shape.iter().product::<usize>();
    let others = |axis: usize| axis < want.len().min(got.len()) && without(want, axis) == without(got, axis);
    match change {
        Reshape::Permuted(order) => {
            order.len() == want.len() && order.iter().map(|&axis| want[axis]).collect::<Vec<_>>() == *got
        }
        Reshape::Lost(axis) => *axis < want.len() && without(want, *axis) == *got,
        Reshape::Kept(axis) => got.get(*axis) == Some(&1) && without(got, *axis) == *want,
        Reshape::Flat => got.len() == 1 && want.len() > 1 && count(got) == count(want),
        Reshape::Longer(axis, by) => {
            others(*axis) && got[*axis] as isize - want[*axis] as isize == *by && *by != 0
        }
        Reshape::Argument(name) => arrays(args).any(|(known, array)| known == name && array.shape == *got),
        Reshape::Elements => count(got) == count(want),
        Reshape::Axis(axis) => others(*axis),
        Reshape::Rank(more) => *more != 0 && got.len() as isize - want.len() as isize == *more,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(shapes: &[(&[usize], &[usize])]) -> Option<Relation> {
        let args = Values::new();
        let all: Vec<Shapes> = shapes
            .iter()
            .map(|(want, got)| Shapes { want: want.to_vec(), got: got.to_vec(), args: &args })
            .collect();
        find(&all)
    }

    #[test]
    fn an_axis_too_many_and_a_place_too_many() {
        let kept = Some(Relation::Shape { change: Reshape::Kept(1) });
        assert_eq!(seen(&[(&[3, 4], &[3, 1, 4]), (&[2, 5], &[2, 1, 5])]), kept);
        let longer = Some(Relation::Shape { change: Reshape::Longer(1, 1) });
        assert_eq!(seen(&[(&[3, 4], &[3, 5]), (&[2, 5], &[2, 6])]), longer);
        assert_eq!(
            seen(&[(&[3, 4], &[3, 5]), (&[2, 5], &[2, 9])]),
            Some(Relation::Shape { change: Reshape::Axis(1) })
        );
    }

    #[test]
    fn shapes_without_anything_in_common_say_nothing() {
        assert_eq!(seen(&[(&[3, 4], &[3, 1, 4]), (&[2, 5], &[7, 9])]), None);
    }
}
