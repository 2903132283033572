//! Asks a probe: one call after another, restarting it when it dies, until asking on would only cost time.
//!
//! Bytes and limits are `process`'s, right and wrong are the judge's, what a death is called is `deaths`'s.

mod deaths;

use std::{env, io, path::Path, time::Duration};

use anyhow::{Context, Result};
use hidden::Case;
use protocol::{Call, decode_answer, encode_call};

use crate::{
    device::{Device, NoDevice},
    examine::Examinee,
    judge::Outcome,
    process::{Cost, Limits, Worker, tool},
    verdict::Kind,
};

use deaths::{asleep_in_all, died, unreadable};

/// A probe that crashes this often is not asked any more. One that met a limit isn't either: it costs that limit each time.
const MOST_CRASHES: usize = 3;
/// One that stalled is asked once more: a machine that is busy elsewhere looks like a student's deadlock.
const MOST_STALLS: usize = 2;
/// Bytes that a case may print.
const PRINTS: u64 = 16 << 20;
/// Bytes of an answer.
const ANSWER: usize = 64 << 20;
/// Bytes of a file, and of all files in the working directory. No exercise writes any.
const DISK: u64 = 64 << 20;
/// CPU time that a program may use after its answer. The threads of a pool look for work for a moment before they sleep.
const AFTERWARDS: Duration = Duration::from_millis(50);

/// A program that answers calls.
pub struct Probe<'a> {
    program: &'a Path,
    limits: Limits,
    worker: Option<Worker>,
    nonce: u64,
    deaths: Vec<Kind>,
    /// How long it was seen asleep in all its answered calls, where that is worth counting.
    slept: Option<Duration>,
    /// Whether it was seen computing after an answer.
    restless: bool,
    heard: Option<Box<dyn FnMut(&str) + 'a>>,
}

/// Who is told what a program prints, line by line, and which program of an exam it is.
pub type Ear<'a> = &'a (dyn Fn(usize, &str) + Sync);

/// On a GPU the first call of an operation loads its kernels, some of which are compiled only then.
const WARM_UP: Duration = Duration::from_secs(60);
/// Long enough for any training on full-size data.
const FULL_TIME: Duration = Duration::from_secs(4 * 3600);
/// MiB of memory for full-size data.
const FULL_MEMORY: u64 = 12 << 10;

impl<'a> Probe<'a> {
    /// Will start the program with the limits of its exercise and its device once it is asked.
    pub fn new(Examinee { exercise, program, device }: Examinee<'a>) -> Self {
        let cpu = exercise.time();
        let limits = Limits {
            cpu,
            // Idle for this long is stalled; a machine that is busy with other things never starves a process so.
            wall: cpu.max(Duration::from_secs(4)),
            memory: Some(exercise.memory_limit << 20),
            prints: PRINTS,
            disk: Some(DISK),
            answer: ANSWER,
        };
        let mut probe = Self {
            program,
            limits,
            worker: None,
            nonce: first_nonce(),
            deaths: Vec::new(),
            slept: Some(Duration::ZERO),
            restless: false,
            heard: None,
        };
        if device == Device::Cuda {
            probe.is_on_a_gpu();
        }
        probe
    }

    fn is_on_a_gpu(&mut self) {
        self.limits.cpu += WARM_UP;
        self.limits.wall = self.limits.wall.max(WARM_UP);
        // The driver maps much of the GPU's memory into the process, which no limit tells from a student's.
        self.limits.memory = None;
        // It also keeps compiled kernels in files.
        self.limits.disk = None;
        // Who waits for a GPU sleeps.
        self.slept = None;
    }

    /// Limits for full-size data; `heard` is told the last line printed, again and again.
    pub fn with_patience(mut self, heard: &'a mut dyn FnMut(&str)) -> Self {
        self.limits.cpu = FULL_TIME;
        self.limits.wall = FULL_TIME;
        self.limits.memory = Some(FULL_MEMORY << 20);
        self.slept = None;
        self.heard = Some(Box::new(move |lines| lines.lines().last().into_iter().for_each(&mut *heard)));
        self
    }

    /// With somebody who listens to what it prints while it computes, as number `number` of the exam's programs.
    pub fn with_ear(mut self, number: usize, ear: Ear<'a>) -> Self {
        self.heard = Some(Box::new(move |lines| lines.lines().for_each(|line| ear(number, line))));
        self
    }

    /// Makes the calls of `case`; returns one outcome each, and what was printed meanwhile.
    pub fn ask(&mut self, case: &Case) -> Result<(Vec<Outcome>, Option<String>)> {
        let mut outcomes = Vec::with_capacity(case.calls.len());
        let mut prints = String::new();
        for call in &case.calls {
            let died = outcomes.iter().any(|outcome| !matches!(outcome, Outcome::Answered(_)));
            outcomes.push(if died || self.is_given_up() {
                Outcome::NotRun
            } else {
                self.call(call, &mut prints)?
            });
        }
        Ok((outcomes, (!prints.is_empty()).then_some(prints)))
    }

