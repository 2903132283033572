//! Arrangement: wanted numbers that stand at other places: axes exchanged, reversed, rolled, shifted, or any other order.

use super::pair::Pair;
use crate::verdict::{Arrangement, Relation};

/// Arrays up to so many elements are sorted.
const LONGEST: usize = 512;
/// Of an axis up to this length every order is recognised.
const ORDERED: usize = 16;
/// Elements are moved by so many places at most.
const FARTHEST: isize = 3;

/// Every arrangement that fits the first pair's axes.
pub fn candidates(pairs: &[Pair]) -> Vec<Relation> {
    let Some(pair) = pairs.iter().max_by_key(|pair| pair.len().min(LONGEST)) else { return Vec::new() };
    let axes = pairs.iter().map(|pair| pair.shape.len()).min().unwrap_or_default();
    let mut all: Vec<Arrangement> = permutations(axes).into_iter().map(Arrangement::Permuted).collect();
    for axis in 0..axes {
        all.push(Arrangement::Reversed(axis));
        let steps = (1..=FARTHEST).flat_map(|by| [by, -by]);
        all.extend(steps.clone().map(|by| Arrangement::Rolled(axis, by)));
        all.extend(steps.map(|by| Arrangement::Shifted(axis, by)));
        all.extend(order(pair, axis).map(|order| Arrangement::Taken(axis, order)));
    }
    all.extend([Arrangement::InRows, Arrangement::Shuffled]);
    all.into_iter().map(|how| Relation::Arranged { how }).collect()
}

/// Orders of up to four axes, but for the one in which they stand.
fn permutations(axes: usize) -> Vec<Vec<usize>> {
    if !(2..=4).contains(&axes) {
        return Vec::new();
    }
    let mut all = vec![Vec::new()];
    for _ in 0..axes {
        let longer = |order: Vec<usize>| {
            let next: Vec<usize> = (0..axes).filter(|axis| !order.contains(axis)).collect();
            next.into_iter().map(move |axis| [order.clone(), vec![axis]].concat())
        };
        all = all.into_iter().flat_map(longer).collect();
    }
    all.retain(|order| !order.is_sorted());
    all
}

/// Which wanted entry along `axis` stands at each index, where each is one of them.
fn order(pair: &Pair, axis: usize) -> Option<Vec<usize>> {
    let length = pair.shape[axis];
    if !(2..=ORDERED).contains(&length) || !pair.is_whole() || pair.len() > LONGEST {
        return None;
    }
    let entries = |values: &[f64]| -> Vec<Vec<f64>> {
        let mut entries = vec![Vec::new(); length];
        values.iter().zip(&pair.places).for_each(|(x, place)| entries[pair.index(*place)[axis]].push(*x));
        entries
    };
    let (wanted, given, tolerance) = (entries(&pair.want), entries(&pair.got), pair.tolerance(&pair.want));
    let is = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= tolerance);
    given.iter().map(|entry| wanted.iter().position(|wanted| is(entry, wanted))).collect()
}

/// What an arrangement says, at places where it says something; elsewhere what came.
pub fn predicted(how: &Arrangement, pair: &Pair) -> Option<Vec<f64>> {
    if let Arrangement::InRows | Arrangement::Shuffled = how {
        return sorted(how, pair);
    }
    let from = |place: usize, index: Vec<usize>| source(how, pair, place, index);
    let sources: Option<Vec<Option<usize>>> =
        pair.places.iter().map(|&place| from(place, pair.index(place))).collect();
    let sources = sources?;
    let said = sources.iter().filter(|source| source.is_some()).count();
    // What comes in over the edge is open, and most must not be.
    if 2 * said <= sources.len() {
        return Some(Vec::new());
    }
    let values =
        sources.iter().zip(&pair.got).map(|(source, got)| source.map_or(*got, |i| pair.wanted_at(i)));
    Some(values.collect())
}

