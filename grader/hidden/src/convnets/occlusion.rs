//! Cases for `convnets::occlusion`: every place of the patch by itself, in double precision.

use datasets::efficientnet::{PHOTOGRAPHS, labels};
use rand::Rng;

use super::efficientnet::{photograph, weights, with_weights};
use crate::{Args, Budget, Derived, Rule, Statistic, Suite, Tensor, is_supposed, otherwise};

pub fn occlusion_map(t: &mut Suite) {
    for round in 0..64 {
        t.decisive_or_vanishing(|t| {
            let image = t.shape(3, 6);
            let size = t.rng.gen_range(1..=4);
            let stride = t.rng.gen_range(1..=size);
            let scene = Scene::draw(t, &image, round % 2 == 0);
            let patch = (size, stride, [0.0, 0.5, -1.0][t.rng.gen_range(0..3)]);
            let batch = t.rng.gen_range(1..=7);
            scene.check(t, "a random image", patch, batch);
        });
    }
    for (about, image, (size, stride), batch) in [
        ("an image that is wider than high", [3, 7, 1], (2, 1), 4),
        ("an image that is higher than wide, in colour", [7, 2, 3], (2, 2), 3),
        ("patches side by side, of which the last reach beyond the edge", [5, 7, 1], (3, 3), 8),
        ("steps that don't fit: the last patch hides a single row", [7, 4, 2], (2, 2), 8),
        ("a patch as large as the image: one place", [3, 4, 2], (4, 2), 2),
        ("a patch larger than the image: one place, everything hidden", [2, 3, 1], (5, 1), 2),
        ("an image of one pixel", [1, 1, 3], (1, 1), 1),
        ("one image at a time", [3, 3, 1], (1, 1), 1),
        ("a batch that has room for all places", [3, 3, 1], (1, 1), 100),
        ("a last batch that is not full", [4, 4, 1], (2, 1), 4),
    ] {
        t.decisive_or_vanishing(|t| {
            Scene::draw(t, &image, true).check(t, about, (size, stride, 0.25), batch);
        });
    }
    another_class_wins(t);
    for (name, (size, stride), batch) in
        [("size", (0, 1), 4), ("stride", (2, 0), 4), ("batch_size", (2, 1), 0)]
    {
        let scene = Scene::draw(t, &[3, 4, 1], false);
        t.call(&format!("{name} 0"), scene.args((size, stride, 0.0), batch)).refuses(&[name]);
    }
    let scene = Scene::draw(t, &[5, 8, 1], false);
    t.call(
        "a stride of 3 with patches of 2, between which pixels are never hidden",
        scene.args((2, 3, 0.0), 4),
    )
    .refuses(&["2", "3"]);
    for (name, low, high) in [("chelsea", 281.0, 287.0), ("coffee", 967.0, 968.0)] {
        picture(t, name, (low, high), 2, (32, 8));
    }
    equals(t);
}

/// All photographs in full resolution, place by place.
pub fn full(t: &mut Suite) {
    for name in PHOTOGRAPHS {
        picture(t, name, (0.0, 999.0), 1, (48, 8));
    }
    // The slide's own: 97 × 97 = 9,409 forward passes.
    picture(t, "chelsea", (281.0, 287.0), 1, (32, 2));
}

/// An image and a network of one or two dense layers.
struct Scene {
    image: Tensor,
    weights: Vec<Tensor>,
}

/// Of a class, by the softmax of all scores.
fn probability(scores: &[f64], class: usize) -> f64 {
    1.0 / scores.iter().map(|score| (score - scores[class]).exp()).sum::<f64>()
}

/// Size, stride, fill.
type Patch = (usize, usize, f64);

