//! A command of the grader that runs beside the screen, as a process of its own: it can be stopped at any moment, and whatever
//! becomes of it, the screen stays.

use std::{
    env,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{parallel::lock, process::tool};

/// What a job is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Verdicts.
    Grade,
    /// Its words, which are shown.
    Say,
    /// A training, whose lines are shown as they come.
    Train,
}

/// A command at work. Dropping it stops it.
pub struct Job {
    /// What it is for.
    pub purpose: Purpose,
    began: Instant,
    stop: Arc<AtomicBool>,
    heard: Arc<Mutex<Heard>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// What was heard of it so far.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// Standard output.
    pub out: String,
    /// Standard error, without events.
    pub said: String,
    /// What it is doing.
    pub status: String,
    /// What a training printed.
    pub printed: Vec<String>,
    /// Losses among that.
    pub losses: Vec<(f64, f64)>,
    /// Crates compiled.
    compiled: usize,
    /// How it ended: its exit code, or what kept it from running; `None` while it runs.
    pub ended: Option<Result<i32, String>>,
}

impl Job {
    /// Starts the grader with `args`, for the course below `root`.
    pub fn start(purpose: Purpose, args: &[&str], root: &Path) -> Self {
        let mut args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        args.extend(["--course".to_owned(), root.display().to_string()]);
        args.extend(["--progress".to_owned(), "json".to_owned()]);
        let (stop, heard) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Heard::default())));
        let (stopped, hears, root) = (Arc::clone(&stop), Arc::clone(&heard), root.to_owned());
        let thread = thread::spawn(move || {
            let ended = run(&args, &root, &stopped, &hears);
            lock(&hears).ended = Some(ended);
        });
        Self { purpose, began: Instant::now(), stop, heard, thread: Some(thread) }
    }

    /// What was heard so far.
    pub fn heard(&self) -> Heard {
        lock(&self.heard).clone()
    }

    /// How long it has been running.
    pub fn age(&self) -> Duration {
        self.began.elapsed()
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

fn run(args: &[String], root: &Path, stop: &AtomicBool, heard: &Mutex<Heard>) -> Result<i32, String> {
    let grader = env::current_exe().map_err(|error| format!("the grader does not find itself: {error}"))?;
    let mut goes_on = || !stop.load(Ordering::Relaxed);
    let mut listen = |line: &str| lock(heard).out += &format!("{line}\n");
    let mut hear = |line: &str| lock(heard).hear(line);
    let ended = tool::run_while(&mut goes_on, grader, args, root, env::vars_os(), &mut listen, &mut hear);
    let status = ended.map_err(|error| format!("the grader could not be started: {error}"))?;
    status.code().ok_or_else(|| "the grader was killed; r runs it again".to_owned())
}

impl Heard {
    /// Takes note of a line of standard error.
    fn hear(&mut self, line: &str) {
        match serde_json::from_str::<Value>(line) {
            Ok(event) if event["event"].is_string() => self.happened(&event),
            _ => self.said += &format!("{line}\n"),
        }
    }

    fn happened(&mut self, event: &Value) {
        let text = |key: &str| event[key].as_str().unwrap_or_default();
        let status = match text("event") {
            "building" => format!("building {}", text("what")),
            "compiled" => {
                self.compiled += 1;
                format!("compiled {} ({} crates)", text("name"), self.compiled)
            }
            "searching" => "the compiler does not say what is wrong; looking for it".to_owned(),
            "fetching" => "fetching dependencies".to_owned(),
            "mending" => "what was built before is damaged; building it anew".to_owned(),
            "examining" => format!("examining {} ({} of {})", text("what"), event["done"], event["total"]),
            "timing" => format!("timing {}, {}", text("exercise"), text("pass")),
            "training" => format!("{} trains on full-size data", text("exercise")),
            "waiting" => "another grader or cargo is at work here; waiting for it".to_owned(),
            "printed" => return self.training_said(text("line")),
            _ => return,
        };
        self.status = status;
    }

    fn training_said(&mut self, line: &str) {
        self.printed.push(line.to_owned());
        if let Some(loss) = loss(line) {
            self.losses.push((self.losses.len() as f64 + 1.0, loss));
        }
    }
}

/// The number behind the word “loss”.
fn loss(line: &str) -> Option<f64> {
    let line = line.to_lowercase();
    let (_, behind) = line.split_once("loss")?;
    let is_number = |c: char| c.is_ascii_digit() || ".-+e".contains(c);
    let mut numbers =
        behind.split(|c| !is_number(c)).filter_map(|word| word.trim_end_matches('.').parse().ok());
    numbers.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_found_in_what_a_training_prints() {
        assert_eq!(loss("epoch 3: loss 0.25, accuracy 0.9"), Some(0.25));
        assert_eq!(loss("Epoch 3  Loss = 1.5e-3."), Some(1.5e-3));
        assert_eq!(loss("epoch 3: accuracy 0.9"), None);
    }

    #[test]
    fn events_become_a_status_and_other_lines_are_kept() {
        let mut heard = Heard::default();
        heard.hear(r#"{"event":"examining","what":"tricks/relu","done":1,"total":3}"#);
        heard.hear("warning: something");
        assert_eq!(
            (heard.status.as_str(), heard.said.as_str()),
            ("examining tricks/relu (1 of 3)", "warning: something\n")
        );
        heard.hear(r#"{"event":"printed","exercise":"a/b","line":"loss 2"}"#);
        heard.hear(r#"{"event":"printed","exercise":"a/b","line":"loss 1"}"#);
        assert_eq!(heard.losses, [(1.0, 2.0), (2.0, 1.0)]);
    }
}
