//! Sized calls of the chapter `tricks`.

use super::{Work, Workload, floats, multiply_adds};
use crate::{Args, Budget, Suite};

type Size<'a> = &'a dyn Fn(&str) -> usize;

pub fn sigmoid(t: &mut Suite, size: Size) -> Workload {
    activation(t, size, Args::new(), Budget::elementwise().scale(1.0))
}

pub fn relu(t: &mut Suite, size: Size) -> Workload {
    activation(t, size, Args::new(), Budget::exact())
}

pub fn leaky_relu(t: &mut Suite, size: Size) -> Workload {
    activation(t, size, Args::new().number("slope", 0.125), Budget::elementwise())
}

/// Forward an element is read and one written; backward two more are read (the cotangent, and input or output) and one written.
fn activation(t: &mut Suite, size: Size, args: Args, budget: Budget) -> Workload {
    let shape = [size("rows"), size("columns")];
    let n = shape.iter().product::<usize>();
    let args = args.constant("x", t.normal_off_zero(&shape, 2.0));
    Workload::new(args, budget, floats(2 * n)).backward(&shape, floats(5 * n))
}

/// Memory decides: the input is read for its statistics and again to be normalized.
pub fn batch_norm(t: &mut Suite, size: Size) -> Workload {
    let shape = ["n", "height", "width", "channels"].map(size);
    let (channels, n) = ([shape[3]], shape.iter().product::<usize>());
    let args = Args::new()
        .constant("x", t.normal(&shape, 1.5))
        .constant("gamma", t.uniform(&channels, 0.5, 1.5))
        .constant("beta", t.normal(&channels, 1.0))
        .constant("running_mean", t.normal(&channels, 1.0))
        .constant("running_variance", t.uniform(&channels, 0.5, 2.0))
        .number("momentum", f64::from(0.1_f32))
        .number("epsilon", f64::from(1e-5_f32));
    // Channels are sums over all pixels; normalized values and their products with cotangents stay below 5 · 5.
    let budget = Budget::sum(n / shape[3]).scale(25.0);
    Workload::new(args, budget, floats(3 * n)).backward(&shape, floats(7 * n))
}

pub fn affine_augment(t: &mut Suite, size: Size) -> Workload {
    let shape = ["n", "height", "width", "channels"].map(size);
    let [n, height, width, channels] = shape;
    let row = |t: &mut Suite| {
        let spread = [0.4, 3.0, 3.0, 0.2, 0.1, 0.1];
        let draws = t.uniform(&[6], -1.0, 1.0);
        let centre = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0];
        (0..6).map(|i| centre[i] + spread[i] * draws[[i]]).collect::<Vec<_>>()
    };
    let rows: Vec<f64> = (0..n).flat_map(|_| row(t)).collect();
    let args = Args::new()
        .constant("x", t.uniform(&shape, 0.0, 1.0))
        .constant("transforms", t.array(&[n, 6], &rows))
        .text("fill", "nearest");
    // A coordinate of up to the image's size is rounded, and a pixel's value changes by up to 1 from one to the next.
    let budget = Budget::elementwise().scale(height.max(width) as f64);
    // A bilinear mean of four pixels: three interpolations of three operations each.
    Workload::new(args, budget, Work::Flops((9 * n * height * width * channels) as f64))
}

/// 2·n·f² for the covariance, 9·f³ for its eigenvectors (Golub & Van Loan, *Matrix Computations*, §8.3), 2·f³ for W and 2·m·f²
/// to apply it; and 4·n·f² for the whitened covariance that the grader asks for, too.
pub fn zca_whitening(t: &mut Suite, size: Size) -> Workload {
    let [n, m, f] = ["n", "m", "features"].map(size);
    let args = Args::new()
        .constant("training", t.normal(&[n, f], 1.0))
        .constant("data", t.normal(&[m, f], 1.0))
        .number("epsilon", f64::from(0.1_f32));
    let flops = 3.0 * multiply_adds(&[n, f, f]) + 11.0 * (f as f64).powi(3) + multiply_adds(&[m, f, f]);
    // Eigenvalues of white noise lie within 0.2 to 2.5 here, so W's error is a few times the covariance's, at most 4 in size.
    Workload::new(args, Budget::sum(n.max(f)).scale(4.0).times(4.0), Work::Flops(flops))
}

/// One product, in single precision or, where `double` is 1, in double.
pub fn matmul_throughput(t: &mut Suite, size: Size) -> Workload {
    let (n, double) = (size("n"), size("double") == 1);
    let (a, b) = (t.normal(&[n, n], 1.0), t.normal(&[n, n], 1.0));
    let args = Args::new().count("repeats", 0);
    let args = if double {
        let args = args.function("matmul_throughput in double precision");
        args.double("a", &a).double("b", &b)
    } else {
        args.constant("a", a).constant("b", b)
    };
    let budget = Budget::sum(n).scale(4.0);
    let budget = if double { budget.double() } else { budget };
    Workload::new(args, budget, Work::Flops(multiply_adds(&[n, n, n])))
}
