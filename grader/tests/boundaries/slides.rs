//! The lectures cite slides by names that the deck has. Looks at names alone, not at what stands on the slide.

use std::{fs, path::PathBuf};

use super::root;

/// The deck's sections and the slides that are known by a name of their own.
const SLIDES: [&str; 53] = [
    // Tricks
    "Initialization",
    "ReLU and vanishing gradients",
    "Xavier",
    "He",
    "`calculate_gain`",
    "Does it actually matter?",
    "Data pre-processing",
    "Batch normalization",
    "Data augmentation",
    "ImageDataGenerator",
    "CPU vs GPU",
    "Single vs double precision",
    // Regularization
    "Early stopping",
    "Linear model revisited",
    "Ridge/Tikhonov",
    "Γ by cross-validation",
    "L2 and weight decay",
    "Dropout",
    "Dropout features",
    // Special layers
    "Playing Lego",
    "Merge layers",
    "Embeddings and word2vec",
    "Convolution 1d",
    "Convolution 2d",
    "Max-pooling 1d",
    "Max-pooling 2d",
    "Translation invariance",
    "Flatten",
    // Conv-nets
    "Architectures",
    "ConvNet",
    "LeNet-5",
    "AlexNet",
    "VGG-16",
    "VGG-19",
    "A saturation point",
    "Deeper models are harder to optimize",
    "Resnets",
    "Deeper is better",
    "Saturation and residual connections",
    "Parameters per sample",
    "Fitting random labels",
    "What filters see",
    "Activation maximization",
    "Feature maps",
    "Occlusion",
    "Transfer learning",
    // Recurrent networks
    "Recurrent networks",
    "Vanilla RNN",
    "Echo state networks",
    "Long-term dependencies",
    "The LSTM gate by gate",
    "Generated Bible verses",
    "Generated speeches",
];

/// The names after `slide “` or `slides “`, and those that follow with a comma, “and” or “to”.
fn cited(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("slide") {
        let rest = &text[at + "slide".len()..];
        let mut rest = rest.strip_prefix('s').unwrap_or(rest).trim_start().strip_prefix('“');
        while let Some((name, behind)) = rest.and_then(|rest| rest.split_once('”')) {
            found.push(name.split_whitespace().collect::<Vec<_>>().join(" "));
            let next = ["and", "to", ", and", ","]
                .iter()
                .find_map(|joint| behind.trim_start().strip_prefix(joint)?.trim_start().strip_prefix('“'));
            rest = next;
        }
    }
    found
}

fn texts() -> Vec<PathBuf> {
    let walk = ignore::WalkBuilder::new(root().join("lectures")).build();
    let files = walk.filter_map(|entry| Some(entry.ok()?.into_path()));
    files
        .filter(|file| {
            file.extension().is_some_and(|extension| ["rs", "toml", "md"].iter().any(|e| extension == *e))
        })
        .collect()
}

#[test]
fn slides_are_cited_by_names_that_they_have() {
    let mut citations = 0;
    for file in texts() {
        for name in cited(&fs::read_to_string(&file).unwrap()) {
            citations += 1;
            assert!(SLIDES.contains(&name.as_str()), "{} cites a slide “{name}”", file.display());
        }
    }
    assert!(citations > 100, "only {citations} citations found");
}

#[test]
fn every_slide_has_a_row_in_the_table_of_figures() {
    let table = fs::read_to_string(root().join("lectures/figures/README.md")).unwrap();
    for slide in SLIDES {
        assert!(
            table.contains(&format!("\n| {slide} | ")),
            "lectures/figures/README.md has no row for “{slide}”"
        );
    }
}

#[test]
fn names_are_read_out_of_a_sentence() {
    let text = "Source: slides “A”, “B” and\n“C d”; Smith, “no slide”. The slide shows “that”. The slides “E” to “F”.";
    assert_eq!(cited(text), ["A", "B", "C d", "E", "F"]);
}
