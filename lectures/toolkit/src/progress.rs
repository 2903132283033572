//! A progress bar for training on the terminal; nothing is drawn where the output is no terminal.

use indicatif::{ProgressBar, ProgressStyle};

use crate::callbacks::{Callback, Flow};
use crate::epoch::{Epoch, Plan};

/// Steps of all epochs, the running loss, and the last epoch's metrics.
pub struct Progress {
    bar: ProgressBar,
    metrics: String,
}

impl Default for Progress {
    fn default() -> Self {
        Progress { bar: ProgressBar::hidden(), metrics: String::new() }
    }
}

impl Callback for Progress {
    fn begin(&mut self, plan: &Plan, batches: usize) {
        let template = "{bar:24} {pos}/{len} steps, {per_sec}, {eta} left  {msg}";
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        self.bar = ProgressBar::new((plan.epochs * batches) as u64).with_style(style);
    }

    fn batch(&mut self, loss: f32) {
        self.bar.inc(1);
        self.bar.set_message(format!("loss {loss:.4}{}", self.metrics));
    }

    fn epoch(&mut self, epochs: &[Epoch]) -> Flow {
        if let Some(epoch) = epochs.last() {
            let metrics = epoch.metrics.iter().map(|(name, value)| format!(", {name} {value:.4}"));
            self.metrics = metrics.collect();
        }
        Flow::Continue
    }

    fn end(&mut self, _epochs: &[Epoch]) {
        self.bar.finish_and_clear();
    }
}
