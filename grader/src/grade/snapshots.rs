//! How golden values, snapshots and reference solutions stand to each other. Writing a snapshot is the command's.

use anyhow::Result;

use super::Grader;
use crate::{
    build::assemble::{Assembly, Sources, assemble},
    course::{Chapter, Exercise, stubs, topics},
    device::Device,
    examine::{
        Examinee,
        snapshot::{self, Golden, differing_lines},
    },
    source::tree::Tree,
};

/// An exercise's golden values, its snapshot and its solution's answer to the golden call.
pub struct Standing<'e> {
    /// Whose they are.
    pub exercise: &'e Exercise,
    /// What PyTorch or SciPy answered.
    pub golden: Golden,
    /// The snapshot's text; none before the first is recorded.
    pub recorded: Option<String>,
    /// What the solution answered, as text, or why there is no answer.
    pub answer: Result<String, String>,
}

impl Standing<'_> {
    /// Whether the snapshot says what the golden values are.
    pub fn is_recorded(&self) -> bool {
        self.recorded
            .as_ref()
            .is_some_and(|recorded| differing_lines(recorded, &self.golden.text()).is_empty())
    }

    /// Whether the solution answers what the golden values are.
    pub fn is_solved(&self) -> bool {
        self.answer.as_ref().is_ok_and(|answer| differing_lines(&self.golden.text(), answer).is_empty())
    }

    /// The text that somebody has to look at: what the golden values are where the snapshot says something else, or else what
    /// the solution answers instead.
    pub fn in_doubt(&self) -> Option<String> {
        match (self.is_recorded(), self.is_solved(), &self.answer) {
            (false, ..) => Some(self.golden.text()),
            (true, false, Ok(answer)) => Some(answer.clone()),
            _ => None,
        }
    }
}

/// Those of the exercises of `chapter` that have golden values.
pub fn standings<'e>(
    grader: &Grader,
    chapter: &Chapter,
    exercises: &[&'e Exercise],
) -> Result<Vec<Standing<'e>>> {
    let mut goldens = Vec::new();
    for exercise in exercises {
        goldens.extend(Golden::load(&grader.paths, exercise)?.map(|golden| (*exercise, golden)));
    }
    if goldens.is_empty() {
        return Ok(Vec::new());
    }
    let solved = solve(grader, chapter, &topics(goldens.iter().map(|(exercise, _)| *exercise)))?;
    let standing = |(exercise, golden): (&'e Exercise, Golden)| -> Result<Standing<'e>> {
        let file = snapshot::file(&grader.paths, exercise);
        let recorded = file.is_file().then(|| snapshot::recorded(&file)).transpose()?;
        let answer = answer(&solved, exercise, &golden);
        Ok(Standing { exercise, golden, recorded, answer })
    };
    goldens.into_iter().map(standing).collect()
}

/// Builds the solutions of `topics`, as the self-check does.
fn solve(grader: &Grader, chapter: &Chapter, topics: &[&str]) -> Result<Assembly> {
    let tree = Tree::read(&grader.paths.solution(&chapter.name))?;
    let stubs = stubs::load(&grader.paths, &chapter.name)?;
    let submission = Sources { chapter, source: "solutions", tree: &tree };
    assemble(Device::Cpu, &grader.paths, &submission, &stubs, topics, grader.events)
}

fn answer(solved: &Assembly, exercise: &Exercise, golden: &Golden) -> Result<String, String> {
    if let Some(message) = solved.why_broken(exercise) {
        return Err(message);
    }
    let program = solved.program(exercise).map_err(|error| format!("{error:#}"))?;
    golden.answer(Examinee { exercise, program, device: Device::Cpu })
}
