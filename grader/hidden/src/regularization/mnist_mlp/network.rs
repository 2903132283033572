//! The network as formulas in double precision, and how early stopping sees its curves.

use ndarray::Axis;

use crate::{
    Args, Suite, Tensor,
    oracles::{digits::CLASSES, losses, mean, product},
};

/// A random network as arguments of a call.
pub fn network(t: &mut Suite, pixels: usize, hidden: usize) -> Args {
    let (gamma, beta) = (t.uniform(&[hidden], 0.5, 1.5), t.normal(&[hidden], 0.5));
    network_with(t, pixels, gamma, beta)
}

/// The same with a γ and β of your choice.
pub fn network_with(t: &mut Suite, pixels: usize, gamma: Tensor, beta: Tensor) -> Args {
    let hidden = gamma.len();
    of_tensors([
        t.normal(&[pixels, hidden], 0.8),
        gamma,
        beta,
        t.normal(&[hidden], 0.5),
        t.uniform(&[hidden], 0.5, 2.0),
        t.normal(&[hidden, CLASSES], 0.8),
        t.normal(&[CLASSES], 0.5),
    ])
}

/// The network's tensors, as calls and answers name them.
const TENSORS: [&str; 7] =
    ["hidden_weights", "gamma", "beta", "running_mean", "running_variance", "output_weights", "output_bias"];

/// A network of these; what runs along with the batches is not differentiated.
pub fn of_tensors(tensors: [Tensor; 7]) -> Args {
    TENSORS.into_iter().zip(tensors).fold(Args::new(), |args, (name, tensor)| match name {
        "running_mean" | "running_variance" => args.constant(name, tensor),
        _ => args.tensor(name, tensor),
    })
}

/// Mean and variance of each hidden unit.
#[derive(Clone)]
pub struct Statistics {
    pub mean: Tensor,
    pub variance: Tensor,
}

impl Statistics {
    pub fn running(args: &Args) -> Self {
        Self { mean: args.get("running_mean").clone(), variance: args.get("running_variance").clone() }
    }

    /// Of a batch; the variance divides by n.
    pub fn of_batch(args: &Args, x: &Tensor) -> Self {
        let sums = product(x, args.get("hidden_weights"));
        let mean = sums.mean_axis(Axis(0)).unwrap_or_default();
        let variance = (&sums - &mean).mapv(|d| d * d).mean_axis(Axis(0)).unwrap_or_default();
        Self { mean, variance }
    }

    /// The running statistics after a batch of `n` with the statistics `batch`.
    pub fn after(&self, batch: &Self, n: usize) -> Self {
        let unbiased = n as f64 / (n as f64 - 1.0);
        Self {
            mean: 0.9 * &self.mean + 0.1 * &batch.mean,
            variance: 0.9 * &self.variance + 0.1 * unbiased * &batch.variance,
        }
    }
}

/// The hidden units before the relu.
pub fn normalized(args: &Args, x: &Tensor, by: &Statistics) -> Tensor {
    let std = by.variance.mapv(|v| (v + 1e-5).sqrt());
    (product(x, args.get("hidden_weights")) - &by.mean) / &std * args.get("gamma") + args.get("beta")
}

pub fn logits(args: &Args, x: &Tensor, by: &Statistics) -> Tensor {
    let hidden = normalized(args, x, by).mapv(|h| h.max(0.0));
    product(&hidden, args.get("output_weights")) + args.get("output_bias")
}

/// The mean cross entropy.
pub fn cross_entropy(logits: &Tensor, labels: &[usize]) -> f64 {
    mean(&losses(logits, labels))
}

/// How early stopping sees a curve: epochs trained, the best one, and whether any decision was close to a tie.
pub struct Watched {
    pub trained: usize,
    pub best: usize,
    pub narrow: bool,
}

pub fn watch(losses: &[f64], patience: usize) -> Watched {
    let (mut lowest, mut watched) = (f64::INFINITY, Watched { trained: 0, best: 0, narrow: false });
    for &loss in losses {
        watched.trained += 1;
        watched.narrow |= (loss - lowest).abs() < 2e-3;
        if loss < lowest {
            (lowest, watched.best) = (loss, watched.trained);
        } else if watched.trained - watched.best == patience {
            break;
        }
    }
    watched
}
