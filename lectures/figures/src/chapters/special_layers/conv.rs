//! Convolution: a kernel that slides, window by window, and the same as one matrix product.

use anyhow::{Result, anyhow};
use datasets::efficientnet;
use dfdx::prelude::*;
use special_layers::conv::{ConvOptions, Padding, conv1d, conv2d};
use tricks::augmentation::{Crop, crop_resize};

use crate::{
    Figure,
    cells::{Cells, number_word},
    numbers::vector,
    pictures::Pixels,
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "conv1d_frames",
        chapter: "special_layers",
        alt: "Seven frames: the kernel 1, 2, 0, −1 slides along the input 1, 4, −1, 0, 2, −2, 1, 3, 3, 1 and gives 9, 0, 1, 3, −5, −3, 6, one number a frame.",
        caption: "From frame to frame the window moves by one place and the kernel stays the same: ten numbers and a kernel of four make seven.",
        draw: conv1d_frames,
    },
    Figure {
        name: "conv2d_frames",
        chapter: "special_layers",
        alt: "Four of the twelve frames in which a kernel of two rows and two columns slides over an image of four rows and five columns.",
        caption: "The window goes along a row of places and then begins the next row; where it stands half on dark and half on light, the map has its large numbers.",
        draw: conv2d_frames,
    },
    Figure {
        name: "edges",
        chapter: "special_layers",
        alt: "A photograph of a cat in grey and its maps by four kernels of 3 × 3: upright edges, lying edges, a blur and a Laplacian.",
        caption: "Orange is positive and blue negative: the first map draws the upright sides of eyes and stripes, the second the lying ones, with a sign that says on which side it is light.",
        draw: edges,
    },
    Figure {
        name: "im2col",
        chapter: "special_layers",
        alt: "Seven windows of the input copied into the rows of a matrix of seven rows and four columns, times the kernel as a column, gives the seven outputs.",
        caption: "Each row is a window and the kernel stands once: all places at once are one matrix product; the number 0 of the input has been copied four times.",
        draw: im2col,
    },
    Figure {
        name: "knobs",
        chapter: "special_layers",
        alt: "Which of eight inputs each output sees: stride 1, same padding, stride 2, and dilation 2, drawn as lines between two rows of boxes.",
        caption: "Same padding lets windows hang over the ends; a stride skips places and shortens the output; a dilation spreads the same three weights over five inputs.",
        draw: knobs,
    },
];

/// The slides' input and kernel.
pub const INPUT: [f32; 10] = [1.0, 4.0, -1.0, 0.0, 2.0, -2.0, 1.0, 3.0, 3.0, 1.0];
const KERNEL: [f32; 4] = [1.0, 2.0, 0.0, -1.0];

const PLAIN: ConvOptions = ConvOptions { stride: 1, padding: Padding::Valid, dilation: 1, groups: 1 };

fn slid() -> Result<Vec<f32>> {
    let dev = Cpu::default();
    let x = dev.tensor_from_vec(INPUT.to_vec(), (1, INPUT.len(), 1));
    let kernel = dev.tensor_from_vec(KERNEL.to_vec(), (KERNEL.len(), 1, 1));
    Ok(conv1d(x, &kernel, &vector(&[0.0]), PLAIN).map_err(|cause| anyhow!("{cause}"))?.as_vec())
}

fn conv1d_frames() -> Result<Sheet> {
    const DOWN: f64 = 92.0;
    let output = slid()?;
    let mut sheet = Sheet::new(30.0 + DOWN * output.len() as f64);
    for (frame, &value) in output.iter().enumerate() {
        let top = 24.0 + DOWN * frame as f64;
        let input = Cells { at: (60.0, top), size: (34.0, 26.0) };
        let kernel = Cells { at: (60.0 + 34.0 * frame as f64, top + 30.0), size: (34.0, 26.0) };
        input.numbers(&mut sheet, INPUT.len(), (Hue::Soft, 0.0), &INPUT);
        sheet.fill(Hue::Blue, 0.25, input.block((0, frame), (1, KERNEL.len())));
        kernel.numbers(&mut sheet, KERNEL.len(), (Hue::Orange, 0.25), &KERNEL);
        sheet.small(Hue::Soft, (50.0, top + 17.0), Anchor::End, &format!("{}", frame + 1));
        let terms = KERNEL.iter().enumerate().map(|(k, weight)| {
            let x = INPUT[frame + k];
            let bracket = |value: f32| {
                if value < 0.0 { format!("({})", number_word(value)) } else { number_word(value) }
            };
            format!("{}·{}", bracket(*weight), bracket(x))
        });
        let sum = format!("{} = {}", terms.collect::<Vec<_>>().join(" + "), number_word(value));
        sheet.small(Hue::Ink, (60.0, top + 74.0), Anchor::Start, &sum);
        let result = Cells { at: (435.0, top), size: (34.0, 26.0) };
        result.numbers(&mut sheet, output.len(), (Hue::Green, 0.0), &output[..=frame]);
        sheet.fill(Hue::Green, 0.35, result.cell(0, frame));
    }
    Ok(sheet)
}

