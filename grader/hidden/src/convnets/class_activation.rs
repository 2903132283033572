//! Cases for `convnets::occlusion::class_activation_map`: the weighted sum of the maps at each place.

use datasets::efficientnet::labels;
use rand::Rng;

use super::efficientnet::{photograph, weights, with_weights};
use crate::{Args, Budget, Rule, Statistic, Suite, Tensor, is_supposed, otherwise, suppose::wanted};

pub fn class_activation_map(t: &mut Suite) {
    for _ in 0..48 {
        t.decisive(|t| {
            let [h, w, k, classes] = [5, 6, 7, 5].map(|most| t.rng.gen_range(1..=most));
            let class = t.rng.gen_range(0..classes);
            activation(t, "random maps", [h, w, k], classes, class);
        });
    }
    for (about, maps, classes, class) in [
        ("maps that are wider than high", [2, 5, 3], 4, 2),
        ("maps that are higher than wide", [5, 2, 3], 4, 3),
        ("as many classes as maps", [3, 3, 4], 4, 1),
        ("a single place", [1, 1, 5], 3, 1),
        ("a single map", [3, 4, 1], 2, 1),
        ("the first class", [2, 3, 4], 3, 0),
        ("the last class", [2, 3, 4], 3, 2),
        ("the only class", [2, 3, 4], 1, 0),
    ] {
        t.decisive(|t| activation(t, about, maps, classes, class));
    }
    for (classes, class) in [(3, 3), (1, 1), (4, 1000)] {
        let (maps, weights) = (t.normal(&[2, 3, 4], 1.0), t.normal(&[4, classes], 1.0));
        let args = Args::new().constant("maps", maps).constant("weights", weights).count("class", class);
        t.call("a class that the network does not have", args).refuses(&[&class.to_string()]);
    }
    for (name, class) in [("chelsea", 281), ("coffee", 967)] {
        activated(t, name, class);
    }
}

fn activation(t: &mut Suite, about: &str, [h, w, k]: [usize; 3], classes: usize, class: usize) {
    let (maps, weights) = (t.normal(&[h, w, k], 1.0), t.normal(&[k, classes], 1.0));
    let largest = |x: &Tensor| x.fold(0.0, |most: f64, x| most.max(x.abs()));
    let budget = Budget::sum(k).scale(largest(&maps) * largest(&weights));
    let args = Args::new().constant("maps", maps).constant("weights", weights).count("class", class);
    let map = wanted(&args, &|args| spoken(args, class));
    t.call(about, args).close("map", &map, budget);
}

/// What each place says for a class.
fn spoken(args: &Args, class: usize) -> Tensor {
    let (maps, weights) = (args.get("maps"), args.get("weights"));
    let (shape, last) = (maps.shape(), weights.shape()[1] - 1);
    let class = otherwise("the classes stood in the opposite order", class, last - class);
    let class = otherwise("it were the class before", class, class.checked_sub(1).unwrap_or(last));
    let column = |class: usize| weights.index_axis(ndarray::Axis(1), class).to_owned();
    let mut weight = column(class);
    if is_supposed("the weights' sizes counted, whatever their sign") {
        weight.mapv_inplace(f64::abs);
    }
    if is_supposed("negative weights were left out") {
        weight.mapv_inplace(|w| w.max(0.0));
    }
    if is_supposed("the weights of all classes were added up") {
        weight = weights.sum_axis(ndarray::Axis(1));
    }
    if is_supposed("the weights were divided by their sum") {
        let sum = weight.sum();
        weight /= sum;
    }
    if is_supposed("the weights' softmax stood in place of the weights") {
        weight.mapv_inplace(f64::exp);
        let sum = weight.sum();
        weight /= sum;
    }
    let relu = is_supposed("negative pixels of the maps were left out");
    let pixel = |x: f64| if relu { x.max(0.0) } else { x };
    let mut map = Tensor::from_shape_fn(vec![shape[0], shape[1]], |at| {
        (0..shape[2]).map(|k| pixel(maps[[at[0], at[1], k]]) * weight[[k]]).sum()
    });
    if is_supposed("the map's mean were subtracted") {
        let mean = map.mean().unwrap_or_default();
        map -= mean;
    }
    if is_supposed("the largest product of each place stood in place of the sum") {
        map = Tensor::from_shape_fn(map.shape(), |at| {
            let products = (0..shape[2]).map(|k| maps[[at[0], at[1], k]] * weight[[k]]);
            products.fold(f64::NEG_INFINITY, f64::max)
        });
    }
    map
}

/// What EfficientNet's last maps say for a class of a photograph.
fn activated(t: &mut Suite, name: &str, class: usize) {
    let (Some(weights), Some(image)) = (weights(t), photograph(t, name, 1)) else { return };
    let Some(labels) = t.load(labels()) else { return };
    let args = Args::new().function("class_activation_map of a photograph").constant("image", image);
    let args = args.count("class", class).text("labels", &labels.join("\n"));
    t.call(&format!("the photograph “{name}” in EfficientNet"), with_weights(args, &weights))
        .check("map", Rule::Shape { shape: vec![7, 7] })
        .statistic("map", Statistic::Max, 1.0, 1000.0)
        .text(&format!("EfficientNet's five best guesses for “{name}”"), "guesses")
        .images(&format!("{name} and what each place says for its class"), "picture");
}
