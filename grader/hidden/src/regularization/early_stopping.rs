//! Cases for `regularization::early_stopping`: curves of losses, and the epoch at which a patient observer gives up.
//!
//! Losses and `min_delta` are multiples of 1/64, so that no formula rounds and equal means equal.

use rand::Rng;

use crate::{Args, Budget, Suite, is_supposed, otherwise};

pub fn early_stopping(t: &mut Suite) {
    for round in 0..72 {
        let (patience, epochs) = (t.rng.gen_range(1..=5), t.rng.gen_range(1..=24));
        let (min_delta, about) = match round % 3 {
            0 => (0, "a random curve"),
            1 => (t.rng.gen_range(1..=8), "a random curve with a min_delta"),
            _ => (0, "a random curve that comes down to a plateau of a few values"),
        };
        let min_delta = f64::from(min_delta) / 64.0;
        let losses = if round % 3 == 2 { plateau(t, epochs) } else { wandering(t, epochs) };
        watch(t, about, &losses, patience, min_delta);
    }
    named(t);
    undefined(t);
    schedules(t);
    refusals(t);
}

/// A curve that falls on average, and rises now and then.
fn wandering(t: &mut Suite, epochs: usize) -> Vec<f64> {
    let mut loss = 96;
    let step = |_| {
        loss += t.rng.gen_range(-9..=6);
        f64::from(loss) / 64.0
    };
    (0..epochs).map(step).collect()
}

/// A curve of few different values, so that equal losses are frequent.
fn plateau(t: &mut Suite, epochs: usize) -> Vec<f64> {
    (0..epochs).map(|epoch| f64::from(t.rng.gen_range(0..3) + 3 / (epoch as i32 + 1)) / 4.0).collect()
}

/// Curves that have a name.
fn named(t: &mut Suite) {
    let falling: Vec<f64> = (1..=12).map(|epoch| 1.0 / f64::from(1 << epoch)).collect();
    watch(t, "a loss that never stops falling: training runs to its last epoch", &falling, 1, 0.0);
    let rising: Vec<f64> = (1..=9).map(f64::from).collect();
    watch(t, "a loss that only rises: the first epoch is the best", &rising, 4, 0.0);
    watch(t, "a patience of one epoch", &[3.0, 2.0, 2.5, 1.0], 1, 0.0);
    watch(t, "the same loss in every epoch: equal is not better", &[0.5; 8], 3, 0.0);
    watch(
        t,
        "bad epochs with an improvement between them: only those in a row count",
        &[1.0, 1.5, 1.25, 0.75, 1.0, 0.875, 0.5, 0.75, 0.625, 0.625, 0.25],
        3,
        0.0,
    );
    watch(
        t,
        "better than the epoch before, but not than the best",
        &[0.25, 1.0, 0.875, 0.75, 0.625, 0.5, 0.375],
        4,
        0.0,
    );
    watch(
        t,
        "an improvement by exactly min_delta is none, by a little more it is",
        &[1.0, 0.75, 0.734_375, 0.484_375, 0.5],
        2,
        0.25,
    );
    watch(
        t,
        "steps smaller than min_delta that together are larger",
        &[1.0, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25],
        3,
        0.25,
    );
    watch(
        t,
        "a training that ends before patience does: the best weights are wanted all the same",
        &[1.0, 0.5, 0.75],
        5,
        0.0,
    );
    watch(
        t,
        "negative losses, as the logarithm of a density can be",
        &[-1.0, -2.0, -1.5, -2.25, -2.0, -1.0],
        2,
        0.125,
    );
}

/// Losses that are no numbers.
fn undefined(t: &mut Suite) {
    let (nan, infinity) = (f64::NAN, f64::INFINITY);
    watch(t, "the loss becomes NaN and stays so", &[1.0, 0.5, nan, nan, nan, nan], 3, 0.0);
    watch(t, "the first loss is NaN", &[nan, 0.5, 0.75, 0.25, 0.5, 0.5], 2, 0.0);
    watch(t, "every loss is NaN: there is no best epoch, and the weights stay", &[nan; 4], 3, 0.125);
    watch(t, "one NaN between good epochs", &[1.0, nan, 0.75, nan, nan, 0.5], 3, 0.0);
    watch(t, "the first losses are infinite", &[infinity, infinity, 2.0, 1.0, 3.0, 3.0], 3, 0.5);
}

