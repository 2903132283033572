//! Cases for `rnn::char_rnn::windows`: places in the text by counting.

use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, is_supposed, otherwise};

pub fn windows(t: &mut Suite) {
    for _ in 0..64 {
        let (n, batch_size, steps) = (t.rng.gen_range(0..60), t.rng.gen_range(1..=5), t.rng.gen_range(1..=6));
        let text: Vec<usize> = (0..n).map(|_| t.rng.gen_range(0..9)).collect();
        let about = format!("{n} characters in {batch_size} streams, {steps} at a time");
        window(t, &about, &text, batch_size, steps);
    }
    let count: Vec<usize> = (0..25).collect();
    window(t, "a text that goes up exactly", &count, 4, 3);
    window(t, "one stream", &count, 1, 8);
    window(t, "one character at a time", &count, 3, 1);
    window(t, "a text of one character has no window", &count[..1], 1, 1);
    window(t, "an empty text has no window", &[], 2, 2);
}

fn window(t: &mut Suite, about: &str, text: &[usize], batch_size: usize, steps: usize) {
    let length = text.len().saturating_sub(1) / batch_size;
    let windows = length / steps;
    let windows = otherwise("the last window were left out", windows, windows.saturating_sub(1));
    let windows =
        otherwise("windows overlapped but for one character", windows, (length + 1).saturating_sub(steps));
    let step_of_windows = otherwise("windows overlapped but for one character", steps, 1);
    let in_turn = is_supposed("characters were dealt to the streams in turn");
    let mut places = Vec::new();
    for number in 0..windows {
        for stream in 0..batch_size {
            let from = number * step_of_windows;
            places.extend(
                (from..from + steps)
                    .map(|at| if in_turn { at * batch_size + stream } else { stream * length + at }),
            );
        }
    }
    let read = |shift: usize| {
        let at = |place: usize| text.get(place + shift).map_or(f64::NAN, |&number| number as f64);
        Tensor::from_shape_fn(vec![places.len()], |i| at(places[i[0]]))
    };
    let (first, next) = otherwise("inputs and targets were exchanged", (0, 1), (1, 0));
    let next = otherwise("targets were two characters ahead", next, 2);
    let next = otherwise("targets came a whole window later", next, steps);
    let args = Args::new()
        .function("windows")
        .indexes("text", text)
        .count("batch_size", batch_size)
        .count("steps", steps);
    t.call(about, args).close("inputs", &read(first), Budget::exact()).close(
        "targets",
        &read(next),
        Budget::exact(),
    );
}
