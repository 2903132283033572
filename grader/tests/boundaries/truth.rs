//! What a right answer is stays outside: no wanted values among the arguments that a process has seen when it answers.
//!
//! A process keeps what it was told, in a `static` for example, so every call of an exercise up to the judged one counts.

use std::collections::{BTreeSet, HashMap, HashSet};

use hidden::{Case, Check, Operand, Rule, Step};
use protocol::{Array, Value};

const SEEDS: [u64; 2] = [1, 5];

/// Outputs whose wanted values are arguments too, and why they have to be: exercise, outputs, reason.
const SAME_AS_AN_ARGUMENT: &[(&str, &[&str], &str)] = &[
    ("activation_maximization", &["image"], "after 0 steps the image is the start"),
    ("affine_augment", &["y"], "a transform that changes nothing"),
    ("average_pool", &["y", "d_x"], "windows of one pixel"),
    ("batch_norm_eval", &["d_beta"], "the gradient of a sum's term, in a batch of one"),
    ("batch_norm_eval", &["running_*"], "evaluation leaves what is remembered as it was"),
    ("batch_norm_train", &["running_*"], "a momentum by which all is kept"),
    ("cats_vs_dogs", &["logits"], "the labels of the training features, which the training needs"),
    ("char_rnn", &["d_bias"], "the gradient of a sum's term, in a batch of one"),
    ("char_rnn", &["inputs", "targets"], "windows of a text are pieces of it"),
    ("char_table", &["decoded"], "a text, there and back"),
    ("clip_grad_norm", &["clipped*"], "gradients that are short enough stay as they are"),
    ("color_jitter", &["y"], "factors that change nothing"),
    ("conv1d", &["y", "d_bias"], "a single position, and inputs of zeros that leave the bias"),
    ("conv2d", &["y", "d_bias"], "a single position, and inputs of zeros that leave the bias"),
    ("dense", &["d_bias"], "the gradient of a sum's term, in a batch of one"),
    ("dropout", &["y", "next_y", "d_x"], "evaluation drops nothing"),
    ("dropout_features", &["d_decoder_bias"], "the gradient of a sum's term, in a batch of one"),
    ("embedding", &["y", "d_table"], "vectors are rows of the table"),
    ("fine_tune", &["mean*", "variance*"], "what is frozen stays as it was"),
    ("flatten", &["y", "d_x", "converted"], "the same numbers in another shape"),
    ("flips", &["horizontal", "vertical"], "images of a single column or row"),
    (
        "freeze_and_replace_head",
        &["kernel*", "gamma*", "beta*", "mean*", "variance*"],
        "what is frozen stays",
    ),
    ("global_average_pool", &["y", "d_x"], "images of one pixel"),
    ("image_data_generator", &["images*", "pixels*"], "the images that it was given, in another order"),
    ("leaky_relu", &["y", "d_x"], "what is positive passes"),
    ("lenet5", &["y"], "where all units are off the last bias is left"),
    ("load_pretrained", &["classifier.*", "features.*"], "arrays are taken over"),
    ("max_pool", &["y", "d_x"], "windows of one pixel"),
    ("merge_arithmetic", &["y", "d_*"], "a single input, and terms of a sum"),
    ("merge_concatenate", &["y", "d_*"], "inputs are pieces of the result"),
    ("mnist_cnn", &["y", "d_output_bias"], "where all units are off the last bias is left"),
    ("mnist_cnn", &["first_kernel", "output_weights"], "without epochs nothing changes"),
    ("mnist_mlp", &["images_of_both_sets"], "the images that it was given, in another order"),
    ("mnist_mlp", &["output_weights", "running_mean"], "without epochs nothing changes"),
    ("random_crop_resize", &["y"], "the whole image at its own size"),
    ("random_labels", &["images", "labels"], "the images stay, and the labels come in another order"),
    ("relu", &["y", "d_x"], "what is positive passes"),
    ("residual_block", &["running_*"], "evaluation leaves what is remembered as it was"),
    ("resnet18", &["d_fc_bias"], "the gradient of a sum's term, in a batch of one"),
    ("standardize", &["mean"], "the mean of a single example"),
    (
        "time_windows",
        &["inputs", "targets", "training_*", "validation_*", "test_*"],
        "windows of a series are pieces of it",
    ),
    ("two_inputs", &["d_output_bias"], "the gradient of a sum's term, in a batch of one"),
    ("zca_whitening", &["mean"], "the mean of a single example"),
];

