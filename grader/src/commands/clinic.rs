//! The clinic: a training that is broken is shown by its curves; its student says what is wrong, then how to mend it.
//!
//! At a terminal both are asked until they are right, or until Enter; elsewhere the options say them. Which patients are well
//! again is kept beside hints and attempts.

use std::io;

use anyhow::{Context, Result, ensure};
use hidden::Plot;
use serde_json::json;
use textwrap::{Options, fill};

use super::{
    PROGRAM, Session,
    questions::{Said, is_attended, prompt, read},
};
use crate::{
    clinic::{Case, Clinic, Film, Mend, Ward},
    exit::Exit,
    grade::Grader,
    keep::state,
    report::{Screen, draw, put, put_json, sketch, tell},
    verdict::{Line, Picture},
};

/// Bars of a histogram.
const BARS: usize = 30;

/// Lists the patients.
pub fn patients(session: &Session) -> Result<Exit> {
    let (clinic, state) = (Clinic::load(&session.paths)?, state::load(&session.paths)?.state);
    let is_well = |case: &Case| state.get(&record(case)).solved;
    if session.common.json {
        let cases = clinic.cases.iter();
        let cases =
            cases.map(|case| json!({ "name": case.name, "title": case.title, "mended": is_well(case) }));
        put_json(&json!({ "format": 1, "patients": cases.collect::<Vec<_>>() }));
        return Ok(Exit::Done);
    }
    for case in &clinic.cases {
        let state = if is_well(case) { session.style.good("mended") } else { String::new() };
        put!("  {:<12} {:<66} {state}\n", case.name, case.title);
    }
    put!("\nSee one: {}\n", session.style.command(&format!("{PROGRAM} clinic NAME")));
    Ok(Exit::Done)
}

/// Shows a patient, and hears what is said to be wrong and how it is to be mended.
pub fn clinic(session: &Session, name: &str, wrong: Option<usize>, mend: Option<usize>) -> Result<Exit> {
    let clinic = Clinic::load(&session.paths)?;
    let case = clinic.case(name)?;
    let chosen = |number: Option<usize>, of: usize| {
        number
            .is_none_or(|number| (1..=of).contains(&number))
            .then_some(())
            .with_context(|| format!("say 1 to {of}"))
    };
    chosen(wrong, case.choices.len())?;
    chosen(mend, case.mends.len())?;
    ensure!(!session.common.json || wrong.is_none(), "`--json` shows the patient; it takes no answer");
    let ward = {
        let grader = Grader::new(session.course, session.events)?;
        Ward::open(&grader.paths, session.events)?
    };
    let visit = Visit { session, clinic: &clinic, case, ward: &ward };
    if session.common.json {
        let film = ward.train(case, &clinic.broken(case))?;
        let texts: Vec<&str> = case.choices.iter().map(|choice| choice.text.as_str()).collect();
        let curves: serde_json::Map<String, _> =
            film.curves.into_iter().map(|(name, curve)| (name, json!(curve))).collect();
        put_json(&json!({
            "format": 1, "name": case.name, "story": case.story, "curves": curves,
            "histogram": { "of": case.histogram, "numbers": film.histogram }, "choices": texts,
        }));
        return Ok(Exit::Done);
    }
    visit.look()?;
    if visit.diagnose(wrong) && visit.treat(wrong, mend)? {
        visit.well();
    }
    Ok(Exit::Done)
}

/// Columns of prose.
fn prose() -> usize {
    Screen::of_output().prose()
}

/// What the clinic's record of a patient is called.
fn record(case: &Case) -> String {
    format!("clinic/{}", case.name)
}

/// Somebody before a patient.
struct Visit<'a> {
    session: &'a Session<'a>,
    clinic: &'a Clinic,
    case: &'a Case,
    ward: &'a Ward,
}

