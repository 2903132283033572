//! Weights that were trained elsewhere: from PyTorch's names and layout to ours.
//!
//! Reading files is left to others; what arrives here are named arrays.

use std::{collections::BTreeMap, error::Error, fmt};

use dfdx::prelude::*;

use crate::classics::{Architecture, Network, Parameter, maps, parameter_shapes};

/// Named arrays as in a file: the shape, and the numbers with the last axis fastest.
pub type Arrays = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

/// An array that is there and has another shape than it must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misshapen {
    /// Its name.
    pub name: String,
    /// The shape that it must have, in PyTorch's layout.
    pub wanted: Vec<usize>,
    /// The shape that it has.
    pub found: Vec<usize>,
}

/// Everything that is wrong with some arrays, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrongArrays {
    /// What the network needs and does not find.
    pub missing: Vec<String>,
    /// What the network has no use for.
    pub extra: Vec<String>,
    /// What has the right name and the wrong shape.
    pub misshapen: Vec<Misshapen>,
}

impl fmt::Display for WrongArrays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing = self.missing.iter().map(|name| format!("`{name}` is missing"));
        let extra = self.extra.iter().map(|name| format!("`{name}` belongs to no layer"));
        let misshapen = self.misshapen.iter().map(|Misshapen { name, wanted, found }| {
            format!("`{name}` has the shape {found:?}, not {wanted:?}")
        });
        let all: Vec<String> = missing.chain(extra).chain(misshapen).collect();
        write!(f, "{}", all.join("; "))
    }
}

impl Error for WrongArrays {}

/// A network with weights that PyTorch trained, under the names of
/// [`parameter_shapes`](crate::classics::parameter_shapes).
///
/// PyTorch lays weights out in another order, and its flatten lists one whole channel after the other:
///
/// ```text
///                       PyTorch                                  here
/// convolution           (filters, in, row, column)               (row, column, in, filters)
/// dense                 (units, in)                              (in, units)
/// first dense layer     (units, channel · h · w + row · w        (row · w · c + column · c + channel, units)
///                               + column)
/// bias                  (filters) or (units)                     the same
/// ```
///
/// Here h, w and c are the size of the [`maps`](crate::classics::maps). Without the third line nothing fails and nothing is right: the shapes are the same,
/// and each of the first dense layer's weights meets a number that it was not trained for.
///
/// Every array has as many numbers as its shape says.
///
/// # Errors
/// When names or shapes are not exactly those that the architecture has in PyTorch's layout. The error lists *all* arrays that
/// are missing, extra or misshapen, so that one look at it tells what kind of file this is.
///
/// Source: slide “Transfer learning”; torchvision's `load_state_dict(strict=True)`.
///
/// ```
/// use convnets::classics::{Architecture, Layer};
/// use convnets::pretrained::{Arrays, load_pretrained};
/// use dfdx::prelude::*;
/// // maps of 1 × 2 pixels and two channels, flattened, and two units
/// let classifier = vec![Layer::Dense { units: 2 }];
/// let architecture = Architecture { input: (1, 2, 2), features: vec![], classifier };
/// let mut arrays = Arrays::new();
/// // a row for each unit: both pixels of the first channel, then both of the second
/// let weight = vec![1.0, 2.0, 3.0, 4.0, 10.0, 20.0, 30.0, 40.0];
/// arrays.insert("classifier.0.weight".to_owned(), (vec![2, 4], weight));
/// let refused = load_pretrained(architecture.clone(), &arrays, &Cpu::default()).unwrap_err();
/// assert_eq!(refused.to_string(), "`classifier.0.bias` is missing");
///
/// arrays.insert("classifier.0.bias".to_owned(), (vec![2], vec![0.5, -0.5]));
/// let network = load_pretrained(architecture, &arrays, &Cpu::default()).unwrap();
/// let weight = network.matrix("classifier.0.weight");
/// assert_eq!(weight.as_vec(), [1.0, 10.0, 3.0, 30.0, 2.0, 20.0, 4.0, 40.0]);
/// ```
pub fn load_pretrained<D: Device<f32>>(
    architecture: Architecture,
    arrays: &Arrays,
    dev: &D,
) -> Result<Network<D>, WrongArrays> {
    let shapes = parameter_shapes(&architecture);
    // Only the first dense layer stands right behind the flatten: of its inputs PyTorch has another order.
    let first = shapes.iter().find(|(_, shape)| shape.len() == 2).map(|(name, _)| name.clone());
    let shapes: BTreeMap<String, Vec<usize>> = shapes.into_iter().collect();
    let extra = arrays.keys().filter(|name| !shapes.contains_key(*name)).cloned().collect();
    let mut wrong = WrongArrays { extra, ..WrongArrays::default() };
    let mut parameters = BTreeMap::new();
    for (name, shape) in shapes {
        let wanted = in_pytorch(&shape);
        match arrays.get(&name) {
            None => wrong.missing.push(name),
            Some((found, _)) if *found != wanted => {
                wrong.misshapen.push(Misshapen { name, wanted, found: found.clone() });
            }
            Some((_, values)) => {
                let seen = if Some(&name) == first.as_ref() {
                    maps(&architecture)
                } else {
                    (1, 1, wanted[wanted.len() - 1])
                };
                parameters
                    .insert(name, Parameter::new(&shape, channels_last(values, &wanted, seen, dev), dev));
            }
        }
    }
    if wrong == WrongArrays::default() { Ok(Network { architecture, parameters }) } else { Err(wrong) }
}

/// The shape that PyTorch has for one of ours.
fn in_pytorch(shape: &[usize]) -> Vec<usize> {
    match *shape {
        [h, w, inputs, outputs] => vec![outputs, inputs, h, w],
        [inputs, outputs] => vec![outputs, inputs],
        _ => shape.to_vec(),
    }
}

/// PyTorch's numbers in our order: (out, in, row, column) as (row, column, in, out). A dense layer is a convolution that sees
/// all of its (rows, columns, in) at once.
fn channels_last<D: Device<f32>>(
    values: &[f32],
    shape: &[usize],
    (rows, columns, inputs): (usize, usize, usize),
    dev: &D,
) -> Vec<f32> {
    let axes = match *shape {
        [outputs, inputs, rows, columns] => (outputs, inputs, rows, columns),
        [outputs, _] => (outputs, inputs, rows, columns),
        _ => return values.to_vec(),
    };
    let weights = dev.tensor_from_vec(values.to_vec(), axes);
    weights.permute::<(usize, usize, usize, usize), Axes4<2, 3, 1, 0>>().as_vec()
}