/// Arguments that hold a truth by their name, and why they have to be there: exercise, arguments, reason.
const TRUTHS_BY_NAME: &[(&str, &[&str], &str)] = &[
    ("best_gamma", &["validation"], "the student's own function measures Γ by them"),
    ("cats_vs_dogs", &["validation*"], "the student's own function measures by them"),
    ("char_rnn", &["held_out"], "the student's own measure: what comes next is what is read next"),
    ("char_rnn", &["test"], "the text to be measured by: what comes next is what is read next"),
    ("does_init_matter", &["test*"], "the student's own function measures by them"),
    ("early_stopping", &["later*"], "the rule that holds from a later epoch on"),
    ("item_analysis", &["validation_*"], "read by nobody: the plan's arguments"),
    (
        "matrix_factorization",
        &["validation_*"],
        "the student's own function measures by them after each epoch",
    ),
    ("mnist_cnn", &["test*", "validation*"], "the student's own function measures by them"),
    ("mnist_mlp", &["held_out"], "how many images to hold out"),
    (
        "mnist_mlp",
        &["test*", "validation*"],
        "the student's own function stops by some and measures by others",
    ),
    ("neural_recommender", &["validation_*"], "the student's own function measures by them after each epoch"),
    ("pipeline", &["validation"], "the student's own function measures by them"),
    ("random_labels", &["test*"], "the student's own function measures by them after each epoch"),
    ("seq2seq_addition", &["test_questions"], "the questions to be answered"),
    (
        "seq2seq_addition",
        &["test_answers"],
        "the student's own function measures by them; in the real training those of other questions",
    ),
    ("time_windows", &["test", "validation"], "how many steps these parts have"),
    ("training_loop", &["validation_*"], "the student's own function measures by them after each epoch"),
    ("with_bias", &["validation_*"], "the student's own function measures by them after each epoch"),
];

/// Words in the names of arguments by which a truth is known.
const TRUTH_WORDS: [&str; 8] =
    ["test", "validation", "held_out", "truth", "want", "expected", "later", "future"];

#[test]
fn expected_values_do_not_enter_the_process_that_runs_student_code() {
    let mut found = BTreeSet::new();
    every_exercise(&SEEDS, |exercise, cases| {
        let outputs = outputs_with_a_truth_inside(cases);
        found.extend(outputs.into_iter().map(|output| (exercise.to_owned(), output)));
    });
    agree(&found, SAME_AS_AN_ARGUMENT);
}

#[test]
fn an_argument_that_is_a_truth_by_its_name_is_one_that_a_students_function_takes() {
    let mut found = BTreeSet::new();
    every_exercise(&SEEDS[..1], |exercise, cases| {
        for name in cases.iter().flat_map(|case| &case.calls).flat_map(|call| call.args.keys()) {
            if TRUTH_WORDS.iter().any(|word| name.contains(word)) {
                let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
                found.insert((exercise.to_owned(), name.to_owned()));
            }
        }
    });
    agree(&found, TRUTHS_BY_NAME);
}

/// Every finding has its reason, and every reason its finding.
fn agree(found: &BTreeSet<(String, String)>, reasons: &[(&str, &[&str], &str)]) {
    let fits = |pattern: &str, name: &str| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    };
    let known = |exercise: &str, name: &str| {
        reasons.iter().any(|(e, names, why)| {
            *e == exercise && !why.is_empty() && names.iter().any(|pattern| fits(pattern, name))
        })
    };
    let new: Vec<_> = found.iter().filter(|(exercise, name)| !known(exercise, name)).collect();
    assert!(new.is_empty(), "a truth enters the process, and no reason is given:\n{new:#?}");
    let stale: Vec<_> = reasons
        .iter()
        .flat_map(|(exercise, names, _)| names.iter().map(move |pattern| (exercise, pattern)))
        .filter(|(exercise, pattern)| !found.iter().any(|(e, name)| e == *exercise && fits(pattern, name)))
        .collect();
    assert!(stale.is_empty(), "reasons that nothing needs any more:\n{stale:#?}");
}

pub fn every_exercise(seeds: &[u64], mut look: impl FnMut(&str, &[Case])) {
    assert!(hidden::exercises().count() > 80);
    for (chapter, exercise) in hidden::exercises() {
        for &seed in seeds {
            look(exercise, &hidden::cases(chapter, exercise, seed).unwrap().unwrap());
        }
    }
}

/// Checks with the number of the call whose answer they are about, counted over all cases.
fn judged(cases: &[Case]) -> impl Iterator<Item = (usize, &Check)> {
    let starts = cases.iter().scan(0, |next, case| {
        *next += case.calls.len();
        Some(*next - case.calls.len())
    });
    cases
        .iter()
        .zip(starts)
        .flat_map(|(case, start)| case.checks.iter().map(move |check| (start + check.call, check)))
}

/// Something that a right answer consists of.
enum Wanted {
    Numbers(Vec<u32>),
    Text(String),
}

