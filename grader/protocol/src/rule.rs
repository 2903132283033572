//! Numbers by rule: what both ends of the pipe can make for themselves is not sent, so that a call with a whole network carries
//! one number. The golden programs have the same rules: `grader/golden/convnets/{residual,made}.py` say them.

/// A number that follows from a name: FNV-1a.
pub fn hash(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Scrambled bits as a number in −1..1 that single precision holds exactly: MurmurHash3's last step, and of what comes of it
/// the upper 24 bits. Every bit decides about every bit of the number.
#[inline]
pub fn uniform(mut bits: u32) -> f64 {
    bits = (bits ^ bits >> 16).wrapping_mul(0x85eb_ca6b);
    bits = (bits ^ bits >> 13).wrapping_mul(0xc2b2_ae35);
    f64::from((bits ^ bits >> 16) >> 8) / f64::from(1 << 23) - 1.0
}

/// Weights by a formula of their name and index.
#[derive(Clone, Copy, Debug)]
pub struct Formula {
    /// What the weights follow from beside their names.
    pub seed: u32,
}

impl Formula {
    /// The array `name` of this shape, the last axis fastest: biases and running means around 0, scales and running variances
    /// around 1, kernels and matrices in ±√(6 / inputs).
    pub fn array(self, name: &str, shape: &[usize]) -> Vec<f32> {
        let inputs: usize = shape[..shape.len() - 1].iter().product();
        let (centre, spread) = match name.rsplit('.').next() {
            Some("running_mean" | "bias") => (0.0, 0.25),
            _ if shape.len() == 1 => (1.0, 0.5),
            _ => (0.0, (6.0 / inputs as f64).sqrt()),
        };
        let start = hash(name) ^ self.seed;
        let number = |i: u32| centre + spread * uniform(start.wrapping_add(i.wrapping_mul(0x9e37_79b9)));
        (0..shape.iter().product::<usize>() as u32).map(|i| number(i) as f32).collect()
    }
}
