//! Sized calls of the chapter `special_layers`.

use rand::{Rng, seq::SliceRandom};

use super::{Work, Workload, floats, multiply_adds, three_products};
use crate::{Args, Budget, Suite, Tensor};

type Size<'a> = &'a dyn Fn(&str) -> usize;

/// Sums of products of standard normal numbers, of which hardly one in 10⁶ is beyond 5.
fn sums(terms: usize) -> Budget {
    Budget::sum(terms).scale(25.0)
}

pub fn dense(t: &mut Suite, size: Size) -> Workload {
    let [n, inputs, units] = ["n", "inputs", "units"].map(size);
    let args = Args::new()
        .constant("x", t.normal(&[n, inputs], 1.0))
        .constant("weight", t.normal(&[inputs, units], 1.0))
        .constant("bias", t.normal(&[units], 1.0));
    let flops = multiply_adds(&[n, inputs, units]);
    Workload::new(args, sums(inputs.max(units).max(n)), Work::Flops(flops))
        .backward(&[n, units], three_products(flops))
}

pub fn merge_dot(t: &mut Suite, size: Size) -> Workload {
    let [n, rows, length] = ["n", "rows", "length"].map(size);
    let shape = [n, rows, length];
    let args = Args::new()
        .constant("a", t.normal(&shape, 1.0))
        .constant("b", t.normal(&shape, 1.0))
        .indexes("axes", &[2, 2])
        .flag("normalize", false);
    let flops = multiply_adds(&[n, rows, rows, length]);
    Workload::new(args, sums(rows.max(length)), Work::Flops(flops))
        .backward(&[n, rows, rows], three_products(flops))
}

/// Memory decides: vectors are read and written; backward cotangents are read and added to the table's gradient.
pub fn embedding(t: &mut Suite, size: Size) -> Workload {
    let [rows, width, n, steps] = ["rows", "width", "n", "steps"].map(size);
    let indexes: Vec<usize> = (0..n * steps).map(|_| t.rng.gen_range(0..rows)).collect();
    let args = Args::new()
        .constant("table", t.normal(&[rows, width], 1.0))
        .indexes("indexes", &indexes)
        .indexes("shape", &[n, steps]);
    let moved = n * steps * width;
    Workload::new(args, sums(n * steps / rows + 1), floats(2 * moved))
        .backward(&[n, steps, width], floats(5 * moved + rows * width))
}

fn options(args: Args) -> Args {
    args.count("stride", 1).text("padding", "same").count("dilation", 1).count("groups", 1)
}

pub fn conv1d(t: &mut Suite, size: Size) -> Workload {
    let [n, length, kernel, inputs, outputs] = ["n", "length", "kernel", "inputs", "outputs"].map(size);
    let args = options(Args::new())
        .constant("x", t.normal(&[n, length, inputs], 1.0))
        .constant("kernel", t.normal(&[kernel, inputs, outputs], 1.0))
        .constant("bias", t.normal(&[outputs], 1.0));
    let flops = multiply_adds(&[n, length, kernel, inputs, outputs]);
    Workload::new(args, sums((n * length).max(kernel * inputs.max(outputs))), Work::Flops(flops))
        .backward(&[n, length, outputs], three_products(flops))
}

pub fn conv2d(t: &mut Suite, size: Size) -> Workload {
    let [n, height, width] = ["n", "height", "width"].map(size);
    let [kernel, inputs, outputs] = ["kernel", "inputs", "outputs"].map(size);
    let args = options(Args::new())
        .constant("x", t.normal(&[n, height, width, inputs], 1.0))
        .constant("kernel", t.normal(&[kernel, kernel, inputs, outputs], 1.0))
        .constant("bias", t.normal(&[outputs], 1.0));
    let flops = multiply_adds(&[n, height, width, kernel, kernel, inputs, outputs]);
    let terms = (n * height * width).max(kernel * kernel * inputs.max(outputs));
    Workload::new(args, sums(terms), Work::Flops(flops))
        .backward(&[n, height, width, outputs], three_products(flops))
}

pub fn max_pool(t: &mut Suite, size: Size) -> Workload {
    pool(t, size, distinct)
}

pub fn average_pool(t: &mut Suite, size: Size) -> Workload {
    pool(t, size, |t, shape| t.normal(shape, 1.0))
}

/// Memory decides: every pixel is read, every window written, and backward the other way round.
fn pool(t: &mut Suite, size: Size, draw: fn(&mut Suite, &[usize]) -> Tensor) -> Workload {
    let shape = ["n", "height", "width", "channels"].map(size);
    let [n, height, width, channels] = shape;
    let windows = [n, height / 2, width / 2, channels];
    let args = Args::new()
        .constant("x", draw(t, &shape))
        .count("size", 2)
        .count("stride", 2)
        .text("padding", "valid");
    let (pixels, pooled) = (shape.iter().product::<usize>(), windows.iter().product::<usize>());
    Workload::new(args, Budget::sum(4).scale(4.0), floats(pixels + pooled))
        .backward(&windows, floats(3 * pixels + 2 * pooled))
}

/// No two alike: with ties a maximum's gradient would not be determined.
fn distinct(t: &mut Suite, shape: &[usize]) -> Tensor {
    let n: usize = shape.iter().product();
    let mut values: Vec<f64> = (0..n).map(|i| i as f64 - n as f64 / 2.0).collect();
    values.shuffle(&mut t.rng);
    t.array(shape, &values)
}