    /// Makes one call outside of any case; says what it took, if there was an answer.
    pub fn time(&mut self, call: &Call) -> Result<(Outcome, Option<Cost>)> {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => start(self.program, &self.limits)?,
        };
        self.worker.insert(worker).watch_closely();
        let outcome = self.attempt(call, &mut String::new())?;
        Ok((outcome, self.worker.as_ref().map(Worker::spent)))
    }

    /// Whether it is not asked any more.
    pub fn is_given_up(&self) -> bool {
        let stalls = self.deaths.iter().filter(|&&kind| kind == Kind::Stalled).count();
        self.deaths.iter().any(|kind| kind.is_limit())
            || stalls >= MOST_STALLS
            || self.deaths.len() >= MOST_CRASHES
    }

    /// Waits until the program has come to rest after its answer, or has used `most` CPU time since; a second at most.
    pub fn await_rest(&self, most: Duration) {
        if let Some(worker) = &self.worker {
            worker.comes_to_rest(most);
        }
    }

    /// Whether it was seen computing after an answer, or is now.
    pub fn is_restless(&mut self) -> bool {
        self.restless |= self.worker.as_ref().is_some_and(|worker| !worker.comes_to_rest(AFTERWARDS));
        self.restless
    }

    /// Makes a call; once more, of a new process, where threads that an earlier call left behind may have used up its time.
    fn call(&mut self, call: &Call, prints: &mut String) -> Result<Outcome> {
        let was_awake = self.worker.as_ref().is_some_and(Worker::is_awake);
        let mut outcome = self.attempt(call, prints)?;
        if was_awake && matches!(outcome, Outcome::Died { kind: Kind::TimeLimit, .. }) {
            self.restless = true;
            outcome = self.attempt(call, prints)?;
        }
        let outcome = self.look_after(outcome);
        if let Outcome::Died { kind, .. } = outcome {
            self.deaths.push(kind);
        }
        Ok(outcome)
    }

    /// An answer after which something else is still wrong with the program that gave it.
    fn look_after(&mut self, answered: Outcome) -> Outcome {
        let Some(worker) = &self.worker else { return answered };
        let Cost { between, asleep, .. } = worker.spent();
        if between.is_some_and(|between| between > AFTERWARDS) {
            // What was left behind must not disturb the next call.
            (self.restless, self.worker) = (true, None);
        }
        match &mut self.slept {
            Some(slept) if *slept + asleep > self.limits.wall => {
                (*slept, self.worker) = (Duration::ZERO, None);
                asleep_in_all(self.limits.wall)
            }
            Some(slept) => {
                *slept += asleep;
                answered
            }
            None => answered,
        }
    }

    fn attempt(&mut self, call: &Call, prints: &mut String) -> Result<Outcome> {
        let worker = match &mut self.worker {
            Some(worker) => worker,
            empty => empty.insert(start(self.program, &self.limits)?),
        };
        self.nonce = self.nonce.wrapping_add(1);
        let request = encode_call(self.nonce, call).context("failed to encode a call")?;
        let reply = match &mut self.heard {
            Some(heard) => worker.exchange_heard(&request, &self.limits, heard),
            None => worker.exchange(&request, &self.limits),
        };
        let printed = worker.take_prints();
        prints.push_str(&printed.stdout);
        prints.push_str(&printed.stderr);
        if printed.dropped > 0 {
            prints.push_str(&format!("\n… {} bytes more were printed\n", printed.dropped));
        }
        let outcome = match reply {
            Ok(frame) => read_answer(&frame, self.nonce),
            Err(death) => died(&death),
        };
        if matches!(outcome, Outcome::Died { .. }) {
            self.worker = None;
        }
        Ok(outcome)
    }
}

/// Asks `program`, built for a GPU, whether there is one.
///
/// # Errors
/// [`NoDevice`] with the driver's words, or the system's where it can't even load the program, if there is none.
pub fn finds_its_device(program: &Path) -> Result<()> {
    let mut words = String::new();
    let mut note = |line: &str| {
        if words.is_empty() {
            words.push_str(line.trim().trim_start_matches("no CUDA device: "));
        }
    };
    let asked = tool::run_within(
        WARM_UP,
        program,
        &["--device"],
        Path::new("/"),
        env::vars_os(),
        &mut |_| (),
        &mut note,
    );
    match asked {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(NoDevice { reason: Some(words) }.into()),
        Err(error) if error.kind() == io::ErrorKind::TimedOut => {
            Err(NoDevice { reason: Some("the driver does not answer".to_owned()) }.into())
        }
        Err(error) => {
            Err(error).with_context(|| format!("failed to start the probe `{}`", program.display()))
        }
    }
}

fn start(program: &Path, limits: &Limits) -> Result<Worker> {
    // glibc gives large tensors back to the system after every operation unless told otherwise, and taking them again
    // costs more than the arithmetic.
    let environment = [
        ("MALLOC_MMAP_THRESHOLD_", "1073741824"),
        ("MALLOC_TRIM_THRESHOLD_", "1073741824"),
        ("MALLOC_ARENA_MAX", "1"),
    ];
    Worker::spawn(program, &[], &environment, limits)
        .with_context(|| format!("failed to start the probe `{}`", program.display()))
}

/// An answer that is not to this very request is no answer.
fn read_answer(frame: &[u8], nonce: u64) -> Outcome {
    match decode_answer(frame) {
        Ok((number, answer)) if number == nonce => Outcome::Answered(answer),
        Ok(_) => unreadable("it answers another request"),
        Err(error) => unreadable(&error.to_string()),
    }
}

/// Requests are numbered from a place that a student's code can't guess.
fn first_nonce() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id())
}
