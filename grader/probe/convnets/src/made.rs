//! Numbers made by rule, as `grader/golden/convnets/made.py` makes them: a network of a hundred million weights can be compared
//! with PyTorch's without a file that holds them.

/// `count` numbers in ±`limit`, which look like random ones and follow from the name alone.
pub fn numbers(name: &str, count: usize, limit: f32) -> Vec<f32> {
    let seed =
        name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let number = |i: u32| {
        // The finalizer of MurmurHash3: every bit of the index decides about every bit of the number.
        let mut x = seed ^ i.wrapping_mul(0x9e37_79b1);
        x = (x ^ (x >> 16)).wrapping_mul(0x85eb_ca6b);
        x = (x ^ (x >> 13)).wrapping_mul(0xc2b2_ae35);
        // 24 bits, which single precision holds exactly.
        (((x ^ (x >> 16)) >> 8) as f32 / 8_388_608.0 - 1.0) * limit
    };
    probe::numbers(count, number)
}

/// A layer's weights, in ±√(6 / inputs) so that signals neither die nor explode, or its biases.
pub fn parameter(name: &str, shape: &[usize], inputs: usize) -> Vec<f32> {
    let limit = if shape.len() == 1 { 0.1 } else { (6.0 / inputs as f64).sqrt() as f32 };
    numbers(name, shape.iter().product(), limit)
}
