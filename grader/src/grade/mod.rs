//! Grades a chapter: what is unchanged comes from the cache, the rest is assembled, examined (in `order`) and remembered.

pub mod cache;
mod attempt;
pub mod inputs;
mod order;
mod links;
mod mine;
mod programs;
mod recall;
pub mod snapshots;
mod waiting;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    thread,
};

use anyhow::{Context, Result};

pub use attempt::written;
use attempt::{Attempt, Draws, is_untouched};
pub use links::{Links, Loan};
pub use recall::Known;

use crate::{
    build::assemble::{Assembly, Sources, assemble},
    course::{Chapter, Course, Exercise, cases, stubs, topics},
    device::Device,
    events::{Event, Holder, Listener},
    examine::{diagnose, probe::finds_its_device},
    grade::cache::{Cache, ChapterKey},
    locking::{self, Lock},
    parallel::side_by_side,
    paths::Paths,
    source::{imports::Imports, tree::Tree},
    verdict::{Examination, Marks, Verdict},
};

/// How to grade.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The seed of the cases; chosen by content where none is given.
    pub seed: Option<u64>,
    /// Run even what is untouched, and let nothing wait: for checking the course itself.
    pub force: bool,
}

impl Options {
    /// The seed that was asked for; or else one of the sealed ones, always the same for the same content, so that a failure can
    /// be looked at twice.
    fn seed_for(&self, key: &str) -> u64 {
        let (first, last) = (cases::SEEDS.start(), cases::SEEDS.end());
        let sum = key.bytes().fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        self.seed.unwrap_or(first + sum % (last - first + 1))
    }
}

/// A grader at work on one course. Holds the lock that keeps a second one out.
pub struct Grader<'a> {
    /// What can be graded.
    pub course: &'a Course,
    /// Where it reads sources and builds.
    pub paths: Paths,
    /// Who is told what happens.
    pub events: &'a dyn Listener,
    device: Device,
    _lock: File,
}

impl<'a> Grader<'a> {
    /// Waits until no other grader works on this course.
    pub fn new(course: &'a Course, events: &'a dyn Listener) -> Result<Self> {
        Self::on(Device::Cpu, course, events)
    }

    /// As [`Grader::new`], for grading on any device.
    ///
    /// # Errors
    /// When this machine has no such device.
    pub fn on(device: Device, course: &'a Course, events: &'a dyn Listener) -> Result<Self> {
        device.require()?;
        let paths = Paths::new(&course.root);
        let path = paths.work().join("lock");
        fs::create_dir_all(paths.work())
            .with_context(|| format!("failed to make `{}`", paths.work().display()))?;
        let lock = File::create(&path).with_context(|| format!("failed to open `{}`", path.display()))?;
        let busy = || events.hear(Event::Waiting { on: Holder::Grader });
        let held =
            locking::lock(&lock, busy).with_context(|| format!("failed to lock `{}`", path.display()))?;
        if held == Lock::Impossible {
            events.hear(Event::Unlocked);
        }
        Ok(Self { course, paths, events, device, _lock: lock })
    }

    /// Grades what students wrote in `exercises`, in what those need, and in what those that fail use besides.
    pub fn grade_lectures(&self, exercises: &[&Exercise], options: &Options) -> Result<Marks> {
        let (mut cache, mut graded) = (Cache::load(&self.paths), Marks::default());
        let mut wanted = exercises.to_vec();
        while !wanted.is_empty() {
            self.grade_more(&wanted, options, &mut cache, &mut graded)?;
            let unknown = graded.unknown_uses();
            wanted = unknown.iter().filter_map(|id| self.course.exercise(id)).collect();
        }
        let place = |id: &String| self.course.exercises().position(|exercise| exercise.full_id() == *id);
        graded.fresh.sort_by_key(place);
        // A verdict is worth showing, remembered or not.
        if !graded.fresh.is_empty()
            && let Err(error) = cache.save(&self.paths)
        {
            self.events.hear(Event::Forgotten { reason: &format!("{error:#}") });
        }
        Ok(graded)
    }

    fn grade_more(
        &self,
        exercises: &[&Exercise],
        options: &Options,
        cache: &mut Cache,
        graded: &mut Marks,
    ) -> Result<()> {
        let mut needed = self.course.with_needs(exercises);
        needed.retain(|exercise| !graded.verdicts.contains_key(&exercise.full_id()));
        let wanted = self.course.chapters.iter().map(|chapter| {
            let wanted = needed.iter().copied().filter(|exercise| exercise.chapter == chapter.name);
            (chapter, wanted.collect::<Vec<_>>())
        });
        let wanted: Vec<_> = wanted.filter(|(_, wanted)| !wanted.is_empty()).collect();
        let keyed = side_by_side(&wanted, |_, _, (chapter, wanted)| {
            let tree = Tree::of_student(&self.paths.lecture(&chapter.name));
            let keyed = self.keyed(chapter, &tree, wanted, options)?;
            Ok::<_, anyhow::Error>((tree, keyed))
        });
        let keyed = keyed.into_iter().collect::<Result<Vec<_>>>()?;
        let mut built = Vec::new();
        for ((chapter, _), (tree, keyed)) in wanted.iter().zip(&keyed) {
            let submission = Sources { chapter, source: "lectures", tree };
            built.push(self.build(&submission, keyed.clone(), options, Some(cache), graded)?);
        }
        self.examine(&built, options, Some(cache), graded);
        Ok(())
    }

