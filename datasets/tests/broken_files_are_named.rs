//! Every error names the file, the record in it and the reason, and says what to do.

#![cfg(feature = "loaders")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{fmt::Debug, fs, path::Path};

use datasets::{
    Error, cats_and_dogs, diabetes, folder, glove, mnist, movielens, picture, places, text, weights,
};
use tempfile::{TempDir, tempdir};

#[track_caller]
fn refused<T: Debug>(result: Result<T, Error>, said: &[&str]) {
    let message = result.unwrap_err().to_string();
    for part in said.iter().chain(&["restore", "datasets -- verify"]) {
        assert!(message.contains(part), "no `{part}` in: {message}");
    }
}

/// A copy of a bundled folder.
fn copy(name: &str) -> TempDir {
    let to = tempdir().unwrap();
    for entry in fs::read_dir(places::bundled().join(name)).unwrap() {
        let from = entry.unwrap().path();
        fs::copy(&from, to.path().join(from.file_name().unwrap())).unwrap();
    }
    to
}

/// Changes the bytes of a file.
fn change(folder: &Path, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let mut content = fs::read(folder.join(name)).unwrap();
    change(&mut content);
    fs::write(folder.join(name), content).unwrap();
}

#[test]
fn a_truncated_gz() {
    let to = copy("mnist");
    change(to.path(), "train-images-idx3-ubyte.gz", |content| content.truncate(content.len() / 2));
    refused(mnist::load(to.path()), &["train-images-idx3-ubyte.gz", "truncated gzip"]);
    change(to.path(), "train-images-idx3-ubyte.gz", |content| content.clear());
    refused(mnist::load(to.path()), &["train-images-idx3-ubyte.gz", "gzip"]);
}

#[test]
fn a_damaged_gz() {
    let to = copy("mnist");
    change(to.path(), "t10k-images-idx3-ubyte.gz", |content| content[70_000] ^= 0x55);
    refused(mnist::load(to.path()), &["t10k-images-idx3-ubyte.gz", "gzip"]);
}

#[test]
fn a_wrong_magic_number() {
    let to = copy("mnist");
    fs::copy(to.path().join("train-labels-idx1-ubyte.gz"), to.path().join("train-images-idx3-ubyte.gz"))
        .unwrap();
    refused(mnist::load(to.path()), &["train-images-idx3-ubyte.gz", "magic number 0x00000801"]);
}

#[test]
fn a_label_ten_and_too_few_labels() {
    let to = copy("mnist");
    let mut labels = vec![0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 10];
    fs::write(to.path().join("train-labels-idx1-ubyte"), &labels).unwrap();
    refused(mnist::load(to.path()), &["train-labels-idx1-ubyte, label 2", "label 10 is not below 10"]);
    labels[10] = 9;
    fs::write(to.path().join("train-labels-idx1-ubyte"), &labels).unwrap();
    refused(mnist::load(to.path()), &["train-labels-idx1-ubyte", "3 labels, but 20000 images"]);
}

#[test]
fn a_missing_file() {
    let to = tempdir().unwrap();
    let message = mnist::load(to.path()).unwrap_err().to_string();
    assert!(
        message.contains("train-images-idx3-ubyte.gz is missing") && message.contains("list"),
        "{message}"
    );
}

#[test]
fn csv_rows() {
    const MOVIES: &str = "movieId,title,genres\n1,\"A, and B\",Comedy|Drama\n2,C,(no genres listed)\n";
    let cases = [
        ("userId,movieId,rating,timestamp\n7,1,2.5,0\n7,2,3.0\n", "line 3", "3 fields, but 4 in the header"),
        ("userId,movieId,rating,timestamp\n7,1,,0\n", "line 2", "rating"),
        ("userId,movieId,rating,timestamp\n7,1,5.5,0\n", "line 2", "5.5 is not a number of stars"),
        ("userId,movieId,rating,timestamp\n7,1,NaN,0\n", "line 2", "NaN is not a number of stars"),
        ("userId,movieId,rating,timestamp\n7,3,5,0\n", "line 2", "film 3 is not in movies.csv"),
        (
            "userId,movieId,rating,timestamp\n7,1,5,0\n7,1,4,0\n",
            "line 3",
            "user 7 rates film 1 a second time",
        ),
        ("userId,movieId,timestamp\n7,1,0\n", "line 2", "missing field `rating`"),
    ];
    let to = tempdir().unwrap();
    fs::write(to.path().join("movies.csv"), MOVIES).unwrap();
    for (ratings, line, reason) in cases {
        fs::write(to.path().join("ratings.csv"), ratings).unwrap();
        refused(movielens::load(to.path()), &["ratings.csv", line, reason]);
    }
    fs::write(to.path().join("ratings.csv"), "userId,movieId,rating,timestamp\n9,2,0.5,0\n7,2,5,0\n")
        .unwrap();
    let data = movielens::load(to.path()).unwrap();
    assert_eq!((data.users, data.ratings.users, data.ratings.items), (vec![7, 9], vec![1, 0], vec![0, 0]));
    assert_eq!(data.movies[0].title, "C");
}

