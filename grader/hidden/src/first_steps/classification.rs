//! Cases for `first_steps::classification`: stable formulas row by row, and the logits for which others are not.

use ndarray::{ArrayView1, Axis};
use rand::Rng;

use super::{matrix, number};
use crate::{Args, Budget, Suite, Tensor, as_it_is, is_supposed, otherwise, suppose::of_right_alone};

/// exp(z − largest) over their sum.
fn row_softmax(z: ArrayView1<f64>) -> Vec<f64> {
    let largest = z.fold(f64::NEG_INFINITY, |largest, z| largest.max(*z));
    let e: Vec<f64> = z.iter().map(|z| (z - largest).exp()).collect();
    let sum: f64 = e.iter().sum();
    e.into_iter().map(|e| e / sum).collect()
}

/// The probabilities of a matrix of logits.
pub(super) fn probabilities(logits: &Tensor) -> Tensor {
    let z = matrix(logits);
    let rows: Vec<f64> = z.rows().into_iter().flat_map(row_softmax).collect();
    let mut rows = rows.into_iter();
    z.mapv(|_| rows.next().unwrap_or_default()).into_dyn()
}

/// The loss of each row: log Σ exp(z) − z of the label.
pub(super) fn losses(logits: &Tensor, labels: &[usize]) -> Vec<f64> {
    if is_supposed("the softmax were taken twice") {
        return as_it_is(|| losses(&probabilities(logits), labels));
    }
    if is_supposed("each column were normalized, and not each row") {
        let p = probabilities(&logits.t().to_owned());
        return labels.iter().enumerate().map(|(row, &label)| -p[[label, row]].ln()).collect();
    }
    let loss = |(z, &label): (ArrayView1<f64>, &usize)| {
        let largest = z.fold(f64::NEG_INFINITY, |largest, z| largest.max(*z));
        let shifted = z.iter().map(|z| (z - largest).exp()).sum::<f64>().ln();
        otherwise_of_row(z, label, largest + shifted).unwrap_or(largest - z[label] + shifted)
    };
    matrix(logits).rows().into_iter().zip(labels).map(loss).collect()
}

/// A row's loss where something is supposed of it.
fn otherwise_of_row(z: ArrayView1<f64>, label: usize, log_sum: f64) -> Option<f64> {
    let right = log_sum - z[label];
    let p = |k: usize| (z[k] - log_sum).exp();
    let classes = z.len();
    let others = || (0..classes).filter(move |k| *k != label);
    let supposed = |what: &str, loss: &dyn Fn() -> f64| is_supposed(what).then(loss);
    supposed("the label's logit were left out", &|| log_sum)
        .or_else(|| supposed("the logarithm of the sum were left out", &|| -z[label]))
        .or_else(|| supposed("the logarithm had the base 2", &|| right / std::f64::consts::LN_2))
        .or_else(|| supposed("the logarithm had the base 10", &|| right / std::f64::consts::LN_10))
        .or_else(|| supposed("no logarithm were taken of the probability", &|| -p(label)))
        .or_else(|| supposed("1 − the probability stood in place of its logarithm", &|| 1.0 - p(label)))
        .or_else(|| {
            supposed("the other classes' −log(1 − probability) were added", &|| {
                right - others().map(|k| (1.0 - p(k)).ln()).sum::<f64>()
            })
        })
        .or_else(|| {
            supposed("squared differences from the one-hot label stood in place of the logarithm", &|| {
                (0..classes).map(|k| (p(k) - f64::from(u8::from(k == label))).powi(2)).sum()
            })
        })
        .or_else(|| {
            supposed("the row's largest probability stood in place of the label's", &|| {
                log_sum - z.fold(f64::NEG_INFINITY, |largest, z| largest.max(*z))
            })
        })
        .or_else(|| {
            supposed("the logarithms of all classes were summed up", &|| z.iter().map(|z| log_sum - z).sum())
        })
        .or_else(|| supposed("the loss were weighted by the label's probability", &|| right * p(label)))
        .or_else(|| {
            supposed("a sigmoid of the label's logit stood in place of the softmax", &|| {
                (1.0 + (-z[label]).exp()).ln()
            })
        })
}

pub(super) fn mean_loss(logits: &Tensor, labels: &[usize]) -> f64 {
    let classes = logits.shape()[1] as f64;
    let count = otherwise("a sum stood in place of the mean over the batch", labels.len() as f64, 1.0);
    let count =
        otherwise("the sum were divided by all logits there are", count, classes * labels.len() as f64);
    let count = otherwise("the sum were divided by the number of classes", count, classes);
    let losses = losses(logits, labels);
    if is_supposed("the probabilities were averaged before the logarithm") {
        let n = labels.len() as f64;
        return -(losses.iter().map(|loss| (-loss).exp()).sum::<f64>() / n).ln();
    }
    losses.iter().sum::<f64>() / count
}