impl Scene {
    /// A clear winner, so that roundings don't decide.
    fn draw(t: &mut Suite, image: &[usize], deep: bool) -> Self {
        let (inputs, classes) = (image.iter().product(), t.rng.gen_range(2..=4));
        loop {
            let weights = if deep {
                vec![t.normal(&[inputs, 5], 0.5), t.normal(&[5, classes], 0.7)]
            } else {
                vec![t.normal(&[inputs, classes], 0.7)]
            };
            let scene = Self { image: t.normal(image, 1.0), weights };
            let mut scores = scene.scores(&scene.image);
            scores.sort_by(f64::total_cmp);
            if scores[classes - 1] - scores[classes - 2] > 0.01 {
                return scene;
            }
        }
    }

    fn scores(&self, image: &Tensor) -> Vec<f64> {
        let mut x: Vec<f64> = image.iter().copied().collect();
        for (layer, weight) in self.weights.iter().enumerate() {
            if layer > 0 {
                x.iter_mut().for_each(|x| *x = x.max(0.0));
            }
            let column = |j: usize| x.iter().enumerate().map(|(i, x)| x * weight[[i, j]]).sum();
            x = (0..weight.shape()[1]).map(column).collect();
        }
        x
    }

    fn args(&self, (size, stride, fill): Patch, batch: usize) -> Args {
        let args =
            Args::new().constant("image", self.image.clone()).count("size", size).count("stride", stride);
        let args = args.number("fill", fill).count("batch_size", batch);
        let layers = self.weights.iter().enumerate();
        layers.fold(args, |args, (layer, weight)| args.constant(&format!("weight{layer}"), weight.clone()))
    }

    /// The winning class and the drops.
    fn map(&self, (size, stride, fill): Patch) -> (usize, Tensor) {
        let whole = self.scores(&self.image);
        let class = (0..whole.len()).max_by(|&a, &b| whole[a].total_cmp(&whole[b])).unwrap_or(0);
        // One place more for as long as the patch does not reach the edge.
        let places = |length: usize| (1..).find(|places| (places - 1) * stride + size >= length).unwrap_or(1);
        let shape = vec![places(self.image.shape()[0]), places(self.image.shape()[1])];
        let size = otherwise("the patch were one pixel smaller", size, size - 1);
        let size = otherwise("the patch were one pixel larger", size, size + 1);
        let rows_alone = is_supposed("the patch reached over whole rows");
        let columns_alone = is_supposed("the patch reached over whole columns");
        let outside = is_supposed("all were hidden but what lies under the patch");
        let centred = is_supposed("each place were the patch's centre, not its corner");
        let half = if centred { size / 2 } else { 0 };
        let mean = self.image.mean().unwrap_or_default();
        let fill = otherwise("the image's mean stood in place of `fill`", fill, mean);
        let adds = is_supposed("`fill` were added to the pixels");
        let drops = Tensor::from_shape_fn(shape, |place| {
            let covers = |axis: usize, at: usize| {
                at + half >= place[axis] * stride && at + half < place[axis] * stride + size
            };
            let mut image = self.image.clone();
            for (at, x) in image.indexed_iter_mut() {
                let (down, right) = (covers(0, at[0]) || columns_alone, covers(1, at[1]) || rows_alone);
                if (down && right) != outside {
                    *x = if adds { *x + fill } else { fill };
                }
            }
            let hidden = self.scores(&image);
            let drop = otherwise("it were the score itself", whole[class] - hidden[class], hidden[class]);
            let drop = otherwise("only the size of the change counted", drop, drop.abs());
            let drop = otherwise("the change had the other sign", drop, hidden[class] - whole[class]);
            let drop = otherwise("negative drops were 0", drop, drop.max(0.0));
            let drop = otherwise("drops were squared", drop, drop * drop);
            let [before, after] = [&whole, &hidden].map(|scores| probability(scores, class));
            let drop = otherwise(
                "logarithms of probabilities stood in place of scores",
                drop,
                before.ln() - after.ln(),
            );
            let drop = otherwise(
                "a drop were divided by the patch's number of pixels",
                drop,
                drop / (size * size) as f64,
            );
            otherwise("probabilities stood in place of scores", drop, before - after)
        });
        (class, drops)
    }