const IMAGE: [f32; 20] =
    [1.0, 1.0, 8.0, 8.0, 8.0, 1.0, 1.0, 8.0, 8.0, 8.0, 1.0, 1.0, 1.0, 8.0, 8.0, 1.0, 1.0, 1.0, 1.0, 1.0];
const UPRIGHT: [f32; 4] = [-1.0, 1.0, -1.0, 1.0];

fn conv2d_frames() -> Result<Sheet> {
    let dev = Cpu::default();
    let kernel = dev.tensor_from_vec(UPRIGHT.to_vec(), (2, 2, 1, 1));
    let x = dev.tensor_from_vec(IMAGE.to_vec(), (1, 4, 5, 1));
    let map = conv2d(x, &kernel, &vector(&[0.0]), PLAIN).map_err(|cause| anyhow!("{cause}"))?.as_vec();
    let mut sheet = Sheet::new(430.0);
    for (k, place) in [0, 1, 5, 10].into_iter().enumerate() {
        let (left, top) = (24.0 + 345.0 * (k % 2) as f64, 40.0 + 205.0 * (k / 2) as f64);
        let (row, column) = (place / 4, place % 4);
        sheet.strong(Hue::Ink, (left, top - 14.0), Anchor::Start, &format!("place {} of 12", place + 1));
        let image = Cells::square((left, top), 30.0);
        for (i, &value) in IMAGE.iter().enumerate() {
            image.word(&mut sheet, (i / 5, i % 5), (Hue::Gold, f64::from(value) * 0.04), &number_word(value));
        }
        sheet.frame(Hue::Blue, image.block((row, column), (2, 2)));
        let result = Cells::square((left + 185.0, top), 30.0);
        for (i, &value) in map.iter().enumerate() {
            let word = if i <= place { number_word(value) } else { String::new() };
            result.word(&mut sheet, (i / 4, i % 4), (Hue::Green, if i == place { 0.4 } else { 0.0 }), &word);
        }
        let seen = [0, 1, 5, 6].map(|offset| IMAGE[row * 5 + column + offset]);
        let sum =
            format!("−{} + {} − {} + {} = {}", seen[0], seen[1], seen[2], seen[3], number_word(map[place]));
        sheet.small(Hue::Ink, (left, top + 142.0), Anchor::Start, &format!("kernel −1 1 / −1 1:  {sum}"));
    }
    Ok(sheet)
}

fn edges() -> Result<Sheet> {
    const SIDE: usize = 96;
    let photograph = efficientnet::photograph("chelsea")?;
    let dev = Cpu::default();
    let x = dev.tensor_from_vec(photograph.pixels, (1, photograph.height, photograph.width, 3));
    let crop = Crop { top: 20, left: 60, height: 150, width: 150 };
    let x = crop_resize(x, crop, (SIDE, SIDE)).map_err(|cause| anyhow!("{cause}"))?;
    let grey = x.mean::<(usize, usize, usize), Axis<3>>().reshape_like(&(1, SIDE, SIDE, 1));
    let kernels: [(&str, [f32; 9], f32); 4] = [
        ("upright edges", [-1.0, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0], 1.0),
        ("lying edges", [-1.0, -2.0, -1.0, 0.0, 0.0, 0.0, 1.0, 2.0, 1.0], 1.0),
        ("blur", [1.0 / 9.0; 9], 1.0),
        ("Laplacian", [0.0, 1.0, 0.0, 1.0, -4.0, 1.0, 0.0, 1.0, 0.0], 0.5),
    ];
    let mut sheet = Sheet::new(270.0);
    let side = 128.0;
    sheet.small(Hue::Ink, (10.0, 26.0), Anchor::Start, "grey photograph");
    let pixels = Pixels::new(SIDE, SIDE, 1, &grey.as_vec()).as_photograph();
    sheet.picture(Rect::new(10.0, 36.0, side, side), &pixels);
    for (k, (name, numbers, scale)) in kernels.into_iter().enumerate() {
        let left = 10.0 + 138.0 * (k + 1) as f64;
        let kernel = dev.tensor_from_vec(numbers.to_vec(), (3, 3, 1, 1));
        let options = ConvOptions { padding: Padding::Same, ..PLAIN };
        let map =
            conv2d(grey.clone(), &kernel, &vector(&[0.0]), options).map_err(|cause| anyhow!("{cause}"))?;
        let map: Vec<f32> = map.as_vec().into_iter().map(|value| value / scale).collect();
        sheet.small(Hue::Ink, (left, 26.0), Anchor::Start, name);
        let rect = Rect::new(left, 36.0, side, side);
        sheet.picture(rect, &Pixels::signed(SIDE, SIDE, &map));
        sheet.border(Hue::Soft, rect);
        let cells = Cells { at: (left, 180.0), size: (40.0, 26.0) };
        cells.numbers(&mut sheet, 3, (Hue::Soft, 0.0), &numbers);
    }
    Ok(sheet)
}

