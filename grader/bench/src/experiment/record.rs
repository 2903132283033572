//! What came out of an experiment, as a file of JSON that tables and figures are made of: one object, one line a training.
//!
//! ```json
//! {"experiment": "batch_norm", "setting": {"epochs": 10}, "runs": [
//! {"seed": 0, "learning_rate": 0.1, "loss": [0.52, 0.41]}
//! ]}
//! ```

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The trainings of one experiment.
pub struct Record {
    experiment: &'static str,
    setting: Value,
    runs: Vec<Value>,
    file: Option<PathBuf>,
    start: Instant,
}

impl Record {
    /// Of a program that may be told `--json FILE`, and nothing else. `setting` is what all trainings have in common. They run on
    /// this thread alone: in networks as small as these, waking others takes longer than they save.
    ///
    /// # Errors
    /// When it was told something else, or has threads already.
    pub fn new(experiment: &'static str, setting: Value) -> Result<Self> {
        let arguments: Vec<String> = env::args().skip(1).collect();
        let file = match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => None,
            ["--json", file] => Some(PathBuf::from(file)),
            _ => bail!("{arguments:?} is neither nothing nor `--json FILE`"),
        };
        rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global()?;
        Ok(Record { experiment, setting, runs: vec![], file, start: Instant::now() })
    }

    /// Keeps a training, in the file too if one was asked for.
    ///
    /// # Errors
    /// When that can't be written.
    pub fn run(&mut self, run: Value) -> Result<()> {
        self.runs.push(run);
        self.file.as_ref().map_or(Ok(()), |file| self.write(file))
    }

    /// Prints how long it took.
    pub fn end(self) {
        println!("{} trainings in {:.0} s", self.runs.len(), self.start.elapsed().as_secs_f64());
    }

    fn write(&self, file: &Path) -> Result<()> {
        let runs: Vec<String> = self.runs.iter().map(Value::to_string).collect();
        let text = format!(
            "{{\"experiment\": \"{}\", \"setting\": {}, \"runs\": [\n{}\n]}}\n",
            self.experiment,
            self.setting,
            runs.join(",\n")
        );
        fs::write(file, text).with_context(|| format!("failed to write `{}`", file.display()))
    }
}

/// A number to four digits behind the point; what is no number becomes `null`.
pub fn four_digits(number: f32) -> Value {
    Value::from((f64::from(number) * 1e4).round() / 1e4)
}

/// The mean of some numbers, and in brackets the smallest and the largest. `digits` behind the point.
pub fn spread(numbers: &[f32], digits: usize) -> String {
    let mean = numbers.iter().sum::<f32>() / numbers.len() as f32;
    let least = numbers.iter().copied().fold(f32::INFINITY, f32::min);
    let most = numbers.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    format!("{mean:.digits$} ({least:.digits$}–{most:.digits$})")
}
