//! The image that a unit likes best.

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng};
use toolkit::{
    tape::gradient_of,
    tensor::{Images, Sequences},
};

/// A network to look into, trained on a million photographs.
pub use toolkit::efficientnet::EfficientNetLite0;

/// What is to be excited in feature maps (n, h, w, c).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A whole channel. A class is one too: logits (n, classes) are maps of a single pixel, (n, 1, 1, classes).
    Channel(usize),
    /// One unit: a channel at one place.
    Unit {
        /// Counted from the top.
        row: usize,
        /// Counted from the left.
        column: usize,
        /// Counted from 0.
        channel: usize,
    },
}

/// How to climb.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ascent {
    /// Number of steps.
    pub steps: usize,
    /// η: how much a pixel changes in a step, on average.
    pub step_size: f32,
    /// λ: the share of every pixel that is taken away in a step, which keeps the image small (L2).
    pub decay: f32,
    /// The image is blurred after every so many steps; 0 for never.
    pub blur_every: usize,
    /// The image is moved by up to so many pixels before a step, and back after it; 0 for not at all.
    pub jitter: usize,
}

/// Where the ascent came to.
#[derive(Clone, Debug)]
pub struct Maximized<D: Device<f32>> {
    /// The image after the last step.
    pub image: Images<D>,
    /// The target's activation that each step started from: that of the moved image.
    pub activations: Vec<f32>,
}

/// The mean activation of `target` in feature maps (n, h, w, c), over the images and, for a channel, over its places.
///
/// The gradient flows to `maps`. The target is inside the maps.
///
/// Source: slide “Activation maximization”.
///
/// ```
/// use convnets::maximization::{Target, activation};
/// use dfdx::prelude::*;
/// let maps = Cpu::default().tensor_from_vec((0..8).map(|i| i as f32).collect(), (1, 2, 2, 2));
/// assert_eq!(activation(maps.clone(), Target::Channel(1)).array(), 4.0); // of 1, 3, 5, 7
/// assert_eq!(activation(maps, Target::Unit { row: 1, column: 0, channel: 1 }).array(), 5.0);
/// ```
pub fn activation<D: Device<f32>, T: Tape<f32, D>>(
    maps: Images<D, T>,
    target: Target,
) -> Tensor<Rank0, f32, D, T> {
    let (n, h, w, c) = *maps.shape();
    // As a matrix in which the target is one column: of all pixels, or of all images.
    let (size, index) = match target {
        Target::Channel(channel) => ((n * h * w, c), channel),
        Target::Unit { row, column, channel } => ((n, h * w * c), (row * w + column) * c + channel),
    };
    let column = maps.device().tensor_from_vec(vec![index; size.0], (size.0,));
    maps.reshape_like(&size).select::<(usize,), _>(column).mean()
}

/// The images (n, h, w, c), a little out of focus: the weights 1/4, 1/2, 1/4 along the columns, then along the rows.
///
/// ```text
/// y[i] = x[i − 1] / 4 + x[i] / 2 + x[i + 1] / 4         beyond the edge, the pixel at the edge counts once more
/// ```
///
/// Source: slide “Activation maximization”; Yosinski et al. 2015, §3, blurs with a Gaussian, of which this is the smallest.
///
/// ```
/// use convnets::maximization::blur;
/// use dfdx::prelude::*;
/// let dot = Cpu::default().tensor_from_vec(vec![0.0, 16.0, 0.0, 0.0], (1, 1, 4, 1));
/// assert_eq!(blur(&dot).as_vec(), [4.0, 8.0, 4.0, 0.0]);
/// ```
pub fn blur<D: Device<f32>>(images: &Images<D>) -> Images<D> {
    let shape = *images.shape();
    let (n, h, w, c) = shape;
    let x = soften(images.clone().reshape_like(&(n, h, w * c)));
    soften(x.reshape_like(&(n * h, w, c))).reshape_like(&shape)
}

