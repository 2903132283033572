//! Cases for `regularization::confusion_matrix`: counts by going through all pairs of classes.

use rand::{Rng, seq::SliceRandom};

use crate::{Args, Budget, Case, Suite, Tensor, otherwise};

pub fn confusion_matrix(t: &mut Suite) {
    for _ in 0..24 {
        let (n, classes) = (t.rng.gen_range(8..=40), t.rng.gen_range(2..=5));
        let labels = labels(t, n, classes);
        random(t, "random logits and labels", &labels, classes);
    }
    for _ in 0..6 {
        random(t, "one example", &[1], 3);
        random(t, "a single class", &[0; 5], 1);
        let labels = labels(t, 30, 3);
        random(t, "classes that no example is of", &labels, 5);
        ties(t);
        unbalanced(t);
    }
    says(t, "all are said to be healthy: 950 are, 50 are ill", &[[950, 0], [50, 0]]);
    says(t, "a lower accuracy, and most of the ill are found", &[[880, 70], [10, 40]]);
    says(t, "everything is right", &[[3, 0, 0], [0, 1, 0], [0, 0, 7]]);
    says(t, "everything is wrong", &[[0, 3, 0], [0, 0, 1], [7, 0, 0]]);
    says(t, "a class that is never said", &[[4, 0, 2], [3, 0, 1], [1, 0, 5]]);
    says(t, "a class that no example is of, but that is said", &[[4, 2, 2], [0, 0, 0], [1, 3, 5]]);
    says(t, "a class that is neither there nor said", &[[4, 0, 2], [0, 0, 0], [1, 0, 5]]);
    refusals(t);
}

fn labels(t: &mut Suite, n: usize, classes: usize) -> Vec<usize> {
    (0..n).map(|_| t.rng.gen_range(0..classes)).collect()
}

/// Logits that often favour the label.
fn random<'t>(t: &'t mut Suite, about: &str, labels: &[usize], classes: usize) -> &'t mut Case {
    let mut logits = t.normal(&[labels.len(), classes], 1.0);
    labels.iter().enumerate().for_each(|(i, &label)| logits[[i, label]] += 0.75);
    judge(t, about, logits.mapv(|x| f64::from(x as f32)), labels)
}

/// Small whole numbers, many of them equal.
fn ties(t: &mut Suite) {
    let labels = labels(t, 24, 4);
    let logits = Tensor::from_shape_simple_fn(vec![24, 4], || f64::from(t.rng.gen_range(-2..=1)));
    judge(t, "logits that are equal: the first class is said", logits, &labels);
}

/// One class is rare, and seldom said.
fn unbalanced(t: &mut Suite) {
    let labels: Vec<usize> = (0..60).map(|i| usize::from(i % 12 == 0)).collect();
    let mut logits = t.normal(&[60, 2], 1.0);
    for (i, &label) in labels.iter().enumerate() {
        logits[[i, 0]] += 1.0;
        logits[[i, 1]] += 1.5 * label as f64;
    }
    judge(t, "a rare class", logits.mapv(|x| f64::from(x as f32)), &labels);
}

/// Logits that say just this, in random order.
fn says<const N: usize>(t: &mut Suite, about: &str, counts: &[[usize; N]; N]) {
    let pairs = (0..N).flat_map(|is| (0..N).map(move |says| (is, says)));
    let mut examples: Vec<(usize, usize)> =
        pairs.flat_map(|(is, says)| std::iter::repeat_n((is, says), counts[is][says])).collect();
    examples.shuffle(&mut t.rng);
    let mut logits = t.uniform(&[examples.len(), N], -1.0, 1.0);
    examples.iter().enumerate().for_each(|(i, &(_, says))| logits[[i, says]] = 1.5);
    let labels: Vec<usize> = examples.iter().map(|&(is, _)| is).collect();
    judge(t, about, logits, &labels);
}

/// The place of the first of the largest.
fn said(logits: &Tensor, row: usize) -> usize {
    let classes = logits.shape()[1];
    let largest = (0..classes).map(|k| logits[[row, k]]).fold(f64::NEG_INFINITY, f64::max);
    (0..classes).find(|&k| logits[[row, k]] == largest).unwrap_or_default()
}

