//! Convolutions of the oracles, in double precision: every tap of the window for itself.

/// A window of size × size and how it slides.
pub struct Window<'a> {
    /// (size, size, in, out).
    pub kernel: &'a [f64],
    pub size: usize,
    pub stride: usize,
    /// Zeros on every side.
    pub padding: usize,
}

impl Window<'_> {
    /// The shape and values of what comes out of maps (n, h, w, in), the last axis fastest. There is a bias a filter.
    pub fn convolved(
        &self,
        [n, h, w, inputs]: [usize; 4],
        x: &[f64],
        biases: &[f64],
    ) -> ([usize; 4], Vec<f64>) {
        let &Self { kernel, size, stride, padding } = self;
        let places = |length: usize| (length + 2 * padding - size) / stride + 1;
        let shape @ [_, rows, columns, outputs] = [n, places(h), places(w), biases.len()];
        let mut y = biases.repeat(n * rows * columns);
        for (tap, weights) in kernel.chunks(inputs * outputs).enumerate() {
            let (i, j) = (tap / size, tap % size);
            // Further left the tap lies on zeros; further right the image ends.
            let first = padding.saturating_sub(j).div_ceil(stride);
            for (line, y) in y.chunks_mut(columns * outputs).enumerate() {
                let row = (line % rows * stride + i).checked_sub(padding).filter(|&row| row < h);
                let Some(row) = row else { continue };
                let x = x[(line / rows * h + row) * w * inputs..][..w * inputs].chunks(inputs);
                let pixels = x.skip(first * stride + j - padding).step_by(stride);
                for (pixel, y) in pixels.zip(y.chunks_mut(outputs).skip(first)) {
                    for (x, weights) in pixel.iter().zip(weights.chunks(outputs)) {
                        y.iter_mut().zip(weights).for_each(|(y, weight)| *y += x * weight);
                    }
                }
            }
        }
        (shape, y)
    }
}