fn wanted(check: &Check) -> Vec<Wanted> {
    let of_rule = match &check.rule {
        Rule::Close { want, .. } => vec![bits(want)],
        Rule::CloseToAny { wants, .. } => wants.iter().map(bits).collect(),
        Rule::Spans { basis, .. } => vec![bits(basis)],
        Rule::Permutation { of } => vec![of.iter().map(|&x| single(x)).collect()],
        _ => Vec::new(),
    };
    let of_steps = check.steps.iter().filter_map(|step| match step {
        Step::Minus(Operand::Known(array)) | Step::Error { against: array, .. } | Step::Equal(array) => {
            Some(bits(array))
        }
        Step::Accuracy(labels) => Some(labels.iter().map(|&label| single(label as f64)).collect()),
        _ => None,
    });
    let numbers = of_rule.into_iter().chain(of_steps).filter(|numbers| tells_something(numbers));
    let text = match &check.rule {
        Rule::Text { want } if want.len() > 8 => Some(Wanted::Text(want.clone())),
        _ => None,
    };
    numbers.map(Wanted::Numbers).chain(text).collect()
}

fn bits(array: &Array) -> Vec<u32> {
    array.to_f64().into_iter().map(single).collect()
}

/// A number as a student sees it; there is one zero.
fn single(x: f64) -> u32 {
    (x as f32 + 0.0).to_bits()
}

fn is_whole(bits: u32) -> bool {
    f32::from_bits(bits).fract() == 0.0
}

/// Three different broken numbers, or twelve whole ones of which four are different, are no coincidence.
fn tells_something(numbers: &[u32]) -> bool {
    let different: BTreeSet<u32> = numbers.iter().copied().collect();
    let broken = different.iter().filter(|&&x| !is_whole(x)).count();
    broken >= 3 || (numbers.len() >= 12 && different.len() >= 4)
}

/// What is looked for, and where it would be found first.
struct Search {
    wanted: Vec<(Vec<u32>, usize, String)>,
    /// A number of each, by which it is recognised: its place in it, and whose it is.
    anchors: HashMap<u32, Vec<(usize, usize)>>,
    /// Which hashes of numbers are worth a look.
    filter: Vec<bool>,
}

fn hash(x: u32) -> usize {
    (x.wrapping_mul(0x9e37_79b9) >> 16) as usize
}

impl Search {
    fn new(wanted: Vec<(Vec<u32>, usize, String)>) -> Self {
        let (mut anchors, mut filter) = (HashMap::<u32, Vec<_>>::new(), vec![false; 1 << 16]);
        for (i, (numbers, ..)) in wanted.iter().enumerate() {
            let first = |is: &dyn Fn(f32) -> bool| numbers.iter().position(|&x| is(f32::from_bits(x)));
            let place = first(&|x| x.fract() != 0.0).or_else(|| first(&|x| x > 1.0)).unwrap_or_default();
            anchors.entry(numbers[place]).or_default().push((place, i));
            filter[hash(numbers[place])] = true;
        }
        Self { wanted, anchors, filter }
    }

    /// The outputs whose wanted values stand in `seen`, whole and in one piece, which call number `call` brings.
    fn look(&self, seen: &[u32], call: usize, found: &mut BTreeSet<String>) {
        for (at, x) in seen.iter().enumerate().filter(|(_, x)| self.filter[hash(**x)]) {
            for &(place, i) in self.anchors.get(x).into_iter().flatten() {
                let (numbers, judged, output) = &self.wanted[i];
                let start = at.checked_sub(place);
                let piece = start.and_then(|start| seen.get(start..start + numbers.len()));
                if call <= *judged && piece == Some(numbers) {
                    found.insert(output.clone());
                }
            }
        }
    }
}

/// The outputs whose wanted values, numbers or text, are among the arguments of the calls up to the judged one.
fn outputs_with_a_truth_inside(cases: &[Case]) -> BTreeSet<String> {
    let (mut numbers, mut texts, mut found) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (call, check) in judged(cases) {
        for wanted in wanted(check) {
            match wanted {
                Wanted::Numbers(wanted) => numbers.push((wanted, call, check.output.clone())),
                Wanted::Text(wanted) => texts.push((wanted, call, check.output.clone())),
            }
        }
    }
    let (search, mut known) = (Search::new(numbers), HashSet::new());
    for (call, values) in cases.iter().flat_map(|case| &case.calls).map(|call| &call.args).enumerate() {
        // Weights of a network that was trained elsewhere are hundreds, large, and nobody's answer.
        for value in values.iter().filter(|(name, _)| !name.starts_with("weights/")).map(|(_, value)| value) {
            match value {
                Value::Array(array) => {
                    let seen = bits(array);
                    if known.insert(seen.clone()) {
                        search.look(&seen, call, &mut found);
                    }
                }
                Value::Text(seen) => {
                    let inside = |(wanted, judged, _): &&(String, usize, String)| {
                        call <= *judged && seen.contains(wanted.as_str())
                    };
                    found.extend(texts.iter().filter(inside).map(|(.., output)| output.clone()));
                }
                _ => {}
            }
        }
    }
    found
}
