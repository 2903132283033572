//! Cases for `resnet18`: the arrays that it asks for, and logits of narrow networks, which cost no time.

use rand::Rng;

use super::{
    formula::Formula,
    oracle::{Block, Maps, Network, Shortcut, Walk},
};
use crate::{Args, Budget, Case, Suite, Tensor, as_it_is, gradient::gradient, suppose::is_supposing};

#[derive(Clone, Copy)]
struct Sizes {
    channels: usize,
    width: usize,
    classes: usize,
}

impl Sizes {
    fn args(self) -> Args {
        let args = Args::new().count("channels", self.channels).count("width", self.width);
        args.count("classes", self.classes)
    }
}

pub fn resnet18(t: &mut Suite) {
    listed(t, "the paper's network: 11,689,512 parameters", Sizes { channels: 3, width: 64, classes: 1000 });
    listed(t, "a network for MNIST", Sizes { channels: 1, width: 16, classes: 10 });
    let narrow = Sizes { channels: 1, width: 2, classes: 3 };
    for (about, image, sizes) in [
        ("a batch of one image", [1, 9, 7], narrow),
        (
            "two images in colour, odd height and even width",
            [2, 7, 6],
            Sizes { channels: 2, classes: 2, ..narrow },
        ),
        ("images of one pixel", [2, 1, 1], narrow),
        ("images much wider than high", [1, 3, 20], narrow),
        ("even height and width, and a wider network", [1, 8, 8], Sizes { width: 3, ..narrow }),
    ] {
        logits(t, about, image, sizes, false);
    }
    logits(t, "training: every batch normalization goes by its batch", [2, 29, 33], narrow, true);
    // Two different pixels at the end of each channel would not be enough to tell a mean from a sum.
    valued(t, "larger images", [1, 65, 50], Sizes { channels: 3, ..narrow });
}

/// Every array with its shape.
fn listed(t: &mut Suite, about: &str, sizes: Sizes) {
    let mut arrays = Vec::new();
    Arrays { sizes, ask: &mut |name, shape| arrays.push((name.to_owned(), shape.to_vec())) }.all();
    arrays.sort_by_key(|(name, shape)| format!("{name} {shape:?}\n"));
    let trained = arrays.iter().filter(|(name, _)| !name.contains("running"));
    let parameters: usize = trained.map(|(_, shape)| shape.iter().product::<usize>()).sum();
    assert!(sizes.width != 64 || parameters == 11_689_512, "torchvision counts otherwise: {parameters}");
    let text: String = arrays.iter().map(|(name, shape)| format!("{name} {shape:?}\n")).collect();
    t.call(about, sizes.args()).check("arrays", crate::Rule::Text { want: text }).close(
        "blocks",
        &Tensor::from_elem(vec![], 8.0),
        Budget::exact(),
    );
}

/// Names and shapes as torchvision has them, kernels turned round.
struct Arrays<'a> {
    sizes: Sizes,
    ask: &'a mut dyn FnMut(&str, &[usize]),
}

impl Arrays<'_> {
    fn all(&mut self) {
        let Sizes { channels, width, classes } = self.sizes;
        self.conv_norm("conv1", "bn1", &[7, 7, channels, width]);
        for (layer, inputs, outputs) in
            [(1, width, width), (2, width, 2 * width), (3, 2 * width, 4 * width), (4, 4 * width, 8 * width)]
        {
            for (block, inputs) in [(0, inputs), (1, outputs)] {
                let name = format!("layer{layer}.{block}");
                self.conv_norm(&format!("{name}.conv1"), &format!("{name}.bn1"), &[3, 3, inputs, outputs]);
                self.conv_norm(&format!("{name}.conv2"), &format!("{name}.bn2"), &[3, 3, outputs, outputs]);
                if inputs != outputs {
                    let (conv, norm) = (format!("{name}.downsample.0"), format!("{name}.downsample.1"));
                    self.conv_norm(&conv, &norm, &[1, 1, inputs, outputs]);
                }
            }
        }
        (self.ask)("fc.weight", &[8 * width, classes]);
        (self.ask)("fc.bias", &[classes]);
    }

    fn conv_norm(&mut self, conv: &str, norm: &str, shape: &[usize]) {
        (self.ask)(&format!("{conv}.weight"), shape);
        for part in ["weight", "bias", "running_mean", "running_var"] {
            (self.ask)(&format!("{norm}.{part}"), &shape[3..]);
        }
    }
}

