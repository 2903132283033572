//! What EfficientNet likes: channels half-way, and classes. The same for every seed.

use datasets::efficientnet::labels;
use rand::{SeedableRng, rngs::StdRng};

use super::super::efficientnet::{beginning, weights, with_weights};
use crate::{Args, Derived, Plot, Rule, Statistic, Suite};

/// Small and quick.
pub fn bundled(t: &mut Suite) {
    // Two programs share the cases, every second one each: the longest is between the other two.
    channels(t, 3, &Ascent { size: 48, steps: 40, ..CHANNELS }, 9);
    class(t, "flamingo", &Ascent { size: 96, steps: 80, ..CLASS });
    channels(t, 8, &Ascent { size: 64, steps: 40, ..CHANNELS }, 4);
}

/// Larger, longer, more of them.
pub fn full(t: &mut Suite) {
    for depth in [1, 3, 5, 8, 11] {
        channels(t, depth, &Ascent { size: 96, steps: 120, ..CHANNELS }, 16);
    }
    for name in ["flamingo", "strawberry", "daisy", "volcano", "tabby cat"] {
        class(t, name, &Ascent { size: 160, steps: 400, ..CLASS });
    }
}

struct Ascent {
    size: usize,
    steps: usize,
    step_size: f64,
    decay: f64,
    blur_every: usize,
    jitter: usize,
}

const CHANNELS: Ascent = Ascent { size: 0, steps: 0, step_size: 0.1, decay: 0.02, blur_every: 4, jitter: 4 };
const CLASS: Ascent = Ascent { size: 0, steps: 0, step_size: 0.1, decay: 0.03, blur_every: 2, jitter: 8 };

/// A call that starts from faint noise.
fn args(ascent: &Ascent) -> Args {
    let mut noise = Suite::new("noise", 0);
    noise.rng = StdRng::seed_from_u64(1);
    let start = noise.normal(&[1, ascent.size, ascent.size, 3], 0.1);
    let args = Args::new().constant("start", start).count("steps", ascent.steps).count("seed", 1);
    let args = args.number("step_size", ascent.step_size).number("decay", ascent.decay);
    args.count("blur_every", ascent.blur_every).count("jitter", ascent.jitter)
}

fn channels(t: &mut Suite, depth: usize, ascent: &Ascent, n: usize) {
    let Some(weights) = weights(t) else { return };
    let which: Vec<usize> = (0..n).collect();
    let args = args(ascent).function("activation_maximization of channels of EfficientNet");
    let args = args.indexes("channels", &which).count("depth", depth);
    let args = with_weights(args, &beginning(weights, depth));
    let case = t.call(&format!("channels of EfficientNet after {depth} blocks"), args);
    case.check("images", Rule::Shape { shape: vec![n, ascent.size, ascent.size, 3] });
    for channel in which {
        let name = format!("channel{channel}");
        let gain = Derived::of(&name).minus(format!("{name}_of_the_start").as_str());
        case.statistic(gain, Statistic::Mean, 1.0, f64::MAX);
    }
    case.images(&format!("what channels after {depth} blocks like best"), "images");
}

/// From about 0 to more than ten times as much: measured, 20 to 40.
fn class(t: &mut Suite, name: &str, ascent: &Ascent) {
    let (Some(weights), Some(labels)) = (weights(t), t.load(labels())) else { return };
    let Some(class) = labels.iter().position(|label| label == name) else { return };
    let args = args(ascent).function("activation_maximization of a class").count("class", class);
    t.call(&format!("the class “{name}” of EfficientNet"), with_weights(args, &weights))
        .within("after", 5.0, f64::MAX)
        .statistic(Derived::of("after").over("before"), Statistic::Norm, 10.0, f64::MAX)
        .number(&format!("{name}: logit of the noise"), "before")
        .number(&format!("{name}: logit of what was found"), "after")
        .images(&format!("what the class {name} likes best"), "picture")
        .line(&Plot::new("Uphill", "step", "logit"), name, "activations");
}
