//! Compiles a staged workspace into probes and hands on what the compiler said.
//!
//! What the machine and our own leftovers have to do with a failure is found out here, and put right where that can be done. What
//! to do about a student's errors is left to `assemble`.

mod cargo;
mod count;
mod ends;
mod environment;
mod fetch;
mod freshness;
mod limits;
mod messages;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::Mutex,
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    build::{inputs::Inputs, stage::Stage},
    device::Device,
    events::{Damage, Event, Listener},
    parallel::lock,
    paths::Paths,
};
use cargo::{Cargo, Ears};
use count::Count;
use ends::MachineFault;
use freshness::BuildRecord;
use messages::Message;

pub use ends::End;
pub use fetch::settle_lock;
pub use freshness::BUILT_FROM;
pub use limits::CompilerLimits;
pub use messages::{Diagnostic, Place};

/// What came of compiling.
#[derive(Debug, Default)]
pub struct Compilation {
    /// The finished programs by topic.
    pub programs: BTreeMap<String, PathBuf>,
    /// Errors, in the order in which the compiler found them.
    pub errors: Vec<Diagnostic>,
    /// Warnings about staged sources.
    pub warnings: Vec<Diagnostic>,
    /// Files that were compiled and are neither the student's nor the course's for everybody; their programs are left out.
    pub outsiders: Vec<PathBuf>,
    /// How a compiler ended that named no error, and over which program.
    pub end: Option<(End, String)>,
    /// The programs that cargo left as they were.
    fresh: Vec<String>,
    /// How far it is.
    count: Count,
}

/// What to compile, and how.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// The course's places.
    pub paths: &'a Paths,
    /// What is compiled, and where it lies.
    pub stage: &'a Stage,
    /// Whose programs are wanted.
    pub topics: &'a [&'a str],
    /// What they are to run on.
    pub device: Device,
    /// What compiling each may take.
    pub limits: CompilerLimits,
    /// Who is told.
    pub events: &'a dyn Listener,
}

/// Compiles the programs of a job, as far as possible.
///
/// # Errors
/// When the machine is at fault, or the course: a full disk, no linker, a build that can't be had even from nothing.
pub fn compile(job: &Job) -> Result<Compilation> {
    let cargo = Cargo { paths: job.paths, device: job.device, limits: job.limits, events: job.events };
    fetch::fetch(&cargo, job.stage)?;
    let (given, mut again) = (Inputs::new(job.paths, job.stage), true);
    loop {
        let sources = job.freshen(&cargo)?;
        let (mut compiled, complaints) = job.build(&cargo, &sources)?;
        let Some(complaints) = complaints else {
            let Some(stale) = compiled.stale(&sources) else {
                given.sift(&mut compiled)?;
                return Ok(compiled);
            };
            ensure!(again, "cargo does not build `{stale}` from its sources");
            again = false;
            let ours: Vec<&str> = job.stage.beside.names().chain([job.stage.chapter.as_str()]).collect();
            job.forget(&cargo, &ours)?;
            continue;
        };
        match MachineFault::find(&compiled.without_a_place(&complaints), &job.paths.build(job.device)) {
            Some(MachineFault::Machine(says)) => bail!("{says}"),
            Some(MachineFault::Damaged) if again => {
                again = false;
                job.heal()?;
            }
            Some(MachineFault::Damaged) => {
                bail!("what cargo builds can't be read, even built anew:\n{complaints}")
            }
            None => {
                let known = !compiled.errors.is_empty() || compiled.end.is_some();
                ensure!(known, "cargo could not build the probes:\n{complaints}");
                given.sift(&mut compiled)?;
                return Ok(compiled);
            }
        }
    }
}