fn network(sizes: Sizes, formula: Formula) -> Network {
    let Sizes { channels, width, classes } = sizes;
    let mut blocks = Vec::new();
    for (layer, inputs, outputs, stride) in [
        (1, width, width, 1),
        (2, width, 2 * width, 2),
        (3, 2 * width, 4 * width, 2),
        (4, 4 * width, 8 * width, 2),
    ] {
        for (block, inputs, stride) in [(0, inputs, stride), (1, outputs, 1)] {
            let conv = |part: &str, norm: &str, shape, stride| {
                let name = format!("layer{layer}.{block}");
                formula.conv_norm(&format!("{name}.{part}"), &format!("{name}.{norm}"), shape, stride)
            };
            let projection = || conv("downsample.0", "downsample.1", [1, 1, inputs, outputs], stride);
            blocks.push(Block {
                first: conv("conv1", "bn1", [3, 3, inputs, outputs], stride),
                second: conv("conv2", "bn2", [3, 3, outputs, outputs], 1),
                shortcut: if stride == 2 { Shortcut::Projection(projection()) } else { Shortcut::Identity },
            });
        }
    }
    Network {
        stem: formula.conv_norm("conv1", "bn1", [7, 7, channels, width], 2),
        pools: true,
        blocks,
        head: formula.array("fc.weight", &[8 * width, classes]),
        biases: formula.array("fc.bias", &[classes]),
    }
}

/// A network and images for it.
struct Drawn {
    sizes: Sizes,
    seed: usize,
    network: Network,
    x: Tensor,
    walk: Walk,
    logits: Tensor,
}

/// Draws until no relu and no pooling stands at its kink, no channel is constant, and the relu before the pooling matters.
fn draw(t: &mut Suite, image: [usize; 3], sizes: Sizes, training: bool) -> Drawn {
    loop {
        let seed = t.rng.gen_range(0..1 << 31);
        let network = network(sizes, Formula { seed: seed as u32 });
        let x = t.normal(&[image[0], image[1], image[2], sizes.channels], 1.0);
        let (_, walk) = as_it_is(|| answer(&network, &x, training));
        if walk.margin > 2e-4 && walk.variance > 0.02 && walk.silenced > 0 {
            let (logits, walk) = answer(&network, &x, training);
            return Drawn { sizes, seed, network, x, walk, logits };
        }
    }
}

fn answer(network: &Network, x: &Tensor, training: bool) -> (Tensor, Walk) {
    let maps = Maps { shape: [0, 1, 2, 3].map(|axis| x.shape()[axis]), values: x.iter().copied().collect() };
    let mut walk = Walk::new(training);
    let (logits, n) = (walk.logits(&maps, network), maps.shape[0]);
    (Tensor::from_shape_vec(vec![n, network.biases.len()], logits).unwrap_or_default(), walk)
}

impl Drawn {
    fn args(&self, d_y: Tensor) -> Args {
        let args = self.sizes.args().function("resnet18 + resnet_logits");
        let args = args.constant("x", self.x.clone()).constant("d_y", d_y);
        args.count("weights", self.seed).flag("training", self.walk.training)
    }

    /// Some twenty layers one after the other, each of which sums up to 9 · 8 · width products and adds sixteen roundings at
    /// most to each number.
    fn budget(&self) -> Budget {
        Budget { roundings: 16.0 * 20.0, ..Budget::sum(72 * self.sizes.width) }
    }

