//! A class at a glance: points, tasks by the share that is solved, what to explain on Monday, and what is odd. As a text for the
//! terminal and as a page without anything from elsewhere; names can be left out.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::{Value, json};

use super::odd::odd;

use crate::{
    class::{
        export::feedback::{escaped, page},
        points::Points,
        sheet::{Sheet, State},
    },
    clean::clean,
    messages::symptoms,
    report::Style,
    verdict::Verdict,
};

const BINS: usize = 10;
/// Sentences that are listed.
const SENTENCES: usize = 15;

/// What is to be said about all.
pub struct Summary<'a> {
    sheets: &'a [Sheet],
    tasks: Vec<Task>,
    sentences: Vec<(usize, String, String)>,
    now: i64,
}

struct Task {
    id: String,
    solved: usize,
    begun: usize,
}

impl<'a> Summary<'a> {
    /// Of these sheets; `now` in seconds since 1970.
    pub fn of(sheets: &'a [Sheet], now: i64) -> Self {
        Self { sheets, tasks: tasks(sheets), sentences: sentences(sheets), now }
    }

    /// How long grading took, in a line.
    fn times(&self) -> String {
        let mut seconds: Vec<f64> = self.graded().map(|sheet| sheet.seconds).collect();
        seconds.sort_by(f64::total_cmp);
        let (median, most) = (seconds.get(seconds.len() / 2), seconds.last());
        let (median, most) = (median.copied().unwrap_or_default(), most.copied().unwrap_or_default());
        // An empty sum is −0.
        let sum = seconds.iter().sum::<f64>().max(0.0);
        format!("Grading took {sum:.0} s: {median:.1} s a submission at the median, {most:.0} s at most")
    }

    /// For other programs.
    pub fn value(&self) -> Value {
        let tasks = self.tasks.iter().map(|t| json!({ "id": t.id, "solved": t.solved, "begun": t.begun }));
        let sentences =
            self.sentences.iter().map(|(n, id, says)| json!({ "students": n, "id": id, "says": says }));
        json!({
            "format": 1, "students": self.graded().count(), "points": self.histogram(),
            "tasks": tasks.collect::<Vec<_>>(), "sentences": sentences.collect::<Vec<_>>(), "odd": odd(self.sheets, self.now),
        })
    }

    /// For the terminal.
    pub fn text(&self, style: Style, no_names: bool) -> String {
        let mut text = format!("{}\n", style.strong(&format!("{} graded", self.graded().count())));
        for (bin, count) in self.histogram().iter().enumerate() {
            let (from, to) = (bin * 100 / BINS, (bin + 1) * 100 / BINS);
            _ = writeln!(text, "  {from:3} to {to:3} %  {count:4}  {}", "#".repeat((*count).min(60)));
        }
        _ = writeln!(text, "\n{}", style.strong("Tasks, the least solved first"));
        for task in &self.tasks {
            _ = writeln!(
                text,
                "  {:3} % solved, {:3} % begun  {}",
                self.share(task.solved),
                self.share(task.begun),
                task.id
            );
        }
        _ = writeln!(text, "\n{}", style.strong("What to explain, by the number of students"));
        for (count, id, says) in self.sentences.iter().take(SENTENCES) {
            _ = writeln!(text, "  {count:3}  {id}: {}", clean(says));
        }
        _ = writeln!(text, "\n{}", self.times());
        let odd = odd(self.sheets, self.now);
        if !odd.is_empty() && !no_names {
            _ = writeln!(text, "\n{}", style.strong("Odd"));
            odd.iter().for_each(|line| _ = writeln!(text, "  {}", clean(line)));
        }
        text
    }

    /// As a page.
    pub fn html(&self, no_names: bool) -> String {
        let mut body = format!(
            "<h1>The class at a glance</h1>\n<p>{} graded.</p>\n{}",
            self.graded().count(),
            self.chart()
        );
        body += "<h2>What to explain, by the number of students</h2>\n<table><tr><th>task and what is wrong</th><th>students</th></tr>\n";
        for (count, id, says) in self.sentences.iter().take(SENTENCES) {
            _ = writeln!(
                body,
                "<tr><td><b>{}</b><br>{}</td><td>{count}</td></tr>",
                escaped(id),
                escaped(says)
            );
        }
        body += "</table>\n<h2>Tasks, the least solved first</h2>\n<table><tr><th>task</th><th>solved</th><th>begun</th></tr>\n";
        for task in &self.tasks {
            let (solved, begun) = (self.share(task.solved), self.share(task.begun));
            _ = writeln!(
                body,
                "<tr><td>{}</td><td>{solved} %</td><td>{begun} %</td></tr>",
                escaped(&task.id)
            );
        }
        _ = writeln!(body, "</table>\n<p>{}.</p>", self.times());
        let odd = odd(self.sheets, self.now);
        if !odd.is_empty() && !no_names {
            body += "<h2>Odd</h2>\n<ul>\n";
            odd.iter().for_each(|line| _ = writeln!(body, "<li>{}</li>", escaped(line)));
            body += "</ul>\n";
        }
        page("The class at a glance", &body)
    }

