//! Transfer learning's three cases, and the depth of the networks that won.

use anyhow::Result;

use crate::{
    Figure,
    diagram::labelled,
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "imagenet_depth",
        chapter: "convnets",
        alt: "Share of errors among the five best guesses in the ImageNet competitions from 2011 to 2015, falling from 25.8 to 3.6 percent, with the number of layers of each winner or runner-up.",
        caption: "Year by year the error falls, mostly with more layers; between the bars lie better training, batch norm and shortcuts as well.",
        draw: imagenet_depth,
    },
    Figure {
        name: "transfer_cases",
        chapter: "convnets",
        alt: "Three columns of five layers: trained from scratch, all layers trained; frozen features, only a new last layer trained; fine-tuned, the new layer and the block before it.",
        caption: "Blue layers learn, grey ones stay as ImageNet made them: the fewer images one has, the more of the network stays grey.",
        draw: transfer_cases,
    },
];

/// The lecture's table.
const WINNERS: [(&str, &str, f64); 6] = [
    ("2011", "hand-made", 25.8),
    ("2012", "AlexNet, 8", 16.4),
    ("2013", "ZFNet, 8", 11.7),
    ("2014", "VGG, 19", 7.3),
    ("2014", "GoogLeNet, 22", 6.7),
    ("2015", "ResNet, 152", 3.6),
];

fn imagenet_depth() -> Result<Sheet> {
    let mut sheet = Sheet::new(330.0);
    let area = Rect::new(65.0, 20.0, 615.0, 250.0);
    let ticks: Vec<(f64, &str)> =
        WINNERS.iter().enumerate().map(|(k, winner)| (k as f64, winner.0)).collect();
    let x = Axis::linear(-0.5, 5.5, 1.0, "year").ticks(&ticks);
    let plot = Plot::new(&mut sheet, area, x, Axis::linear(0.0, 30.0, 5.0, "error, percent"));
    for (k, (_, name, error)) in WINNERS.into_iter().enumerate() {
        let hue = if k == 0 { Hue::Soft } else { Hue::Blue };
        plot.bar(&mut sheet, hue, k as f64 - 0.32, k as f64 + 0.32, error);
        plot.note(&mut sheet, Hue::Ink, (k as f64, error), (0.0, -24.0), Anchor::Middle, name);
        let words = format!("{error} %");
        plot.note(&mut sheet, Hue::Ink, (k as f64, error), (0.0, -7.0), Anchor::Middle, &words);
    }
    sheet.small(
        Hue::Soft,
        (area.right(), area.top + 12.0),
        Anchor::End,
        "behind the names: layers with weights",
    );
    Ok(sheet)
}

fn transfer_cases() -> Result<Sheet> {
    let mut sheet = Sheet::new(320.0);
    let layers = ["first block", "second block", "third block", "last block", "classifier"];
    let cases = [("from scratch", 5), ("frozen features", 1), ("fine-tuned", 2)];
    for (k, (name, learning)) in cases.into_iter().enumerate() {
        let left = 40.0 + 220.0 * k as f64;
        sheet.strong(Hue::Ink, (left + 90.0, 26.0), Anchor::Middle, name);
        for (i, layer) in layers.into_iter().enumerate() {
            // The image comes in from below.
            let top = 228.0 - 46.0 * i as f64;
            let learns = i + learning >= layers.len();
            let hue = if learns { Hue::Blue } else { Hue::Soft };
            let words = if i == 4 { if k == 0 { layer } else { "new classifier" } } else { layer };
            labelled(&mut sheet, hue, Rect::new(left, top, 180.0, 32.0), &[words]);
            sheet.arrow(Hue::Soft, (left + 90.0, top + 46.0), (left + 90.0, top + 33.0));
        }
        sheet.text(Hue::Ink, (left + 90.0, 290.0), Anchor::Middle, "image");
    }
    sheet.text(Hue::Blue, (40.0, 314.0), Anchor::Start, "blue: learns");
    sheet.text(Hue::Soft, (150.0, 314.0), Anchor::Start, "grey: stays");
    Ok(sheet)
}