/// Changes an image step by step so that it excites `target` more and more: gradient *ascent*, on the *input*.
///
/// Each of the `ascent.steps` steps, starting from x = `start`:
///
/// ```text
/// 1  jitter   move x cyclically by a rows and b columns, each drawn from −jitter, …, jitter
/// 2  ascend   g = ∂ activation(network(x), target) / ∂x          x ← x + η · g / (√mean(g²) + 10⁻⁸)
/// 3  decay    x ← (1 − λ) · x
/// 4  back     move x by −a rows and −b columns
/// 5  blur     x ← blur(x), after every `blur_every`th step
/// ```
///
/// The root mean square of g makes all steps equally long, whether the gradient is large or tiny; where it is 0 the step
/// changes nothing. Without decay, blur and jitter the image becomes noise that fools the network; each of them asks for
/// something that is excited by natural images too: small numbers, smooth colours, and shapes that don't depend on a pixel.
///
/// `network` takes images (n, height, width, channels) and gives maps (n, h, w, c). It is only asked, never changed: its
/// weights are not what we climb with. `start` is a batch, mostly of one image of noise; all randomness of the jitter comes
/// from `rng`, and with jitter 0 nothing depends on it. With 0 steps the image is `start`.
///
/// Source: slide “Activation maximization”; Erhan et al. 2009; Yosinski et al. 2015; jitter: Mordvintsev et al. 2015.
///
/// ```
/// use convnets::maximization::{Ascent, Target, activation_maximization};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let start = Cpu::default().zeros_like(&(1, 1, 2, 1));
/// let ascent = Ascent { steps: 2, step_size: 1.0, decay: 0.0, blur_every: 0, jitter: 0 };
/// // a network whose only channel is −3x: it is excited by dark images
/// let found = activation_maximization(|x| x * -3.0, Target::Channel(0), &start, &ascent, &mut StdRng::seed_from_u64(1));
/// assert_eq!(found.activations, [0.0, 3.0]);
/// assert!(found.image.as_vec().iter().all(|x| (x + 2.0).abs() < 1e-6));
/// ```
pub fn activation_maximization<D: Device<f32>>(
    network: impl Fn(Images<D, OwnedTape<f32, D>>) -> Images<D, OwnedTape<f32, D>>,
    target: Target,
    start: &Images<D>,
    ascent: &Ascent,
    rng: &mut StdRng,
) -> Maximized<D> {
    let (mut image, mut activations) = (start.clone(), Vec::new());
    let reach = ascent.jitter as isize;
    for step in 1..=ascent.steps {
        let (rows, columns) = (rng.gen_range(-reach..=reach), rng.gen_range(-reach..=reach));
        let moved = roll(image, rows, columns);
        let excited = activation(network(moved.leaky_trace()), target);
        activations.push(excited.as_vec()[0]);
        // It fails only when the device has no memory left.
        let uphill = gradient_of(&mut excited.backward(), &moved).expect("out of memory");
        let length = uphill.clone().square().mean::<Rank0, _>().as_vec()[0].sqrt() + 1e-8;
        let climbed = (moved + uphill * (ascent.step_size / length)) * (1.0 - ascent.decay);
        image = roll(climbed, -rows, -columns);
        if ascent.blur_every > 0 && step % ascent.blur_every == 0 {
            image = blur(&image);
        }
    }
    Maximized { image, activations }
}

/// Blurs along the middle axis.
fn soften<D: Device<f32>>(x: Sequences<D>) -> Sequences<D> {
    let last = x.shape().1 - 1;
    let before = pick(x.clone(), |i| i.saturating_sub(1));
    let after = pick(x.clone(), |i| (i + 1).min(last));
    x * 0.5 + (before + after) * 0.25
}

/// Moves images down and to the right; what leaves at one edge enters at the other.
fn roll<D: Device<f32>>(images: Images<D>, rows: isize, columns: isize) -> Images<D> {
    let shape = *images.shape();
    let (n, h, w, c) = shape;
    let from =
        |i: usize, shift: isize, length: usize| (i as isize - shift).rem_euclid(length as isize) as usize;
    let x = pick(images.reshape_like(&(n, h, w * c)), |row| from(row, rows, h));
    pick(x.reshape_like(&(n * h, w, c)), |column| from(column, columns, w)).reshape_like(&shape)
}

/// Along the middle axis, what stands at `from(i)` goes to i.
fn pick<D: Device<f32>>(x: Sequences<D>, from: impl Fn(usize) -> usize) -> Sequences<D> {
    let (outer, length, _) = *x.shape();
    let indexes = x.device().tensor_from_vec((0..length).map(from).collect(), (length,));
    x.gather(indexes.broadcast_like::<_, Axis<0>>(&(outer, length)))
}
