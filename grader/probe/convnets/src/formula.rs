//! Weights by a formula of their name and index, so that a call with a whole network carries one number. The golden programs
//! and the oracles have the same formula: `grader/golden/convnets/residual.py` says it.

/// The weights that `seed` stands for.
#[derive(Clone, Copy)]
pub struct Formula {
    pub seed: u32,
}

impl Formula {
    /// The array `name` of this shape, the last axis fastest.
    pub fn array(self, name: &str, shape: &[usize]) -> Vec<f32> {
        let fan_in: usize = shape[..shape.len() - 1].iter().product();
        let (centre, spread) = match name.rsplit('.').next() {
            Some("running_mean" | "bias") => (0.0, 0.25),
            _ if shape.len() == 1 => (1.0, 0.5),
            _ => (0.0, (6.0 / fan_in as f64).sqrt()),
        };
        let start = name
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
            ^ self.seed;
        let numbers = 0..shape.iter().product::<usize>() as u32;
        numbers
            .map(|i| (centre + spread * uniform(start.wrapping_add(i.wrapping_mul(0x9e37_79b9)))) as f32)
            .collect()
    }
}

/// Scrambled bits as a number in −1..1: MurmurHash3's last step.
fn uniform(mut x: u32) -> f64 {
    x = (x ^ x >> 16).wrapping_mul(0x85eb_ca6b);
    x = (x ^ x >> 13).wrapping_mul(0xc2b2_ae35);
    f64::from((x ^ x >> 16) >> 8) / f64::from(1 << 23) - 1.0
}