impl Visit<'_> {
    /// Trains it as it is.
    fn look(&self) -> Result<()> {
        let Case { name, title, story, .. } = self.case;
        put!("{} · {title}\n\n{}\n", self.session.style.strong(name), fill(story, prose()));
        self.show("as it is", &self.ward.train(self.case, &self.clinic.broken(self.case))?)
    }

    /// Draws what came of a training, with letters and as pictures.
    fn show(&self, state: &str, film: &Film) -> Result<()> {
        let folder = self.session.paths.work().join("pictures");
        let mut files = String::new();
        for (plot, lines) in frames(self.case, state, film) {
            put!("\n{}", sketch(prose(), &plot.title, &plot.x, &lines));
            let picture = Picture::Lines { plot, lines };
            let path = draw(&folder, &record(self.case), &picture)?;
            let path = path.strip_prefix(self.session.paths.root()).unwrap_or(&path);
            files += &format!("  {}\n", path.display());
        }
        put!("\n{}", self.session.style.faint(&format!("as pictures:\n{files}")));
        Ok(())
    }

    /// Whether what is wrong was found. Asks where somebody is there, unless it is said already.
    fn diagnose(&self, said: Option<usize>) -> bool {
        let choices = &self.case.choices;
        self.list("What is wrong?", choices.iter().map(|choice| choice.text.as_str()));
        if said.is_none() && !is_attended(self.session) {
            self.elsewhere("--wrong N");
            return false;
        }
        let mut said = said.map(|number| number - 1);
        loop {
            let Some(answer) = said.take().or_else(|| ask(choices.len())) else { return false };
            let choice = &choices[answer];
            self.reply(choice.right, &choice.says);
            if choice.right || !is_attended(self.session) {
                return choice.right;
            }
        }
    }

    /// Whether it was mended. Every treatment is tried and shown.
    fn treat(&self, wrong: Option<usize>, said: Option<usize>) -> Result<bool> {
        let mends = &self.case.mends;
        self.list("How is it mended?", mends.iter().map(|mend| mend.text.as_str()));
        if said.is_none() && !is_attended(self.session) {
            self.elsewhere(&format!("--wrong {} --mend N", wrong.unwrap_or(1)));
            return Ok(false);
        }
        let mut said = said.map(|number| number - 1);
        loop {
            let Some(answer) = said.take().or_else(|| ask(mends.len())) else { return Ok(false) };
            self.attempt(&mends[answer])?;
            if mends[answer].right || !is_attended(self.session) {
                return Ok(mends[answer].right);
            }
        }
    }

    fn attempt(&self, mend: &Mend) -> Result<()> {
        let broken = self.ward.train(self.case, &self.clinic.broken(self.case))?;
        let treated = self.ward.train(self.case, &self.clinic.treated(self.case, mend))?;
        self.show(if mend.right { "mended" } else { "still not well" }, &treated)?;
        put!("\n{}", beside(&broken, &treated));
        self.reply(mend.right, &mend.says);
        Ok(())
    }

    /// It is well again.
    fn well(&self) {
        put!("\n{}\n", fill(&self.case.moral, prose()));
        let kept = state::update(&self.session.paths, |state| state.entry(&record(self.case)).solved = true);
        if let Err(error) = kept {
            tell(&format!("warning: that it is mended is not kept: {error:#}"));
        }
    }

    fn list<'t>(&self, question: &str, texts: impl Iterator<Item = &'t str>) {
        put!("\n{}\n", self.session.style.strong(question));
        let lines = Options::new(prose()).initial_indent("  ").subsequent_indent("    ");
        for (text, number) in texts.zip(1..) {
            put!("{}\n", fill(&format!("{number} {text}"), &lines));
        }
    }

    fn elsewhere(&self, options: &str) {
        let command = format!("{PROGRAM} clinic {} {options}", self.case.name);
        put!("\nSay it by {}\n", self.session.style.command(&command));
    }

    fn reply(&self, right: bool, says: &str) {
        let style = self.session.style;
        let (word, painted) =
            if right { ("Right.", style.good("Right.")) } else { ("No.", style.bad("No.")) };
        put!("\n{}\n", fill(&format!("{word} {says}"), prose()).replacen(word, &painted, 1));
    }
}

