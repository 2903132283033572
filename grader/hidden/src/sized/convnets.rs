//! Sized calls of the chapter `convnets`.

use super::{Work, Workload, multiply_adds, three_products};
use crate::{Args, Budget, Suite};

type Size<'a> = &'a dyn Fn(&str) -> usize;

/// Layers with parameters: name, kernel or matrix, and how often it is applied to an image.
const LENET: [(&str, &[usize], usize); 5] = [
    ("features.0", &[5, 5, 1, 6], 28 * 28),
    ("features.3", &[5, 5, 6, 16], 10 * 10),
    ("classifier.0", &[400, 120], 1),
    ("classifier.2", &[120, 84], 1),
    ("classifier.4", &[84, 10], 1),
];

/// Tanh and means: no kink at which two right answers could part.
pub fn lenet5(t: &mut Suite, size: Size) -> Workload {
    let n = size("n");
    let mut args = Args::new().function("logits").constant("x", t.normal(&[n, 32, 32, 1], 1.0));
    let mut flops = 0.0;
    for (name, shape, places) in LENET {
        let inputs: usize = shape[..shape.len() - 1].iter().product();
        let bias = &shape[shape.len() - 1..];
        args = args
            .constant(&format!("{name}.weight"), t.normal(shape, (1.0 / inputs as f64).sqrt()))
            .constant(&format!("{name}.bias"), t.normal(bias, 0.2));
        flops += multiply_adds(&[n, places, inputs, bias[0]]);
    }
    // Gradients of the first kernel are sums over all places of all images.
    Workload::new(args, Budget::sum(n * 28 * 28).scale(25.0), Work::Flops(flops))
        .backward(&[n, 10], three_products(flops))
}

/// Forward alone: backward, an element at a relu's kink may go either way.
pub fn residual_block(t: &mut Suite, size: Size) -> Workload {
    let [n, height, width, channels] = ["n", "height", "width", "channels"].map(size);
    let x = t.normal(&[n, height, width, channels], 1.0);
    let args = Args::new().constant("x", x).count("stride", 1).text("shortcut", "identity");
    let (kernel, std) = ([3, 3, channels, channels], (2.0 / (9 * channels) as f64).sqrt());
    let args = [1, 2].into_iter().fold(args.flag("training", true), |args, layer| {
        args.constant(&format!("kernel{layer}"), t.normal(&kernel, std))
            .constant(&format!("gamma{layer}"), t.uniform(&[channels], 0.5, 1.5))
            .constant(&format!("beta{layer}"), t.normal(&[channels], 0.5))
            .constant(&format!("running_mean{layer}"), t.normal(&[channels], 0.5))
            .constant(&format!("running_variance{layer}"), t.uniform(&[channels], 0.5, 2.0))
    });
    let flops = 2.0 * multiply_adds(&[n, height, width, 9, channels, channels]);
    Workload::new(args, Budget::sum(n * height * width).scale(10.0), Work::Flops(flops))
}
