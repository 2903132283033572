//! Cases for `special_layers::translation_invariance`: units counted one by one.

use rand::Rng;

use crate::{Args, Budget, Case, Derived, Plot, Suite, Tensor, is_supposed, otherwise};

pub fn translation_invariance(t: &mut Suite) {
    for _ in 0..64 {
        let shape =
            [t.rng.gen_range(1..=2), t.rng.gen_range(1..=5), t.rng.gen_range(1..=6), t.rng.gen_range(1..=2)];
        let pool = t.rng.gen_range(1..=shape[1].min(shape[2]));
        let farthest = t.rng.gen_range(0..=shape[2] + 1);
        let maps = t.normal(&shape, 1.0).mapv(|x| x.max(0.0));
        check(t, "random maps after a relu", maps, pool, farthest);
    }
    let positive = |t: &mut Suite, shape: &[usize]| t.uniform(shape, 0.5, 2.0);
    for (about, shape, pool) in [
        ("positive maps without pooling: nothing survives a step", [1, 3, 5, 2], 1),
        ("positive maps, higher than wide", [2, 6, 4, 1], 2),
        ("maps that windows don't divide: what is left over does not count", [1, 5, 7, 2], 3),
        ("windows as large as the maps, two maps in each image", [2, 4, 4, 2], 4),
    ] {
        let maps = positive(t, &shape);
        check(t, about, maps, pool, 5);
    }
    let negative = t.normal(&[1, 4, 6, 2], 1.0);
    check(
        t,
        "maps without a relu: negative units are active too, and the zeros that enter win against them",
        negative,
        2,
        4,
    );
    for pool in [1, 2, 3] {
        let maps = Tensor::from_shape_fn(vec![1, 6, 6, 1], |at| f64::from(at[1] == 2 && at[2] == 1));
        check(t, "a single active unit", maps, pool, 6);
        check(t, "empty maps, of which nothing is lost", Tensor::zeros(vec![1, 3, 4, 1]), pool, 2);
    }
    let maps = positive(t, &[1, 2, 3, 1]);
    check(t, "shifts beyond the maps' width, which leave only zeros", maps, 1, 7);
    let (maps, small) = (positive(t, &[1, 3, 4, 1]), positive(t, &[1, 5, 2, 1]));
    t.call("windows of no units", args(maps.clone(), 0, 1)).refuses(&["size"]);
    t.call("windows higher than the maps", args(maps, 4, 1)).refuses(&["window of 4 × 4", "input of 3 × 4"]);
    t.call("windows wider than the maps", args(small, 3, 0)).refuses(&["window of 3 × 3", "input of 5 × 2"]);
    picture(t);
}

/// Large maps, so that the curves of different pool sizes lie clearly apart: about (p − s) / (p + s) survive.
fn picture(t: &mut Suite) {
    let plot = Plot::new("What survives a shift", "shift [columns]", "share of active units");
    let maps = t.normal(&[2, 24, 24, 4], 1.0).mapv(|x| x.max(0.0));
    let shifts = Derived::known("survival", &Tensor::from_shape_fn(vec![9], |shift| shift[0] as f64));
    for pool in [1, 2, 4, 8] {
        let (about, name) = match pool {
            1 => ("large maps without pooling".to_owned(), "without pooling".to_owned()),
            _ => (format!("large maps pooled by {pool}"), format!("pooled by {pool}")),
        };
        check(t, &about, maps.clone(), pool, 8).line_over(&plot, &name, shifts.clone(), "survival");
    }
}

fn args(maps: Tensor, pool: usize, farthest: usize) -> Args {
    Args::new().constant("maps", maps).count("pool", pool).count("farthest", farthest)
}

fn check<'t>(t: &'t mut Suite, about: &str, maps: Tensor, pool: usize, farthest: usize) -> &'t mut Case {
    let want = Tensor::from_shape_fn(vec![farthest + 1], |at| survival(&maps, pool, at[0]));
    t.call(about, args(maps, pool, farthest)).close("survival", &want, Budget::elementwise())
}

fn survival(maps: &Tensor, pool: usize, shift: usize) -> f64 {
    let shape = maps.shape();
    let pooled = [shape[0], shape[1] / pool, shape[2] / pool, shape[3]];
    let (mut active, mut kept) = (0.0, 0.0);
    let shift = otherwise("maps were moved by one column more", shift, shift + 1);
    let shift = otherwise("maps were moved by a whole window for each step", shift, shift * pool);
    let (down, right) = otherwise("maps were moved down, not to the right", (0, shift), (shift, 0));
    let both = is_supposed("the share were that of units active both before and after");
    let after_alone = is_supposed("the share were that of units active after the shift");
    let whatever = is_supposed("a unit survived that is active after the shift, whatever its number");
    let least = is_supposed("the smallest of each window were taken");
    for (image, row, column, channel) in ndarray::indices(pooled) {
        // A column that came from beyond the left edge holds zeros.
        let largest = |down: usize, right: usize| {
            let pixels = (0..pool * pool).map(|i| (row * pool + i / pool, column * pool + i % pool));
            let from = |(r, q): (usize, usize)| r.checked_sub(down).zip(q.checked_sub(right));
            let values = pixels.map(|at| from(at).map_or(0.0, |(r, q)| maps[[image, r, q, channel]]));
            if least {
                values.fold(f64::INFINITY, f64::min)
            } else {
                values.fold(f64::NEG_INFINITY, f64::max)
            }
        };
        let (before, after) = (largest(0, 0), largest(down, right));
        let (was, is) = (before != 0.0, after != 0.0);
        active += f64::from(if both {
            was && is
        } else if after_alone {
            is
        } else {
            was || is
        });
        kept += f64::from(was && if whatever { is } else { before == after });
    }
    let of_nothing = otherwise("nothing survived in empty maps", 1.0, 0.0);
    let survives = if active == 0.0 { of_nothing } else { kept / active };
    otherwise("it were the share that does not survive", survives, 1.0 - survives)
}
