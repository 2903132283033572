//! LeNet-5, AlexNet and VGG: each a list of layers, and what makes a network of such a list.
//!
//! Weights from files are left to `pretrained`.

use dfdx::prelude::*;
use toolkit::{
    ops::LayerOps,
    tensor::{Images, Matrix},
};

pub use crate::given::architecture::{Architecture, Layer, Network, Parameter, WrongSize};

/// The shape of the maps that the layers on images end with: (height, width, channels). The flatten makes a vector of them.
///
/// Windows take ⌊(length + 2 · padding − size) / stride⌋ + 1 places along an axis, as in `output_shape`. The layers fit.
///
/// ```
/// use convnets::classics::{Architecture, Layer, maps};
/// let features = vec![
///     Layer::Convolution { filters: 6, size: 5, stride: 1, padding: 0 }, // 10 × 6
///     Layer::Relu,
///     Layer::MaxPool { size: 2, stride: 2 },
/// ];
/// assert_eq!(maps(&Architecture { input: (14, 10, 3), features, classifier: vec![] }), (5, 3, 6));
/// ```
pub fn maps(architecture: &Architecture) -> (usize, usize, usize) {
    todo!()
}

/// Names and shapes of everything that a network learns, layer by layer, the weights before the biases.
///
/// ```text
/// convolution   features.<i>.weight     (size, size, in, filters)      features.<i>.bias     (filters)
/// dense layer   classifier.<i>.weight   (in, units)                    classifier.<i>.bias   (units)
/// ```
///
/// `<i>` is the layer's place in its list, counted from 0. Layers without parameters have places too, so the second
/// convolution of a list of convolution, relu, convolution is `features.2`. Those are the names of PyTorch's `Sequential`, and
/// of the files that torchvision offers. The first dense layer's inputs are all numbers of the [`maps`].
///
/// Source: torchvision's `state_dict`.
///
/// ```
/// use convnets::classics::{Architecture, Layer, parameter_shapes};
/// let conv = |filters| Layer::Convolution { filters, size: 3, stride: 1, padding: 1 };
/// let architecture = Architecture {
///     input: (4, 6, 1),
///     features: vec![conv(8), Layer::Relu, conv(2)],
///     classifier: vec![Layer::Dropout, Layer::Dense { units: 10 }],
/// };
/// let shapes = parameter_shapes(&architecture);
/// assert_eq!(shapes[2], ("features.2.weight".to_owned(), vec![3, 3, 8, 2]));
/// assert_eq!(shapes[4], ("classifier.1.weight".to_owned(), vec![4 * 6 * 2, 10]));
/// ```
pub fn parameter_shapes(architecture: &Architecture) -> Vec<(String, Vec<usize>)> {
    todo!()
}

