//! Predict, then run: an exercise's question is asked once, before its first run; what was said is shown beside what came out.
//!
//! Only somebody who sits at a terminal and waits for this command is asked. `watch` asks nothing: its student looks at an
//! editor, and a verdict would wait for an answer that nobody gives. `grade` is about what others wrote.

use std::io::{self, BufRead, IsTerminal};

use anyhow::Result;
use textwrap::{Options, fill};

use super::Session;
use crate::{
    clean::clean,
    cli::QuestionOption,
    course::{Exercise, Question},
    device::Device,
    grade,
    keep::{
        stash,
        state::{self, State},
    },
    report::{Screen, is_ci, put, tell},
    verdict::Marks,
};

/// What came of asking.
#[derive(Debug, PartialEq, Eq)]
pub enum Said {
    /// This answer, counted from 0.
    Answer(usize),
    /// Nothing: skipped.
    Nothing,
    /// Nobody is there any more.
    Gone,
}

/// Asks the questions of what is about to be examined: of `ids`, or all where none is named, and what these need. Each answer is
/// kept before the next question, so that whoever interrupts loses none.
pub fn ask(session: &Session, ids: &[String], device: Device, option: QuestionOption) -> Result<()> {
    if option.no_questions || !is_attended(session) {
        return Ok(());
    }
    device.require()?;
    for (exercise, question) in open(session, &session.selected(ids)?)? {
        put!("{}", worded(session, exercise, question));
        let said = match read(question.answers.len(), &mut io::stdin().lock(), |text| put!("{text}")) {
            Said::Answer(answer) => question.answers[answer].clone(),
            Said::Nothing => String::new(),
            Said::Gone => break,
        };
        let kept = state::update(&session.paths, |state| state.entry(&exercise.full_id()).said = Some(said));
        if let Err(error) = kept {
            tell(&format!("warning: the answer is not kept: {error:#}"));
        }
    }
    Ok(())
}

/// Whether somebody is there to answer.
pub fn is_attended(session: &Session) -> bool {
    let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    is_terminal && !is_ci() && !session.common.json && !session.common.quiet
}

/// The questions that were never asked, of exercises that are written and were never solved. Solutions that stand in for a
/// student's files ask nothing.
fn open<'s>(session: &'s Session, selected: &[&Exercise]) -> Result<Vec<(&'s Exercise, &'s Question)>> {
    let state = remembered(session);
    let mut exercises = session.course.with_needs(selected);
    exercises.retain(|exercise| {
        let history = state.get(&exercise.full_id());
        exercise.question.is_some() && history.said.is_none() && !history.solved
    });
    exercises.retain(|exercise| matches!(stash::waiting(&session.paths, &exercise.chapter), Ok(None)));
    let written = grade::written(&session.paths, &exercises)?;
    Ok(written.into_iter().filter_map(|exercise| Some((exercise, exercise.question.as_ref()?))).collect())
}

/// What is remembered, as far as it can be read.
fn remembered(session: &Session) -> State {
    match state::load(&session.paths) {
        Ok(file) => {
            file.set_aside.iter().for_each(|path| tell(&state::set_aside_message(path)));
            file.state
        }
        Err(error) => {
            tell(&format!("warning: answers to questions are not known: {error:#}"));
            State::default()
        }
    }
}

fn worded(session: &Session, exercise: &Exercise, question: &Question) -> String {
    let id = session.style.strong(&exercise.full_id());
    let mut text = format!(
        "Before {id} runs, what do you expect?\n\n{}\n\n",
        fill(&question.text, Screen::of_output().prose())
    );
    for (answer, number) in question.answers.iter().zip(1..) {
        text += &format!("  {} {answer}\n", session.style.strong(&number.to_string()));
    }
    text + &prompt(question.answers.len())
}

/// What stands before an answer that is a number.
pub fn prompt(of: usize) -> String {
    format!("1 to {of}, or Enter to skip: ")
}

/// Reads lines until one is a number from 1 to `of`, or empty.
pub fn read(of: usize, input: &mut impl BufRead, mut again: impl FnMut(&str)) -> Said {
    loop {
        let mut line = Vec::new();
        if !matches!(input.read_until(b'\n', &mut line), Ok(1..)) {
            again("\n");
            return Said::Gone;
        }
        let line = String::from_utf8_lossy(&line);
        let number = line.trim().parse().ok().and_then(|number: usize| number.checked_sub(1));
        match number.filter(|&answer| answer < of) {
            Some(answer) => return Said::Answer(answer),
            None if line.trim().is_empty() => return Said::Nothing,
            None => again(&prompt(of)),
        }
    }
}

/// What was said of those `exercises` that are solved now, beside what came out.
pub fn answered(session: &Session, exercises: &[&Exercise], graded: &Marks) -> String {
    let solved = exercises.iter().filter(|exercise| graded.is_passed(&exercise.full_id()));
    let questions: Vec<_> =
        solved.filter_map(|exercise| Some((exercise.full_id(), exercise.question.as_ref()?))).collect();
    if questions.is_empty() || session.common.json || session.common.quiet {
        return String::new();
    }
    let state = remembered(session);
    let said = questions.into_iter().filter_map(|(id, question)| {
        let said = state.get(&id).said.filter(|said| !said.is_empty())?;
        let lines = Options::new(Screen::of_output().prose()).initial_indent("  ").subsequent_indent("  ");
        Some(format!("\n{}\n", fill(&format!("{id} · {}", beside(&said, question)), lines)))
    });
    said.collect()
}

fn beside(said: &str, question: &Question) -> String {
    let (said, right, because) = (clean(said), question.right_answer(), &question.because);
    if said == right {
        format!("You said “{said}”, and so it is. {because}")
    } else {
        format!("You said “{said}”; it is “{right}”. {because}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> Question {
        let answers = vec!["the left".to_owned(), "the right".to_owned()];
        Question { text: "Which?".to_owned(), answers, right: 2, because: "It was.".to_owned() }
    }

    #[test]
    fn lines_are_read_until_one_is_an_answer() {
        let said = |typed: &[u8]| {
            let mut prompts = 0;
            (read(2, &mut &*typed, |_| prompts += 1), prompts)
        };
        assert_eq!(said(b"2\n"), (Said::Answer(1), 0));
        assert_eq!(said(b"0\nthree\n\xff\n 1 \n"), (Said::Answer(0), 3));
        assert_eq!(said(b"  \n"), (Said::Nothing, 0));
        assert_eq!(said(b""), (Said::Gone, 1));
    }

    #[test]
    fn what_was_said_stands_beside_what_came_out() {
        assert_eq!(beside("the left", &question()), "You said “the left”; it is “the right”. It was.");
        assert_eq!(beside("the right", &question()), "You said “the right”, and so it is. It was.");
    }
}
