//! The bundled subsets load without a network and are what the README says. The numbers were computed once from the full data
//! sets with an independent program.

#![cfg(feature = "loaders")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use datasets::{Examples, Images, cats_and_dogs, diabetes, glove, mnist, text};

#[track_caller]
fn near(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    // The numbers below have six digits.
    let close = found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 1e-6 * b.abs().max(1.0));
    assert!(close, "{found:?} instead of {expected:?}");
}

fn in_range(images: &Images) -> bool {
    images.pixels.len() == images.len() * images.size()
        && images.pixels.iter().all(|value| (0.0..=1.0).contains(value))
}

#[test]
fn mnist_is_balanced_and_has_its_mean() {
    let data = mnist::bundled().unwrap();
    assert_eq!((data.train.len(), data.test.len()), (20_000, 1000));
    assert_eq!((data.train.counts(), data.test.counts()), (vec![2000; 10], vec![100; 10]));
    assert_eq!((data.train.height, data.train.width, data.train.channels), (28, 28, 1));
    assert!(in_range(&data.train) && in_range(&data.test));
    near(&data.train.means(), &[0.132_464]);
    near(&data.test.means(), &[0.124_495]);
    // MNIST begins like this.
    assert_eq!(data.train.labels[..10], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    assert_eq!(data.test.labels[..10], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
}

#[test]
fn cats_and_dogs_are_balanced_and_disjoint() {
    let data = cats_and_dogs::bundled().unwrap();
    assert_eq!((data.train.counts(), data.test.counts()), (vec![1000; 2], vec![500; 2]));
    assert_eq!(data.train.classes, ["cat", "dog"]);
    assert!(in_range(&data.train) && in_range(&data.test));
    near(&data.train.means(), &[0.498_212, 0.459_372, 0.415_277]);
    near(&data.test.means(), &[0.507_792, 0.470_799, 0.429_051]);
    let bits = |images: &Images, i: usize| -> Vec<u32> {
        images.image(i).iter().map(|value| value.to_bits()).collect()
    };
    let learnt: std::collections::HashSet<Vec<u32>> = (0..2000).map(|i| bits(&data.train, i)).collect();
    assert!((0..1000).all(|i| !learnt.contains(&bits(&data.test, i))), "an image is in both parts");
}

#[test]
fn the_bible_begins_at_the_beginning() {
    let corpus = text::bundled().unwrap();
    assert!(
        corpus.text.starts_with("In the beginning God created the heaven and the earth.\nAnd the earth was")
    );
    assert!((500_000..501_000).contains(&corpus.text.len()) && corpus.text.ends_with('\n'));
    assert_eq!(corpus.text.lines().count(), 3657);
    let characters = corpus.characters();
    assert_eq!(characters.len(), 62, "{characters:?}");
    assert_eq!(corpus.encode(&characters).len(), corpus.text.chars().count());
}

#[test]
fn the_second_text_is_found_by_its_name() {
    let corpus = text::called("shakespeare").unwrap();
    assert!(corpus.text.starts_with("ALL'S WELL THAT ENDS WELL\n\nby William Shakespeare\n"));
    assert!((500_000..501_000).contains(&corpus.text.len()) && corpus.text.ends_with('\n'));
    assert_eq!(text::called("kjv").unwrap(), text::bundled().unwrap());
    let refused = text::called("obama").unwrap_err().to_string();
    assert!(["obama", "`kjv` and `shakespeare`"].iter().all(|word| refused.contains(word)), "{refused}");
}

#[test]
fn glove_knows_its_words() {
    let vectors = glove::bundled().unwrap();
    assert_eq!((vectors.words.len(), vectors.dimension), (4000, 50));
    assert_eq!(vectors.words[..4], ["the", ",", ".", "of"]);
    assert_eq!(vectors.vector("the").unwrap()[..2], [0.418, 0.24968]);
    let of = |word: &str| vectors.vector(word).unwrap().to_vec();
    let sought: Vec<f32> =
        of("king").iter().zip(of("man")).zip(of("woman")).map(|((k, m), w)| k - m + w).collect();
    assert_eq!(vectors.nearest(&sought, 1, &["king", "man", "woman"])[0].0, "queen");
}

#[test]
fn the_diabetes_table_is_complete() {
    let table = diabetes::bundled().unwrap();
    assert_eq!((table.len(), table.columns.len(), table.values.len()), (442, 10, 4420));
    assert_eq!(table.row(0), [59.0, 2.0, 32.1, 101.0, 157.0, 93.2, 38.0, 4.0, 4.8598, 87.0]);
    let mean = |values: &mut dyn Iterator<Item = f32>| values.map(f64::from).sum::<f64>() / 442.0;
    near(&[mean(&mut table.targets.iter().copied())], &[152.133_484]);
    near(&[mean(&mut (0..442).map(|i| table.row(i)[2]))], &[26.375_792]);
}
