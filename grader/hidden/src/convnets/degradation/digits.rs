//! Real trainings: plain and residual networks of growing depth, on digits shrunk to 7 × 7 pixels.

use datasets::{Examples, Images, cifar10, mnist};

use super::Plan;
use crate::{Derived, Plot, Rule, Step, Suite, Tensor};

/// What to train, and what must come of it.
struct Setting {
    images: Tensor,
    labels: Vec<usize>,
    plan: Plan,
    depths: &'static [usize],
    epochs: usize,
    batch_size: usize,
    rate: f64,
    /// By how much the last loss of the deepest network exceeds that of the shallowest: at least this without shortcuts …
    plain_at_least: f64,
    /// … and at most this with them.
    residual_at_most: f64,
}

pub fn digits(t: &mut Suite) {
    if let Some(digits) = t.load(mnist::bundled()) {
        let (images, labels) = shrunk(t, &digits.train, 300, 4);
        gradients(t, &images, &labels);
        let plan = Plan { residual: false, depth: 0, channels: 1, width: 8, classes: 10 };
        let setting = Setting {
            images,
            labels,
            plan,
            depths: &[2, 6, 12],
            epochs: 5,
            batch_size: 20,
            rate: 0.1,
            plain_at_least: 0.25,
            residual_at_most: 0.25,
        };
        train(t, &setting);
    }
}

/// 5,000 photographs of CIFAR-10 at 16 × 16 pixels. One training of each: losses of 1.361, 1.577, 1.888 without shortcuts, 1.417,
/// 1.432, 1.556 with them. The bound lies about halfway between how much worse the deepest
/// networks are, 0.527 and 0.139.
pub fn full(t: &mut Suite) {
    if let Some(photographs) = t.load(cifar10::full()) {
        let (images, labels) = shrunk(t, &photographs.train, 5000, 2);
        let plan = Plan { residual: false, depth: 0, channels: 3, width: 16, classes: 10 };
        let setting = Setting {
            images,
            labels,
            plan,
            depths: &[2, 8, 20],
            epochs: 10,
            batch_size: 50,
            rate: 0.1,
            plain_at_least: 0.3,
            residual_at_most: 0.3,
        };
        train(t, &setting);
    }
}

/// `n` images, evenly chosen; each pixel is the mean of `factor` × `factor`.
fn shrunk(t: &Suite, images: &Images, n: usize, factor: usize) -> (Tensor, Vec<usize>) {
    let rows: Vec<usize> = (0..n).map(|i| i * images.len() / n).collect();
    let (h, w, c) = (images.height / factor, images.width / factor, images.channels);
    let mut pixels = Vec::with_capacity(n * h * w * c);
    for image in rows.iter().map(|&row| images.image(row)) {
        let mean = |y: usize, x: usize, k: usize| {
            let at = |i: usize| {
                image[((factor * y + i / factor) * images.width + factor * x + i % factor) * c + k]
            };
            f64::from((0..factor * factor).map(at).sum::<f32>()) / (factor * factor) as f64
        };
        pixels.extend((0..h * w * c).map(|i| mean(i / c / w, i / c % w, i % c)));
    }
    (t.array(&[n, h, w, c], &pixels), rows.iter().map(|&row| images.labels[row]).collect())
}

/// How the gradient changes on its way back through sixteen blocks, before any training.
fn gradients(t: &mut Suite, images: &Tensor, labels: &[usize]) {
    let plot = Plot::new("Gradients of new networks", "block", "size of the gradient, powers of ten");
    let ends = |block: usize, depth: usize| match block {
        0 => 1.0,
        _ if block + 1 == depth => -1.0,
        _ => 0.0,
    };
    for (residual, name, about, (low, high)) in [
        (false, "plain", "sixteen plain blocks: the gradient explodes on its way to the first", (8.0, 1e6)),
        (
            true,
            "residual",
            "sixteen residual blocks: the gradient grows a little on its way to the first",
            (0.2, 8.0),
        ),
    ] {
        let plan = Plan { residual, depth: 16, channels: 1, width: 8, classes: 10 };
        let powers = Derived::of("sizes").step(Step::Log10);
        let first_to_last: Vec<f64> = (0..plan.depth).map(|block| ends(block, plan.depth)).collect();
        let args = plan.args().function("stack + gradient_sizes");
        let args = args.count("depth", plan.depth).count("seed", 1);
        t.call(about, args.constant("images", images.clone()).indexes("labels", labels))
            .check("sizes", Rule::Shape { shape: vec![16] })
            .within(powers.clone().dot(&first_to_last), f64::log10(low), f64::log10(high))
            .line(&plot, name, powers);
    }
}

fn train(t: &mut Suite, setting: &Setting) {
    let curves = Plot::new("Training plain and residual networks", "epoch", "training loss");
    let ends = Plot::new("Deeper and deeper", "layers", "training loss of the last epoch");
    // stem, two convolutions a block, head
    let layers: ndarray::Array1<f64> = setting.depths.iter().map(|&depth| (2 * depth + 2) as f64).collect();
    let layers = Derived::known("last_losses", &layers.into_dyn());
    for (residual, name, about, (low, high)) in [
        (false, "plain", "plain networks: deeper ones train worse", (setting.plain_at_least, f64::INFINITY)),
        (
            true,
            "residual",
            "residual networks: deeper ones train as well",
            (f64::NEG_INFINITY, setting.residual_at_most),
        ),
    ] {
        let args = Plan { residual, ..setting.plan }.args().function("stack + train");
        let args = args.count("seed", 1).indexes("depths", setting.depths);
        let args = args.constant("images", setting.images.clone()).indexes("labels", &setting.labels);
        let args = args.count("epochs", setting.epochs).count("batch_size", setting.batch_size);
        let case = t.call(about, args.number("learning_rate", setting.rate));
        let mut worsening = vec![0.0; setting.depths.len()];
        (worsening[0], worsening[setting.depths.len() - 1]) = (-1.0, 1.0);
        case.within(Derived::of("last_losses").dot(&worsening), low, high);
        for depth in [setting.depths[0], setting.depths[setting.depths.len() - 1]] {
            let output = format!("losses_of_{depth}");
            case.check(&output, Rule::Shape { shape: vec![setting.epochs] });
            case.line(&curves, &format!("{name}, {} layers", 2 * depth + 2), &output);
        }
        case.line_over(&ends, name, layers.clone(), "last_losses");
    }
}