/// A number from the terminal, counted from 0.
fn ask(of: usize) -> Option<usize> {
    put!("{}", prompt(of));
    match read(of, &mut io::stdin().lock(), |text| put!("{text}")) {
        Said::Answer(answer) => Some(answer),
        Said::Nothing | Said::Gone => None,
    }
}

/// The pictures of a training: the curves by what they show, and the histogram.
fn frames(case: &Case, state: &str, film: &Film) -> Vec<(Plot, Vec<Line>)> {
    let mut frames: Vec<(Plot, Vec<Line>)> = Vec::new();
    for (name, curve) in &film.curves {
        let (what, who) = name.split_once('/').unwrap_or((name.as_str(), ""));
        let title = format!("{what}, {state}");
        let axis = if what == "state" { "row" } else { "epoch" };
        let points = curve.iter().zip(1u32..).map(|(&y, x)| (f64::from(x), y)).collect();
        let line = Line { name: who.to_owned(), points };
        match frames.iter_mut().find(|(plot, _)| plot.title == title) {
            Some((_, lines)) => lines.push(line),
            None => frames.push((Plot::new(&title, axis, what), vec![line])),
        }
    }
    let title = format!("histogram, {state}");
    let line = Line { name: "how many".to_owned(), points: outline(&film.histogram) };
    frames.push((Plot::new(&title, &case.histogram, "how many"), vec![line]));
    frames
}

/// A histogram's outline: two points a bar. What is not finite is left out.
fn outline(numbers: &[f64]) -> Vec<(f64, f64)> {
    let finite: Vec<f64> = numbers.iter().copied().filter(|x| x.is_finite()).collect();
    let low = finite.iter().copied().fold(f64::INFINITY, f64::min);
    let high = finite.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let width = (high - low) / BARS as f64;
    if finite.is_empty() || width <= 0.0 {
        let count = finite.len() as f64;
        return if finite.is_empty() { Vec::new() } else { vec![(low, 0.0), (low, count), (low, 0.0)] };
    }
    let mut bars = [0u32; BARS];
    finite.iter().for_each(|x| bars[(((x - low) / width) as usize).min(BARS - 1)] += 1);
    let edge = |bar: usize| low + bar as f64 * width;
    let sides =
        |(bar, &count): (usize, &u32)| [(edge(bar), f64::from(count)), (edge(bar + 1), f64::from(count))];
    let tops = bars.iter().enumerate().flat_map(sides);
    [(low, 0.0)].into_iter().chain(tops).chain([(high, 0.0)]).collect()
}

/// The last numbers of both trainings.
fn beside(broken: &Film, treated: &Film) -> String {
    let mut text = format!("  {:<32} {:>12} {:>12}\n", "at the end", "as it was", "now");
    for (name, _) in treated.curves.iter().filter(|(name, _)| !name.starts_with("state")) {
        let number = |film: &Film| film.last(name).map_or_else(String::new, |x| format!("{x:.3}"));
        text +=
            &format!("  {:<32} {:>12} {:>12}\n", name.replace('/', ", "), number(broken), number(treated));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_counts_everything_once() {
        let outline = outline(&[0.0, 1.0, 1.0, 3.0, f64::NAN]);
        assert_eq!(outline.len(), 2 * BARS + 2);
        let counted: f64 = outline.iter().map(|point| point.1).sum::<f64>() / 2.0;
        assert_eq!((counted, outline[0], outline[2 * BARS + 1]), (4.0, (0.0, 0.0), (3.0, 0.0)));
    }

    #[test]
    fn an_outline_of_equal_numbers_or_none_is_drawn() {
        assert_eq!(outline(&[2.0, 2.0]), [(2.0, 0.0), (2.0, 2.0), (2.0, 0.0)]);
        assert!(outline(&[f64::NAN]).is_empty());
    }
}
