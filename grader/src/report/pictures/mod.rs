//! Pictures of what came out, under `target/grader/pictures/`: as SVG, with titles and scales in one style.

mod images;
mod lines;
mod points;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow};

use crate::verdict::Picture;

/// Draws `picture` of the exercise `id` into `folder` and returns its file.
pub fn draw(folder: &Path, id: &str, picture: &Picture) -> Result<PathBuf> {
    fs::create_dir_all(folder).with_context(|| format!("failed to make `{}`", folder.display()))?;
    let name = match picture {
        Picture::Lines { plot, .. } => &plot.title,
        Picture::Points { name, .. } | Picture::Images { name, .. } => name,
    };
    let path = folder.join(format!("{}.svg", file_name(&format!("{id} {name}"))));
    let drawn = match picture {
        Picture::Lines { plot, lines } => lines::draw(&path, plot, lines),
        Picture::Points { name, places, labels } => points::draw(&path, name, places, labels),
        Picture::Images { name, shape, values } => images::draw(&path, name, shape, values),
    };
    drawn.map_err(|error| anyhow!("failed to draw `{}`: {error}", path.display()))?;
    Ok(path)
}

/// Letters and digits, joined by underlines.
fn file_name(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// What drawing can fail by.
type Error = Box<dyn std::error::Error>;
type Drawing = Result<(), Error>;

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_STANDARD};
    use hidden::Plot;

    use super::*;
    use crate::verdict::Line;

    fn file(picture: &Picture) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        fs::read(draw(folder.path(), "chapter/id", picture).unwrap()).unwrap()
    }

    #[test]
    fn lines_dots_and_strange_numbers_are_drawn() {
        let line = |points: &[(f64, f64)]| Line { name: "a <line>".to_owned(), points: points.to_vec() };
        for points in [
            vec![],
            vec![(3.0, 3.0)],
            vec![(1.0, f64::NAN), (2.0, f64::INFINITY)],
            vec![(0.0, 1.0), (1.0, 1.0)],
        ] {
            let plot = Plot::new("a plot", "x", "y");
            let svg = file(&Picture::Lines { plot, lines: vec![line(&points)] });
            assert!(String::from_utf8(svg).unwrap().contains("<svg"));
        }
    }

    #[test]
    fn a_map_has_its_labels() {
        let labels = vec!["Toy Story".to_owned(), String::new()];
        let picture =
            Picture::Points { name: "map".to_owned(), places: vec![(0.0, 1.0), (2.0, 3.0)], labels };
        assert!(String::from_utf8(file(&picture)).unwrap().contains("Toy Story"));
    }

    /// The sheet within an SVG, and the words around it.
    fn sheet(shape: &[usize], values: &[f64]) -> (image::GrayImage, String) {
        let picture =
            Picture::Images { name: "a <sheet>".to_owned(), shape: shape.to_vec(), values: values.to_vec() };
        let svg = String::from_utf8(file(&picture)).unwrap();
        let document = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{error}: {svg}"));
        let link = document.descendants().find_map(|node| node.attribute("href")).unwrap();
        let png = BASE64_STANDARD.decode(link.split_once("base64,").unwrap().1).unwrap();
        let words = document.descendants().filter(|node| node.has_tag_name("text"));
        let words: Vec<&str> = words.filter_map(|node| node.text()).collect();
        (image::load_from_memory(&png).unwrap().to_luma8(), words.join("|"))
    }

    #[test]
    fn a_sheet_stretches_each_image_from_black_to_white() {
        let (sheet, words) = sheet(&[2, 2, 2], &[1.0, 2.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.5]);
        let pixels = || sheet.pixels().map(|p| p.0[0]);
        assert_eq!((pixels().min(), pixels().max()), (Some(0), Some(255)));
        assert_eq!(words, "a <sheet>|Each image is stretched from its least to its largest value.");
        let wrong = Picture::Images { name: "sheet".to_owned(), shape: vec![2, 2], values: vec![0.0; 4] };
        let folder = tempfile::tempdir().unwrap();
        assert!(draw(folder.path(), "id", &wrong).is_err());
    }

    #[test]
    fn a_map_alone_has_a_scale_in_numbers() {
        let words = sheet(&[1, 2, 2], &[-0.12345, 0.0, 2e7, f64::NAN]).1;
        assert_eq!(words, "a <sheet>|-0.123|2.00e7");
        assert!(sheet(&[1, 2, 2, 3], &[0.5; 12]).1.contains("Each image"));
    }

    #[test]
    fn few_points_have_marks_and_whole_numbers_stay_whole() {
        let svg = |n: u32| {
            let points = (1..=n).map(|x| (f64::from(x), f64::from(10 * x))).collect();
            let lines = vec![Line { name: "a".to_owned(), points }];
            String::from_utf8(file(&Picture::Lines { plot: Plot::new("p", "epoch", "y"), lines })).unwrap()
        };
        assert_eq!(svg(4).matches("<circle").count(), 4);
        assert_eq!(svg(100).matches("<circle").count(), 0);
        assert!(!svg(4).contains("\n1.5\n") && svg(4).contains("\n2\n"));
    }
}