/// A folder of photographs, made of bundled digits.
fn photographs() -> TempDir {
    let to = tempdir().unwrap();
    let digits = mnist::bundled().unwrap().test;
    for (part, class) in [("train", 0), ("train", 1), ("test", 0), ("test", 1)] {
        let folder = to.path().join(part).join(["cats", "dogs"][class]);
        fs::create_dir_all(&folder).unwrap();
        picture::mosaic(&digits.of_classes(&[class]), 10, 0, &folder.join("1.png")).unwrap();
    }
    to
}

#[test]
fn an_image_that_is_none() {
    let to = photographs();
    fs::write(to.path().join("train/notes.txt"), "not an image").unwrap();
    let data = folder::load(to.path(), 5, 7, folder::Fit::Stretch).unwrap();
    assert_eq!((data.train.labels.as_slice(), data.train.pixels.len()), ([0, 1].as_slice(), 2 * 5 * 7 * 3));
    assert_eq!(data.test.classes, ["cats", "dogs"]);
    fs::write(to.path().join("train/dogs/2.jpg"), "<html>not found</html>").unwrap();
    refused(folder::load(to.path(), 5, 7, folder::Fit::Stretch), &["dogs/2.jpg", "not a JPEG or PNG image"]);
    fs::write(
        to.path().join("train/dogs/2.jpg"),
        &fs::read(to.path().join("train/cats/1.png")).unwrap()[..300],
    )
    .unwrap();
    refused(folder::load(to.path(), 5, 7, folder::Fit::Stretch), &["dogs/2.jpg", "not a JPEG or PNG image"]);
    fs::remove_dir_all(to.path().join("test/dogs")).unwrap();
    fs::remove_file(to.path().join("train/dogs/2.jpg")).unwrap();
    refused(
        folder::load(to.path(), 5, 7, folder::Fit::Stretch),
        &["test", "[\"cats\"] are not those of train"],
    );
}

#[test]
fn mosaics_that_cannot_be_cut() {
    let to = copy("cats-and-dogs");
    let digits = mnist::bundled().unwrap().test;
    picture::mosaic(&digits, 10, 0, &to.path().join("train-dog.png")).unwrap();
    refused(cats_and_dogs::load(to.path()), &["train-dog.png", "280 × 2800 pixels cannot be cut"]);
}

#[test]
fn texts_vectors_and_tables() {
    let to = tempdir().unwrap();
    let write = |content: &[u8]| {
        let file = to.path().join("words.txt");
        fs::write(&file, content).unwrap();
        file
    };
    refused(text::load(&write(b"good\nb\xffd\n")), &["words.txt, line 2", "not UTF-8"]);
    refused(text::load(&write(b"")), &["words.txt", "empty"]);
    refused(glove::load(&write(b"a 1 2\nb 1\n")), &["words.txt, line 2", "1 numbers, but 2 in line 1"]);
    refused(glove::load(&write(b"a 1 2\nb 1 x\n")), &["words.txt, line 2", "`x` is not a number"]);
    refused(glove::load(&write(b"a 1 2\nb 1 inf\n")), &["words.txt, line 2", "`inf` is not finite"]);
    refused(glove::load(&write(b"a 1\nb 1\na 2\n")), &["words.txt, line 3", "a second time, after line 1"]);
    refused(weights::load(&write(b"not weights")), &["words.txt", "not in the safetensors format"]);
    let to = copy("diabetes");
    fs::copy(to.path().join("diabetes_target.csv.gz"), to.path().join("diabetes_data_raw.csv.gz")).unwrap();
    refused(diabetes::load(to.path()), &["diabetes_data_raw.csv.gz, line 1", "1 numbers instead of 10"]);
}

#[test]
fn half_precision_becomes_single() {
    let to = tempdir().unwrap();
    let file = to.path().join("w.safetensors");
    // 1.5 and −2 as f16; 3.25 as bf16
    let header = r#"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[],"data_offsets":[4,6]}}"#;
    let data = [0x00, 0x3e, 0x00, 0xc0, 0x50, 0x40];
    fs::write(&file, [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &data].concat()).unwrap();
    let weights = weights::load(&file).unwrap();
    assert_eq!(
        (weights["a"].values.as_slice(), weights["a"].shape.as_slice()),
        ([1.5, -2.0].as_slice(), [2].as_slice())
    );
    assert_eq!((weights["b"].values.as_slice(), weights["b"].shape.len()), ([3.25].as_slice(), 0));
    let header = header.replace("BF16", "I16");
    fs::write(&file, [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &data].concat()).unwrap();
    refused(weights::load(&file), &["w.safetensors, array `b`", "type I16"]);
}