    /// What roundings are measured by: the scores' largest terms, summed up along the layers.
    fn size(&self) -> f64 {
        let largest = |x: &Tensor| x.fold(0.0, |most: f64, x| most.max(x.abs()));
        let root = |weight: &Tensor| (weight.shape()[0] as f64).sqrt();
        let layers = self.weights.iter();
        layers.fold(largest(&self.image).max(1.0), |size, weight| size * largest(weight) * root(weight))
    }

    fn check(&self, t: &mut Suite, about: &str, patch: Patch, batch: usize) {
        let (class, drops) = self.map(patch);
        let most_calls = 1 + drops.len().div_ceil(batch);
        let terms: usize = self.weights.iter().map(|weight| weight.shape()[0]).sum();
        t.call(about, self.args(patch, batch))
            .close("class", &Tensor::from_elem(vec![], class as f64), Budget::exact())
            .close("drops", &drops, Budget::sum(terms).scale(self.size()))
            .check("batches", Rule::Within { low: 1.0, high: batch as f64 })
            .statistic("batches", Statistic::Count, 1.0, most_calls as f64);
    }
}

/// Class 1 sees only the first column, class 0 only the last: where a patch hides the first, class 0 wins.
fn another_class_wins(t: &mut Suite) {
    for _ in 0..6 {
        let (h, w) = (t.rng.gen_range(1..=3), t.rng.gen_range(3..=6));
        let image = t.uniform(&[h, w, 1], 1.0, 2.0);
        let weight = Tensor::from_shape_fn(vec![h * w, 3], |at| match (at[0] % w, at[1]) {
            (0, 1) => 3.0,
            (column, 0) if column == w - 1 => 1.0,
            (column, 2) if column > 0 => -1.0,
            _ => 0.0,
        });
        let scene = Scene { image, weights: vec![weight] };
        scene.check(t, "another class wins where the patch hides the winner's pixels", (2, 1, 0.0), 3);
    }
}

/// Two classes with the same weights, above or below all others: the first of them counts.
fn equals(t: &mut Suite) {
    for (first, second) in [(0, 2), (1, 3), (1, 2)] {
        let image = t.uniform(&[2, 3, 1], 0.5, 1.5);
        let column = t.uniform(&[6], -1.0, -0.5);
        let weight = Tensor::from_shape_fn(vec![6, 4], |at| {
            if at[1] == first || at[1] == second { column[[at[0]]] } else { 2.0 * column[[at[0]]] }
        });
        let scene = Scene { image, weights: vec![weight] };
        let (_, drops) = scene.map((1, 1, 0.0));
        let class = Tensor::from_elem(vec![], first as f64);
        t.call("two classes with the same score, below 0: the first of equals", scene.args((1, 1, 0.0), 4))
            .close("class", &class, Budget::exact())
            .close("drops", &drops, Budget::sum(6).scale(scene.size()));
    }
}

/// What EfficientNet needs to see in a photograph; its class is what it takes the whole one for.
fn picture(t: &mut Suite, name: &str, (low, high): (f64, f64), by: usize, (size, stride): (usize, usize)) {
    let (Some(weights), Some(image)) = (weights(t), photograph(t, name, by)) else { return };
    let Some(labels) = t.load(labels()) else { return };
    let places = 1 + (image.shape()[0] - size) / stride;
    let args = Args::new().function("occlusion_map of a photograph").constant("image", image);
    let args = args.count("size", size).count("stride", stride);
    let args = args.number("fill", 0.0).count("batch_size", 16).text("labels", &labels.join("\n"));
    let greatest = Derived::of("drops").statistic(Statistic::Max);
    t.call(&format!("the photograph “{name}” in EfficientNet"), with_weights(args, &weights))
        .check("drops", Rule::Shape { shape: vec![places, places] })
        .statistic("class", Statistic::Mean, low, high)
        .statistic("drops", Statistic::Max, 0.02, 1.0)
        .text(&format!("EfficientNet takes “{name}” for"), "label")
        .number(&format!("“{name}”: largest drop of its probability"), greatest)
        .images(&format!("{name} and what its class depends on"), "picture");
}
