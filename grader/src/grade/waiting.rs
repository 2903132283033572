//! What waits: an exercise that fails, while something that it uses fails too. Which exercises it uses is `links`'s to say.

use crate::verdict::{Kind, Marks, Verdict};

/// Makes what fails wait for what it uses and what fails too.
pub fn mark(graded: &mut Marks) {
    let ids = graded.verdicts.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Failed(_)));
    let waiting: Vec<(String, Vec<String>)> =
        ids.map(|(id, _)| (id.clone(), causes(id, graded))).filter(|(_, needs)| !needs.is_empty()).collect();
    for (id, needs) in waiting {
        graded.verdicts.insert(id, Verdict::Waiting { needs });
    }
}

/// What keeps `id` from being right, and is kept by nothing else itself.
fn causes(id: &str, graded: &Marks) -> Vec<String> {
    let known = |id: &str| graded.known(id);
    let of = |id: &str| match known(id) {
        Some((Verdict::Failed(failure), uses)) if failure.kind != Kind::Borrowed => blockers(id, uses, known),
        _ => Vec::new(),
    };
    let all = of(id);
    let first: Vec<String> = all.iter().filter(|id| of(id).is_empty()).cloned().collect();
    if first.is_empty() { all } else { first }
}

/// Those of `uses` that fail and do not use `id` themselves. What only borrows its answers gives right ones.
pub fn blockers<'a>(
    id: &str,
    uses: &[String],
    known: impl Fn(&str) -> Option<(&'a Verdict, &'a [String])>,
) -> Vec<String> {
    let blocks = |other: &&String| match known(other) {
        None | Some((Verdict::Passed { .. }, _)) => false,
        Some((Verdict::Failed(failure), _)) if failure.kind == Kind::Borrowed => false,
        Some((_, uses)) => !uses.iter().any(|used| used == id),
    };
    uses.iter().filter(blocks).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Failure;

    fn failed(kind: Kind) -> Verdict {
        Verdict::Failed(Box::new(Failure::of(kind)))
    }

    /// Exercises, the verdict on each, and what it uses; then what each waits for.
    fn marked(exercises: &[(&str, Verdict, &[&str])]) -> Vec<String> {
        let mut graded = Marks::default();
        for (id, verdict, uses) in exercises {
            graded.verdicts.insert((*id).to_owned(), verdict.clone());
            graded.uses.insert((*id).to_owned(), uses.iter().map(|id| (*id).to_owned()).collect());
        }
        mark(&mut graded);
        let waits = graded.verdicts.iter().filter_map(|(id, verdict)| match verdict {
            Verdict::Waiting { needs } => Some(format!("{id}: {}", needs.join(" "))),
            _ => None,
        });
        waits.collect()
    }

    #[test]
    fn what_fails_and_uses_what_fails_waits_for_the_first_cause() {
        let wrong = || failed(Kind::Wrong);
        let passed = || Verdict::Passed { cases: 1, prints: None, results: Vec::new(), pictures: Vec::new() };
        assert_eq!(marked(&[("a", wrong(), &[]), ("b", wrong(), &["a"])]), ["b: a"]);
        assert_eq!(marked(&[("a", Verdict::NotStarted, &[]), ("b", wrong(), &["a"])]), ["b: a"]);
        assert!(marked(&[("a", wrong(), &[]), ("b", passed(), &["a"])]).is_empty());
        assert!(marked(&[("a", passed(), &[]), ("b", wrong(), &["a"])]).is_empty());
        assert!(marked(&[("a", wrong(), &[]), ("b", wrong(), &[])]).is_empty());
        let chain = [("a", wrong(), &[][..]), ("b", wrong(), &["a"][..]), ("c", wrong(), &["a", "b"][..])];
        assert_eq!(marked(&chain), ["b: a", "c: a"]);
    }

    #[test]
    fn what_uses_each_other_does_not_wait_for_each_other() {
        let wrong = || failed(Kind::Wrong);
        assert!(marked(&[("a", wrong(), &["b"]), ("b", wrong(), &["a"])]).is_empty());
        let third = [("a", wrong(), &["b"][..]), ("b", wrong(), &["a"][..]), ("c", wrong(), &["a", "b"][..])];
        assert_eq!(marked(&third), ["c: a b"]);
    }

    #[test]
    fn borrowed_answers_are_right_and_hold_up_nobody() {
        assert!(marked(&[("a", failed(Kind::Borrowed), &[]), ("b", failed(Kind::Wrong), &["a"])]).is_empty());
    }
}
