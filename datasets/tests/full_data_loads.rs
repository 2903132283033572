//! The full data sets of `CRASH_COURSE_DATA` load and are what they should be. Without that variable each test says that it was
//! skipped.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{env, fs, path::PathBuf};

use datasets::{Examples, bundle, catalog, cifar10, fetch, glove, mnist, movielens, places, text, weights};

/// The folder, when it holds `path`.
fn full(path: &str) -> Option<PathBuf> {
    let folder = env::var_os(places::FULL).map(PathBuf::from);
    let held = folder.filter(|folder| folder.join(path).exists());
    if held.is_none() {
        println!("skipped: {} is not set or holds no {path}", places::FULL);
    }
    held
}

#[test]
fn mnist_has_seventy_thousand_images() {
    let Some(root) = full("mnist") else { return };
    let data = mnist::load(&root.join("mnist")).unwrap();
    assert_eq!((data.train.len(), data.test.len()), (60_000, 10_000));
    // Published with the data set.
    assert_eq!(data.train.counts(), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    // 0.1307 is the mean that everyone subtracts.
    assert!((data.train.means()[0] - 0.1307).abs() < 5e-5, "{:?}", data.train.means());
}

#[test]
fn cifar10_is_balanced() {
    let Some(root) = full("cifar10/cifar10-small") else { return };
    let data = cifar10::load(&root.join("cifar10/cifar10-small")).unwrap();
    assert_eq!((data.train.counts(), data.test.counts()), (vec![2000; 10], vec![400; 10]));
    // The means of all 50,000 images are 0.4914, 0.4822, 0.4465; standard error of 20,000: about 0.001.
    for (found, all) in data.train.means().iter().zip([0.4914, 0.4822, 0.4465]) {
        assert!((found - all).abs() < 0.005, "{found} and {all}");
    }
}

#[test]
fn movielens_has_a_hundred_thousand_ratings() {
    let Some(root) = full("movielens/ratings.csv") else { return };
    let data = movielens::load(&root.join("movielens")).unwrap();
    assert_eq!((data.ratings.len(), data.ratings.n_users, data.ratings.n_items), (100_004, 671, 9066));
    assert_eq!(data.movies[0].title, "Toy Story (1995)");
    assert!((data.ratings.mean() - 3.5436).abs() < 1e-4, "{}", data.ratings.mean());
}

#[test]
fn glove_and_texts_load() {
    let Some(root) = full("embeddings") else { return };
    let vectors = glove::load(&root.join("embeddings/glove.6B.50d.top20000.txt.gz")).unwrap();
    assert_eq!((vectors.words.len(), vectors.values.len()), (20_000, 1_000_000));
    assert_eq!(text::load(&root.join("text/kjv.txt")).unwrap().text.lines().count(), 31_102);
}

#[test]
fn trained_weights_load() {
    let Some(root) = full("efficientnet_lite0/efficientnet_lite0.safetensors") else { return };
    let weights = weights::load(&root.join("efficientnet_lite0/efficientnet_lite0.safetensors")).unwrap();
    let numbers: usize = weights.values().map(|weight| weight.values.len()).sum();
    assert!(weights.values().all(|weight| weight.shape.iter().product::<usize>() == weight.values.len()));
    // 4,652,008 parameters, and the running means and variances
    assert!((4_652_008..4_760_000).contains(&numbers), "{numbers}");
}

#[test]
fn checksums_are_right() {
    let Some(root) = full("MANIFEST.toml") else { return };
    for name in ["mnist", "cifar10", "movielens", "glove"] {
        let place = fetch::here(catalog::entry(name).unwrap(), &root);
        assert!(place.is_some(), "{name} is not complete");
    }
}

#[test]
fn bundling_again_makes_the_same_subsets() {
    let Some(root) = full("MANIFEST.toml") else { return };
    let folder = tempfile::tempdir().unwrap();
    bundle::bundle(&root, folder.path()).unwrap();
    let sums = |folder: PathBuf| fs::read_to_string(folder.join(bundle::SUMS)).unwrap();
    assert_eq!(sums(folder.path().to_owned()), sums(places::bundled()));
}
