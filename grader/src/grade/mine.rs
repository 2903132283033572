//! A capstone's program on the student's own layers, whose chapters may be others than its own.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, Result, bail};

use super::Grader;
use crate::{
    build::{
        assemble::{Assembly, Sources},
        beside::Beside,
        compile::{CompilerLimits, Job, compile},
        stage::Stage,
    },
    course::{Exercise, stubs},
    device::Device,
    events::Event,
    source::tree::Tree,
};

/// What its sources are called.
const SOURCE: &str = "mine";

impl Grader<'_> {
    /// The program of `capstone` as it stands, and that in which `layers` stand in for the toolkit's.
    pub fn programs_to_compare(
        &self,
        capstone: &Exercise,
        layers: &[&Exercise],
    ) -> Result<(PathBuf, PathBuf)> {
        let own = self.assembled(&[capstone])?;
        let given = own.program(capstone)?.to_owned();
        let mut chapters: BTreeMap<&str, Vec<&Exercise>> = BTreeMap::new();
        for &layer in layers.iter().filter(|layer| layer.chapter != capstone.chapter) {
            chapters.entry(&layer.chapter).or_default().push(layer);
        }
        let mut beside = Beside::default();
        for (chapter, layers) in chapters {
            beside.chapters.push((chapter.to_owned(), self.assembled(&layers)?.tree));
        }
        beside.layers = layers.iter().map(|layer| (layer.chapter.clone(), layer.id.clone())).collect();
        Ok((given, self.program_with(capstone, &own.tree, beside)?))
    }

    /// What a student wrote of a chapter, as far as it compiles.
    fn assembled(&self, exercises: &[&Exercise]) -> Result<Assembly> {
        let name = exercises.first().map(|exercise| exercise.chapter.as_str()).unwrap_or_default();
        let chapter = self.course.chapter(name).with_context(|| format!("there is no chapter `{name}`"))?;
        let tree = Tree::of_student(&self.paths.lecture(name));
        let submission = Sources { chapter, source: "lectures", tree: &tree };
        self.assemble(&submission, &stubs::load(&self.paths, name)?, exercises)
    }

    /// The program of `capstone`, whose chapter is `tree`, with what lies beside it. All of it must compile.
    pub fn program_with(&self, capstone: &Exercise, tree: &Tree, beside: Beside) -> Result<PathBuf> {
        let Exercise { chapter, topic, .. } = capstone;
        let stage = Stage::write_with(&self.paths, SOURCE, (chapter, topic), tree, beside)?;
        self.events.hear(Event::Building { what: &format!("{topic} on your own layers") });
        let limits = CompilerLimits::of_environment();
        let job = Job {
            paths: &self.paths,
            stage: &stage,
            topics: &[topic],
            device: Device::Cpu,
            limits,
            events: self.events,
        };
        let compiled = compile(&job);
        self.events.hear(Event::Finished);
        let mut compiled = compiled?;
        let Some(program) = compiled.programs.remove(topic) else {
            let errors: String = compiled.errors.iter().map(|error| error.rendered.as_str()).collect();
            bail!("`{topic}` does not compile with your own layers:\n{errors}");
        };
        Ok(program)
    }
}
