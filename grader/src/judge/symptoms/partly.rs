//! Partly: a relation that holds in many of the failing checks and not in all, or between bounds at which numbers are cut off.
//! What the relations are is the other families'; here it is decided which checks to put to them.

use std::collections::BTreeMap;

use super::{pair::Pair, search};
use crate::verdict::{Part, Relation};

/// Fewer checks are chance.
const FEWEST: usize = 3;
/// One in so many checks at least.
const SHARE: usize = 5;
/// Checks that suggest a relation.
const SAMPLES: usize = 6;
/// Wrong elements of each check, and right ones, that are asked first.
const FEW: usize = 16;

/// The relation that holds in the most checks: all of one name, or others.
pub fn find(pairs: &[Pair]) -> Option<Relation> {
    if let Some(relation) = between_bounds(pairs) {
        return Some(relation);
    }
    let named = by_name(pairs);
    let most = named.as_ref().map_or(0, |(_, part)| part.holds);
    let sampled = by_sample(pairs).filter(|(_, part)| part.holds > most);
    let (relation, part) = sampled.or(named)?;
    Some(Relation::Partly { holds: Box::new(relation), part })
}

/// Where all numbers lie from 0 to 1, and some at these bounds: what holds of the others.
fn between_bounds(pairs: &[Pair]) -> Option<Relation> {
    let all = || pairs.iter().flat_map(|pair| pair.want.iter().chain(&pair.got));
    let is_bound = |x: f64| x == 0.0 || x == 1.0;
    if !all().all(|x| (0.0..=1.0).contains(x)) || !all().any(|x| is_bound(*x)) {
        return None;
    }
    let inner: Vec<Pair> =
        pairs.iter().map(|pair| inside(pair, is_bound)).filter(|pair| !pair.want.is_empty()).collect();
    if 2 * inner.len() < pairs.len() {
        return None;
    }
    search::formula(&inner).map(|relation| Relation::BetweenBounds { holds: Box::new(relation) })
}

fn inside<'a>(pair: &Pair<'a>, is_bound: impl Fn(f64) -> bool) -> Pair<'a> {
    let both = pair.want.iter().zip(&pair.got);
    let keep: Vec<bool> = both.map(|(want, got)| !is_bound(*want) && !is_bound(*got)).collect();
    pair.only(&keep)
}

/// A relation of all failing checks whose cases have one name.
fn by_name(pairs: &[Pair]) -> Option<(Relation, Part)> {
    let mut named: BTreeMap<&str, Vec<Pair>> = BTreeMap::new();
    pairs.iter().for_each(|pair| named.entry(&pair.case.about).or_default().push(pair.clone()));
    let mut parts: Vec<(&str, Vec<Pair>)> =
        named.into_iter().filter(|(_, part)| is_many(part.len(), pairs.len())).collect();
    parts.sort_by_key(|(_, part)| std::cmp::Reverse(part.len()));
    parts.into_iter().find_map(|(name, part)| {
        let relation = search::formula(&part)?;
        Some((relation, Part { holds: part.len(), of: pairs.len(), name: Some(name.to_owned()) }))
    })
}

/// A relation that some checks suggest and many others confirm. What many numbers are asked is asked of a few of each check first:
/// nobody waits for a sentence.
fn by_sample(pairs: &[Pair]) -> Option<(Relation, Part)> {
    let thin: Vec<Pair> = pairs.iter().map(thinned).collect();
    let step = pairs.len().div_ceil(SAMPLES).max(1);
    let mut tried: Vec<Relation> = Vec::new();
    let mut best: Option<(Relation, usize)> = None;
    for sample in thin.iter().step_by(step) {
        for relation in search::suggestions(std::slice::from_ref(sample)) {
            if tried.contains(&relation) || !search::explains(&relation, sample) {
                continue;
            }
            let explained = thin.iter().filter(|pair| search::explains(&relation, pair)).count();
            if best.as_ref().is_none_or(|(_, most)| explained > *most) {
                best = Some((relation.clone(), explained));
            }
            tried.push(relation);
        }
    }
    let (relation, _) = best.filter(|(_, most)| is_many(*most, pairs.len()))?;
    let part: Vec<Pair> = pairs.iter().filter(|pair| search::explains(&relation, pair)).cloned().collect();
    if !is_many(part.len(), pairs.len()) {
        return None;
    }
    let relation = search::formula(&part)?;
    Some((relation, Part { holds: part.len(), of: pairs.len(), name: None }))
}

/// With few of its elements: wrong ones, and right ones beside them.
fn thinned<'a>(pair: &Pair<'a>) -> Pair<'a> {
    let (mut wrong, mut right) = (FEW, FEW);
    let take = |is_wrong: bool| take(if is_wrong { &mut wrong } else { &mut right });
    let keep: Vec<bool> = pair.wrong().into_iter().map(take).collect();
    pair.only(&keep)
}

/// Whether there was one left to take.
fn take(left: &mut usize) -> bool {
    let is_left = *left > 0;
    *left = left.saturating_sub(1);
    is_left
}

fn is_many(part: usize, all: usize) -> bool {
    part >= FEWEST && SHARE * part >= all && part < all
}

#[cfg(test)]
mod tests {
    use super::{super::made_up::*, *};
    use crate::verdict::Amount;

    /// Three that are doubled, and one that is anything.
    fn mixed(last: &[f64]) -> Option<Relation> {
        let wants = [[0.3, -1.7, 2.2, 0.9], [1.3, 0.7, -2.4, 0.1], [-0.6, 1.9, 0.2, 3.9]];
        let mut made: Vec<Made> = wants.iter().map(|want| self::made(want, &want.map(|x| 2.0 * x))).collect();
        made.push(self::made(&[0.4, 1.1, -0.3, 2.7], last));
        find(&pairs(&made))
    }

    #[test]
    fn what_holds_in_three_of_four_is_said_of_three() {
        let Some(Relation::Partly { holds, part }) = mixed(&[1.7, -0.2, 0.8, 5.1]) else { panic!() };
        assert_eq!(*holds, Relation::Times { by: Amount::Constant { value: 2.0, named: None } });
        assert_eq!((part.holds, part.of), (3, 4));
    }

    #[test]
    fn what_holds_in_two_is_chance() {
        let made = [
            self::made(&[0.3, -1.7, 2.2, 0.9], &[0.6, -3.4, 4.4, 1.8]),
            self::made(&[1.3, 0.7, -2.4, 0.1], &[2.6, 1.4, -4.8, 0.2]),
            self::made(&[0.4, 1.1, -0.3, 2.7], &[1.7, -0.2, 0.8, 5.1]),
            self::made(&[0.9, 1.2, -0.7, 2.1], &[-1.9, 0.4, 2.8, 0.3]),
        ];
        assert_eq!(find(&pairs(&made)), None);
    }

    #[test]
    fn what_is_cut_off_at_a_bound_is_left_out() {
        let want = [0.2, 0.35, 0.5, 0.9, 0.6];
        let made = [self::made(&want, &want.map(|x| f64::min(x + 0.15, 1.0)))];
        let Some(Relation::BetweenBounds { holds }) = find(&pairs(&made)) else { panic!() };
        assert!(matches!(*holds, Relation::Plus { .. }), "{holds:?}");
    }
}