pub(super) fn some_labels(t: &mut Suite, n: usize, classes: usize) -> Vec<usize> {
    (0..n).map(|_| t.rng.gen_range(0..classes)).collect()
}

pub fn softmax(t: &mut Suite) {
    for _ in 0..32 {
        let (n, classes) = (t.rng.gen_range(1..=7), t.rng.gen_range(2..=7));
        t.decisive(|t| soft(t, "random logits", [n, classes], 2.0));
    }
    for n in 2..6 {
        let about = "as many rows as classes: only the order of the axes tells them apart";
        t.decisive(|t| soft(t, about, [n, n], 2.0));
    }
    t.decisive(|t| soft(t, "a single example", [1, 4], 2.0));
    t.decisive(|t| soft(t, "two classes", [6, 2], 1.0));
    extreme_rows(t);
    let x = t.normal(&[3, 1], 2.0);
    let (about, y) = ("a single class, which is certain", divided(&x));
    t.call(about, Args::new().constant("logits", x)).close("y", &y, Budget::exact());
}

fn soft(t: &mut Suite, about: &str, shape: [usize; 2], std: f64) {
    let logits = t.normal(&shape, std);
    let budget = Budget::elementwise().scale(0.25);
    t.differentiable(about, Args::new().tensor("logits", logits), budget, |args| divided(args.get("logits")));
}

/// What `softmax` is to be.
fn divided(logits: &Tensor) -> Tensor {
    if is_supposed("each column were normalized, and not each row") {
        return probabilities(&logits.t().to_owned()).t().to_owned();
    }
    let y = probabilities(logits);
    if is_supposed("the softmax were taken twice") {
        return probabilities(&y);
    }
    if is_supposed("each row were divided by its largest number, and not by its sum") {
        let largest = y.fold_axis(Axis(1), 0.0, |largest: &f64, y| largest.max(*y)).insert_axis(Axis(1));
        return &y / &largest;
    }
    if is_supposed("each row were divided by its length, the root of its squares' sum") {
        let length = y.mapv(|y| y * y).sum_axis(Axis(1)).mapv(f64::sqrt).insert_axis(Axis(1));
        return &y / &length;
    }
    if is_supposed("nothing were divided by the sum") {
        return logits.mapv(f64::exp);
    }
    if is_supposed("each logit went through a sigmoid of its own") {
        return logits.mapv(|z| 1.0 / (1.0 + (-z).exp()));
    }
    if is_supposed("each number were left out of the sum that divides it") {
        return y.mapv(|y| y / (1.0 - y));
    }
    if is_supposed("each row's mean stood in place of its sum") {
        return y * logits.shape()[1] as f64;
    }
    if is_supposed("2 stood in place of e") {
        return probabilities(&(logits * std::f64::consts::LN_2));
    }
    y
}

/// Logits for which `exp` overflows or leaves nothing, unless each row is shifted by its own largest.
fn extreme_rows(t: &mut Suite) {
    for (about, by) in [
        ("logits around 1000", [1000.0; 3]),
        ("logits around −1000", [-1000.0; 3]),
        ("logits around 10⁴", [1e4; 3]),
        ("logits around −10⁴", [-1e4; 3]),
        ("rows of very different sizes", [-1e4, 0.0, 1e4]),
    ] {
        t.decisive(|t| {
            let drawn = matrix(&t.normal(&[3, 4], 1.5));
            let logits: Vec<f64> =
                drawn.rows().into_iter().zip(by).flat_map(|(row, by)| row.mapv(|z| z + by)).collect();
            let logits = t.array(&[3, 4], &logits);
            let d_y = t.normal(&[3, 4], 1.0);
            let y = divided(&logits);
            let d_logits = of_right_alone(gradient(&probabilities(&logits), &d_y));
            let budget = Budget::elementwise().scale(0.5);
            t.call(about, Args::new().constant("logits", logits).constant("d_y", d_y))
                .close("y", &y, budget)
                .close("d_logits", &d_logits, budget);
        });
    }
}

/// pⱼ · (dⱼ − Σ p · d), row by row.
fn gradient(p: &Tensor, d: &Tensor) -> Tensor {
    let inner = (p * d).sum_axis(Axis(1)).insert_axis(Axis(1));
    p * &(d - &inner)
}

pub fn one_hot(t: &mut Suite) {
    for _ in 0..24 {
        let (n, classes) = (t.rng.gen_range(1..=9), t.rng.gen_range(2..=7));
        let labels = some_labels(t, n, classes);
        encoded(t, "random labels", &labels, classes);
    }
    encoded(t, "each class once", &[0, 1, 2, 3], 4);
    encoded(t, "the last class", &[4], 5);
    encoded(t, "the same label again and again", &[1, 1, 1, 1], 3);
    encoded(t, "classes that no label names", &[0, 2], 9);
    for (labels, classes, wrong) in
        [(vec![1, 2, 3], 3, "3"), (vec![0, 12], 10, "12"), (vec![7, 0], 7, "7"), (vec![0, 1, 99, 2], 5, "99")]
    {
        let args = Args::new().indexes("labels", &labels).count("classes", classes);
        t.call("a label that is no class", args).refuses(&[wrong]);
    }
}

