//! Collects what the cases of a solved exercise have to show. Drawing it is the report's.

use hidden::{Case, Derived, How, Plot, Show};
use protocol::{Answer, Array, Value};

use crate::{
    judge::{Outcome, as_array, shown},
    verdict::{Line, Picture},
};

/// Results and pictures so far.
#[derive(Default)]
pub struct Gallery {
    /// Numbers and texts with their names.
    pub results: Vec<(String, String)>,
    /// Pictures; lines of the same plot are together.
    pub pictures: Vec<Picture>,
}

impl Gallery {
    /// Adds what `case` shows of its calls' outcomes.
    pub fn add(&mut self, case: &Case, outcomes: &[Outcome]) {
        for show in &case.shows {
            let Some(Outcome::Answered(Answer::Values(values))) = outcomes.get(show.call) else { continue };
            let derived = |Derived { output, steps }: &Derived| shown(values, output, steps);
            if let Some(value) = derived(&show.shown) {
                self.add_output(show, &value, |x| derived(x).as_ref().and_then(numbers));
            }
        }
    }

    fn add_output(&mut self, show: &Show, value: &Value, other: impl Fn(&Derived) -> Option<Vec<f64>>) {
        let name = show.name.clone();
        match (&show.how, value) {
            (How::Text, Value::Text(text)) => self.results.push((name, text.clone())),
            (How::Number, _) => {
                self.results
                    .extend(numbers(value).and_then(|values| Some((name, written(*values.first()?)))));
            }
            (How::Line { plot, x }, _) => {
                let Some(ys) = numbers(value) else { return };
                let xs = x.as_ref().and_then(&other);
                let xs = xs.unwrap_or_else(|| (1..=ys.len()).map(|i| i as f64).collect());
                self.add_line(plot, Line { name, points: xs.into_iter().zip(ys).collect() });
            }
            (How::Images, Value::Array(Array { shape, .. })) if shape.len() > 2 => {
                let (shape, values) = (shape.clone(), numbers(value).unwrap_or_default());
                self.pictures.push(Picture::Images { name, shape, values });
            }
            (How::Points { labels }, _) => {
                let values = numbers(value).unwrap_or_default();
                let places = values.chunks_exact(2).map(|place| (place[0], place[1])).collect();
                self.pictures.push(Picture::Points { name, places, labels: labels.clone() });
            }
            _ => {}
        }
    }

    fn add_line(&mut self, plot: &Plot, line: Line) {
        let same = self.pictures.iter_mut().find_map(|picture| match picture {
            Picture::Lines { plot: other, lines } if other == plot => Some(lines),
            _ => None,
        });
        match same {
            Some(lines) => lines.push(line),
            None => self.pictures.push(Picture::Lines { plot: plot.clone(), lines: vec![line] }),
        }
    }
}

fn numbers(value: &Value) -> Option<Vec<f64>> {
    as_array(value).map(|array| array.to_f64())
}

/// Four digits tell accuracies and losses apart.
fn written(number: f64) -> String {
    if number == 0.0 {
        "0".to_owned()
    } else if (1e-3..1e6).contains(&number.abs()) {
        let digits = (3 - number.abs().max(1e-9).log10().floor() as i32).clamp(0, 6) as usize;
        format!("{number:.digits$}")
    } else {
        format!("{number:.3e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_with_four_digits() {
        let shown = [0.98765, 1.0, 0.0, 12345.6, 0.7801, 1e-9, f64::NAN].map(written);
        assert_eq!(shown, ["0.9877", "1.000", "0", "12346", "0.7801", "1.000e-9", "NaN"]);
    }
}
