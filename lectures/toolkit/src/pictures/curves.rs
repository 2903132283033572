//! Curves over the epochs of a training, as SVG.

use std::path::{Path, PathBuf};

use plotters::prelude::*;

use super::{PictureError, range};
use crate::callbacks::Callback;
use crate::epoch::Epoch;

/// Draws each named series over 1, 2, 3, … into an SVG file of 640×400. Numbers that are not finite leave no mark.
///
/// # Errors
/// When the file can't be written.
pub fn curves(path: &Path, title: &str, series: &[(&str, Vec<f32>)]) -> Result<(), PictureError> {
    draw(path, title, series).map_err(|cause| PictureError::new(path, cause))
}

type Cause = Box<dyn std::error::Error>;

fn draw(path: &Path, title: &str, series: &[(&str, Vec<f32>)]) -> Result<(), Cause> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (640, 400)).into_drawing_area();
        area.fill(&WHITE)?;
        let (low, high) = range(series.iter().flat_map(|(_, values)| values.iter().copied()));
        let last = series.iter().map(|(_, values)| values.len()).max().unwrap_or(0).max(2);
        let mut chart = ChartBuilder::on(&area)
            .caption(title, ("sans-serif", 20))
            .margin(10)
            .x_label_area_size(30)
            .y_label_area_size(60)
            .build_cartesian_2d(1.0..last as f32, low..high)?;
        chart.configure_mesh().x_desc("epoch").light_line_style(TRANSPARENT).draw()?;
        for (k, (name, values)) in series.iter().enumerate() {
            let style = Palette99::pick(k).stroke_width(2);
            let points = values.iter().enumerate().map(|(x, y)| (x as f32 + 1.0, *y));
            let line = LineSeries::new(points.filter(|(_, y)| y.is_finite()), style);
            let legend = move |(x, y)| PathElement::new([(x, y), (x + 16, y)], style);
            chart.draw_series(line)?.label(*name).legend(legend);
        }
        chart.configure_series_labels().background_style(WHITE.mix(0.8)).border_style(BLACK).draw()?;
        area.present()?;
    }
    Ok(std::fs::write(path, svg)?)
}

/// A callback that draws the loss and all metrics when training ends.
#[derive(Clone, Debug)]
pub struct CurvesFile {
    path: PathBuf,
    title: String,
    failure: Option<String>,
}

impl CurvesFile {
    /// Will write an SVG file to `path`.
    pub fn new(path: impl Into<PathBuf>, title: impl Into<String>) -> Self {
        CurvesFile { path: path.into(), title: title.into(), failure: None }
    }

    /// What kept the file from being written.
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }
}

impl Callback for CurvesFile {
    fn end(&mut self, epochs: &[Epoch]) {
        let names = epochs.first().map(|epoch| epoch.metrics.iter().map(|(name, _)| *name));
        let of = |name: &str| epochs.iter().filter_map(|epoch| epoch.metric(name)).collect();
        let series: Vec<_> =
            std::iter::once("loss").chain(names.into_iter().flatten()).map(|name| (name, of(name))).collect();
        self.failure = curves(&self.path, &self.title, &series).err().map(|error| error.to_string());
    }
}