fn im2col() -> Result<Sheet> {
    let output = slid()?;
    let mut sheet = Sheet::new(330.0);
    let size = (40.0, 26.0);
    let input = Cells { at: (30.0, 44.0), size };
    for (i, &value) in INPUT.iter().enumerate() {
        input.word(&mut sheet, (i, 0), (Hue::Gold, if i == 3 { 0.5 } else { 0.1 }), &number_word(value));
    }
    let windows = Cells { at: (170.0, 83.0), size };
    for place in 0..output.len() {
        for k in 0..KERNEL.len() {
            let shade = (Hue::Gold, if place + k == 3 { 0.5 } else { 0.1 });
            windows.word(&mut sheet, (place, k), shade, &number_word(INPUT[place + k]));
        }
    }
    let kernel = Cells { at: (420.0, 122.0), size };
    kernel.numbers(&mut sheet, 1, (Hue::Orange, 0.25), &KERNEL);
    let result = Cells { at: (560.0, 83.0), size };
    result.numbers(&mut sheet, 1, (Hue::Green, 0.25), &output);
    for (x, y, word) in [
        (30.0, 30.0, "input (10)"),
        (170.0, 70.0, "windows (7, 4)"),
        (420.0, 109.0, "kernel (4, 1)"),
        (560.0, 70.0, "output (7, 1)"),
    ] {
        sheet.small(Hue::Ink, (x, y), Anchor::Start, word);
    }
    sheet.arrow(Hue::Soft, (80.0, 174.0), (160.0, 174.0));
    sheet.small(Hue::Soft, (120.0, 166.0), Anchor::Middle, "copy");
    sheet.text(Hue::Ink, (377.0, 179.0), Anchor::Middle, "·");
    sheet.text(Hue::Ink, (512.0, 179.0), Anchor::Middle, "=");
    Ok(sheet)
}

/// Which inputs each output sees, found by gradients: those that are not 0.
fn seen(options: ConvOptions) -> Result<Vec<Vec<usize>>> {
    let dev = Cpu::default();
    let x: Tensor<(usize, usize, usize), f32, Cpu> = dev.ones_like(&(1, 8, 1));
    let kernel: Tensor<(usize, usize, usize), f32, Cpu> = dev.ones_like(&(3, 1, 1));
    let output = |x: Tensor<_, f32, Cpu, OwnedTape<f32, Cpu>>| {
        conv1d(x, &kernel, &vector(&[0.0]), options).map_err(|cause| anyhow!("{cause}"))
    };
    let places = output(x.leaky_trace())?.shape().1;
    let one = |place: usize| {
        let mut mask = vec![0.0; places];
        mask[place] = 1.0;
        let y = output(x.leaky_trace())? * dev.tensor_from_vec(mask, (1, places, 1));
        let gradient = y.sum::<Rank0, _>().backward().get(&x).as_vec();
        anyhow::Ok((0..8).filter(|&i| gradient[i] != 0.0).collect())
    };
    (0..places).map(one).collect()
}

fn knobs() -> Result<Sheet> {
    let kinds = [
        ("valid, stride 1", PLAIN),
        ("same padding", ConvOptions { padding: Padding::Same, ..PLAIN }),
        ("same padding, stride 2", ConvOptions { padding: Padding::Same, stride: 2, ..PLAIN }),
        ("dilation 2", ConvOptions { dilation: 2, ..PLAIN }),
    ];
    let mut sheet = Sheet::new(330.0);
    for (k, (name, options)) in kinds.into_iter().enumerate() {
        let (left, top) = (24.0 + 345.0 * (k % 2) as f64, 44.0 + 160.0 * (k / 2) as f64);
        sheet.strong(Hue::Ink, (left, top - 16.0), Anchor::Start, name);
        let outputs = seen(options)?;
        let upper = Cells { at: (left, top), size: (36.0, 24.0) };
        let middle: Vec<f64> = outputs.iter().map(|seen| centre(seen, options)).collect();
        let spread = |place: usize| left + 36.0 * middle[place];
        for i in 0..8 {
            upper.word(&mut sheet, (0, i), (Hue::Blue, 0.12), "");
        }
        for (place, seen) in outputs.iter().enumerate() {
            let hue = Hue::CURVES[place % 3];
            let lower = Rect::new(spread(place), top + 78.0, 34.0, 24.0);
            for &i in seen {
                sheet.thin(hue, (upper.cell(0, i).centre().0, top + 24.0), (lower.centre().0, lower.top));
            }
            sheet.fill(hue, 0.3, lower);
            sheet.border(hue, lower);
        }
        sheet.small(
            Hue::Soft,
            (left, top + 118.0),
            Anchor::Start,
            &format!("8 inputs, {} outputs", outputs.len()),
        );
    }
    Ok(sheet)
}

/// Where the middle of a window lies, in boxes; at the ends it hangs over.
fn centre(seen: &[usize], options: ConvOptions) -> f64 {
    let (first, last) = (seen[0] as f64, seen[seen.len() - 1] as f64);
    let reach = 2.0 * options.dilation as f64;
    if last - first >= reach {
        (first + last) / 2.0
    } else if first == 0.0 {
        last - reach / 2.0
    } else {
        first + reach / 2.0
    }
}
