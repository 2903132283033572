//! Pictures of what came out, under `target/grader/pictures/`: plots and maps as SVG, sheets of images as PNG.

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
    let (name, kind) = match picture {
        Picture::Lines { plot, .. } => (&plot.title, "svg"),
        Picture::Points { name, .. } => (name, "svg"),
        Picture::Images { name, .. } => (name, "png"),
    };
    let path = folder.join(format!("{}.{kind}", file_name(&format!("{id} {name}"))));
    let drawn = match picture {
        Picture::Lines { plot, lines } => lines::draw(&path, plot, lines),
        Picture::Points { name, places, labels } => points::draw(&path, name, places, labels),
        Picture::Images { shape, values, .. } => images::draw(&path, shape, values),
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

    #[test]
    fn a_sheet_stretches_each_image_from_black_to_white() {
        let values = vec![1.0, 2.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.5];
        let png = file(&Picture::Images { name: "sheet".to_owned(), shape: vec![2, 2, 2], values });
        let sheet = image::load_from_memory(&png).unwrap().to_luma8();
        assert_eq!(
            (sheet.pixels().map(|p| p.0[0]).min(), sheet.pixels().map(|p| p.0[0]).max()),
            (Some(0), Some(255))
        );
        let wrong = Picture::Images { name: "sheet".to_owned(), shape: vec![2, 2], values: vec![0.0; 4] };
        let folder = tempfile::tempdir().unwrap();
        assert!(draw(folder.path(), "id", &wrong).is_err());
    }
}