/// What the network says to a batch of images: one number for each image and class, before any softmax.
///
/// The layers on images one after the other, then a flatten in the order (row, column, channel), then the layers on vectors.
/// Dropout lets everything pass: this is the network in use, not in training.
///
/// Shapes: `images` is (n, height, width, channels), the logits are (n, classes). The gradient flows to the images and to all
/// parameters.
///
/// # Errors
/// When height, width and channels of the images are not `architecture.input`.
///
/// Source: slides “LeNet-5”, “AlexNet”, “VGG-16”.
///
/// ```
/// use convnets::classics::{Architecture, Layer, Network, Parameter, logits};
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let architecture = Architecture {
///     input: (2, 2, 1),
///     features: vec![Layer::Relu, Layer::MaxPool { size: 2, stride: 2 }],
///     classifier: vec![Layer::Dense { units: 2 }],
/// };
/// let parameters = [
///     ("classifier.0.weight".to_owned(), Parameter::new(&[1, 2], vec![10.0, -1.0], &dev)),
///     ("classifier.0.bias".to_owned(), Parameter::new(&[2], vec![0.0, 0.5], &dev)),
/// ];
/// let network = Network { architecture, parameters: parameters.into() };
/// let image = dev.tensor_from_vec(vec![-4.0, 1.0, 3.0, 2.0], (1, 2, 2, 1));
/// assert_eq!(logits(&network, image).unwrap().as_vec(), [30.0, -2.5]);
/// let refused = logits(&network, dev.zeros_like(&(1, 2, 3, 1))).unwrap_err();
/// assert_eq!(refused.to_string(), "the network takes images of 2 × 2 × 1, not of 2 × 3 × 1");
/// ```
pub fn logits<D: LayerOps, T: Tape<f32, D>>(
    network: &Network<D>,
    images: Images<D, T>,
) -> Result<Matrix<D, T>, WrongSize> {
    todo!()
}

/// LeNet-5, the network that read cheques: two convolutions, three dense layers, 61,706 parameters.
///
/// ```text
/// features     0  convolution 5 × 5, 6 filters     (32, 32, 1) → (28, 28, 6)
///              1  tanh
///              2  average pooling 2 × 2, stride 2              → (14, 14, 6)
///              3  convolution 5 × 5, 16 filters                → (10, 10, 16)
///              4  tanh
///              5  average pooling 2 × 2, stride 2              → (5, 5, 16)
/// classifier   0  dense 120     1  tanh     2  dense 84     3  tanh     4  dense 10
/// ```
///
/// Strides are 1 and there is no padding where nothing is said. The paper's poolings had weights, too.
///
/// Source: slide “LeNet-5”; LeCun, Bottou, Bengio & Haffner 1998, §II.B.
///
/// ```
/// use convnets::classics::{Network, lenet5, logits};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let dev = Cpu::default();
/// let network = Network::new(lenet5(), &dev, &mut StdRng::seed_from_u64(1));
/// assert_eq!(network.count(), 61_706);
/// assert_eq!(logits(&network, dev.zeros_like(&(3, 32, 32, 1))).unwrap().shape(), &(3, 10));
/// ```
pub fn lenet5() -> Architecture {
    todo!()
}

/// AlexNet as torchvision has it, with 1,000 classes and 61,100,840 parameters, for images of 224 × 224 × 3.
///
/// ```text
/// features      0  convolution 11 × 11, stride 4, padding 2, 64 filters    → (55, 55, 64)
///               2  max-pooling 3 × 3, stride 2                             → (27, 27, 64)
///               3  convolution 5 × 5, padding 2, 192 filters
///               5  max-pooling 3 × 3, stride 2                             → (13, 13, 192)
///               6  convolution 3 × 3, padding 1, 384 filters
///               8  convolution 3 × 3, padding 1, 256 filters
///              10  convolution 3 × 3, padding 1, 256 filters
///              12  max-pooling 3 × 3, stride 2                             → (6, 6, 256)
/// classifier    0  dropout    1  dense 4096    3  dropout    4  dense 4096    6  dense 1000
/// ```
///
/// A relu follows every convolution and every dense layer but the last, and has the place in between (1, 4, 7, …). Strides are 1
/// where nothing is said.
///
/// Source: slide “AlexNet”; Krizhevsky, Sutskever & Hinton 2012; `torchvision.models.alexnet`.
///
/// ```
/// use convnets::classics::{alexnet, maps, parameter_shapes};
/// assert_eq!(maps(&alexnet()), (6, 6, 256));
/// assert_eq!(parameter_shapes(&alexnet())[10], ("classifier.1.weight".to_owned(), vec![6 * 6 * 256, 4096]));
/// ```
pub fn alexnet() -> Architecture {
    todo!()
}

/// VGG-16, with 1,000 classes and 138,357,544 parameters, for images of 224 × 224 × 3.
///
/// ```text
/// features     block 1    2 ×  convolution of  64 filters, relu    max-pooling    → (112, 112, 64)
///              block 2    2 ×  convolution of 128 filters, relu    max-pooling    → (56, 56, 128)
///              block 3    3 ×  convolution of 256 filters, relu    max-pooling    → (28, 28, 256)
///              block 4    3 ×  convolution of 512 filters, relu    max-pooling    → (14, 14, 512)
///              block 5    3 ×  convolution of 512 filters, relu    max-pooling    → (7, 7, 512)
/// classifier   0 dense 4096   1 relu   2 dropout   3 dense 4096   4 relu   5 dropout   6 dense 1000
/// ```
///
/// All convolutions are 3 × 3 with padding 1 and stride 1, all poolings 2 × 2 with stride 2: only poolings make images smaller. The
/// places run on through all blocks: the convolutions have 0, 2, 5, 7, 10, ….
///
/// Source: slide “VGG-16”; Simonyan & Zisserman 2015, configuration D; `torchvision.models.vgg16`.
///
/// ```
/// use convnets::classics::{maps, parameter_shapes, vgg16};
/// assert_eq!(maps(&vgg16()), (7, 7, 512));
/// assert_eq!(parameter_shapes(&vgg16())[4].0, "features.5.weight");
/// ```
pub fn vgg16() -> Architecture {
    todo!()
}

/// VGG-19: [`vgg16`] with a convolution more in each of the last three blocks, 143,667,240 parameters.
///
/// Source: slide “VGG-19”; Simonyan & Zisserman 2015, configuration E; `torchvision.models.vgg19`.
///
/// ```
/// use convnets::classics::{vgg16, vgg19};
/// assert_eq!(vgg19().features.len(), vgg16().features.len() + 6);
/// ```
pub fn vgg19() -> Architecture {
    todo!()
}
