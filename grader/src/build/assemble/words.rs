//! What a student is told about a part that does not compile: sentences on walls that many meet, and below them what
//! the compiler said.

use std::fmt;

use crate::{build::compile::Diagnostic, messages::walls::Told};

/// Sentences, and the compiler's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Each once.
    walls: Vec<Told>,
    /// What the compiler said, colours included, or the grader in its place.
    text: String,
}

impl Words {
    /// What there is to say of an error.
    pub fn of(error: &Diagnostic) -> Self {
        Self { walls: error.wall().into_iter().collect(), text: format!("{}\n", error.rendered) }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Says what `other` says, too, unless it is said already.
    pub fn add(&mut self, other: Self) {
        for told in other.walls {
            if !self.walls.iter().any(|known| known.says == told.says) {
                self.walls.push(told);
            }
        }
        if !self.text.contains(&other.text) {
            self.text += &other.text;
        }
    }
}

impl FromIterator<Words> for Words {
    fn from_iter<I: IntoIterator<Item = Words>>(all: I) -> Self {
        all.into_iter().fold(Self::default(), |mut words, other| {
            words.add(other);
            words
        })
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self { walls: Vec::new(), text }
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let bold = anstyle::Style::new().bold();
        for told in &self.walls {
            for line in told.lines() {
                writeln!(f, "{bold}{line}{bold:#}")?;
            }
            writeln!(f)?;
        }
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: &str, message: &str) -> Diagnostic {
        let rendered = format!("error[{code}]: {message}");
        Diagnostic {
            code: Some(code.to_owned()),
            message: message.to_owned(),
            rendered,
            ..Diagnostic::default()
        }
    }

    #[test]
    fn sentences_come_first_and_once() {
        let minus = || Words::of(&error("E0277", "cannot subtract `Tensor<S, f32, D>` from `{float}`"));
        let other = Words::of(&error("E0425", "cannot find value `y` in this scope"));
        let words: Words = [other, minus(), minus()].into_iter().collect();
        let said = crate::clean::clean_plain(&words.to_string());
        assert!(said.starts_with("A number can stand on the right of a tensor only."), "{said}");
        assert_eq!(said.matches("A number can stand").count(), 1);
        let errors: Vec<&str> = said.lines().filter(|line| line.starts_with("error")).collect();
        assert_eq!(
            errors,
            [
                "error[E0425]: cannot find value `y` in this scope",
                "error[E0277]: cannot subtract `Tensor<S, f32, D>` from `{float}`",
            ]
        );
    }
}
