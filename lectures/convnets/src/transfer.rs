//! Transfer learning: keep what a network has learnt, and teach it something else.

use dfdx::prelude::*;
use rand::rngs::StdRng;
use toolkit::{
    ops::LayerOps,
    optim::{Optimizer, Parameters, Visitor},
    tensor::{Images, Matrix},
};

use crate::given::small_net::{Examples, Network, TooFewBlocks};

/// Makes a trained network ready for another task: all of its blocks are frozen, and a new head stands in place of the old
/// one, whose classes nobody asks for any more.
///
/// The new head has `classes` classes: weights (channels, classes) from [`toolkit::init::xavier_uniform`], and a bias of 0.
/// Both are new tensors, of which no optimiser remembers anything. Blocks stay as they are, running statistics included.
/// All randomness comes from `rng`.
///
/// Source: slide “Transfer learning”; Yosinski et al. 2014; notebook “Cats vs dogs”.
///
/// ```
/// use convnets::{given::small_net::Network, transfer::freeze_and_replace_head};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let mut network = Network::new(&[3, 4, 6], 10, &dev, &mut rng); // two blocks, ten classes
/// freeze_and_replace_head(&mut network, 2, &mut rng);
/// assert_eq!((network.frozen, network.blocks.len()), (2, 2));
/// assert_eq!(network.head.0.shape(), &(6, 2));
/// ```
pub fn freeze_and_replace_head<D: LayerOps>(network: &mut Network<D>, classes: usize, rng: &mut StdRng) {
    todo!()
}

/// Logits (n, classes) of a batch in training, with the tape of what is trained.
///
/// ```text
/// images → frozen blocks, as in evaluation, without a tape → the other blocks, as in training, with a tape → head
/// ```
///
/// The tape begins behind the frozen blocks. Nothing is written down about them, so that nothing is computed for them on
/// the way back: after `backward` the gradients of their tensors are not 0, they do not exist. Their batch normalizations
/// use the running statistics and leave them alone. [`Block`](crate::given::small_net::Block) and
/// [`Network`](crate::given::small_net::Network) have what you need.
///
/// Source: slide “Transfer learning”.
///
/// ```
/// use convnets::{given::small_net::Network, transfer::training_logits};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let dev = Cpu::default();
/// let mut network = Network::new(&[1, 2, 2], 3, &dev, &mut StdRng::seed_from_u64(1));
/// network.frozen = 1;
/// let logits = training_logits(&mut network, dev.ones_like(&(4, 6, 5, 1)));
/// assert_eq!(logits.shape(), &(4, 3));
/// assert_eq!(network.blocks[0].norm.running_variance.as_vec(), [1.0, 1.0]); // as it was
/// assert_ne!(network.blocks[1].norm.running_variance.as_vec(), [1.0, 1.0]);
/// let gradients = logits.square().sum().backward();
/// gradients.get(&network.blocks[1].kernel); // of block 0 there is none: `get` would panic
/// ```
pub fn training_logits<D: LayerOps>(
    network: &mut Network<D>,
    images: Images<D>,
) -> Matrix<D, OwnedTape<f32, D>> {
    todo!()
}

/// Shows an optimiser what it may change: of each block that is not frozen the kernel, then γ and β; at last the head's
/// weights and bias.
///
/// A frozen tensor must not be shown, even though its gradient is missing: to an optimiser a missing gradient is 0, and a
/// step with a gradient of 0 still goes where momentum carries it, and shrinks what has weight decay.
///
/// # Errors
/// The visitor's.
///
/// ```
/// use convnets::{given::small_net::Network, transfer::{freeze_and_replace_head, visit_trained}};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use toolkit::optim::Visitor;
/// struct Count(usize);
/// impl<D: Device<f32>> Visitor<D> for Count {
///     fn tensor<S: Shape>(&mut self, parameter: &mut Tensor<S, f32, D>) -> Result<(), D::Err> {
///         self.0 += parameter.shape().num_elements();
///         Ok(())
///     }
/// }
/// let (mut all, mut rest, mut rng) = (Count(0), Count(0), StdRng::seed_from_u64(1));
/// let mut network = Network::new(&[3, 4, 6], 10, &Cpu::default(), &mut rng);
/// visit_trained(&mut network, &mut all).unwrap();
/// assert_eq!(all.0, (27 * 4 + 8) + (36 * 6 + 12) + 70);
/// freeze_and_replace_head(&mut network, 2, &mut rng);
/// visit_trained(&mut network, &mut rest).unwrap();
/// assert_eq!(rest.0, 14);
/// ```
pub fn visit_trained<D: Device<f32>, V: Visitor<D>>(
    network: &mut Network<D>,
    visitor: &mut V,
) -> Result<(), D::Err> {
    todo!()
}

/// What `toolkit`'s optimisers ask for.
impl<D: Device<f32>> Parameters<D> for Network<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        visit_trained(self, visitor)
    }
}

/// How long, in what portions and how deep to train.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many blocks are trained, from the last one backwards.
    pub unfrozen: usize,
    /// Passes through the images.
    pub epochs: usize,
    /// Images a step, at least 1; the last batch of an epoch may be smaller.
    pub batch_size: usize,
}

/// Unfreezes the last blocks of a network, and trains them and the head.
///
/// 1. The last `plan.unfrozen` blocks are trained from now on, and no others, whatever was frozen before. With 0 the head
///    learns alone, which is how transfer learning begins: as long as the head is random, so are the gradients that it
///    sends back, and they would spoil the blocks.
/// 2. In every epoch shuffle the images anew and cut them into batches. On each make one step of `optimizer` with the mean
///    cross entropy of [`training_logits`]. The optimiser is used as it comes: what it remembers of the head's earlier
///    steps is still true.
/// 3. The epoch's loss is the mean over all images of the loss that each had when its batch came up, before the step.
///
/// Returns the loss of each epoch. There is at least one image. All randomness comes from `rng`.
///
/// # Errors
/// When there are fewer than `plan.unfrozen` blocks. Then nothing has changed.
///
/// Source: slide “Transfer learning”, fine-tuning; Yosinski et al. 2014; notebook “Cats vs dogs”.
///
/// ```
/// use convnets::{given::small_net::{Examples, Network}, transfer::{Plan, fine_tune, freeze_and_replace_head}};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use toolkit::optim::{AdamConfig, Optimizer, Rule};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let images = dev.tensor_from_vec(vec![1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0], (3, 2, 2, 1));
/// let examples = Examples { images, labels: vec![0, 1, 2] };
/// let mut network = Network::new(&[1, 8, 8], 7, &dev, &mut rng);
/// freeze_and_replace_head(&mut network, 3, &mut rng);
/// let mut adam = Optimizer::new(Rule::Adam(AdamConfig { lr: 0.05, ..AdamConfig::default() }));
/// let plan = Plan { unfrozen: 1, epochs: 40, batch_size: 3 };
/// let losses = fine_tune(&mut network, &mut adam, &examples, plan, &mut rng).unwrap();
/// assert!((losses.len(), network.frozen) == (40, 1) && losses[39] < 0.1 * losses[0], "{losses:?}");
/// ```
pub fn fine_tune<D: LayerOps>(
    network: &mut Network<D>,
    optimizer: &mut Optimizer<D>,
    train: &Examples<D>,
    plan: Plan,
    rng: &mut StdRng,
) -> Result<Vec<f32>, TooFewBlocks> {
    todo!()
}