fn judge<'t>(t: &'t mut Suite, about: &str, logits: Tensor, labels: &[usize]) -> &'t mut Case {
    let classes = logits.shape()[1];
    let pairs: Vec<(usize, usize)> =
        labels.iter().enumerate().map(|(i, &is)| (is, said(&logits, i))).collect();
    let many = |holds: &dyn Fn(usize, usize) -> bool| {
        pairs.iter().filter(|(is, says)| holds(*is, *says)).count() as f64
    };
    let share = |part: f64, whole: f64| if whole == 0.0 { 0.0 } else { part / whole };
    let hits = |k: usize| many(&|is, says| is == k && says == k);
    let counts = Tensor::from_shape_fn(vec![classes; 2], |at| many(&|is, says| is == at[0] && says == at[1]));
    let vector = |of: &dyn Fn(usize) -> f64| Tensor::from_shape_fn(vec![classes], |at| of(at[0]));
    let recall = vector(&|k| share(hits(k), many(&|is, _| is == k)));
    let precision = vector(&|k| share(hits(k), many(&|_, says| says == k)));
    let exchanged = otherwise("the two were exchanged", (&recall, &precision), (&precision, &recall));
    let (recall, precision) = (exchanged.0.clone(), exchanged.1.clone());
    let all = labels.len() as f64;
    let recall = otherwise("hits were divided by all examples", recall, vector(&|k| hits(k) / all));
    let precision = otherwise(
        "the others were the whole",
        precision,
        vector(&|k| share(hits(k), all - many(&|_, says| says == k))),
    );
    let union = |k: usize| many(&|is, says| is == k || says == k);
    let precision = otherwise(
        "hits were divided by all that are or are said to be of the class",
        precision,
        vector(&|k| share(hits(k), union(k))),
    );
    let both = vector(&|k| share(2.0 * hits(k), union(k) + hits(k)));
    let precision = otherwise("it were F₁, the harmonic mean of both", precision, both.clone());
    let recall = otherwise("recall were F₁, the harmonic mean of both", recall, both);
    let right = many(&|is, says| is == says);
    let of_hits = vector(&|k| share(hits(k), right));
    let recall = otherwise("hits were divided by all hits", recall, of_hits);
    let misses = recall.mapv(|recall| 1.0 - recall);
    let recall = otherwise("it were the share of those that are missed", recall, misses);
    let accuracy = right / labels.len() as f64;
    let accuracy = otherwise("`accuracy` were the number of hits", accuracy, right);
    let accuracy = otherwise("hits were divided by the number of classes", accuracy, right / classes as f64);
    let per_row =
        Tensor::from_shape_fn(vec![classes; 2], |at| share(counts[&at], many(&|is, _| is == at[0])));
    let counts = otherwise("`counts` were shares of their row", counts, per_row);
    let diagonal =
        Tensor::from_shape_fn(vec![classes; 2], |at| if at[0] == at[1] { 0.0 } else { counts[&at] });
    let counts = otherwise("only errors were counted", counts, diagonal);
    let present: Vec<usize> = (0..classes).filter(|k| labels.contains(k)).collect();
    let balanced = present.iter().map(|&k| recall[[k]]).sum::<f64>();
    let balanced = otherwise("`balanced_accuracy` were a sum", balanced / present.len() as f64, balanced);
    let (exact, double) = (Budget::exact(), Budget::elementwise().double());
    let number = |value: f64| Tensor::from_elem(vec![], value);
    t.call(about, Args::new().constant("logits", logits).indexes("labels", labels))
        .close("counts", &counts, exact)
        .close("accuracy", &number(accuracy), double)
        .close("recall", &recall, double)
        .close("precision", &precision, double)
        .close("balanced_accuracy", &number(balanced), double)
}

fn refusals(t: &mut Suite) {
    let logits = t.normal(&[4, 3], 1.0);
    let of = |labels: &[usize]| Args::new().constant("logits", logits.clone()).indexes("labels", labels);
    t.call("a label that is no class", of(&[0, 1, 3, 2])).refuses(&["label", "3"]);
    t.call("a label far beyond the classes", of(&[17, 1, 0, 2])).refuses(&["label", "17", "3"]);
    t.call("a label missing", of(&[0, 1, 2])).refuses(&["label", "4", "3"]);
    t.call("a label too many", of(&[0, 1, 2, 0, 1])).refuses(&["label", "4", "5"]);
}