fn encoded(t: &mut Suite, about: &str, labels: &[usize], classes: usize) {
    let args = Args::new().indexes("labels", labels).count("classes", classes);
    let y = hot(labels, classes);
    let y = otherwise("0 stood at the label, and 1 elsewhere", y.clone(), 1.0 - y);
    let up_to = Tensor::from_shape_fn(y.shape(), |at| f64::from(u8::from(at[1] <= labels[at[0]])));
    let y = otherwise("1 stood at all places up to the label", y, up_to);
    let next =
        Tensor::from_shape_fn(y.shape(), |at| f64::from(u8::from((labels[at[0]] + 1) % classes == at[1])));
    let y = otherwise("1 stood one place to the right, and at the first place for the last class", y, next);
    let y = otherwise("rows stood for classes, and columns for labels", y.clone(), y.t().to_owned());
    let y = otherwise("there were one column more", y, hot(labels, classes + 1));
    let named = labels.iter().max().map_or(0, |largest| largest + 1);
    let y = otherwise("there were as many columns as labels name classes", y, hot(labels, named));
    let y = otherwise("−1 stood in place of 0", y.clone(), y * 2.0 - 1.0);
    t.call(about, args).close("y", &y, Budget::exact());
}

pub(super) fn hot(labels: &[usize], classes: usize) -> Tensor {
    Tensor::from_shape_fn(vec![labels.len(), classes], |at| f64::from(labels[at[0]] == at[1]))
}

pub fn cross_entropy(t: &mut Suite) {
    for _ in 0..32 {
        let (n, classes) = (t.rng.gen_range(1..=7), t.rng.gen_range(2..=7));
        t.decisive(|t| entropy(t, "random logits", n, classes));
    }
    for n in 2..6 {
        let about = "as many rows as classes: only the order of the axes tells them apart";
        t.decisive(|t| entropy(t, about, n, n));
    }
    t.decisive(|t| entropy(t, "a single example", 1, 5));
    for (about, z, labels) in [
        ("sure and wrong: the probability is too small for an f32", [200.0, 0.0, -300.0], [1, 2, 2]),
        ("logits around 10⁴", [1e4, 1e4 - 2.0, 1e4 + 1.0], [0, 1, 2]),
        ("logits around −10⁴", [-1e4, 2.0 - 1e4, -1e4 - 1.0], [0, 2, 1]),
        ("logits of ±10⁴", [1e4, -1e4, 0.0], [1, 2, 1]),
    ] {
        certain(t, about, z, labels);
    }
    let logits = t.array(&[2, 2], &[500.0, 0.0, -500.0, 500.0]);
    let args = Args::new().constant("logits", logits).indexes("labels", &[0, 1]);
    let want = number(mean_loss(args.get("logits"), &[0, 1]));
    t.call("sure and right: nothing is lost", args).close("y", &want, Budget::elementwise().scale(1.0));
    for (labels, wrong) in [([1, 2, 3], "3"), ([0, 5, 1], "5")] {
        let logits = t.normal(&[3, 3], 1.0);
        let args = Args::new().constant("logits", logits).indexes("labels", &labels);
        t.call("a label that is no class", args).refuses(&[wrong]);
    }
}

fn entropy(t: &mut Suite, about: &str, n: usize, classes: usize) {
    let (logits, labels) = (t.normal(&[n, classes], 2.0), some_labels(t, n, classes));
    let args = Args::new().tensor("logits", logits).indexes("labels", &labels);
    // The loss is of the size 1, and so is what is subtracted in it; a gradient is (p − 0 or 1) / n.
    let budget = |name: &str, terms: crate::Terms| match name {
        "y" => Budget::elementwise().scale(1.0),
        _ => Budget::elementwise().scale(0.5 * terms.cotangent / n as f64),
    };
    t.differentiable_each(about, args, budget, |args| number(mean_loss(args.get("logits"), &labels)));
}

/// Three rows of the same logits with these labels; values and gradients in closed form, where a difference of 10⁴ leaves
/// central differences no digit.
fn certain(t: &mut Suite, about: &str, z: [f64; 3], labels: [usize; 3]) {
    let logits = t.array(&[3, 3], &[z, z, z].concat());
    let d_y = t.array(&[], &[1.5]);
    let d_logits = of_right_alone((probabilities(&logits) - hot(&labels, 3)) * (1.5 / 3.0));
    let want = number(mean_loss(&logits, &labels));
    let args = Args::new().constant("logits", logits).constant("d_y", d_y).indexes("labels", &labels);
    t.call(about, args).close("y", &want, Budget::elementwise().scale(1.0)).close(
        "d_logits",
        &d_logits,
        Budget::elementwise().scale(0.5),
    );
}