    fn graded(&self) -> impl Iterator<Item = &'a Sheet> + use<'a> {
        self.sheets.iter().filter(|sheet| sheet.state == State::Graded)
    }

    /// How many students earned how much, in tenths of all points; all points belong to the last.
    fn histogram(&self) -> [usize; BINS] {
        let mut bins = [0; BINS];
        for sheet in self.graded().filter(|sheet| sheet.points > Points::ZERO) {
            bins[tenth(sheet)] += 1;
        }
        bins
    }

    fn share(&self, count: usize) -> usize {
        100 * count / self.graded().count().max(1)
    }

    /// The histogram as a drawing that a screen reader reads, too.
    fn chart(&self) -> String {
        let bins = self.histogram();
        let (most, wide) = (bins.iter().max().copied().unwrap_or_default().max(1), 60);
        let said: Vec<String> =
            bins.iter().enumerate().map(|(i, n)| format!("{} to {} %: {n}", i * 10, i * 10 + 10)).collect();
        let mut svg = format!(
            "<svg viewBox=\"0 0 {} 190\" role=\"img\" aria-label=\"Students by share of points. {}\" style=\"max-width:100%\">\n",
            BINS * wide + 20,
            said.join("; ")
        );
        for (i, &count) in bins.iter().enumerate() {
            let (height, x) = (130 * count / most, 10 + i * wide);
            _ = writeln!(
                svg,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{height}\" fill=\"#0072b2\"/>\n\
                 <text x=\"{}\" y=\"{}\" text-anchor=\"middle\" fill=\"currentColor\" font-size=\"14\">{count}</text>\n\
                 <text x=\"{}\" y=\"175\" text-anchor=\"middle\" fill=\"currentColor\" font-size=\"12\">{}–{} %</text>",
                x + 4,
                155 - height,
                wide - 8,
                x + wide / 2,
                148 - height,
                x + wide / 2,
                i * 10,
                i * 10 + 10
            );
        }
        svg + "</svg>\n"
    }
}

/// The tenth of all points that somebody earned; whoever has all belongs to the last.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share that is not negative")]
fn tenth(sheet: &Sheet) -> usize {
    ((BINS as f64 * sheet.earned.value() / sheet.points.value()) as usize).min(BINS - 1)
}

fn tasks(sheets: &[Sheet]) -> Vec<Task> {
    let mut tasks: Vec<Task> = Vec::new();
    for row in sheets.iter().filter(|sheet| sheet.state == State::Graded).flat_map(|sheet| &sheet.exercises) {
        let at = tasks.iter().position(|task| task.id == row.id).unwrap_or_else(|| {
            tasks.push(Task { id: row.id.clone(), solved: 0, begun: 0 });
            tasks.len() - 1
        });
        tasks[at].solved += usize::from(row.verdict.is_passed());
        tasks[at].begun += usize::from(row.verdict != Verdict::NotStarted);
    }
    // The course's order among equals.
    tasks.sort_by_key(|task| task.solved);
    tasks
}

/// Misconceptions and symptoms by the number of students who have them.
fn sentences(sheets: &[Sheet]) -> Vec<(usize, String, String)> {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in sheets.iter().flat_map(|sheet| &sheet.exercises) {
        if let Verdict::Failed(failure) = &row.verdict {
            let named = failure.misconception.as_ref().map(|diagnosis| diagnosis.says.clone());
            let says = named.or_else(|| failure.symptom.as_ref().map(symptoms::symptom));
            let says = says.unwrap_or_else(|| format!("{}, without a sentence for it", row.verdict.word()));
            *counts.entry((row.id.clone(), says)).or_default() += 1;
        }
    }
    let mut sorted: Vec<_> = counts.into_iter().map(|((id, says), count)| (count, id, says)).collect();
    sorted.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    sorted
}
