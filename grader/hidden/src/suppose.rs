//! Suppositions: what would be right if one thing were otherwise.
//!
//! An oracle says at one place what else somebody might have done there: `otherwise("`momentum` and 1 − `momentum` were exchanged",
//! momentum, 1.0 - momentum)`. While cases are written that is the first of the two. To explain a wrong answer the same cases are
//! written once more for each supposition, and then it is the second. Nobody's answer is judged by them.
//!
//! Beside those that authors declare, arguments of an oracle are supposed to be others: left out, exchanged, transposed.

use std::{
    cell::{Cell, RefCell},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use crate::{Args, Author, Case, Rule, Suite, Tensor};

/// Of more arguments nothing is supposed: a network's weights are not mistaken one by one.
const MOST: usize = 8;

/// Who asks more often waits for a draw that never comes, because of what is supposed.
const ENDLESS: u32 = 5_000_000;

/// One thing that is otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Declared by an author: the words are said behind "what it should be if".
    Declared(String),
    /// Another argument.
    Argument(Change),
}

/// What is done to tensors among an oracle's arguments.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// All its elements are this number.
    Is(String, i8),
    /// The sign is the other one.
    Negated(String),
    /// Rows and columns of a square matrix are exchanged.
    Transposed(String),
    /// Two of the same shape are exchanged.
    Exchanged(String, String),
    /// The second stands for the first as well.
    Replaced(String, String),
}

/// The cases of an exercise as they would be.
#[derive(Clone, Debug)]
pub struct Supposed {
    /// What is otherwise.
    pub what: What,
    /// The same cases in the same order. What can't be told is NaN throughout.
    pub cases: Vec<Case>,
}

enum Mode {
    /// Suppositions are collected.
    Listing(Vec<What>),
    /// One holds.
    Supposing(What),
}

thread_local! {
    /// How often an oracle asked what is supposed.
    static ASKED: Cell<u32> = const { Cell::new(0) };
    static IS_ON: Cell<bool> = const { Cell::new(false) };
    static MODE: RefCell<Option<Mode>> = const { RefCell::new(None) };
}

/// `right`; what is supposed instead, where somebody asks what would be if `what`. The words are said behind "what it should be if".
pub fn otherwise<T>(what: &str, right: T, supposed: T) -> T {
    if is_supposed(what) { supposed } else { right }
}

/// Whether somebody asks what would be if `what`.
pub fn is_supposed(what: &str) -> bool {
    // Oracles ask this millions of times.
    IS_ON.get() && asked(|| What::Declared(what.to_owned()))
}

/// What comes of it with nothing supposed: where cases are drawn until they are good ones.
pub fn as_it_is<T>(draw: impl FnOnce() -> T) -> T {
    let was_on = IS_ON.replace(false);
    let drawn = draw();
    IS_ON.set(was_on);
    drawn
}

/// Whether cases are being written with something supposed.
pub fn is_supposing() -> bool {
    IS_ON.get() && MODE.with_borrow(|mode| matches!(mode, Some(Mode::Supposing(_))))
}

/// `answer`, or all NaN where something is supposed: an answer that is worked out for right ones alone, as most gradients are.
pub fn of_right_alone(answer: Tensor) -> Tensor {
    if is_supposing() { answer.mapv(|_| f64::NAN) } else { answer }
}

fn asked(what: impl FnOnce() -> What) -> bool {
    MODE.with_borrow_mut(|mode| match mode {
        Some(Mode::Supposing(supposed)) => {
            ASKED.set(ASKED.get() + 1);
            if ASKED.get() > ENDLESS {
                // Without a word: nobody prints that a case can't be drawn which is never put to anybody.
                resume_unwind(Box::new("cases are drawn for ever"));
            }
            *supposed == what()
        }
        Some(Mode::Listing(known)) => {
            let what = what();
            if !known.contains(&what) {
                known.push(what);
            }
            false
        }
        None => false,
    })
}

/// The rule that a text is this one; another that says nothing, where something is supposed.
pub fn of_right_texts(want: String) -> Rule {
    if is_supposing() { Rule::Shape { shape: Vec::new() } } else { Rule::Text { want } }
}

/// What an oracle wants of `args`, all NaN where what is supposed of them makes no sense.
pub fn wanted(args: &Args, oracle: &dyn Fn(&Args) -> Tensor) -> Tensor {
    if IS_ON.get() {
        changes(args).into_iter().for_each(|change| _ = asked(|| What::Argument(change)));
    }
    let supposed = MODE.with_borrow(|mode| match mode {
        Some(Mode::Supposing(What::Argument(change))) if IS_ON.get() => Some(change.clone()),
        _ => None,
    });
    let Some(change) = supposed else { return oracle(args) };
    match change.applied(args) {
        Some(changed) => oracle(&changed),
        None => as_it_is(|| oracle(args)).mapv(|_| f64::NAN),
    }
}

