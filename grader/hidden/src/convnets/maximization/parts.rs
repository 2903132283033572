//! Cases for what an ascent is made of: the activation of a target, and the blur.

use super::Target;
use crate::{Args, Budget, Suite, Tensor, Terms, is_supposed, otherwise};

pub fn activations(t: &mut Suite) {
    for round in 0..32 {
        t.decisive(|t| {
            let shape = t.shape(4, 4);
            let target = Target::draw(t, &shape, round % 2 == 0);
            let about = match target.place {
                Some(_) => "the activation of one unit",
                None => "the activation of a channel",
            };
            let args = Args::new().function("activation").tensor("maps", t.normal(&shape, 1.0));
            let args = target.add(args);
            let sum = Budget::sum(shape.iter().product());
            let budget =
                |output: &str, terms: Terms| sum.scale(if output == "y" { 1.0 } else { terms.largest });
            t.differentiable_each(about, args, budget, |args| {
                let maps = args.get("maps");
                let wrong = otherwise("it were the first channel, whatever `channel`", target.channel, 0);
                let target = Target { channel: wrong, ..target };
                let mean = target.mean(maps);
                let images = maps.shape()[0] as f64;
                let sum = otherwise("images were added up, not averaged", mean, mean * images);
                let inside = maps
                    .indexed_iter()
                    .filter(|(at, _)| at[3] == target.channel && target.contains(at[1], at[2]));
                let most = inside.map(|(_, x)| *x).fold(f64::NEG_INFINITY, f64::max);
                let first = maps.slice_axis(ndarray::Axis(0), ndarray::Slice::from(..1)).to_owned();
                let sum = otherwise("the first image alone counted", sum, target.mean(&first));
                let sum = otherwise("the square of the mean stood in place of the mean", sum, mean * mean);
                Tensor::from_elem(vec![], otherwise("the largest stood in place of the mean", sum, most))
            });
        });
    }
}

pub fn blurred(images: &Tensor) -> Tensor {
    let around = is_supposed("the opposite border's pixels stood beyond each edge");
    let middle = otherwise("a pixel counted four times as much as each neighbour", 2.0, 4.0);
    let along = |x: &Tensor, axis: usize| {
        let last = x.shape()[axis] - 1;
        Tensor::from_shape_fn(x.raw_dim(), |at| {
            let pixel = |i: usize| {
                let mut at = at.clone();
                at[axis] = i;
                x[at]
            };
            let i = at[axis];
            let (before, behind) = if around {
                (pixel((i + last) % (last + 1)), pixel((i + 1) % (last + 1)))
            } else {
                (pixel(i.saturating_sub(1)), pixel((i + 1).min(last)))
            };
            (before + middle * pixel(i) + behind) / (2.0 + middle)
        })
    };
    if is_supposed("images were blurred along columns only") {
        return along(images, 1);
    }
    if is_supposed("a pixel were the mean of both blurs, not blurred twice") {
        return (along(images, 1) + along(images, 2)) / 2.0;
    }
    let blurred = along(&along(images, 1), 2);
    if is_supposed("the blur were done twice") { along(&along(&blurred, 1), 2) } else { blurred }
}

pub fn blurs(t: &mut Suite) {
    for round in 0..32 {
        let (shape, about) = match round {
            0 => (vec![1, 1, 1, 1], "a single pixel, which stays as it is"),
            1 => (vec![1, 1, 5, 2], "a blurred row"),
            2 => (vec![2, 5, 1, 3], "blurred columns"),
            _ => (t.shape(4, 5), "a blurred image"),
        };
        let images = t.normal(&shape, 1.0);
        let args = Args::new().function("blur").constant("images", images);
        t.value(about, args, Budget::elementwise(), |args| blurred(args.get("images")));
    }
}
