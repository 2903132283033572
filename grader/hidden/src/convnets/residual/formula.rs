//! Weights by a formula of name and index: `grader/golden/convnets/residual.py` says it.

use super::oracle::ConvNorm;

/// The weights that `seed` stands for.
#[derive(Clone, Copy)]
pub struct Formula {
    pub seed: u32,
}

impl Formula {
    /// The array `name` of this shape, the last axis fastest, rounded to single precision.
    pub fn array(self, name: &str, shape: &[usize]) -> Vec<f64> {
        let is_shift = name.ends_with(".bias") || name.ends_with(".running_mean");
        let (count, last) = (shape.iter().product::<usize>(), shape[shape.len() - 1]);
        let (centre, spread) = match (is_shift, shape.len()) {
            (true, _) => (0.0, 0.25),
            (false, 1) => (1.0, 0.5),
            _ => (0.0, (6.0 / (count / last) as f64).sqrt()),
        };
        let mut hash = 2_166_136_261_u32;
        for byte in name.bytes() {
            hash = (hash ^ u32::from(byte)).wrapping_mul(16_777_619);
        }
        let start = hash ^ self.seed;
        let number = |i: usize| {
            let bits = scrambled(start.wrapping_add((i as u32).wrapping_mul(0x9e37_79b9)));
            let uniform = f64::from(bits >> 8) / 8_388_608.0 - 1.0;
            f64::from((centre + spread * uniform) as f32)
        };
        (0..count).map(number).collect()
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

fn scrambled(mut bits: u32) -> u32 {
    bits ^= bits >> 16;
    bits = bits.wrapping_mul(0x85eb_ca6b);
    bits ^= bits >> 13;
    bits = bits.wrapping_mul(0xc2b2_ae35);
    bits ^ bits >> 16
}