/// What may be supposed of arguments.
fn changes(args: &Args) -> Vec<Change> {
    let tensors: Vec<(&str, &Tensor)> = args.tensors().collect();
    let mut changes = Vec::new();
    if tensors.len() > MOST {
        return changes;
    }
    for (i, (name, tensor)) in tensors.iter().enumerate() {
        let name = || (*name).to_owned();
        changes.extend([Change::Is(name(), 0), Change::Is(name(), 1), Change::Negated(name())]);
        if matches!(tensor.shape(), [a, b] if a == b && *a > 1) {
            changes.push(Change::Transposed(name()));
        }
        for (other, _) in tensors[..i].iter().filter(|(_, other)| other.shape() == tensor.shape()) {
            let other = || (*other).to_owned();
            changes.push(Change::Exchanged(other(), name()));
            changes.extend([Change::Replaced(other(), name()), Change::Replaced(name(), other())]);
        }
    }
    changes
}

impl Change {
    fn applied(&self, args: &Args) -> Option<Args> {
        let mut changed = args.clone();
        match self {
            Self::Is(name, value) => changed.find(name)?.fill(f64::from(*value)),
            Self::Negated(name) => changed.find(name)?.mapv_inplace(|x| -x),
            Self::Transposed(name) => {
                let tensor = changed.find(name)?;
                if tensor.ndim() != 2 || tensor.shape()[0] != tensor.shape()[1] {
                    return None;
                }
                *tensor = tensor.t().to_owned();
            }
            Self::Exchanged(one, other) => {
                let (first, second) = (changed.find(one)?.clone(), changed.find(other)?.clone());
                (first.shape() == second.shape()).then_some(())?;
                *changed.find(one)? = second;
                *changed.find(other)? = first;
            }
            Self::Replaced(name, by) => {
                let by = changed.find(by)?.clone();
                let tensor = changed.find(name)?;
                (tensor.shape() == by.shape()).then_some(())?;
                *tensor = by;
            }
        }
        Some(changed)
    }
}

impl What {
    /// Behind "what it should be if".
    pub fn words(&self) -> String {
        match self {
            Self::Declared(words) => words.clone(),
            Self::Argument(change) => match change {
                Change::Is(name, value) => format!("`{name}` were {value}"),
                Change::Negated(name) => format!("`{name}` had the other sign"),
                Change::Transposed(name) => format!("`{name}` were transposed"),
                Change::Exchanged(one, other) => format!("`{one}` and `{other}` were exchanged"),
                Change::Replaced(name, by) => format!("`{by}` stood in place of `{name}`"),
            },
        }
    }
}

/// All suppositions of an exercise, those of its author first. Those are left out whose cases can't be written.
///
/// Only those that are `wanted`, and written one after the other as they are asked for: the cases of a large network are no small
/// matter.
pub(crate) fn suppositions(
    author: Author,
    exercise: &str,
    seed: u64,
    wanted: fn(&What) -> bool,
) -> impl Iterator<Item = Supposed> {
    let mut suite = Suite::new(exercise, seed);
    let (listed, _) = with(Mode::Listing(Vec::new()), || author(&mut suite));
    let mut listed = if let Some(Mode::Listing(listed)) = listed { listed } else { Vec::new() };
    listed.retain(wanted);
    listed.sort_by_key(|what| matches!(what, What::Argument(_)));
    listed.into_iter().filter_map(move |what| {
        let mut again = Suite::new(exercise, seed).drawn_as(&suite);
        let (_, written) = with(Mode::Supposing(what.clone()), || author(&mut again));
        written.then_some(())?;
        Some(Supposed { what, cases: again.into_cases().ok()? })
    })
}

/// Runs `write` in a mode; the mode afterwards, and whether it came to its end.
fn with(mode: Mode, write: impl FnOnce()) -> (Option<Mode>, bool) {
    MODE.set(Some(mode));
    ASKED.set(0);
    IS_ON.set(true);
    let written = catch_unwind(AssertUnwindSafe(write)).is_ok();
    IS_ON.set(false);
    (MODE.take(), written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;

    fn author(t: &mut Suite) {
        for _ in 0..3 {
            let args = Args::new().tensor("a", t.normal(&[2], 1.0)).tensor("b", t.normal(&[2], 1.0));
            t.differentiable("difference", args, Budget::elementwise(), |args| {
                (args.get("a") - args.get("b")) * otherwise("it counted twice", 1.0, 2.0)
            });
        }
    }

    fn wants(case: &Case) -> Vec<f64> {
        let Rule::Close { want, .. } = &case.checks[0].rule else { panic!() };
        want.to_f64()
    }

    #[test]
    fn the_same_cases_are_written_once_for_each_supposition() {
        let mut suite = Suite::new("exercise", 7);
        author(&mut suite);
        let right = suite.into_cases().unwrap();
        let all: Vec<Supposed> = suppositions(author, "exercise", 7, |_| true).collect();
        assert_eq!(all[0].what.words(), "it counted twice");
        for (supposed, case) in all[0].cases.iter().zip(&right) {
            assert_eq!(supposed.calls, case.calls);
            assert_eq!(wants(supposed), wants(case).iter().map(|x| 2.0 * x).collect::<Vec<_>>());
        }
        let exchanged = all.iter().find(|one| one.what.words() == "`a` and `b` were exchanged").unwrap();
        assert_eq!(wants(&exchanged.cases[1]), wants(&right[1]).iter().map(|x| -x).collect::<Vec<_>>());
        assert_eq!(otherwise("it counted twice", 1.0, 2.0), 1.0, "nothing is supposed any more");
    }
}
