//! Sums as text, to be learnt character by character.

use std::collections::HashSet;

use rand::{Rng, rngs::StdRng};

/// Sums with their answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Additions {
    /// Such as `"12+345 "`, or reversed `" 543+21"`: all of 2 · `digits` + 1 characters.
    pub questions: Vec<String>,
    /// Such as `"357 "`: all of `digits` + 1 characters.
    pub answers: Vec<String>,
}

impl Additions {
    /// All characters that occur; a character's place is its number. The space comes first: padding is number 0.
    pub const CHARACTERS: &str = " +0123456789";

    /// The numbers of a text's characters in [`Additions::CHARACTERS`]; other characters count as spaces.
    pub fn encode(text: &str) -> Vec<usize> {
        text.chars().map(|c| Self::CHARACTERS.find(c).unwrap_or(0)).collect()
    }
}

/// `n` sums a+b of numbers of one to `digits` digits. No sum occurs twice, where a+b and b+a are the same sum: a test part
/// shares no sum with the training part, in whatever order. Questions and answers are padded with spaces behind; a question
/// is then reversed as a whole if `reversed`, which shortens the way from the units of both numbers to the answer.
///
/// A number has one, two, … `digits` digits with equal probability, each digit from 0 to 9. Rule: the example
/// `addition_rnn` of Keras, after Sutskever, Vinyals, Le 2014, "Sequence to sequence learning with neural networks".
///
/// # Panics
/// When there are not `n` such sums, but only 10^`digits` · (10^`digits` + 1) / 2.
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// let sums = datasets::generated::additions(5, 3, true, &mut StdRng::seed_from_u64(0));
/// assert!(sums.questions.iter().all(|question| question.len() == 7));
/// ```
pub fn additions(n: usize, digits: u32, reversed: bool, rng: &mut StdRng) -> Additions {
    let numbers = 10_usize.pow(digits);
    assert!(n <= numbers * (numbers + 1) / 2, "there are less than {n} sums of {digits} digits");
    let mut seen = HashSet::new();
    let mut sums = Additions { questions: Vec::with_capacity(n), answers: Vec::with_capacity(n) };
    let width = digits as usize;
    while sums.questions.len() < n {
        let (a, b) = (number(digits, rng), number(digits, rng));
        if !seen.insert((a.min(b), a.max(b))) {
            continue;
        }
        let question = format!("{:<padded$}", format!("{a}+{b}"), padded = 2 * width + 1);
        sums.questions.push(if reversed { question.chars().rev().collect() } else { question });
        sums.answers.push(format!("{:<padded$}", a + b, padded = width + 1));
    }
    sums
}

fn number(digits: u32, rng: &mut StdRng) -> usize {
    let length = rng.gen_range(1..=digits);
    rng.gen_range(0..10_usize.pow(length))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn sums_are_right_padded_and_unique_in_either_order() {
        let sums = additions(5000, 3, false, &mut StdRng::seed_from_u64(1));
        let mut seen = HashSet::new();
        for (question, answer) in sums.questions.iter().zip(&sums.answers) {
            assert_eq!((question.len(), answer.len()), (7, 4));
            let (a, b) = question.trim_end().split_once('+').unwrap();
            let (a, b): (usize, usize) = (a.parse().unwrap(), b.parse().unwrap());
            assert_eq!(a + b, answer.trim_end().parse::<usize>().unwrap());
            assert!(seen.insert((a.min(b), a.max(b))), "{question} occurs twice");
        }
    }

    #[test]
    fn reversal_changes_questions_only() {
        let make = |reversed| additions(20, 2, reversed, &mut StdRng::seed_from_u64(2));
        let (plain, reversed) = (make(false), make(true));
        assert_eq!(plain.answers, reversed.answers);
        for (plain, reversed) in plain.questions.iter().zip(&reversed.questions) {
            assert_eq!(*plain, reversed.chars().rev().collect::<String>());
        }
    }

    #[test]
    fn all_sums_can_be_asked_for() {
        assert_eq!(additions(55, 1, false, &mut StdRng::seed_from_u64(3)).questions.len(), 55);
    }

    #[test]
    fn characters_have_numbers() {
        assert_eq!(Additions::encode(" +09"), [0, 1, 2, 11]);
    }
}
