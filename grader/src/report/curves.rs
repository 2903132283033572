//! Learning curves as SVG pictures under `target/grader/`.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use crate::verdict::Curve;

const SIZE: (u32, u32) = (640, 400);

/// Draws `curves` into one picture and returns where it is.
pub fn draw_curves(folder: &Path, name: &str, title: &str, curves: &[Curve]) -> Result<PathBuf> {
    let path = folder.join(format!("{}.svg", name.replace('/', "_")));
    draw(&path, title, curves).map_err(|error| anyhow!("failed to draw `{}`: {error}", path.display()))?;
    Ok(path)
}

fn draw(path: &Path, title: &str, curves: &[Curve]) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let longest = curves.iter().map(|curve| curve.values.len()).max().unwrap_or(1);
    let finite = || curves.iter().flat_map(|curve| &curve.values).copied().filter(|value| value.is_finite());
    let (low, high) =
        (finite().fold(f64::INFINITY, f64::min).min(0.0), finite().fold(f64::NEG_INFINITY, f64::max));
    let area = SVGBackend::new(path, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(32)
        .y_label_area_size(48)
        .build_cartesian_2d(1.0..longest.max(2) as f64, low..high * 1.05)?;
    chart.configure_mesh().x_desc("epoch").y_desc("loss").light_line_style(WHITE).draw()?;
    for (i, curve) in curves.iter().enumerate() {
        let colour = Palette99::pick(i).to_rgba();
        let points = curve.values.iter().enumerate().map(|(epoch, value)| ((epoch + 1) as f64, *value));
        let line = LineSeries::new(points.filter(|(_, value)| value.is_finite()), colour.stroke_width(2));
        let legend = move |(x, y)| PathElement::new(vec![(x, y), (x + 16, y)], colour.stroke_width(2));
        chart.draw_series(line)?.label(&curve.name).legend(legend);
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.2))
        .draw()?;
    area.present()?;
    Ok(())
}
