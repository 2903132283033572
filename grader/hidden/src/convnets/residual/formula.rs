//! Weights by the formula of `protocol`, as the oracle takes them.

use super::oracle::ConvNorm;

/// The weights that `seed` stands for.
#[derive(Clone, Copy)]
pub struct Formula {
    pub seed: u32,
}

impl Formula {
    /// The array `name` of this shape, the last axis fastest, rounded to single precision.
    pub fn array(self, name: &str, shape: &[usize]) -> Vec<f64> {
        let weights = protocol::Formula { seed: self.seed }.array(name, shape);
        weights.into_iter().map(f64::from).collect()
    }

    /// A convolution with its batch normalization.
    pub fn conv_norm(self, conv: &str, norm: &str, shape: [usize; 4], stride: usize) -> ConvNorm {
        let part = |part: &str| self.array(&format!("{norm}.{part}"), &shape[3..]);
        ConvNorm {
            shape,
            kernel: self.array(&format!("{conv}.weight"), &shape),
            stride,
            gamma: part("weight"),
            beta: part("bias"),
            running_mean: part("running_mean"),
            running_variance: part("running_var"),
        }
    }
}
