//! Line plots.

use std::path::Path;

use hidden::Plot;
use plotters::prelude::*;

use super::Drawn;
use crate::verdict::Line;

const SIZE: (u32, u32) = (720, 440);

/// Draws `lines` into one frame; what is not finite is left out, and a single point is a dot.
pub fn draw(path: &Path, plot: &Plot, lines: &[Line]) -> Drawn {
    let area = SVGBackend::new(path, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let (xs, ys) = (range(lines, |point| point.0, 0.0), range(lines, |point| point.1, 0.05));
    let mut chart = ChartBuilder::on(&area)
        .caption(&plot.title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(56)
        .build_cartesian_2d(xs.0..xs.1, ys.0..ys.1)?;
    chart.configure_mesh().x_desc(&plot.x).y_desc(&plot.y).light_line_style(WHITE).draw()?;
    for (i, line) in lines.iter().enumerate() {
        let colour = Palette99::pick(i).to_rgba();
        let points: Vec<_> = finite(line).collect();
        let legend = move |(x, y)| PathElement::new(vec![(x, y), (x + 16, y)], colour.stroke_width(2));
        let drawn = match points[..] {
            [point] => chart.draw_series([Circle::new(point, 5, colour.filled())])?,
            _ => chart.draw_series(LineSeries::new(points, colour.stroke_width(2)))?,
        };
        drawn.label(&line.name).legend(legend);
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

fn finite(line: &Line) -> impl Iterator<Item = (f64, f64)> + '_ {
    line.points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite())
}

/// From the least to the largest coordinate, with a margin; never empty.
fn range(lines: &[Line], coordinate: impl Fn((f64, f64)) -> f64, margin: f64) -> (f64, f64) {
    let all = || lines.iter().flat_map(finite).map(&coordinate);
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    match high - low {
        width if width > 0.0 => (low - margin * width, high + margin * width),
        0.0 => (low - 0.5, high + 0.5),
        _ => (0.0, 1.0),
    }
}
