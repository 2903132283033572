//! Sources that are nearly equal: whose code runs like whose, token by token, once what everybody was given is taken away.
//!
//! A gist is kept on the sheet, so that comparing needs no sources: of each exercise the hashes of every run of `RUN` tokens that the
//! stub does not have, names of variables aside. Two students are alike where most of their *rare* runs are the same: runs that few of
//! the class have. What an exercise leaves no choice in is had by many, and says nothing. It is a reason to look, not a proof.

mod tokens;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base64::{Engine, prelude::BASE64_STANDARD};

use super::sheet::{Sheet, State};
use crate::{
    course::{Course, Exercise, stubs},
    paths::Paths,
    source::{items::Module, tree::Tree},
};

/// Tokens in a run: fewer than in a line of most layers, more than in an expression that everybody writes.
const RUN: usize = 10;
/// Rare runs that both must have before anything is said.
const LEAST: usize = 40;
/// The share of the smaller one's rare runs that both have.
const ALIKE: f64 = 0.8;
/// A run that more of the class have is not rare: the larger of these students and this part of the class.
const RARE: usize = 3;
const RARE_PART: usize = 10;

/// Two students whose sources are nearly equal.
#[derive(Debug, PartialEq)]
pub struct Pair {
    /// Their places in the list of sheets.
    pub of: (usize, usize),
    /// How much of the smaller one's rare runs both have, in percent.
    pub percent: usize,
    /// How many runs that are.
    pub runs: usize,
    /// The exercises in which they are.
    pub exercises: Vec<String>,
}

/// Writes the gist of every exercise that was begun on its row.
pub fn note(sheet: &mut Sheet, course: &Course, trees: &BTreeMap<String, Tree>) {
    let paths = Paths::new(&course.root);
    let mut given: BTreeMap<&str, Tree> = BTreeMap::new();
    for row in &mut sheet.exercises {
        let Some(exercise) = course.exercise(&row.id) else { continue };
        let Some(tree) = trees.get(&exercise.chapter) else { continue };
        let stubs = given
            .entry(&exercise.chapter)
            .or_insert_with(|| stubs::load(&paths, &exercise.chapter).unwrap_or_default());
        row.gist = encoded(&gist(exercise, tree, stubs));
    }
}

/// The runs of an exercise's code that its stub does not have.
fn gist(exercise: &Exercise, tree: &Tree, stubs: &Tree) -> BTreeSet<u32> {
    let runs = |tree: &Tree| {
        let text = tree.files.get(&exercise.file()).map(String::as_str).unwrap_or_default();
        Module::parse(text)
            .map(|module| tokens::runs(&module.code_of(&exercise.items), RUN))
            .unwrap_or_default()
    };
    let given = runs(stubs);
    runs(tree).difference(&given).copied().collect()
}

fn encoded(gist: &BTreeSet<u32>) -> String {
    BASE64_STANDARD.encode(gist.iter().flat_map(|run| run.to_le_bytes()).collect::<Vec<u8>>())
}

fn decoded(text: &str) -> impl Iterator<Item = u32> {
    let bytes = BASE64_STANDARD.decode(text).unwrap_or_default();
    let runs: Vec<u32> =
        bytes.chunks_exact(4).map(|run| u32::from_le_bytes([run[0], run[1], run[2], run[3]])).collect();
    runs.into_iter()
}

/// Who is nearly equal, the most alike first. Whoever handed in the very same is not among them.
pub fn pairs(sheets: &[Sheet]) -> Vec<Pair> {
    let graded = |sheet: &Sheet| sheet.state == State::Graded;
    let most = RARE.max(sheets.iter().filter(|sheet| graded(sheet)).count() / RARE_PART);
    let mut holders: HashMap<(usize, u32), Vec<usize>> = HashMap::new();
    let mut names: Vec<&str> = Vec::new();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for (i, sheet) in sheets.iter().enumerate().filter(|(_, sheet)| graded(sheet)) {
        for row in sheet.exercises.iter().filter(|row| !row.gist.is_empty()) {
            let number = *numbers.entry(&row.id).or_insert_with(|| {
                names.push(&row.id);
                names.len() - 1
            });
            decoded(&row.gist).for_each(|run| holders.entry((number, run)).or_default().push(i));
        }
    }
    let mut rare = vec![0; sheets.len()];
    let mut shared: HashMap<(usize, usize), (usize, BTreeSet<usize>)> = HashMap::new();
    for ((exercise, _), who) in holders.iter().filter(|(_, who)| who.len() <= most) {
        for (k, &b) in who.iter().enumerate() {
            rare[b] += 1;
            for &a in &who[..k] {
                let (runs, exercises) = shared.entry((a, b)).or_default();
                *runs += 1;
                exercises.insert(*exercise);
            }
        }
    }
    let is_same = |(a, b): (usize, usize)| sheets[a].sha256 == sheets[b].sha256;
    let alike = shared.into_iter().filter(|(of, (runs, _))| *runs >= LEAST && !is_same(*of));
    let mut pairs: Vec<Pair> = alike
        .map(|(of, (runs, exercises))| {
            let percent = 100 * runs / rare[of.0].min(rare[of.1]).max(1);
            let exercises = exercises.into_iter().map(|number| names[number].to_owned()).collect();
            Pair { of, percent, runs, exercises }
        })
        .filter(|pair| pair.percent as f64 >= 100.0 * ALIKE)
        .collect();
    pairs.sort_by(|a, b| b.percent.cmp(&a.percent).then(b.runs.cmp(&a.runs)).then(a.of.cmp(&b.of)));
    pairs
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A function of many lines that no other number's is.
    fn code(number: usize, name: &str) -> String {
        let lines =
            (0..12).map(|i| format!("let {name}{i} = {name}.step_{number}_{i}({i}) + other_{number}({i});"));
        format!("pub fn relu({name}: T) {{ {} }}", lines.collect::<Vec<_>>().join("\n"))
    }

    fn sheet(key: &str, code: &str) -> Sheet {
        let stub = tokens::runs("pub fn relu(x: T) { todo!() }", RUN);
        let gist = tokens::runs(code, RUN).difference(&stub).copied().collect();
        let verdict = json!({ "state": "not_started" });
        let row = json!({ "id": "tricks/relu", "title": "", "earned": 0, "points": 1, "verdict": verdict, "gist": encoded(&gist) });
        let value = json!({
            "format": 1, "student": { "key": key, "name": key, "known_by": "" }, "from": "", "state": "graded", "sha256": code,
            "seed": 1, "version": "", "isolation": "", "seconds": 0.0, "earned": 0, "points": 1, "exercises": [row],
        });
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn who_renames_variables_is_found_and_who_writes_alone_is_not() {
        let sheets =
            [sheet("ada", &code(1, "x")), sheet("bob", &code(2, "x")), sheet("eve", &code(1, "renamed"))];
        let found = pairs(&sheets);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].of, found[0].percent), ((0, 2), 100));
        assert_eq!(found[0].exercises, ["tricks/relu"]);
    }

    #[test]
    fn what_many_write_says_nothing() {
        let same: Vec<Sheet> =
            (0..8).map(|i| sheet("x", &(code(1, "x") + &format!("\nconst N: u8 = {i};")))).collect();
        assert_eq!(pairs(&same), []);
        assert_eq!(
            pairs(&[sheet("ada", &code(1, "x")), sheet("bob", &code(1, "x"))]),
            [],
            "the very same is said elsewhere"
        );
    }
}