    /// Grades sources that were handed in, a tree a chapter. Files that are missing count as the stubs. What `cache` knows of the
    /// same content is taken from there.
    pub fn grade_submission(
        &self,
        chapters: &[&Chapter],
        trees: &BTreeMap<String, Tree>,
        seed: u64,
        mut cache: Option<&mut Cache>,
    ) -> Result<Marks> {
        let (mut graded, options) = (Marks::default(), Options { seed: Some(seed), force: false });
        for &chapter in chapters {
            let tree = whole(&self.paths, chapter, trees)?;
            let wanted: Vec<&Exercise> = chapter.exercises.iter().collect();
            let submission = Sources { chapter, source: "submission", tree: &tree };
            self.grade(&submission, &wanted, &options, cache.as_deref_mut(), &mut graded)?;
        }
        Ok(graded)
    }

    /// Grades `wanted` exercises of a submission, adding to `graded`.
    pub fn grade(
        &self,
        submission: &Sources,
        wanted: &[&Exercise],
        options: &Options,
        mut cache: Option<&mut Cache>,
        graded: &mut Marks,
    ) -> Result<()> {
        let keyed = self.keyed(submission.chapter, submission.tree, wanted, options)?;
        let built = self.build(submission, keyed, options, cache.as_deref_mut(), graded)?;
        self.examine(&[built], options, cache, graded);
        Ok(())
    }

    /// Exercises and under which keys their verdicts are remembered.
    fn keyed<'c>(
        &self,
        chapter: &Chapter,
        tree: &Tree,
        wanted: &[&'c Exercise],
        options: &Options,
    ) -> Result<Vec<(&'c Exercise, String)>> {
        let common = ChapterKey::read(&self.paths, &chapter.name, self.device.name())?;
        let imports = Imports::of(tree);
        let keyed = wanted.iter().map(|&exercise| {
            let key = common.key(&self.paths, exercise, &imports)?;
            Ok((exercise, format!("{key}{:?}", options.seed)))
        });
        keyed.collect()
    }

    /// Builds what is neither remembered nor untouched, and settles the rest.
    fn build<'c>(
        &self,
        submission: &Sources<'c>,
        keyed: Vec<(&'c Exercise, String)>,
        options: &Options,
        mut cache: Option<&mut Cache>,
        graded: &mut Marks,
    ) -> Result<Attempt<'c>> {
        let Sources { chapter, tree, .. } = *submission;
        let pending = unremembered(keyed, cache.as_deref(), graded);
        if pending.is_empty() {
            return Ok(Attempt::default());
        }
        let stubs = stubs::load(&self.paths, &chapter.name)?;
        let untouched = |exercise: &Exercise| !options.force && is_untouched(exercise, tree, &stubs);
        let (rest, started): (Vec<_>, Vec<_>) =
            pending.into_iter().partition(|(exercise, _)| untouched(exercise));
        for (exercise, key) in rest {
            self.settle(exercise, key, Verdict::NotStarted.into(), cache.as_deref_mut(), graded);
        }
        let exercises: Vec<&Exercise> = started.iter().map(|(exercise, _)| *exercise).collect();
        let links = Links::new(&self.paths, submission);
        let assemble = || self.assemble(submission, &stubs, &exercises);
        let (drawn, assembled) = thread::scope(|scope| {
            scope.spawn(|| links.read_ahead(&exercises));
            Draws::during(assemble, &self.paths, &started, options)
        });
        let assembled = assembled?;
        for exercise in &exercises {
            let program = assembled.programs.get(&exercise.topic);
            graded.programs.extend(program.map(|program| (exercise.full_id(), program.clone())));
        }
        let records = diagnose::load(&self.paths, &chapter.name)?;
        Ok(Attempt { started, assembled, records, drawn, links: Some(links) })
    }

    fn assemble(&self, submission: &Sources, stubs: &Tree, exercises: &[&Exercise]) -> Result<Assembly> {
        let topics = topics(exercises.iter().copied());
        if topics.is_empty() {
            return Ok(Assembly::default());
        }
        self.events.hear(Event::Building { what: &topics.join(", ") });
        let assembled = assemble(self.device, &self.paths, submission, stubs, &topics, self.events)?;
        let (programs, faults) = (assembled.programs.len(), assembled.broken.len());
        self.events.hear(Event::Built { programs, faults });
        if let (Device::Cuda, Some(program)) = (self.device, assembled.programs.values().next()) {
            finds_its_device(program)?;
        }
        Ok(assembled)
    }

    fn settle(
        &self,
        exercise: &Exercise,
        key: String,
        examined: Examination,
        cache: Option<&mut Cache>,
        graded: &mut Marks,
    ) {
        if let Some(cache) = cache {
            cache.put(exercise, key, &examined.verdict, &examined.uses);
        }
        graded.fresh.push(exercise.full_id());
        graded.add(&exercise.full_id(), examined);
    }
}

/// Takes what the cache knows into `graded`; the rest, with its keys, is left.
fn unremembered<'c>(
    mut keyed: Vec<(&'c Exercise, String)>,
    cache: Option<&Cache>,
    graded: &mut Marks,
) -> Vec<(&'c Exercise, String)> {
    let is_unknown = |(exercise, key): &(&Exercise, String)| {
        let known = cache.and_then(|cache| cache.get(exercise, key));
        let Some((verdict, uses)) = known else { return true };
        graded.add(&exercise.full_id(), Examination { uses: uses.to_vec(), ..verdict.clone().into() });
        false
    };
    keyed.retain(is_unknown);
    keyed
}

/// What was handed in of a chapter; files that are missing are the stubs.
fn whole(paths: &Paths, chapter: &Chapter, trees: &BTreeMap<String, Tree>) -> Result<Tree> {
    let mut tree = stubs::load(paths, &chapter.name)?;
    let handed = trees.get(&chapter.name).cloned().unwrap_or_default();
    tree.files.retain(|file, _| !handed.damaged.contains_key(file));
    tree.files.extend(handed.files);
    tree.damaged = handed.damaged;
    Ok(tree)
}
