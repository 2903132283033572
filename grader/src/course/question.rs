//! A question that an exercise's run answers, as `[exercise.question]` in `exercises.toml` says. Who is asked, and when, is `commands`'s.

use serde::Deserialize;

/// What to guess before an exercise is examined for the first time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// Two to four, of which one is right.
    pub answers: Vec<String>,
    /// The one that comes out, counted from 1.
    pub right: usize,
    /// What came out, in a sentence.
    pub because: String,
}

impl Question {
    /// The answer that is right.
    pub fn right_answer(&self) -> &str {
        self.right.checked_sub(1).and_then(|at| self.answers.get(at)).map_or("", String::as_str)
    }

    /// What is wrong with how it is put, if anything.
    pub fn fault(&self) -> Option<&'static str> {
        let is_blank = |text: &String| text.trim().is_empty();
        if !(2..=4).contains(&self.answers.len()) {
            Some("should have two to four answers")
        } else if self.right_answer().is_empty() {
            Some("does not say which of its answers is right, counted from 1")
        } else if [&self.text, &self.because].into_iter().chain(&self.answers).any(is_blank) {
            Some("has a text that is empty")
        } else if (1..self.answers.len()).any(|at| self.answers[..at].contains(&self.answers[at])) {
            Some("has the same answer twice")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_has_a_right_answer_among_two_to_four() {
        let ask = |answers: &[&str], right| Question {
            text: "Which?".to_owned(),
            answers: answers.iter().map(|&answer| answer.to_owned()).collect(),
            right,
            because: "It is so.".to_owned(),
        };
        assert_eq!((ask(&["a", "b"], 2).fault(), ask(&["a", "b"], 2).right_answer()), (None, "b"));
        let faulty = [
            ask(&["a"], 1),
            ask(&["a", "b"], 0),
            ask(&["a", "b"], 3),
            ask(&["a", " "], 1),
            ask(&["a", "a"], 1),
        ];
        assert!(faulty.iter().all(|question| question.fault().is_some()));
    }
}