/// The wanted element that stands at a place: `None` where it does not fit, `Some(None)` where nothing is said.
fn source(how: &Arrangement, pair: &Pair, place: usize, index: Vec<usize>) -> Option<Option<usize>> {
    let moved = |axis: usize, to: usize| place + to * pair.stride(axis) - index[axis] * pair.stride(axis);
    let length = |axis: usize| pair.shape.get(axis).copied().filter(|&length| length > 0);
    match how {
        Arrangement::Permuted(order) => {
            (order.len() == pair.shape.len()).then(|| Some(permuted(order, pair, place)))
        }
        Arrangement::Reversed(axis) => Some(Some(moved(*axis, length(*axis)? - 1 - index[*axis]))),
        Arrangement::Rolled(axis, by) => {
            let length = length(*axis)? as isize;
            Some(Some(moved(*axis, (index[*axis] as isize - by).rem_euclid(length) as usize)))
        }
        Arrangement::Shifted(axis, by) => {
            let (from, length) = (index[*axis] as isize - by, length(*axis)? as isize);
            Some((0..length).contains(&from).then(|| moved(*axis, from as usize)))
        }
        Arrangement::Taken(axis, order) => {
            (order.len() == length(*axis)?).then(|| Some(moved(*axis, order[index[*axis]])))
        }
        Arrangement::InRows | Arrangement::Shuffled => None,
    }
}

/// The elements with axes in another order, read in the wanted shape.
fn permuted(order: &[usize], pair: &Pair, mut place: usize) -> usize {
    let mut flat = 0;
    for &axis in order.iter().rev() {
        let length = pair.shape[axis].max(1);
        flat += place % length * pair.stride(axis);
        place /= length;
    }
    flat
}

/// Where what came is an order of what is wanted, what came.
fn sorted(how: &Arrangement, pair: &Pair) -> Option<Vec<f64>> {
    let width = match how {
        Arrangement::InRows => *pair.shape.last().filter(|_| pair.shape.len() > 1)?,
        _ => pair.len(),
    };
    if width < 3 || !pair.is_whole() || pair.len() > LONGEST {
        return None;
    }
    let in_order = |values: &[f64]| {
        let mut values = values.to_vec();
        values.chunks_mut(width).for_each(|row| row.sort_by(f64::total_cmp));
        values
    };
    let (want, got, tolerance) = (in_order(&pair.want), in_order(&pair.got), pair.tolerance(&pair.want));
    want.iter().zip(&got).all(|(want, got)| (want - got).abs() <= tolerance).then(|| pair.got.clone())
}

#[cfg(test)]
mod tests {
    use super::{super::made_up::*, *};

    const MATRIX: [f64; 6] = [0.1, 0.2, 0.3, 1.1, 1.2, 1.3];

    #[test]
    fn a_mirrored_matrix_is_seen_along_its_axis() {
        let got = [0.3, 0.2, 0.1, 1.3, 1.2, 1.1];
        let how = Arrangement::Reversed(1);
        assert_eq!(found(&[shaped(&[2, 3], &MATRIX, &got)]), Some(Relation::Arranged { how }));
        let none = found(&[shaped(&[2, 3], &MATRIX, &[0.3, 0.2, 0.1, 1.3, 1.2, 1.15])]);
        assert!(!matches!(none, Some(Relation::Arranged { .. })), "{none:?}");
    }

    #[test]
    fn rows_read_column_by_column_are_a_transposed_matrix() {
        let got = [0.1, 1.1, 0.2, 1.2, 0.3, 1.3];
        let how = Arrangement::Permuted(vec![1, 0]);
        assert_eq!(found(&[shaped(&[2, 3], &MATRIX, &got)]), Some(Relation::Arranged { how }));
    }

    #[test]
    fn a_shift_leaves_the_edge_open() {
        let (want, got) = ([0.1, 0.7, 0.3, 0.9, 0.5], [0.0, 0.1, 0.7, 0.3, 0.9]);
        let how = Arrangement::Shifted(0, 1);
        assert_eq!(found(&[made(&want, &got)]), Some(Relation::Arranged { how }));
    }
}
