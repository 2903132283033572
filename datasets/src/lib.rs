//! Data sets for the course: loaders and seeded generators. Training on them is left to the chapters.
//!
//! Every loader gives plain numbers (`Vec<f32>`, images with channels last) in one small vocabulary: [`Examples`] are counted
//! and selected, a [`Dataset`] has two parts of them. A loader decodes files that are there and checks all it reads; only
//! [`fetch`] touches the network. Generators need no feature, loaders need `loaders`, the command needs `cli`.

pub mod generated;

mod examples;
mod images;
mod ratings;

pub use examples::{Dataset, Examples, Split};
pub use images::Images;
pub use ratings::Ratings;

#[cfg(feature = "loaders")]
mod bytes;
#[cfg(feature = "loaders")]
mod error;
#[cfg(feature = "loaders")]
mod idx;

#[cfg(feature = "loaders")]
pub mod cats_and_dogs;
#[cfg(feature = "loaders")]
pub mod cifar10;
#[cfg(feature = "loaders")]
pub mod diabetes;
#[cfg(feature = "loaders")]
pub mod efficientnet;
#[cfg(feature = "loaders")]
pub mod folder;
#[cfg(feature = "loaders")]
pub mod glove;
#[cfg(feature = "loaders")]
pub mod mnist;
#[cfg(feature = "loaders")]
pub mod movielens;
#[cfg(feature = "loaders")]
pub mod picture;
#[cfg(feature = "loaders")]
pub mod places;
#[cfg(feature = "loaders")]
pub mod text;
#[cfg(feature = "loaders")]
pub mod weights;

#[cfg(feature = "loaders")]
pub use error::Error;

#[cfg(feature = "cli")]
pub mod bundle;
#[cfg(feature = "cli")]
pub mod catalog;
#[cfg(feature = "cli")]
pub mod fetch;
