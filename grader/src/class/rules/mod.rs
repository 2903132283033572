//! What an instructor decides about a class: `class.toml` beside the sheets. Everything in it may be missing; then points are the
//! grader's own.
//!
//! `file` is its form, `due` works out what a late submission loses, `term` what earlier ones left of late days. What contradicts itself is named with file and key, and with
//! what to write instead. Applied in `settle`.

mod due;
mod file;
mod term;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

pub use due::Due;
pub use file::Counting;

use super::{folder::Folder, moment, points::Points};
use crate::{course::Course, files::read_toml};
use term::Earlier;

/// The file's name.
pub const RULES: &str = "class.toml";

/// The rules of a class, checked.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Whether a failing exercise earns the share of its case groups that pass.
    pub partial: bool,
    /// Which of several attempts counts.
    pub counting: Counting,
    /// When it was due, if ever.
    pub due: Option<Due>,
    /// The most that bonus exercises add; all of it where none is given.
    pub bonus_at_most: Option<Points>,
    weights: BTreeMap<String, f64>,
    bonus: BTreeSet<String>,
}

impl Rules {
    /// Those of the results in `folder`; the grader's own where it has no `class.toml`.
    ///
    /// # Errors
    /// When the file contradicts itself or the course.
    pub fn read(course: &Course, folder: &Path) -> Result<Self> {
        let path = folder.join(RULES);
        if !path.is_file() {
            return Ok(Self::default());
        }
        Checker { course, path: path.clone() }.rules(read_toml(&path)?)
    }

    /// The factor of an exercise's points: its own, or else its chapter's.
    pub fn weight(&self, id: &str) -> f64 {
        let own = self.weights.get(id).or_else(|| self.weights.get(chapter(id)));
        own.copied().unwrap_or(1.0)
    }

    /// Whether an exercise's points come on top of what there is to be had.
    pub fn is_bonus(&self, id: &str) -> bool {
        self.bonus.contains(id) || self.bonus.contains(chapter(id))
    }
}

fn chapter(id: &str) -> &str {
    id.split('/').next().unwrap_or_default()
}

/// Whether the course has a chapter or an exercise of this name.
pub fn is_known(course: &Course, id: &str) -> bool {
    course.chapter(id).is_some() || course.exercise(id).is_some()
}

struct Checker<'a> {
    course: &'a Course,
    path: PathBuf,
}

