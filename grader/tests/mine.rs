//! Capstones on own layers: they train as on the toolkit's where the layers are right, and a wrong layer is found by the first
//! loss. What the course lists as layers can be installed.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{fs, path::Path};

use grader::{
    build::beside::Beside,
    course::{Course, Exercise},
    device::Device,
    events::Silence,
    examine::{Examinee, training::train},
    grade::Grader,
    judge::losses::compare,
    paths::Paths,
    source::tree::Tree,
    verdict::Run,
};
use hidden::sized::mine::{Training, training};

fn course() -> Course {
    Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn solution(paths: &Paths, chapter: &str) -> Tree {
    Tree::read(&paths.solution(chapter)).unwrap()
}

/// Solutions to train on, each a layer and the chapter that it comes from.
struct Bench<'a> {
    grader: Grader<'a>,
    capstone: &'a Exercise,
    training: Training,
}

impl<'a> Bench<'a> {
    fn new(course: &'a Course, id: &str, seed: u64) -> Self {
        let capstone = course.exercise(id).unwrap();
        let training = training(&capstone.chapter, &capstone.id, seed).unwrap().unwrap();
        Self { grader: Grader::new(course, &Silence).unwrap(), capstone, training }
    }

    /// What lies beside the capstone for it to train on `layers`.
    fn beside(&self, layers: &[&str]) -> Beside {
        let mut beside = Beside::default();
        for layer in layers {
            let (chapter, exercise) = layer.split_once('/').unwrap();
            beside.layers.push((chapter.to_owned(), exercise.to_owned()));
            if chapter != self.capstone.chapter && !beside.names().any(|name| name == chapter) {
                beside.chapters.push((chapter.to_owned(), solution(&self.grader.paths, chapter)));
            }
        }
        beside
    }

    fn train(&self, beside: Beside) -> Run {
        let tree = solution(&self.grader.paths, &self.capstone.chapter);
        let program = self.grader.program_with(self.capstone, &tree, beside).unwrap();
        let examinee = Examinee { exercise: self.capstone, program: &program, device: Device::Cpu };
        train(examinee, &self.training, &mut |_| ()).unwrap()
    }
}

/// A source with `find` replaced, which occurs in it.
fn patched(tree: &mut Tree, file: &str, find: &str, replace: &str) {
    let text = tree.files.get_mut(Path::new(file)).unwrap();
    assert!(text.contains(find), "{find}");
    *text = text.replacen(find, replace, 1);
}

#[test]
fn right_layers_agree_and_a_wrong_one_is_found() {
    let course = course();
    let bench = Bench::new(&course, "convnets/mnist_cnn", 1);
    let allowed = bench.training.allowed;
    let given = bench.train(Beside::default()).losses.unwrap();
    assert_eq!(given.len(), 20);
    assert!(given[19] < 0.8 * given[0], "nothing was learnt: {given:?}");

    let right = bench.beside(&["special_layers/conv2d", "special_layers/max_pool"]);
    let mut wrong = right.clone();
    let own = bench.train(right).losses.unwrap();
    assert_ne!(own, given, "the same roundings: were they own layers?");
    let agreement = compare(&given, &own, allowed);
    assert_eq!(agreement.parts_at, None, "{agreement:?}");

    let [from, to] = ["place * stride + tap * dilation", "place * stride + (size - 1 - tap) * dilation"];
    patched(&mut wrong.chapters[0].1, "src/conv.rs", from, to);
    let flipped = bench.train(wrong).losses.unwrap();
    assert_eq!(compare(&given, &flipped, allowed).parts_at, Some(0));
}

/// As a function of its name, in its chapter's file.
#[test]
fn every_layer_that_is_listed_can_be_installed() {
    let course = course();
    let folder = Paths::new(&course.root).root().join("grader/probe/mine/src");
    let mut capstones = 0;
    for capstone in course.exercises().filter(|exercise| !exercise.mine.is_empty()) {
        capstones += 1;
        assert!(training(&capstone.chapter, &capstone.id, 1).is_some(), "{} has no training", capstone.id);
        for layer in &capstone.mine {
            let (chapter, exercise) = layer.split_once('/').unwrap();
            let text = fs::read_to_string(folder.join(format!("{chapter}.rs"))).unwrap();
            let function = format!("pub fn {exercise}(own: &mut OwnLayers)");
            assert!(text.contains(&function), "{layer} of {} can't be installed", capstone.id);
        }
    }
    assert!(capstones >= 4, "only {capstones} capstones are trained on own layers");
}
