//! Trained weights in the safetensors format: named arrays of numbers.

use std::{collections::BTreeMap, path::Path};

use half::{
    bf16, f16,
    slice::{HalfBitsSliceExt, HalfFloatSliceExt},
};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::{Error, bytes};

/// One array.
#[derive(Clone, Debug, PartialEq)]
pub struct Weight {
    /// Length of each axis; empty for a single number.
    pub shape: Vec<usize>,
    /// The numbers, the last axis fastest.
    pub values: Vec<f32>,
}

/// All arrays of a file by their names. Numbers of 16 bits (`f16`, `bf16`) become `f32`, which changes no value; `f64` is
/// rounded. Other types are refused.
pub fn load(file: &Path) -> Result<BTreeMap<String, Weight>, Error> {
    let content = bytes::read(file)?;
    let tensors = SafeTensors::deserialize(&content)
        .map_err(|error| Error::malformed(file, format!("not in the safetensors format ({error})")))?;
    let named = tensors.iter().map(|(name, view)| {
        let values = values(&view).ok_or_else(|| {
            let reason =
                format!("numbers of type {:?}, but F16, BF16, F32 and F64 can be read", view.dtype());
            Error::record(file, format!("array `{name}`"), reason)
        })?;
        Ok((name.to_owned(), Weight { shape: view.shape().to_vec(), values }))
    });
    named.collect()
}

/// Writes arrays in half precision, which keeps three digits.
#[cfg(feature = "cli")]
pub(crate) fn save_half(arrays: &BTreeMap<String, Weight>, file: &Path) -> Result<(), Error> {
    let halves: Vec<(&String, &Weight, Vec<u8>)> = arrays
        .iter()
        .map(|(name, weight)| {
            let halves = weight.values.iter().flat_map(|&value| f16::from_f32(value).to_le_bytes());
            (name, weight, halves.collect())
        })
        .collect();
    let views = halves.iter().map(|(name, weight, halves)| {
        Ok((name.as_str(), TensorView::new(Dtype::F16, weight.shape.clone(), halves)?))
    });
    let content = views
        .collect::<Result<Vec<_>, safetensors::SafeTensorError>>()
        .and_then(|views| safetensors::serialize(views, None))
        .map_err(|error| Error::malformed(file, format!("can't be written ({error})")))?;
    std::fs::write(file, content).map_err(Error::writing(file))
}

fn values(view: &TensorView<'_>) -> Option<Vec<f32>> {
    let data = view.data();
    let bits = || data.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect::<Vec<_>>();
    Some(match view.dtype() {
        Dtype::F16 => bits().reinterpret_cast::<f16>().to_f32_vec(),
        Dtype::BF16 => bits().reinterpret_cast::<bf16>().to_f32_vec(),
        Dtype::F32 => data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
        Dtype::F64 => {
            let number = |b: &[u8]| f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]);
            data.chunks_exact(8).map(|b| number(b) as f32).collect()
        }
        _ => return None,
    })
}
