//! Cases for `special_layers::embedding`: copies forward, sums back.

use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, is_supposed, suppose::of_right_alone};

pub fn embedding(t: &mut Suite) {
    for round in 0..64 {
        let rank = t.rng.gen_range(0..=3);
        let (rows, width, shape) = (t.rng.gen_range(1..=9), t.rng.gen_range(1..=5), t.shape(rank, 4));
        let n = shape.iter().product();
        let indexes: Vec<usize> = (0..n).map(|_| t.rng.gen_range(0..rows)).collect();
        let about = match rank {
            0 => "a single index without any axis".to_owned(),
            _ => format!("random indexes of shape {shape:?}, some of them repeated"),
        };
        let size = if round % 8 == 7 { 1e6 } else { 1.0 };
        look_up(t, &about, [rows, width], &shape, &indexes, size);
    }
    look_up(t, "one row again and again: its gradient is a sum", [4, 3], &[6], &[2; 6], 1.0);
    look_up(t, "every row once, in reverse", [5, 2], &[5], &[4, 3, 2, 1, 0], 1.0);
    look_up(t, "the first and the last row of a long table", [60, 2], &[1, 2], &[0, 59], 1.0);
    look_up(t, "a table of one row", [1, 3], &[2, 2], &[0; 4], 1.0);
    look_up(t, "vectors of one number", [4, 1], &[3], &[1, 3, 1], 1.0);
    for shape in [&[0][..], &[2, 0], &[0, 3]] {
        let table = t.normal(&[3, 2], 1.0);
        let want = Tensor::zeros([shape, &[2]].concat());
        let about = format!("no indexes, shape {shape:?}");
        let args = Args::new().constant("table", table).indexes("indexes", &[]).indexes("shape", shape);
        t.call(&about, args).close("y", &want, Budget::exact());
    }
    for (about, rows, indexes, mentions) in [
        ("the index just behind the last row", 5, [0, 5, 4, 1], ["5", "5"]),
        ("an index far behind the last row", 4, [0, 1, 1000, 1], ["1000", "4"]),
        ("two wrong indexes, of which the first is to be named", 6, [3, 17, 99, 0], ["17", "6"]),
    ] {
        let table = t.normal(&[rows, 3], 1.0);
        for shape in [&[4][..], &[2, 2]] {
            let args = Args::new().constant("table", table.clone());
            t.call(about, args.indexes("indexes", &indexes).indexes("shape", shape)).refuses(&mentions);
        }
    }
}

/// A case of a table [rows, width] with values of this size.
fn look_up(
    t: &mut Suite,
    about: &str,
    [rows, width]: [usize; 2],
    shape: &[usize],
    indexes: &[usize],
    size: f64,
) {
    t.decisive(|t| drawn(t, about, [rows, width], shape, indexes, size));
}

fn drawn(
    t: &mut Suite,
    about: &str,
    [rows, width]: [usize; 2],
    shape: &[usize],
    indexes: &[usize],
    size: f64,
) {
    let (table, n) = (t.normal(&[rows, width], size), indexes.len());
    let d_y = t.normal(&[shape, &[width]].concat(), 1.0);
    let mut y = Tensor::zeros(d_y.shape());
    let mut d_table = Tensor::zeros(vec![rows, width]);
    let last_alone = is_supposed("of a row's places the last alone counted");
    let is_mean = is_supposed("the gradients of a row's places were averaged");
    for (at, (y, d_y)) in y.iter_mut().zip(&d_y).enumerate() {
        let place = [indexes[at / width], at % width];
        *y = table[place];
        let before = if last_alone { 0.0 } else { d_table[place] };
        let places = indexes.iter().filter(|&&row| row == place[0]).count();
        d_table[place] = before + d_y / if is_mean { places as f64 } else { 1.0 };
    }
    if is_supposed("each vector were divided by its length") {
        for mut vector in y.rows_mut() {
            let length = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
            vector /= length;
        }
        d_table = of_right_alone(d_table);
    }
    if is_supposed("each number were divided by the root of the vectors' width") {
        let root = (width as f64).sqrt();
        (y, d_table) = (y / root, d_table / root);
    }
    // The gradient is a sum of up to n cotangents, which may cancel; one alone is a copy, and 4 larger than most.
    let budget = Budget::sum(n).scale(4.0);
    let args = Args::new().constant("table", table).indexes("indexes", indexes).indexes("shape", shape);
    t.call(about, args.constant("d_y", d_y))
        .close("y", &y, Budget::exact())
        .close("d_table", &d_table, budget);
}
