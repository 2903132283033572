//! What can watch a training loop, and end it.

use crate::epoch::{Epoch, Plan};

/// Whether training goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It does.
    Continue,
    /// It ends with this epoch.
    Stop,
}

/// Called by [`crate::fit::fit`].
pub trait Callback {
    /// Before the first epoch; `batches` is the number of steps to an epoch.
    fn begin(&mut self, _plan: &Plan, _batches: usize) {}

    /// After every step.
    fn batch(&mut self, _loss: f32) {}

    /// After every epoch, with all epochs so far.
    fn epoch(&mut self, _epochs: &[Epoch]) -> Flow {
        Flow::Continue
    }

    /// After the last epoch.
    fn end(&mut self, _epochs: &[Epoch]) {}
}

/// Which values of a metric are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Losses.
    Smaller,
    /// Accuracies.
    Larger,
}

/// Ends training when a metric has not become better for `patience` epochs. NaN is never better.
#[derive(Clone, Debug)]
pub struct EarlyStopping {
    metric: &'static str,
    goal: Goal,
    patience: usize,
    /// The best value and its epoch.
    best: Option<(f32, usize)>,
}

impl EarlyStopping {
    /// Watches `metric`: `"loss"` or a name that `evaluate` gives.
    pub fn new(metric: &'static str, goal: Goal, patience: usize) -> Self {
        EarlyStopping { metric, goal, patience, best: None }
    }

    /// The best value of the metric and the number of its epoch.
    pub fn best(&self) -> Option<(f32, usize)> {
        self.best
    }

    fn is_better(&self, value: f32) -> bool {
        match (self.best, self.goal) {
            (None, _) => !value.is_nan(),
            (Some((best, _)), Goal::Smaller) => value < best,
            (Some((best, _)), Goal::Larger) => value > best,
        }
    }
}

impl Callback for EarlyStopping {
    /// # Panics
    /// When `evaluate` gives no such metric.
    fn epoch(&mut self, epochs: &[Epoch]) -> Flow {
        let Some(epoch) = epochs.last() else { return Flow::Continue };
        let value = epoch.metric(self.metric);
        let Some(value) = value else { panic!("EarlyStopping: there is no metric `{}`", self.metric) };
        if self.is_better(value) {
            self.best = Some((value, epoch.number));
        }
        let since = epoch.number - self.best.map_or(0, |(_, number)| number);
        if since >= self.patience { Flow::Stop } else { Flow::Continue }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(stopping: &mut EarlyStopping, losses: &[f32]) -> usize {
        let epochs: Vec<Epoch> = losses
            .iter()
            .enumerate()
            .map(|(k, &loss)| Epoch {
                number: k + 1,
                loss,
                metrics: vec![("accuracy", 1.0 - loss)],
                seconds: 0.0,
            })
            .collect();
        (1..=losses.len()).find(|&n| stopping.epoch(&epochs[..n]) == Flow::Stop).unwrap_or(0)
    }

    #[test]
    fn it_stops_after_so_many_epochs_without_a_better_value() {
        let losses = [0.9, 0.5, 0.6, 0.5, 0.4, 0.45, 0.44, 0.43];
        for (metric, goal) in [("loss", Goal::Smaller), ("accuracy", Goal::Larger)] {
            let mut stopping = EarlyStopping::new(metric, goal, 3);
            assert_eq!(run(&mut stopping, &losses), 8);
            assert_eq!(stopping.best().map(|(_, epoch)| epoch), Some(5));
        }
    }

    #[test]
    fn nan_is_never_better() {
        assert_eq!(run(&mut EarlyStopping::new("loss", Goal::Smaller, 2), &[f32::NAN, f32::NAN, 0.1]), 2);
    }
}
