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

use crate::{page::Live, parallel::lock, process::tool};

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
    /// What trainings printed, as curves.
    pub live: Live,
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
            "compiling" => format!("compiling {} crates, this once", event["crates"]),
            "compiled" => match event["total"].as_u64() {
                Some(total) => format!("compiled {} of {total} crates, this once", event["done"]),
                None => format!("compiled {}", text("name")),
            },
            "searching" => "the compiler does not say what is wrong; looking for it".to_owned(),
            "fetching" => "fetching dependencies".to_owned(),
            "mending" => "what was built before is damaged; building it anew".to_owned(),
            "examining" => match (event["done"].as_u64(), event["total"].as_u64()) {
                (Some(done), Some(total)) if total > 1 => {
                    format!("examining {} ({} of {total})", text("what"), done + 1)
                }
                _ => format!("examining {}", text("what")),
            },
            "timing" => format!("timing {}, {}", text("exercise"), text("pass")),
            "training" => format!("{} trains on full-size data", text("exercise")),
            "waiting" => "another grader or cargo is at work here; waiting for it".to_owned(),
            "printed" => return self.live.note(text("exercise"), 0, text("line")),
            "heard" => {
                let program = event["program"].as_u64().unwrap_or_default();
                return self.live.note(text("exercise"), program as usize, text("line"));
            }
            _ => return,
        };
        self.status = status;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_become_a_status_and_other_lines_are_kept() {
        let mut heard = Heard::default();
        heard.hear(r#"{"event":"examining","what":"tricks/relu","done":1,"total":3}"#);
        heard.hear("warning: something");
        assert_eq!(
            (heard.status.as_str(), heard.said.as_str()),
            ("examining tricks/relu (2 of 3)", "warning: something\n")
        );
        heard.hear(r#"{"event":"printed","exercise":"a/b","line":"epoch 1: loss 2"}"#);
        heard.hear(r#"{"event":"heard","exercise":"a/c","program":1,"line":"epoch 1: loss 1"}"#);
        assert_eq!(heard.live.curves().into_keys().collect::<Vec<_>>(), [("a/b", "loss"), ("a/c", "loss")]);
        heard.hear(r#"{"event":"compiled","name":"dfdx","done":70,"total":71}"#);
        assert_eq!(heard.status, "compiled 70 of 71 crates, this once");
    }
}
