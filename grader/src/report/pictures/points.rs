//! Maps of points.

use std::path::Path;

use plotters::prelude::*;

use super::Drawn;

const SIZE: (u32, u32) = (960, 720);

/// Draws a dot for every place and the labels that are not empty.
pub fn draw(path: &Path, title: &str, places: &[(f64, f64)], labels: &[String]) -> Drawn {
    let area = SVGBackend::new(path, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let reach = |coordinate: fn(&(f64, f64)) -> f64| {
        let reach =
            places.iter().map(coordinate).filter(|x| x.is_finite()).fold(0.0, |a: f64, x| a.max(x.abs()));
        if reach > 0.0 { 1.1 * reach } else { 1.0 }
    };
    let (width, height) = (reach(|place| place.0), reach(|place| place.1));
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(28)
        .y_label_area_size(40)
        .build_cartesian_2d(-width..width, -height..height)?;
    chart.configure_mesh().light_line_style(WHITE).draw()?;
    let labelled = |i: usize| labels.get(i).is_some_and(|label| !label.is_empty());
    let dots = places.iter().enumerate().map(|(i, &place)| {
        if labelled(i) {
            Circle::new(place, 3, RED.filled())
        } else {
            Circle::new(place, 1, BLUE.mix(0.3).filled())
        }
    });
    chart.draw_series(dots)?;
    let texts = places.iter().zip(labels).filter(|(_, label)| !label.is_empty());
    chart.draw_series(texts.map(|(&place, label)| {
        EmptyElement::at(place) + Text::new(label.clone(), (6, -6), ("sans-serif", 12))
    }))?;
    area.present()?;
    Ok(())
}
