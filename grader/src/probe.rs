//! Asks a probe: one call after another, restarting it when it dies, counting its deaths.
//!
//! Bytes and limits are `process`'s, right and wrong are the judge's.

use std::{env, io, path::Path, time::Duration};

use anyhow::{Context, Result};
use hidden::Case;
use protocol::{Call, decode_answer, encode_call};

use crate::{
    course::Exercise,
    device::{Device, Missing},
    judge::Outcome,
    process::{Death, Limits, Spent, Worker, tool},
    verdict::Kind,
};

/// A probe that dies this often is not asked any more: an endless loop must cost seconds, not minutes.
const MOST_DEATHS: usize = 3;
/// Bytes that a case may print.
const PRINTS: u64 = 16 << 20;
/// Bytes of an answer.
const ANSWER: usize = 64 << 20;

/// A program that answers calls.
pub struct Probe<'a> {
    program: &'a Path,
    limits: Limits,
    worker: Option<Worker>,
    nonce: u64,
    deaths: usize,
    heard: Option<&'a mut dyn FnMut(&str)>,
}

/// On a GPU the first call of an operation loads its kernels, some of which are compiled only then.
const WARM_UP: Duration = Duration::from_secs(60);
/// Long enough for any training on full-size data.
const FULL_TIME: Duration = Duration::from_secs(4 * 3600);
/// MiB of memory for full-size data.
const FULL_MEMORY: u64 = 12 << 10;

impl<'a> Probe<'a> {
    /// Will start `program` with the limits of `exercise` once it is asked.
    pub fn new(program: &'a Path, exercise: &Exercise) -> Self {
        let cpu = exercise.time();
        let limits = Limits {
            cpu,
            // Idle for this long is stalled; a machine that is busy with other things never starves a process so.
            wall: cpu.max(Duration::from_secs(4)),
            memory: Some(exercise.memory_limit << 20),
            prints: PRINTS,
            answer: ANSWER,
        };
        Self { program, limits, worker: None, nonce: first_nonce(), deaths: 0, heard: None }
    }

    /// Limits for `device`.
    pub fn on(mut self, device: Device) -> Self {
        if device == Device::Cuda {
            self.limits.cpu += WARM_UP;
            self.limits.wall = self.limits.wall.max(WARM_UP);
            // The driver maps much of the GPU's memory into the process, which no limit tells from a student's.
            self.limits.memory = None;
        }
        self
    }

    /// Limits for full-size data; `heard` is told the last line printed, again and again.
    pub fn with_patience(mut self, heard: &'a mut dyn FnMut(&str)) -> Self {
        self.limits.cpu = FULL_TIME;
        self.limits.wall = FULL_TIME;
        self.limits.memory = Some(FULL_MEMORY << 20);
        self.heard = Some(heard);
        self
    }

    /// Makes the calls of `case`; returns one outcome each, and what was printed meanwhile.
    pub fn ask(&mut self, case: &Case) -> Result<(Vec<Outcome>, Option<String>)> {
        let mut outcomes = Vec::with_capacity(case.calls.len());
        let mut prints = String::new();
        for call in &case.calls {
            let died = outcomes.iter().any(|outcome| !matches!(outcome, Outcome::Answered(_)));
            let outcome = if died || self.deaths >= MOST_DEATHS {
                Outcome::NotRun
            } else {
                self.call(call, &mut prints)?
            };
            outcomes.push(outcome);
        }
        Ok((outcomes, (!prints.is_empty()).then_some(prints)))
    }

    /// Makes one call outside of any case; says what it took, if there was an answer.
    pub fn time(&mut self, call: &Call) -> Result<(Outcome, Option<Spent>)> {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => start(self.program, &self.limits)?,
        };
        self.worker.insert(worker).watch_closely();
        let outcome = self.call(call, &mut String::new())?;
        Ok((outcome, self.worker.as_ref().map(Worker::spent)))
    }

    fn call(&mut self, call: &Call, prints: &mut String) -> Result<Outcome> {
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
            self.deaths += 1;
            self.worker = None;
        }
        Ok(outcome)
    }
}

/// Asks `program`, built for a GPU, whether there is one.
///
/// # Errors
/// [`Missing`] with the driver's words, or the system's where it can't even load the program, if there is none.
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
        Ok(_) => Err(Missing { reason: Some(words) }.into()),
        Err(error) if error.kind() == io::ErrorKind::TimedOut => {
            Err(Missing { reason: Some("the driver does not answer".to_owned()) }.into())
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
    Worker::spawn(program, &[], Path::new("/"), &environment, limits)
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

fn unreadable(why: &str) -> Outcome {
    let message = format!(
        "The program's answer can't be read: {why}. Does the code write to descriptors it did not open?"
    );
    Outcome::Died { kind: Kind::Protocol, message }
}

/// Deaths in a student's words.
fn died(death: &Death) -> Outcome {
    let (kind, message) = match death {
        Death::Exited(code) => (
            Kind::Crash,
            format!(
                "The code ended the whole program (exit code {code}) instead of returning. Take `std::process::exit` out."
            ),
        ),
        Death::Signalled { stack_overflow: true, .. } => (
            Kind::Crash,
            "The stack overflowed: a function calls itself without end, or a huge array lives on the stack."
                .to_owned(),
        ),
        Death::Signalled { out_of_memory: true, .. } => {
            (Kind::MemoryLimit, "The code asked for more memory than the exercise may use.".to_owned())
        }
        Death::Signalled { signal, .. } => {
            (Kind::Crash, format!("The program was ended by signal {signal} (it may have called `abort`)."))
        }
        Death::CpuLimit { limit } => (
            Kind::TimeLimit,
            format!("No answer after {limit:.1?} of computing: is there a loop that does not end?"),
        ),
        Death::WallLimit { limit } => (
            Kind::Stalled,
            format!(
                "No answer within {limit:.1?}, and nothing was being computed: does the code sleep, wait for input or wait for itself?"
            ),
        ),
        Death::PrintLimit { limit } => (
            Kind::PrintLimit,
            format!(
                "The code printed more than {} MB in one case. Take the prints out of the loop.",
                limit >> 20
            ),
        ),
        Death::AnswerTooLarge { .. } => {
            (Kind::Protocol, "The answer is far larger than it can be; is a shape wrong?".to_owned())
        }
        other => return unreadable(&other.to_string()),
    };
    Outcome::Died { kind, message }
}

/// Requests are numbered from a place that a student's code can't guess.
fn first_nonce() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id())
}
