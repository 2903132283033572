//! Cases for `regularization::early_stopping`: curves of losses, and the epoch at which a patient observer gives up.
//!
//! Losses and `min_delta` are multiples of 1/64, so that no formula rounds and equal means equal.

use rand::Rng;

use crate::{Args, Budget, Tests};

pub fn early_stopping(t: &mut Tests) {
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
    refusals(t);
}

/// A curve that falls on average, and rises now and then.
fn wandering(t: &mut Tests, epochs: usize) -> Vec<f64> {
    let mut loss = 96;
    let step = |_| {
        loss += t.rng.gen_range(-9..=6);
        f64::from(loss) / 64.0
    };
    (0..epochs).map(step).collect()
}

/// A curve of few different values, so that equal losses are frequent.
fn plateau(t: &mut Tests, epochs: usize) -> Vec<f64> {
    (0..epochs).map(|epoch| f64::from(t.rng.gen_range(0..3) + 3 / (epoch as i32 + 1)) / 4.0).collect()
}

/// Curves that have a name.
fn named(t: &mut Tests) {
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
fn undefined(t: &mut Tests) {
    let (nan, infinity) = (f64::NAN, f64::INFINITY);
    watch(t, "the loss becomes NaN and stays so", &[1.0, 0.5, nan, nan, nan, nan], 3, 0.0);
    watch(t, "the first loss is NaN", &[nan, 0.5, 0.75, 0.25, 0.5, 0.5], 2, 0.0);
    watch(t, "every loss is NaN: there is no best epoch, and the weights stay", &[nan; 4], 3, 0.125);
    watch(t, "one NaN between good epochs", &[1.0, nan, 0.75, nan, nan, 0.5], 3, 0.0);
    watch(t, "the first losses are infinite", &[infinity, infinity, 2.0, 1.0, 3.0, 3.0], 3, 0.5);
}

fn refusals(t: &mut Tests) {
    let call = |t: &mut Tests, patience, min_delta| {
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

/// What training with these losses comes to.
fn watch(t: &mut Tests, about: &str, losses: &[f64], patience: usize, min_delta: f64) {
    let mut best: Option<(usize, f64)> = None;
    let last_improvement = |best: Option<(usize, f64)>| best.map_or(0, |(epoch, _)| epoch);
    let mut trained = 0;
    for &loss in losses {
        trained += 1;
        let improves = best.map_or(loss < f64::INFINITY, |(_, lowest)| lowest - loss > min_delta);
        if improves {
            best = Some((trained, loss));
        }
        if trained - last_improvement(best) == patience {
            break;
        }
    }
    let bad = trained - last_improvement(best);
    let restored = best.map_or(trained, |(epoch, _)| epoch) as f64;
    let number = |x: f64| t.array(&[1], &[x]);
    let [trained, bad, stopped, best_epoch] =
        [trained, bad, usize::from(bad == patience), last_improvement(best)]
            .map(|count| number(count as f64));
    let best_loss = number(best.map_or(f64::INFINITY, |(_, loss)| loss));
    let restored = t.array(&[2], &[restored, restored]);
    let losses = t.array(&[losses.len()], losses);
    let args = Args::new().constant("losses", losses).count("patience", patience);
    t.call(about, args.number("min_delta", min_delta))
        .close("trained_epochs", &trained, Budget::exact())
        .close("stopped", &stopped, Budget::exact())
        .close("best_epoch", &best_epoch, Budget::exact())
        .close("restored_weights_are_of_epoch", &restored, Budget::exact())
        .close("best_loss", &best_loss, Budget::exact())
        .close("epochs", &trained, Budget::exact())
        .close("bad_epochs", &bad, Budget::exact());
}