fn refusals(t: &mut Suite) {
    let call = |t: &mut Suite, patience, min_delta| {
        let losses = t.array(&[2], &[1.0, 0.5]);
        Args::new().constant("losses", losses).count("patience", patience).number("min_delta", min_delta)
    };
    let args = call(t, 0, 0.0);
    t.call("a patience of 0 epochs", args).refuses(&["patience", "0"]);
    for (min_delta, named) in [(-0.5, "-0.5"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let args = call(t, 2, min_delta);
        t.call("a min_delta that makes no sense", args).refuses(&["min_delta", named]);
    }
}

/// How a training is watched.
#[derive(Clone, Copy)]
struct Plan {
    patience: usize,
    min_delta: f64,
    /// After so many epochs, another patience and min_delta.
    later: Option<(usize, usize, f64)>,
    /// Whether training goes on after a stop.
    goes_on: bool,
}

/// What training with these losses comes to.
fn watch(t: &mut Suite, about: &str, losses: &[f64], patience: usize, min_delta: f64) {
    Plan { patience, min_delta, later: None, goes_on: false }.check(t, about, losses);
}

/// Plans that change on the way, and trainings that don't obey.
fn schedules(t: &mut Suite) {
    let plan = Plan { patience: 3, min_delta: 0.0, later: None, goes_on: false };
    let curve = [1.0, 0.75, 0.875, 0.875, 0.5, 0.75, 0.75, 0.75, 0.75, 0.25, 0.5];
    let later = |after, patience, min_delta| Plan { later: Some((after, patience, min_delta)), ..plan };
    later(3, 2, 0.0).check(t, "a patience that becomes shorter", &curve);
    later(7, 1, 0.0).check(t, "a patience that becomes shorter than the epochs already waited", &curve);
    later(6, 5, 0.0).check(t, "a patience that becomes longer just in time", &curve);
    later(4, 3, 0.5).check(t, "a min_delta that becomes larger than the next improvement", &curve);
    let strict = Plan { min_delta: 0.5, ..later(2, 3, 0.0) };
    strict.check(t, "a min_delta that becomes 0: compared with the best loss, not with ignored ones", &curve);
    let on = Plan { goes_on: true, ..plan };
    on.check(t, "a training that goes on after the stop: still to be stopped, until it improves", &curve);
    for _ in 0..8 {
        let losses = wandering(t, 24);
        let (patience, after) = (t.rng.gen_range(1..=3), t.rng.gen_range(1..=12));
        let later = Some((after, t.rng.gen_range(1..=3), f64::from(t.rng.gen_range(0..=8)) / 64.0));
        let about = "a random curve, a plan that changes, a training that goes on after the stop";
        Plan { patience, min_delta: 0.0, later, goes_on: true }.check(t, about, &losses);
    }
}

impl Plan {
    fn check(self, t: &mut Suite, about: &str, losses: &[f64]) {
        let Plan { mut patience, mut min_delta, later, goes_on } = self;
        let mut args = Args::new().count("patience", patience).number("min_delta", min_delta);
        args = args.constant("losses", t.array(&[losses.len()], losses)).flag("goes_on", goes_on);
        if let Some((after, patience, min_delta)) = later {
            args = args.count("later", after).count("later_patience", patience);
            args = args
                .number("later_min_delta", min_delta)
                .function("EarlyStopping::observe by a rule that changes");
        }
        let (mut best, mut last_improvement, mut stops) = (None, 0, Vec::new());
        let mut before = None;
        for (epoch, &loss) in (1..).zip(losses) {
            if let Some((_, later_patience, later_delta)) = later.filter(|(after, ..)| epoch == after + 1) {
                (patience, min_delta) = (later_patience, later_delta);
            }
            let than = otherwise("a loss were compared with that of the epoch before", best, before);
            before = Some(loss);
            let min_delta = otherwise("`min_delta` were ignored", min_delta, 0.0);
            let improves = than.map_or(loss < f64::INFINITY, |lowest| lowest - loss > min_delta);
            let better = than.map_or(loss < f64::INFINITY, |lowest| lowest - loss >= min_delta);
            let improves = otherwise("an improvement by just `min_delta` counted", improves, better);
            let up = than.is_none_or(|highest| loss - highest > min_delta);
            let improves = otherwise("a larger loss were the better one", improves, up);
            let either = than.map_or(loss < f64::INFINITY, |lowest| (lowest - loss).abs() > min_delta);
            let improves = otherwise("a change up or down were an improvement", improves, either);
            let part = than.map_or(loss < f64::INFINITY, |lowest| lowest - loss > min_delta * lowest.abs());
            let improves = otherwise("`min_delta` were a part of the best loss", improves, part);
            let less = than.map_or(loss < f64::INFINITY, |lowest| loss - lowest < min_delta);
            let improves = otherwise(
                "a loss that is higher by less than `min_delta` were an improvement",
                improves,
                less,
            );
            if improves {
                best = Some(loss);
                last_improvement = epoch;
            } else if is_supposed("the best loss followed every smaller one, also one that is no improvement")
            {
                best = best.map(|best: f64| best.min(loss));
            }
            let waited = epoch - last_improvement;
            let late = otherwise("patience ended one epoch later", waited >= patience, waited > patience);
            let stop = otherwise("patience ended one epoch earlier", late, waited + 1 >= patience);
            let stop = otherwise("training stopped at the first epoch that is no better", stop, waited >= 1);
            let stop = otherwise("patience counted epochs from the start", stop, epoch >= patience);
            stops.push(f64::from(u8::from(stop)));
            if stop && !goes_on {
                break;
            }
        }
        let number = |x: f64| t.array(&[1], &[x]);
        let trained = stops.len();
        let restored = if last_improvement == 0 { trained } else { last_improvement };
        let restored = otherwise(
            "the weights from before the last epoch were kept",
            restored,
            trained.saturating_sub(1),
        );
        let restored = otherwise("the last weights were kept", restored, trained) as f64;
        let last = number(stops.last().copied().unwrap_or_default());
        let bad = number((trained - last_improvement) as f64);
        let (epochs, best_epoch) = (number(trained as f64), number(last_improvement as f64));
        let best_loss = best.unwrap_or(f64::INFINITY);
        let last_loss = losses[trained - 1];
        let best_loss = number(otherwise("the last loss stood for the best", best_loss, last_loss));
        let (counted, from_zero) = (best_epoch.clone(), &best_epoch - 1.0);
        let best_epoch = otherwise("epochs were counted from 0", counted, from_zero);
        let restored = t.array(&[2], &[restored, restored]);
        let stops = t.array(&[trained], &stops);
        t.call(about, args)
            .close("trained_epochs", &epochs, Budget::exact())
            .close("stopped", &last, Budget::exact())
            .close("best_epoch", &best_epoch, Budget::exact())
            .close("restored_weights_are_of_epoch", &restored, Budget::exact())
            .close("best_loss", &best_loss, Budget::exact())
            .close("epochs", &epochs, Budget::exact())
            .close("bad_epochs", &bad, Budget::exact())
            .close("stops", &stops, Budget::exact());
    }
}
