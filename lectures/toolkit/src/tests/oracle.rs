//! The operations' definitions as plain float64 loops, and derivatives of such loops by central differences.

/// ∂⟨f(inputs), d_y⟩ / ∂ every input, by central differences: an error of 1e-9 or so.
pub(super) fn gradients(
    f: impl Fn(&[Vec<f64>]) -> Vec<f64>,
    inputs: &[Vec<f64>],
    d_y: &[f64],
) -> Vec<Vec<f64>> {
    let step = 1e-5;
    let mut inputs = inputs.to_vec();
    let sizes: Vec<usize> = inputs.iter().map(Vec::len).collect();
    let mut at = |part: usize, k: usize, shift: f64| -> f64 {
        let before = inputs[part][k];
        inputs[part][k] += shift;
        let value = f(&inputs).iter().zip(d_y).map(|(y, d)| y * d).sum();
        inputs[part][k] = before;
        value
    };
    let mut slope = |part, k| (at(part, k, step) - at(part, k, -step)) / (2.0 * step);
    let parts = sizes.into_iter().enumerate();
    parts.map(|(part, size)| (0..size).map(|k| slope(part, k)).collect()).collect()
}

/// Calls `visit(output pixel, tap, input pixel)`, each with its channel left out, for all that lies inside the images.
pub(super) fn windows(
    (n, h, w): (usize, usize, usize),
    (kh, kw): (usize, usize),
    (stride, padding): (usize, usize),
    mut visit: impl FnMut(usize, usize, usize),
) {
    let (oh, ow) = ((h + 2 * padding - kh) / stride + 1, (w + 2 * padding - kw) / stride + 1);
    for (image, y, x) in (0..n * oh * ow).map(|k| (k / (oh * ow), k / ow % oh, k % ow)) {
        for (i, j) in (0..kh * kw).map(|k| (k / kw, k % kw)) {
            let (row, column) = (y * stride + i, x * stride + j);
            if row >= padding && column >= padding && row - padding < h && column - padding < w {
                let input = (image * h + row - padding) * w + column - padding;
                visit((image * oh + y) * ow + x, i * kw + j, input);
            }
        }
    }
}

pub(super) fn matmul(a: &[f64], b: &[f64], k: usize, n: usize) -> Vec<f64> {
    let cell = |i: usize, j: usize| (0..k).map(|l| a[i * k + l] * b[l * n + j]).sum();
    (0..a.len() / k * n).map(|ij| cell(ij / n, ij % n)).collect()
}

pub(super) fn cross_entropy(logits: &[f64], targets: &[usize]) -> f64 {
    let classes = logits.len() / targets.len();
    let row = |(row, target): (&[f64], &usize)| row.iter().map(|z| z.exp()).sum::<f64>().ln() - row[*target];
    logits.chunks(classes).zip(targets).map(row).sum::<f64>() / targets.len() as f64
}

/// Hidden states (n, steps, hidden) of x (n, steps, features); `weights` are those of inputs, hidden state and bias.
pub(super) fn lstm(x: &[f64], weights: &[Vec<f64>], steps: usize, features: usize) -> Vec<f64> {
    let zeros = vec![0.0; x.len() / (steps * features) * weights[2].len() / 4];
    lstm_from(x, (&zeros, &zeros), weights, steps).0
}

/// The same from states (n, hidden), and the last cell states.
pub(super) fn lstm_from(
    x: &[f64],
    (h, c): (&[f64], &[f64]),
    weights: &[Vec<f64>],
    steps: usize,
) -> (Vec<f64>, Vec<f64>) {
    let features = weights[0].len() / weights[2].len();
    let width = weights[2].len() / 4;
    let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
    let (mut states, mut cells) = (vec![], vec![]);
    for (k, sequence) in x.chunks(steps * features).enumerate() {
        let of_sequence = k * width..(k + 1) * width;
        let (mut h, mut c) = (h[of_sequence.clone()].to_vec(), c[of_sequence].to_vec());
        for x in sequence.chunks(features) {
            let (a, b) =
                (matmul(x, &weights[0], features, 4 * width), matmul(&h, &weights[1], width, 4 * width));
            let z = |gate: usize, k: usize| {
                let at = gate * width + k;
                a[at] + b[at] + weights[2][at]
            };
            c = (0..width).map(|k| sigmoid(z(1, k)) * c[k] + sigmoid(z(0, k)) * z(2, k).tanh()).collect();
            h = (0..width).map(|k| sigmoid(z(3, k)) * c[k].tanh()).collect();
            states.extend(&h);
        }
        cells.extend(c);
    }
    (states, cells)
}
