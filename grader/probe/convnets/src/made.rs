//! Numbers made by rule, as `grader/golden/convnets/made.py` makes them: a network of a hundred million weights can be compared
//! with PyTorch's without a file that holds them.

/// `count` numbers in ±`limit`, which look like random ones and follow from the name alone.
pub fn numbers(name: &str, count: usize, limit: f32) -> Vec<f32> {
    let seed = probe::hash(name);
    probe::numbers(count, |i| probe::uniform(seed ^ i.wrapping_mul(0x9e37_79b1)) as f32 * limit)
}

/// A layer's weights, in ±√(6 / inputs) so that signals neither die nor explode, or its biases.
pub fn parameter(name: &str, shape: &[usize], inputs: usize) -> Vec<f32> {
    let limit = if shape.len() == 1 { 0.1 } else { (6.0 / inputs as f64).sqrt() as f32 };
    numbers(name, shape.iter().product(), limit)
}
