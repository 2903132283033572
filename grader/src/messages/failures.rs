//! A failure told: in a line, or in full. Every report takes its words from here and only lays them out.

use super::symptoms::explanation;
use crate::verdict::{Failure, Kind};

/// The most telling line alone: the first sentence that explains it, or else the message's first line.
pub fn lead(failure: &Failure) -> String {
    let first = || failure.message.lines().next().unwrap_or_default().trim().to_owned();
    explanation(failure).into_iter().next().unwrap_or_else(first)
}

/// "very large inputs (3 of 9 cases right)"; nothing where no single case is to blame.
pub fn case(failure: &Failure) -> Option<String> {
    let Failure { about, passed, cases, .. } = failure;
    let has_one = failure.kind != Kind::Borrowed && !about.is_empty();
    has_one.then(|| format!("{about} ({passed} of {cases} cases right)"))
}

/// All of it but what was printed: the sentences that explain it, the case, its numbers.
pub fn whole(failure: &Failure) -> String {
    let sentences: String = explanation(failure).iter().map(|sentence| format!("{sentence}\n")).collect();
    let case = case(failure).map_or_else(String::new, |case| format!("Case: {case}\n"));
    format!("{sentences}{case}{}", failure.message.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Diagnosis;

    #[test]
    fn the_sentence_comes_first_and_the_case_only_where_there_is_one() {
        let message = "`y` is wrong\n  at 3\n".to_owned();
        let about = "a case".to_owned();
        let failure = Failure { message, about, passed: 1, cases: 3, ..Failure::of(Kind::Wrong) };
        assert_eq!(lead(&failure), "`y` is wrong");
        assert_eq!(whole(&failure), "Case: a case (1 of 3 cases right)\n`y` is wrong\n  at 3");
        let says = "You add twice.".to_owned();
        let misconception = Some(Diagnosis { name: "twice".to_owned(), says });
        let named = Failure { misconception, ..failure };
        assert_eq!(lead(&named), "You add twice.");
        assert!(whole(&named).starts_with("You add twice.\nCase: a case"));
        assert_eq!(case(&Failure { kind: Kind::Borrowed, ..named }), None);
    }
}
