//! Cases for `tricks::throughput`: the product, the count of operations, and a clock that ran while the device worked.

use ndarray::Array2;
use rand::Rng;
use rand_distr::StandardNormal;

use crate::{Args, Budget, Case, Derived, Suite, Tensor, otherwise, suppose::of_right_alone};

pub fn matmul_throughput(t: &mut Suite) {
    for _ in 0..32 {
        let sizes = [(); 4].map(|()| t.rng.gen_range(1..5000));
        rate(t, "the rate of a given measurement", sizes);
    }
    rate(
        t,
        "matrices so large that no integer holds the count of operations",
        [3_000_000, 2_000_000, 1_000_000, 10],
    );
    for _ in 0..32 {
        let (n, k, m) = (t.rng.gen_range(1..=7), t.rng.gen_range(1..=7), t.rng.gen_range(1..=7));
        let repeats = t.rng.gen_range(1..=4);
        product(t, "small random matrices in single precision", (n, k, m), repeats, false);
        product(t, "small random matrices in double precision", (n, k, m), repeats, true);
    }
    product(t, "a row times a column", (1, 9, 1), 3, false);
    product(t, "a column times a row, in double precision", (9, 1, 9), 3, true);
    // Four million operations a repetition: the 100 that are timed dwarf the one that is not, so nearly all of the time
    // must be the measurement's. An interrupted process may lose tens of milliseconds outside of it, but not four times
    // all the rest. Who times one of the 100, or on a GPU only how fast products can be ordered, reports a few per cent.
    for double in [false, true] {
        product(t, "how much of the elapsed time your clock saw", (128, 128, 128), 100, double).within(
            Derived::of("seconds").over("elapsed"),
            0.2,
            1.0,
        );
    }
}

/// The rate of an (n, k) times an (k, m) matrix, repeated, for a random time.
fn rate(t: &mut Suite, about: &str, sizes: [usize; 4]) {
    let seconds = f64::from(t.rng.gen_range(0.001_f32..100.0));
    let operations = sizes.iter().fold(2.0, |product, &size| product * size as f64);
    let [n, k, m, repeats] = sizes;
    let counted = (n as f64) * (m as f64) * (repeats as f64);
    let operations =
        otherwise("each number took 2k − 1 operations", operations, counted * (2.0 * k as f64 - 1.0));
    let operations = otherwise("each number took 2 operations", operations, 2.0 * counted);
    let operations = otherwise(
        "the sizes were added, not multiplied",
        operations,
        2.0 * (n + k + m) as f64 * repeats as f64,
    );
    let repeated = (repeats * repeats) as f64;
    let operations =
        otherwise("operations were divided by `repeats`, not multiplied", operations, operations / repeated);
    let operations = otherwise("3 stood in place of 2", operations, 1.5 * operations);
    let rate =
        otherwise("the seconds were multiplied, not divided", operations / seconds, operations * seconds);
    let rate = otherwise("it were seconds for each operation", rate, 1.0 / rate);
    let billion = otherwise("2³⁰ stood in place of 10⁹", 1e9, f64::from(1 << 30));
    let billion = otherwise("it were millions, not billions", billion, 1e6);
    let billion = otherwise("it were thousands of billions", billion, 1e12);
    let want = t.array(&[], &[rate / billion]);
    let args = Args::new()
        .function("matmul_gflops")
        .count("n", n)
        .count("k", k)
        .count("m", m)
        .count("repeats", repeats);
    t.call(about, args.number("seconds", seconds)).close("gflops", &want, Budget::elementwise());
}

/// Measures the product of a random (n, k) and a random (k, m) matrix.
fn product<'t>(
    t: &'t mut Suite,
    about: &str,
    (n, k, m): (usize, usize, usize),
    repeats: usize,
    double: bool,
) -> &'t mut Case {
    let (a, b) = if double {
        (random_double(t, (n, k)), random_double(t, (k, m)))
    } else {
        (t.normal(&[n, k], 1.0), t.normal(&[k, m], 1.0))
    };
    let want = matrix(&a).dot(&matrix(&b)).into_dyn();
    let args = Args::new().count("repeats", repeats);
    let args = if double {
        let args = args.function("matmul_throughput in double precision");
        args.double("a", &a).double("b", &b)
    } else {
        args.constant("a", a).constant("b", b)
    };
    // A sum of k products of standard normal numbers may cancel.
    let budget = if double { Budget::sum(k).scale(1.0).double() } else { Budget::sum(k).scale(1.0) };
    let operations = Tensor::from_elem(vec![], (2 * n * k * m * repeats) as f64);
    t.call(about, args).close("product", &want, budget).close(
        Derived::of("gflops").times("seconds").times(1e9),
        &of_right_alone(operations),
        Budget::elementwise(),
    )
}

/// Standard normal values that need all of their 53 bits.
fn random_double(t: &mut Suite, (rows, columns): (usize, usize)) -> Tensor {
    Tensor::from_shape_simple_fn(vec![rows, columns], || t.rng.sample(StandardNormal))
}

fn matrix(tensor: &Tensor) -> Array2<f64> {
    let columns = tensor.shape()[1];
    Array2::from_shape_fn((tensor.shape()[0], columns), |(i, j)| tensor[[i, j]])
}