    fn checked<'t>(&self, t: &'t mut Suite, about: &str, d_y: Tensor) -> &'t mut Case {
        let [mean, _] = &self.walk.statistics[0];
        let mean = Tensor::from_shape_vec(vec![mean.len()], mean.clone()).unwrap_or_default();
        let budget = if self.walk.training { Budget::sum(49).scale(1.0) } else { Budget::exact() };
        t.call(about, self.args(d_y)).close("y", &self.logits, self.budget()).close(
            "running_mean",
            &mean,
            budget,
        )
    }
}

fn valued(t: &mut Suite, about: &str, image: [usize; 3], sizes: Sizes) {
    let seed = t.rng.gen_range(0..1 << 31);
    let network = network(sizes, Formula { seed: seed as u32 });
    let x = t.normal(&[image[0], image[1], image[2], sizes.channels], 1.0);
    let (logits, walk) = answer(&network, &x, false);
    let drawn = Drawn { sizes, seed, network, x, walk, logits };
    let d_y = Tensor::zeros(drawn.logits.raw_dim());
    drawn.checked(t, about, d_y);
}

/// Logits, and gradients of the images, of the first layer's and the last one's parameters, and of a projection's kernel and γ
/// between them. The others are `residual_block`'s business.
fn logits(t: &mut Suite, about: &str, image: [usize; 3], sizes: Sizes, training: bool) {
    let drawn = draw(t, image, sizes, training);
    let d_y = t.normal(drawn.logits.shape(), 1.0);
    let Network { stem, head, biases, .. } = &drawn.network;
    let leaf = |shape: &[usize], values: &[f64]| {
        Tensor::from_shape_vec(shape.to_vec(), values.to_vec()).unwrap_or_default()
    };
    let vector = |values: &[f64]| leaf(&[values.len()], values);
    let Shortcut::Projection(projection) = &drawn.network.blocks[PROJECTING].shortcut else { return };
    let leaves = Args::new()
        .tensor("x", drawn.x.clone())
        .tensor("conv1", leaf(&stem.shape, &stem.kernel))
        .tensor("fc", leaf(&[head.len() / biases.len(), biases.len()], head))
        .tensor("gamma", vector(&stem.gamma))
        .tensor("beta", vector(&stem.beta))
        .tensor("projection", leaf(&projection.shape, &projection.kernel))
        .tensor("projection_gamma", vector(&projection.gamma))
        .tensor("fc_bias", vector(biases));
    let oracle = |leaves: &Args| {
        let values = |name: &str| leaves.get(name).iter().copied().collect::<Vec<f64>>();
        let mut network = drawn.network.clone();
        network.stem.kernel = values("conv1");
        (network.stem.gamma, network.stem.beta) = (values("gamma"), values("beta"));
        (network.head, network.biases) = (values("fc"), values("fc_bias"));
        if let Shortcut::Projection(projection) = &mut network.blocks[PROJECTING].shortcut {
            (projection.kernel, projection.gamma) = (values("projection"), values("projection_gamma"));
        }
        answer(&network, leaves.get("x"), training).0
    };
    let budget = drawn.budget();
    // Difference quotients for all pixels of a batch that is large enough for training would take too long.
    let names = ["x", "conv1", "fc", "gamma", "beta", "projection", "projection_gamma", "fc_bias"];
    let asked: Vec<usize> = (0..names.len()).filter(|&i| !training || names[i] != "x").collect();
    let mut known = leaves.clone();
    let gradient = |&i: &usize| match is_supposing() {
        true => known.at(i).1.mapv(|_| f64::NAN),
        false => gradient(&oracle, &leaves, i, &d_y).values,
    };
    let gradients: Vec<Tensor> = asked.iter().map(gradient).collect();
    let case = drawn.checked(t, about, d_y);
    for (&i, gradient) in asked.iter().zip(&gradients) {
        case.close(&format!("d_{}", names[i]), gradient, budget);
    }
}

/// The first block of the second stage, whose shortcut is a projection.
const PROJECTING: usize = 2;
