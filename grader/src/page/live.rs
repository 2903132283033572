//! What trainings print, as curves: lines such as `epoch 3 of 20: loss 0.41`. Only pictures are made of it; a verdict never depends on
//! what is printed.

use std::collections::BTreeMap;

use crate::verdict::Line;

/// Words that say how far a training is.
const PROGRESS: [&str; 5] = ["epoch", "step", "batch", "iteration", "generation"];
/// Characters of a line that are looked at.
const LONGEST_LINE: usize = 200;
/// Points of a curve; beyond that every second one is dropped.
const MOST_POINTS: usize = 400;
/// Whoever prints more beginnings than that trains nothing.
const MOST_TRAININGS: usize = 100;
/// Curves that are shown: those of the last trainings.
const MOST_CURVES: usize = 6;

/// The trainings that were heard of since the last save.
#[derive(Clone, Debug, Default)]
pub struct Live {
    trainings: Vec<Training>,
    /// The training that each program of each exercise is in, and where it stands.
    at: BTreeMap<(String, usize), (usize, f64)>,
    /// The last line, and whose it is.
    last: Option<(String, String)>,
}

#[derive(Clone, Debug, Default)]
struct Training {
    exercise: String,
    lines: u32,
    curves: BTreeMap<String, Vec<(f64, f64)>>,
}

impl Live {
    /// Forgets all.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Notes a line that a program printed.
    pub fn note(&mut self, exercise: &str, program: usize, line: &str) {
        let line: String = line.chars().take(LONGEST_LINE).collect();
        let pairs = pairs(&line);
        self.last = Some((exercise.to_owned(), line));
        let is_progress = |name: &str| PROGRESS.contains(&name);
        let mut progress = pairs.iter().filter(|(name, _)| is_progress(name)).map(|(_, x)| *x);
        let Some(x) = progress.next() else { return };
        // Epochs and steps: the steps begin again in every epoch, so lines are counted.
        let is_counted = progress.next().is_some();
        let Some(training) = self.training((exercise, program), x) else { return };
        training.lines += 1;
        let x = if is_counted { f64::from(training.lines) } else { x };
        for (name, y) in pairs.into_iter().filter(|(name, _)| !is_progress(name)) {
            let points = training.curves.entry(name).or_default();
            points.push((x, y));
            thin(points);
        }
    }

    /// The training that a program which has come to `x` is in: where that begins again, another one.
    fn training(&mut self, (exercise, program): (&str, usize), x: f64) -> Option<&mut Training> {
        let program = (exercise.to_owned(), program);
        let training = match self.at.get(&program) {
            Some((training, before)) if *before <= x => *training,
            _ if self.trainings.len() >= MOST_TRAININGS => return None,
            _ => {
                self.trainings.push(Training { exercise: exercise.to_owned(), ..Training::default() });
                self.trainings.len() - 1
            }
        };
        self.at.insert(program, (training, x));
        self.trainings.get_mut(training)
    }

    /// The exercise that was heard last, and its last line.
    pub fn last(&self) -> Option<(&str, &str)> {
        self.last.as_ref().map(|(exercise, line)| (&exercise[..], &line[..]))
    }

    /// The curves by exercise and by what they show.
    pub fn curves(&self) -> BTreeMap<(&str, &str), Vec<Line>> {
        let mut curves: BTreeMap<(&str, &str), Vec<Line>> = BTreeMap::new();
        for training in &self.trainings {
            for (name, points) in &training.curves {
                let lines = curves.entry((&training.exercise, name)).or_default();
                lines.push(Line { name: format!("training {}", lines.len() + 1), points: points.clone() });
            }
        }
        for lines in curves.values_mut() {
            let excess = lines.len().saturating_sub(MOST_CURVES);
            lines.drain(..excess);
        }
        curves
    }
}

/// Numbers with the word before each: ("epoch", 3), ("loss", 0.41). A number behind "of" or "/" is the end of the way, and left out.
fn pairs(line: &str) -> Vec<(String, f64)> {
    let words = line.split(|c: char| c.is_whitespace() || ",;:=()[]|".contains(c));
    let (mut pairs, mut name): (Vec<(String, f64)>, Vec<&str>) = (Vec::new(), Vec::new());
    for word in words.filter(|word| !word.is_empty()) {
        let number = word.split('/').next().unwrap_or(word).trim_end_matches('%');
        match number.parse::<f64>() {
            Ok(y) if y.is_finite() => {
                if !name.is_empty() && name != ["of"] && pairs.len() < 8 {
                    pairs.push((name.join(" ").to_lowercase(), y));
                }
                name.clear();
            }
            Ok(_) => name.clear(),
            _ if word.chars().any(char::is_alphabetic) => name.push(word),
            _ => name.clear(),
        }
    }
    pairs
}

fn thin(points: &mut Vec<(f64, f64)>) {
    if points.len() > MOST_POINTS {
        let mut i = 0;
        points.retain(|_| {
            i += 1;
            i % 2 == 1
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_names_before_them() {
        let named = |line| pairs(line).into_iter().map(|(name, y)| format!("{name}={y}")).collect::<Vec<_>>();
        assert_eq!(named("epoch 3 of 20: loss 0.41"), ["epoch=3", "loss=0.41"]);
        assert_eq!(
            named("Epoch 3/20, train loss=0.5 accuracy: 93%"),
            ["epoch=3", "train loss=0.5", "accuracy=93"]
        );
        assert_eq!(named("loss NaN inf 1e-3"), [""; 0]);
        assert_eq!(named("no numbers"), [""; 0]);
    }

    #[test]
    fn a_training_that_begins_again_is_another_curve() {
        let mut live = Live::default();
        for (program, line) in
            [(0, "epoch 1: loss 3"), (1, "epoch 1: loss 9"), (0, "epoch 2: loss 2"), (0, "epoch 1: loss 4")]
        {
            live.note("c/a", program, line);
        }
        let curves = &live.curves()[&("c/a", "loss")];
        assert_eq!(curves.iter().map(|line| line.points.len()).collect::<Vec<_>>(), [2, 1, 1]);
        assert_eq!(live.last(), Some(("c/a", "epoch 1: loss 4")));
        live.note("c/b", 0, "epoch 9: loss 1");
        assert_eq!(live.curves()[&("c/b", "loss")].len(), 1);
        live.clear();
        assert!(live.curves().is_empty() && live.last().is_none());
    }

    #[test]
    fn a_flood_stays_small() {
        let mut live = Live::default();
        (0..10_000).for_each(|i| live.note("c/a", 0, &format!("step {i} loss {i}")));
        (0..100).for_each(|i| live.note("c/a", 0, &format!("step {} loss 1", 99 - i)));
        let curves = &live.curves()[&("c/a", "loss")];
        assert!(curves.len() <= MOST_CURVES && curves.iter().all(|line| line.points.len() <= MOST_POINTS));
    }
}