impl Checker<'_> {
    fn rules(&self, file: file::File) -> Result<Rules> {
        let file::File { credit, weights, bonus, due, attempts } = file;
        for (id, weight) in &weights {
            let key = format!("weights.{id:?}");
            self.known(&key, id)?;
            self.number(&key, *weight, 0.0..=1000.0, "a factor such as 2 or 0.5; 0 leaves it out")?;
        }
        let bonus = bonus.unwrap_or_default();
        for id in &bonus.of {
            self.known("bonus.of", id)?;
        }
        if let Some(most) = bonus.at_most {
            self.number("bonus.at_most", most, 0.0..=1e6, "the most points that bonus exercises may add")?;
            ensure!(
                !bonus.of.is_empty(),
                "{}: `bonus.at_most` limits nothing: name the exercises or chapters in `bonus.of`, or leave both out",
                self.place()
            );
        }
        let all = self.course.exercises().filter(|exercise| {
            let id = exercise.full_id();
            !bonus.of.contains(&id) && !bonus.of.contains(&exercise.chapter)
        });
        ensure!(
            all.count() > 0,
            "{}: `bonus.of` names everything, so that there are no points to be had: leave out what is not a bonus",
            self.place()
        );
        Ok(Rules {
            partial: credit.unwrap_or_default().partial,
            counting: attempts.unwrap_or_default().count,
            due: due.map(|due| self.due(due)).transpose()?,
            bonus_at_most: bonus.at_most.map(Points::of),
            weights,
            bonus: bonus.of.into_iter().collect(),
        })
    }

    fn due(&self, due: file::Due) -> Result<Due> {
        let offset = match &due.utc_offset {
            None => 0,
            Some(text) => moment::offset(text).with_context(|| {
                format!("{}: `due.utc_offset` is {text:?}: write it as in \"+01:00\"", self.place())
            })?,
        };
        let all = self.moment("due.at", &due.at, offset)?;
        self.number("due.percent_a_day", due.percent_a_day, 0.0..=100.0, "percent of the points, 0 to 100")?;
        ensure!(
            due.percent_a_day > 0.0 || due.closed_after.is_some() || due.late_days == 0,
            "{}: `due.late_days` are free days, but being late costs nothing: add `percent_a_day` or `closed_after`, or leave \
             `late_days` out",
            self.place()
        );
        if let Some(closed) = due.closed_after {
            ensure!(
                closed >= due.late_days,
                "{}: `due.closed_after` is {closed} and `due.late_days` {}: nobody could use them all; write {} or more",
                self.place(),
                due.late_days,
                due.late_days
            );
        }
        let mut extensions = BTreeMap::new();
        for (who, text) in &due.extensions {
            let key = format!("due.extensions.{who:?}");
            let at = self.moment(&key, text, offset)?;
            ensure!(
                at >= all,
                "{}: `{key}` lies before `due.at`, which would be no extension: write a later time",
                self.place()
            );
            extensions.insert(who.clone(), at);
        }
        let earlier = due.before.iter().map(|place| self.earlier(place)).collect::<Result<_>>()?;
        let file::Due { late_days, percent_a_day, closed_after, .. } = due;
        Ok(Due { at: all, offset, late_days, percent_a_day, closed_after, extensions, earlier })
    }

    /// The assignment whose results are in `place`, seen from this file's folder.
    fn earlier(&self, place: &Path) -> Result<Earlier> {
        let folder = self.path.parent().unwrap_or(Path::new(".")).join(place);
        let key = format!("{}: `due.before`", self.place());
        let sheets = Folder::at(&folder).sheets().with_context(|| key.clone())?;
        let path = folder.join(RULES);
        let file: file::File = read_toml(&path).with_context(|| key.clone())?;
        let due = file.due.with_context(|| {
            format!("{key}: `{}` has no `[due]`, so that nobody was late: leave it out", path.display())
        })?;
        // What came before that one is on this one's list.
        let due = Checker { course: self.course, path }.due(file::Due { before: Vec::new(), ..due })?;
        Ok(Earlier { due, owners: sheets.into_iter().map(|sheet| sheet.student).collect() })
    }

    fn moment(&self, key: &str, value: &toml::Value, offset: i32) -> Result<i64> {
        let text = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Datetime(time) => time.to_string(),
            other => other.to_string(),
        };
        moment::seconds(&text, offset).with_context(|| {
            format!(
                "{}: `{key}` is {text}, which is no time: write it as in 2026-01-31T23:59:00+01:00",
                self.place()
            )
        })
    }

    fn known(&self, key: &str, id: &str) -> Result<()> {
        if is_known(self.course, id) {
            return Ok(());
        }
        let chapters: Vec<&str> = self.course.chapters.iter().map(|chapter| chapter.name.as_str()).collect();
        bail!(
            "{}: `{key}`: there is no chapter or exercise {id:?}: write one of {}, or an exercise as in \"{}\"",
            self.place(),
            chapters.join(", "),
            self.course.exercises().next().map(|exercise| exercise.full_id()).unwrap_or_default()
        )
    }

    fn number(&self, key: &str, value: f64, range: std::ops::RangeInclusive<f64>, what: &str) -> Result<()> {
        ensure!(range.contains(&value), "{}: `{key}` is {value}: write {what}", self.place());
        Ok(())
    }

    fn place(&self) -> String {
        format!("`{}`", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read(text: &str) -> Result<Rules> {
        let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR")))?;
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join(RULES), text)?;
        Rules::read(&course, folder.path())
    }

    #[test]
    fn an_exercise_s_weight_beats_its_chapter_s() {
        let rules =
            read("[weights]\ntricks = 2\n\"tricks/relu\" = 0.5\n[bonus]\nof = [\"rnn\"]\nat_most = 5")
                .unwrap();
        assert_eq!(["tricks/relu", "tricks/flips", "rnn/x"].map(|id| rules.weight(id)), [0.5, 2.0, 1.0]);
        assert!(rules.is_bonus("rnn/vanilla") && !rules.is_bonus("tricks/relu"));
        assert!(read("").unwrap().due.is_none());
    }

    #[test]
    fn what_contradicts_itself_is_named_with_its_key_and_a_way_out() {
        let wrong = [
            ("[weights]\n\"tricks/rleu\" = 2", "`weights.\"tricks/rleu\"`: there is no chapter or exercise"),
            ("[weights]\ntricks = -1", "`weights.\"tricks\"` is -1: write a factor"),
            ("[bonus]\nof = []\nat_most = 3", "`bonus.at_most` limits nothing: name"),
            ("[due]\nat = \"soon\"", "`due.at` is soon, which is no time: write it as in 2026"),
            (
                "[due]\nat = 2026-01-31T23:59:00Z\nlate_days = 3",
                "but being late costs nothing: add `percent_a_day`",
            ),
            (
                "[due]\nat = 2026-01-31T23:59:00Z\nlate_days = 3\nclosed_after = 2",
                "nobody could use them all; write 3 or more",
            ),
            (
                "[due]\nat = 2026-01-31T23:59:00Z\n[due.extensions]\n\"ada@x.org\" = 2026-01-01T00:00:00Z",
                "`due.extensions.\"ada@x.org\"` lies before `due.at`",
            ),
            ("[due]\nat = 2026-01-31T23:59:00Z\nutc_offset = \"CET\"", "write it as in \"+01:00\""),
            ("[due]\nat = 2026-01-31T23:59:00Z\nbefore = [\"none\"]", "`due.before`: `"),
            ("[attempts]\ncount = \"last\"", "is not what it should be"),
            ("[credit]\npartail = true", "is not what it should be"),
        ];
        for (text, says) in wrong {
            let message = format!("{:#}", read(text).unwrap_err());
            assert!(message.contains(says) && message.contains("class.toml`"), "{message}");
        }
        let typo = format!("{:#}", read("[credit]\npartail = true").unwrap_err());
        assert!(typo.contains("unknown field `partail`, expected `partial`"), "{typo}");
    }
}
