//! Calls into `convnets::cats_vs_dogs`.

use std::cell::RefCell;

use convnets::{
    cats_vs_dogs as student,
    given::{
        pet_classifier::{Classifier, CurveRecipe, EfficientNetLite0, Recipe, Report, Training, prepared},
        small_net::{
            Examples, Network,
            optim::{AdamConfig, Optimizer, Rule},
        },
    },
    occlusion::{Patch, occlusion_map},
    transfer,
};
use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, Plain, serve};

type Images = Plain<(usize, usize, usize, usize)>;
type Matrix = Plain<(usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("cats_vs_dogs/with_mirror_images", |call| {
            let more = student::with_mirror_images(&examples(call, "images")?);
            Ok(Outputs::new().tensor("images", &more.images).indexes("labels", &more.labels))
        }),
        ("cats_vs_dogs/train_head", head),
        ("cats_vs_dogs/frozen_maps", maps),
        ("cats_vs_dogs/learning_curve", curve),
        ("cats_vs_dogs", |call| Comparison::of(call)?.looked_into()),
        ("cats_vs_dogs/cats_vs_dogs with a picture", |call| Comparison::of(call)?.painted()),
    ])
}

fn head(call: &Inputs) -> Result<Outputs, Fault> {
    let (features, labels): (Matrix, _) = (call.tensor("features")?, call.indexes("labels")?);
    let sizes = (call.count("classes")?, call.count("batch_size")?);
    let rng = &mut call.rng("seed")?;
    let (weight, bias) = student::train_head(&features, &labels, sizes, training(call, "head")?, rng);
    let classes = weight.shape().1;
    let offsets = bias.clone().broadcast_like::<_, Axis<0>>(&(labels.len(), classes));
    let logits = features.matmul(weight.clone()) + offsets;
    Ok(Outputs::new().tensor("logits", &logits).tensor("weight", &weight).tensor("bias", &bias))
}

/// A frozen part of one matrix, which counts how many images it is given at a time.
fn maps(call: &Inputs) -> Result<Outputs, Fault> {
    let weight: Matrix = call.tensor("weight")?;
    let batches = RefCell::new(Vec::new());
    let frozen = |x: Images| {
        let (n, h, w, c) = *x.shape();
        batches.borrow_mut().push(n);
        x.reshape_like(&(n, h * w * c)).matmul(weight.clone()).reshape_like(&(n, 1, weight.shape().1 / 2, 2))
    };
    let maps = student::frozen_maps(frozen, &call.tensor("images")?, call.count("batch_size")?);
    Ok(Outputs::new().tensor("maps", &maps).indexes("batches", &batches.into_inner()))
}

/// Pretrains a small network on other classes, then lets it be compared.
fn curve(call: &Inputs) -> Result<Outputs, Fault> {
    let (others, rng) = (examples(call, "others")?, &mut call.rng("seed")?);
    let classes = 1 + others.labels.iter().copied().max().unwrap_or(0);
    let mut network = Network::new(&call.indexes("channels")?, classes, &call.dev, rng);
    let (before, batch_size) = (training(call, "pretraining")?, call.count("batch_size")?);
    let mut adam =
        Optimizer::new(Rule::Adam(AdamConfig { lr: before.learning_rate, ..AdamConfig::default() }));
    let plan = transfer::Plan { unfrozen: network.blocks.len(), epochs: before.epochs, batch_size };
    transfer::fine_tune(&mut network, &mut adam, &others, plan, rng)?;
    let recipe = CurveRecipe {
        batch_size,
        training: training(call, "training")?,
        unfrozen: call.count("unfrozen")?,
        tuning: training(call, "tuning")?,
    };
    let numbers = |network: &Network<Dev>| {
        let of_block = |block: &convnets::given::small_net::Block<Dev>| {
            [block.kernel.as_vec(), block.norm.gamma.as_vec(), block.norm.running_mean.as_vec()].concat()
        };
        let blocks: Vec<f32> = network.blocks.iter().flat_map(of_block).collect();
        [blocks, network.head.0.as_vec()].concat()
    };
    let (was, sizes) = (numbers(&network), call.indexes("sizes")?);
    let (train, validation) = (examples(call, "train")?, examples(call, "validation")?);
    let curves = student::learning_curve(&network, &train, &validation, (&sizes, recipe), rng);
    Ok(Outputs::new()
        .numbers("scratch", &curves.scratch)
        .numbers("transferred", &curves.transferred)
        .numbers("pretrained_before", &was)
        .numbers("pretrained_after", &numbers(&network)))
}

/// The student's comparison, and what it was made of.
struct Comparison {
    network: EfficientNetLite0<Dev>,
    recipe: Recipe,
    validation: Examples<Dev>,
    report: Report<Dev>,
}

