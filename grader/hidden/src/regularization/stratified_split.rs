//! Cases for `regularization::stratified_split`: how many of each class are held out, by counting.

use rand::{Rng, seq::SliceRandom};

use crate::{Args, Rule, Statistic, Suite, Tensor};

pub fn stratified_split(t: &mut Suite) {
    for _ in 0..24 {
        let sizes: Vec<usize> = (0..t.rng.gen_range(2..=5)).map(|_| t.rng.gen_range(1..=14)).collect();
        let share = [0.1, 0.2, 0.25, 0.3, 0.5, 0.75][t.rng.gen_range(0..6)];
        split(t, "classes of random sizes, sorted", &sorted(&sizes), share);
        let labels = shuffled(t, &sizes);
        split(t, "classes of random sizes, in random order", &labels, share);
    }
    for _ in 0..4 {
        split(t, "a rare class", &sorted(&[95, 5]), 0.2);
        split(t, "a class of one example, which is trained on", &sorted(&[9, 1, 9]), 0.25);
        split(t, "one class only", &sorted(&[12]), 0.25);
        split(t, "a half that is rounded up", &sorted(&[5, 3, 7]), 0.5);
        let far: Vec<usize> = shuffled(t, &[6, 8, 4]).iter().map(|&class| [1000, 7, 40][class]).collect();
        split(t, "classes with any numbers", &far, 0.25);
        split(t, "nearly everything held out", &sorted(&[20, 10]), 0.9);
    }
    draws(t);
    for (share, named) in [(0.0, "0"), (1.0, "1"), (-0.25, "-0.25"), (1.5, "1.5"), (f64::NAN, "NaN")] {
        t.call("a share that makes no sense", call(&sorted(&[4, 4]), share, 1)).refuses(&["share", named]);
    }
}

fn sorted(sizes: &[usize]) -> Vec<usize> {
    sizes.iter().enumerate().flat_map(|(class, &size)| std::iter::repeat_n(class, size)).collect()
}

fn shuffled(t: &mut Suite, sizes: &[usize]) -> Vec<usize> {
    let mut labels = sorted(sizes);
    labels.shuffle(&mut t.rng);
    labels
}

fn call(labels: &[usize], share: f64, seed: usize) -> Args {
    let args = Args::new().indexes("labels", labels).count("seed", seed);
    args.double("share", &Tensor::from_elem(vec![], share))
}

/// The classes of those held out, and of all others.
fn classes(labels: &[usize], share: f64) -> (Vec<f64>, Vec<f64>) {
    let (mut held_out, mut rest) = (Vec::new(), Vec::new());
    let highest = labels.iter().copied().max().unwrap_or_default();
    for class in 0..=highest {
        let size = labels.iter().filter(|&&label| label == class).count();
        let held = (share * size as f64 + 0.5).floor() as usize;
        held_out.extend(std::iter::repeat_n(class as f64, held));
        rest.extend(std::iter::repeat_n(class as f64, size - held));
    }
    (held_out, rest)
}

fn split(t: &mut Suite, about: &str, labels: &[usize], share: f64) {
    let (held_out, rest) = classes(labels, share);
    let everyone = (0..labels.len()).map(|i| i as f64).collect();
    let seed = t.seed();
    t.call(about, call(labels, share, seed))
        .check("classes_in_validation", Rule::Permutation { of: held_out })
        .check("classes_in_training", Rule::Permutation { of: rest })
        .check("both_parts", Rule::Permutation { of: everyone });
}

/// Who is held out is a matter of the seed, and of nothing else.
fn draws(t: &mut Suite) {
    let labels = sorted(&[40, 40]);
    for _ in 0..4 {
        let seed = t.seed();
        // Two draws of 20 of 40 examples are equal once in 10¹¹ times.
        t.call(
            "the same seed holds out the same examples, another seed other ones",
            call(&labels, 0.5, seed),
        )
        .also(call(&labels, 0.5, seed))
        .check("validation", Rule::SameAs { call: 0, output: "validation".to_owned() })
        .also(call(&labels, 0.5, seed + 1))
        .check("validation", Rule::DiffersFrom { call: 0, output: "validation".to_owned() });
        // As for k_fold: 200 of 0 to 399 have a mean of 199.5 ± 5.78, and it is more than five times that away less than once
        // in 10⁶ draws.
        t.call("within a class: a fair sample", call(&sorted(&[400]), 0.5, seed)).statistic(
            "validation",
            Statistic::Mean,
            199.5 - 29.0,
            199.5 + 29.0,
        );
    }
}
