//! A plane as cells, with their numbers where there is room, or as pixels where there are many; and the scale below it.

use base64::{Engine, prelude::BASE64_STANDARD};
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};

use super::{
    brief,
    colour::{Rgb, Scale, hex, is_bright},
    planes::Plane,
    short,
};
use crate::page::html::Html;

/// More cells than that are pixels.
const MOST_CELLS: usize = 300;
/// With more columns than that the cells have no numbers.
const MOST_NUMBERS: usize = 8;
/// Sides of a cell with a number, and without.
const ROOMY: usize = 44;
const SMALL: usize = 20;

/// The plane of these elements; `what` it is, for those who hear the page.
pub fn plane(plane: &Plane, values: &[f64], scale: Scale, what: &str) -> Html {
    let colours: Vec<Rgb> = if plane.is_colour {
        values.chunks_exact(3).map(|rgb| mixed(rgb, scale)).collect()
    } else {
        values.iter().map(|x| scale.colour(*x)).collect()
    };
    let (rows, columns) = plane.size;
    let what = format!("{what}, {rows} × {columns}");
    if rows * columns > MOST_CELLS {
        return pixels(plane.size, &colours, &what);
    }
    let numbers = (!plane.is_colour && columns <= MOST_NUMBERS).then_some(values);
    cells(plane.size, &colours, numbers, &what)
}

fn mixed(rgb: &[f64], scale: Scale) -> Rgb {
    if rgb.iter().any(|x| !x.is_finite()) {
        return super::colour::NOT_FINITE;
    }
    [0, 1, 2].map(|k| (255.0 * scale.place(rgb[k])).round() as u8)
}

fn cells((rows, columns): (usize, usize), colours: &[Rgb], numbers: Option<&[f64]>, what: &str) -> Html {
    let side = if numbers.is_some() { ROOMY } else { SMALL };
    let (width, height) = ((columns * side).to_string(), (rows * side).to_string());
    let side_text = side.to_string();
    let mut inside = Html::said("title", "", what);
    for (i, colour) in colours.iter().enumerate() {
        let (x, y) = (i % columns * side, i / columns * side);
        let (left, top, fill) = (x.to_string(), y.to_string(), hex(*colour));
        let at =
            [("x", &left[..]), ("y", &top), ("width", &side_text), ("height", &side_text), ("fill", &fill)];
        inside.push(Html::void("rect", &at));
        let Some(number) = numbers.and_then(|numbers| numbers.get(i)) else { continue };
        let (left, top) = ((x + side / 2).to_string(), (y + side / 2 + 4).to_string());
        let ink = if is_bright(*colour) { "#000" } else { "#fff" };
        let at = [("x", &left[..]), ("y", &top), ("fill", ink), ("text-anchor", "middle")];
        inside.push(Html::tag("text", &at, Html::text(&brief(*number))));
    }
    let view = format!("0 0 {width} {height}");
    let attributes =
        [("class", "cells"), ("role", "img"), ("viewBox", &view[..]), ("width", &width), ("height", &height)];
    Html::tag("svg", &attributes, inside)
}

fn pixels((rows, columns): (usize, usize), colours: &[Rgb], what: &str) -> Html {
    let mut png = Vec::new();
    let size = u32::try_from(columns).ok().zip(u32::try_from(rows).ok());
    let Some((width, height)) = size else { return Html::default() };
    let encoder = PngEncoder::new(&mut png);
    if encoder.write_image(colours.as_flattened(), width, height, ExtendedColorType::Rgb8).is_err() {
        return Html::said("p", "faint", "This picture could not be drawn.");
    }
    let source = format!("data:image/png;base64,{}", BASE64_STANDARD.encode(&png));
    let (width, height) = (width.to_string(), height.to_string());
    let attributes =
        [("class", "pixels"), ("src", &source[..]), ("alt", what), ("width", &width), ("height", &height)];
    Html::void("img", &attributes)
}

/// A bar of the scale's colours with the numbers at its ends.
pub fn scale_bar(scale: Scale) -> Html {
    const STEPS: u32 = 24;
    let (low, high) = scale.ends();
    let mut bar = Html::default();
    for i in 0..STEPS {
        let x = low + (high - low) * f64::from(i) / f64::from(STEPS - 1);
        let (left, fill) = ((i * 6).to_string(), hex(scale.colour(x)));
        bar.push(Html::void("rect", &[("x", &left), ("width", "6"), ("height", "10"), ("fill", &fill)]));
    }
    let attributes = [("viewBox", "0 0 144 10"), ("width", "144"), ("height", "10"), ("aria-hidden", "true")];
    let bar = Html::tag("svg", &attributes, bar);
    let inside = Html::said("span", "", &short(low)).and(bar).and(Html::said("span", "", &short(high)));
    Html::tag("div", &[("class", "scale")], inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::draw::planes::{Channels, planes};

    fn drawn(shape: &[usize]) -> String {
        let plane_of = &planes(shape, Channels::Last)[0];
        let values: Vec<f64> = plane_of.at.iter().map(|i| *i as f64).collect();
        plane(plane_of, &values, Scale::Rising(0.0, 9.0), "<b>").into_string()
    }

    #[test]
    fn few_cells_have_numbers_and_many_are_pixels() {
        assert_eq!(drawn(&[2, 3]).matches("<text").count(), 6);
        assert_eq!(drawn(&[2, 30]).matches("<text").count(), 0);
        assert!(drawn(&[40, 40]).starts_with("<img class=\"pixels\" src=\"data:image/png;base64,iVBOR"));
        assert!(drawn(&[1, 5, 5, 3]).contains("<rect") && !drawn(&[2, 3]).contains("<b>"));
    }
}