impl Comparison {
    fn of(call: &Inputs) -> Result<Self, Fault> {
        let network = EfficientNetLite0::new(&call.dev, &call.arrays("weights/"))?;
        let recipe = recipe(call)?;
        let (train, validation) = (examples(call, "train")?, examples(call, "validation")?);
        let report = student::cats_vs_dogs(&train, &validation, &network, recipe, &mut call.rng("seed")?);
        Ok(Self { network, recipe, validation, report })
    }

    fn outputs(&self) -> Outputs {
        Outputs::new()
            .number("scratch", self.report.scratch)
            .number("frozen", self.report.frozen)
            .number("tuned", self.report.tuned)
            .tensor("head", &self.report.classifier.head.0)
    }

    /// What the network's frozen blocks make of images.
    fn maps(&self, images: &Images) -> Images {
        self.network.feature_map(prepared(images, self.recipe.side), self.recipe.depth)
    }

    /// With the maps of the validation images, and their features before and after the last blocks were tuned.
    fn looked_into(&self) -> Result<Outputs, Fault> {
        let maps = self.maps(&self.validation.images);
        Ok(self
            .outputs()
            .tensor("maps", &self.report.validation_maps)
            .tensor("maps_of_the_network", &maps)
            .tensor("features_before_tuning", &self.network.tail(self.recipe.depth).features(maps.clone()))
            .tensor("features", &self.report.classifier.tail.features(maps)))
    }

    fn painted(&self) -> Result<Outputs, Fault> {
        let classifier = &self.report.classifier;
        let logits = |images: Images| classifier.logits(self.maps(&images));
        pictures(&self.validation, logits, classifier, &self.report.validation_maps, self.outputs())
    }
}

fn recipe(call: &Inputs) -> Result<Recipe, Fault> {
    let channels = call.indexes("channels")?;
    let &[a, b, c] = &channels[..] else { return Err(Fault::Unsupported("three blocks".to_owned())) };
    Ok(Recipe {
        side: call.count("side")?,
        depth: call.count("depth")?,
        batch_size: call.count("batch_size")?,
        channels: [a, b, c],
        scratch: training(call, "scratch")?,
        head: training(call, "head")?,
        tuning: training(call, "tuning")?,
    })
}

/// Of the first image of each class that is told right: the image, what its class depends on, and the image lit by that.
fn pictures(
    validation: &Examples<Dev>,
    logits: impl Fn(Images) -> Matrix,
    classifier: &Classifier<Dev>,
    maps: &Images,
    outputs: Outputs,
) -> Result<Outputs, Fault> {
    let (_, h, w, c) = *validation.images.shape();
    let found = classifier.logits(maps.clone());
    let outputs = outputs.tensor("logits", &found);
    let found = found.as_vec();
    let right = |class: usize| {
        let rows = found.chunks(2).zip(&validation.labels);
        rows.enumerate()
            .find_map(|(i, (z, l))| (*l == class && z[class] > z[1 - class]).then_some(i))
            .unwrap_or(0)
    };
    let (patch, mut all) = (Patch { size: h / 4, stride: h / 8, fill: 0.5 }, Vec::new());
    for class in 0..2 {
        let image = validation.pick(&[right(class)]).images.reshape_like(&(h, w, c));
        let probabilities = |images: Images| logits(images).softmax::<Axis<1>>();
        let map = occlusion_map(probabilities, &image, patch, 16)?;
        let ((_, columns), drops) = (*map.drops.shape(), map.drops.as_vec());
        let most = drops.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        // each pixel takes the drop of the patch whose middle lies nearest
        let place = |at: usize| {
            (at.saturating_sub(patch.size / 2 - patch.stride / 2) / patch.stride).min(columns - 1)
        };
        let heat = |i: usize| (drops[place(i / w) * columns + place(i % w)] / most).max(0.0);
        let pixels = image.as_vec();
        all.extend(&pixels);
        all.extend((0..h * w).flat_map(|i| [heat(i); 3]));
        all.extend(pixels.iter().enumerate().map(|(i, x)| x * (0.15 + 0.85 * heat(i / 3))));
    }
    Ok(outputs.tensor("picture", &validation.images.device().tensor_from_vec(all, (6, h, w, c))))
}

fn training(call: &Inputs, name: &str) -> Result<Training, Fault> {
    let learning_rate = f64::from(call.number(&format!("{name}_rate"))?);
    Ok(Training { epochs: call.count(&format!("{name}_epochs"))?, learning_rate })
}

fn examples(call: &Inputs, name: &str) -> Result<Examples<Dev>, Fault> {
    Ok(Examples { images: call.tensor(name)?, labels: call.indexes(&format!("{name}_labels"))? })
}
