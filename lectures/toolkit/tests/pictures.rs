//! Pictures are written, have the size that their arguments say, and can be read again.
#![cfg(feature = "pictures")]

use dfdx::prelude::*;
use toolkit::pictures::{Grid, curves, heat_map, image_grid};
use toolkit::tensor::{Images, Matrix};

fn path(name: &str) -> std::path::PathBuf {
    std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn a_grid_holds_every_pixel() {
    let images: Images<Cpu> =
        Cpu::default().tensor_from_vec((0..12).map(|k| k as f32).collect(), (2, 2, 3, 1));
    let path = path("grid.png");
    image_grid(&path, &images, Grid { columns: 2, zoom: 2, range: Some((0.0, 11.0)) }).expect("a picture");
    let picture = image::open(&path).expect("a PNG file").into_rgb8();
    assert_eq!(picture.dimensions(), (18, 8), "a border around each, doubled");
    assert_eq!(picture.get_pixel(2, 2).0, [0; 3]);
    assert_eq!(picture.get_pixel(15, 5).0, [255; 3], "the last pixel is 11, which is white");
    assert_eq!(picture.get_pixel(10, 2).0, [139; 3], "the second image begins with 6");
}

#[test]
fn svg_pictures_carry_their_words_and_numbers() {
    let (curve, map) = (path("curves.svg"), path("map.svg"));
    curves(&curve, "a title", &[("loss", vec![1.0, f32::NAN, 0.25]), ("accuracy", vec![])])
        .expect("a picture");
    let text = std::fs::read_to_string(&curve).expect("a file");
    assert!(["<svg", "a title", "loss", "accuracy", "epoch"].iter().all(|word| text.contains(word)));
    let matrix: Matrix<Cpu> = Cpu::default().tensor_from_vec(vec![1.0, 0.25, f32::NAN, 3.0], (2, 2));
    heat_map(&map, "confusion", &matrix).expect("a picture");
    let text = std::fs::read_to_string(&map).expect("a file");
    assert!(["confusion", "0.25", "#FF0000"].iter().all(|word| text.contains(word)));
}

#[test]
fn an_unwritable_path_is_named() {
    let error =
        curves(&path("no/such/folder.svg"), "t", &[]).expect_err("there is no such folder").to_string();
    assert!(error.contains("no/such/folder.svg"), "{error}");
}