impl Job<'_> {
    /// Sees to it that cargo builds what changed, whatever the times of files are. Returns a hash of all sources.
    fn freshen(&self, cargo: &Cargo) -> Result<String> {
        // Side by side, one would remove what the other builds with.
        static ONE_BY_ONE: Mutex<()> = Mutex::new(());
        let _turn = lock(&ONE_BY_ONE);
        let build = self.paths.build(self.device);
        let (libraries, mut record) = (freshness::libraries(self.paths)?, BuildRecord::read(&build));
        let outdated: Vec<&str> = record.outdated(&libraries).into_iter().collect();
        if !outdated.is_empty() {
            if build.join("grade").is_dir() {
                self.forget(cargo, &outdated)?;
            }
            record.keep(&libraries)?;
        }
        freshness::sources(self.paths, self.stage, &libraries)
    }

    /// Has cargo remove what it built of `packages`.
    fn forget(&self, cargo: &Cargo, packages: &[&str]) -> Result<()> {
        let manifest = self.manifest();
        let mut arguments = vec!["clean", "--offline", "--locked", "--profile=grade", &manifest];
        arguments.extend(packages.iter().flat_map(|package| ["--package", package]));
        match cargo.quietly(&arguments)? {
            Ok(()) => Ok(()),
            Err(_) => self.heal(),
        }
    }

    /// Removes everything that was built.
    fn heal(&self) -> Result<()> {
        let build = self.paths.build(self.device);
        self.events.hear(Event::Mending { what: Damage::Libraries });
        fs::remove_dir_all(&build).with_context(|| format!("failed to remove `{}`", build.display()))
    }

    fn manifest(&self) -> String {
        format!("--manifest-path={}", self.stage.folder.join("Cargo.toml").display())
    }

    fn arguments(&self) -> Vec<String> {
        let mut arguments = vec![
            "build".to_owned(),
            "--offline".to_owned(),
            "--locked".to_owned(),
            "--keep-going".to_owned(),
            "--profile=grade".to_owned(),
            "--message-format=json-diagnostic-rendered-ansi".to_owned(),
            "--color=never".to_owned(),
            self.manifest(),
        ];
        arguments.extend(self.topics.iter().map(|topic| format!("--bin={}", self.stage.program(topic))));
        if self.device == Device::Cuda {
            arguments.push(format!("--features={}/cuda", self.stage.chapter));
        }
        arguments
    }

    /// Runs cargo once. What it complained about is there only where it failed.
    fn build(&self, cargo: &Cargo, sources: &str) -> Result<(Compilation, Option<String>)> {
        let count = Count::of(self, cargo)?;
        count.total.iter().for_each(|&crates| self.events.hear(Event::Compiling { crates }));
        let (mut compiled, complaints) =
            (Compilation { count, ..Compilation::default() }, RefCell::new(String::new()));
        let over = Cell::new(None);
        let mut listen = |line: &str| {
            if let Ok(message) = serde_json::from_str::<Message>(line) {
                compiled.note(self, message);
            }
        };
        let mut complain = |line: &str| {
            let mut complaints = complaints.borrow_mut();
            complaints.push_str(&format!("{line}\n"));
            // The other programs hold the same code, over which the compiler would end in the same way.
            if line.contains("process didn't exit successfully") {
                over.set(End::read(&complaints));
            }
        };
        let variables = [(freshness::BUILT_FROM, sources.to_owned())];
        let goes_on = || over.get().is_none();
        let ears = Ears { stdout: &mut listen, stderr: &mut complain, goes_on: &goes_on };
        let done = cargo.run(&self.arguments(), &variables, ears)?;
        let complaints = complaints.into_inner();
        compiled.end = over.get().map(|end| (end, self.program_in(&complaints)));
        Ok((compiled, (!done).then_some(complaints)))
    }

    /// The topic that cargo complains about.
    fn program_in(&self, complaints: &str) -> String {
        let name = complaints.rsplit_once("(bin \"").and_then(|(_, rest)| rest.split('"').next());
        let topic = self.topics.iter().find(|topic| name == Some(&self.stage.program(topic)));
        topic.or(self.topics.first()).map(|topic| (*topic).to_owned()).unwrap_or_default()
    }
}

impl Compilation {
    fn note(&mut self, job: &Job, message: Message) {
        match message {
            Message::Diagnosed { target, message } => {
                let level = message.level.clone();
                let diagnostic = Diagnostic::new(target, message);
                match level.as_str() {
                    // "aborting due to …" points nowhere and says nothing that the others don't.
                    "error" if !diagnostic.message.starts_with("aborting due to") => {
                        self.errors.push(diagnostic)
                    }
                    "warning" if diagnostic.code.is_some() => self.warnings.push(diagnostic),
                    // Where an error in a library comes from is said in a message of its own.
                    "note" => {
                        let mut of_target =
                            self.errors.iter_mut().rev().filter(|error| error.target == diagnostic.target);
                        if let Some(error) = of_target.next() {
                            error.add_note(diagnostic);
                        }
                    }
                    _ => {}
                }
            }
            Message::Built { target, .. } if target.is_build_script() => {}
            Message::Built { package_id, target, executable, fresh } => {
                let (done, total) = self.count.add(package_id);
                if !fresh {
                    job.events.hear(Event::Compiled { name: &target.name, done, total });
                }
                let topic = job.topics.iter().find(|topic| job.stage.program(topic) == target.name);
                if let (Some(topic), Some(program)) = (topic, executable) {
                    self.programs.insert((*topic).to_owned(), program);
                    self.fresh.extend(fresh.then(|| (*topic).to_owned()));
                }
            }
            Message::Other => {}
        }
    }

    /// A program that cargo took for built although it was built from something else.
    fn stale(&self, sources: &str) -> Option<String> {
        let is_stale = |topic: &&String| {
            self.programs.get(*topic).is_some_and(|program| !freshness::is_built_from(program, sources))
        };
        self.fresh.iter().find(is_stale).cloned()
    }

    /// What was said that quotes no source: cargo's complaints, the linker's, and errors about libraries.
    fn without_a_place(&self, complaints: &str) -> String {
        let said = self.errors.iter().filter_map(|error| match &error.code {
            _ if error.places.is_empty() => Some(error.rendered.clone()),
            Some(code) => Some(format!("[{code}]")),
            None => None,
        });
        complaints.to_owned() + &said.collect::<Vec<_>>().join("\n")
    }
}
