//! The table of all exercises: who writes an exercise's cases, who writes those with full-size data, and who draws its calls to
//! be timed.
//!
//! Copies for students come with sealed cases and without the programs that write them. The table stays the same; in place of
//! an author there is nobody.

use crate::{Author, sized::Sizer};

/// What there is of an exercise.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name inside its chapter.
    pub id: &'static str,
    /// Who writes its cases.
    pub cases: Option<Author>,
    /// Who writes cases with full-size data, which the author loads.
    pub full: Option<Author>,
    /// Who draws calls to be timed.
    pub sized: Option<Sizer>,
}

impl Entry {
    const fn full(self, author: Option<Author>) -> Self {
        Self { full: author, ..self }
    }

    const fn sized(self, sizer: Sizer) -> Self {
        Self { sized: Some(sizer), ..self }
    }
}

const fn exercise(id: &'static str, author: Option<Author>) -> Entry {
    Entry { id, cases: author, full: None, sized: None }
}

/// The entry of `chapter/exercise`.
pub fn entry(chapter: &str, exercise: &str) -> Option<&'static Entry> {
    let (_, entries) = CHAPTERS.iter().find(|(name, _)| *name == chapter)?;
    entries.iter().find(|entry| entry.id == exercise)
}

#[cfg(feature = "live")]
macro_rules! by {
    ($author:path) => {
        Some($author as Author)
    };
}

/// Nobody: this copy has sealed cases.
#[cfg(not(feature = "live"))]
macro_rules! by {
    ($author:path) => {
        None
    };
}

/// A chapter and its exercises, in reading order.
pub const CHAPTERS: &[(&str, &[Entry])] = &[
    ("first_steps", FIRST_STEPS),
    ("tricks", TRICKS),
    ("regularization", REGULARIZATION),
    ("special_layers", SPECIAL_LAYERS),
    ("convnets", CONVNETS),
    ("rnn", RNN),
];

const FIRST_STEPS: &[Entry] = {
    #[cfg(feature = "live")]
    use crate::first_steps::*;

    &[
        exercise("add_bias", by!(tensors::add_bias)),
        exercise("matrix_product", by!(tensors::matrix_product)),
        exercise("gradient_by_hand", by!(derivatives::gradient_by_hand)),
        exercise("gradient_by_tape", by!(derivatives::gradient_by_tape)),
        exercise("used_twice", by!(derivatives::used_twice)),
        exercise("fit_line", by!(line::fit_line)),
        exercise("softmax", by!(classification::softmax)),
        exercise("one_hot", by!(classification::one_hot)),
        exercise("cross_entropy", by!(classification::cross_entropy)),
        exercise("optimizers", by!(optimizers::optimizers)),
        exercise("training_loop", by!(training::training_loop)),
        exercise("overfit_one_batch", by!(overfit_one_batch::overfit_one_batch)),
    ]
};

const TRICKS: &[Entry] = {
    use crate::sized::tricks as sized;
    #[cfg(feature = "live")]
    use crate::tricks::*;

    &[
        exercise("sigmoid", by!(activations::sigmoid)).sized(sized::sigmoid),
        exercise("relu", by!(activations::relu)).sized(sized::relu),
        exercise("leaky_relu", by!(activations::leaky_relu)).sized(sized::leaky_relu),
        exercise("activation_derivatives", by!(activations::activation_derivatives)),
        exercise("calculate_gain", by!(initialization::calculate_gain)),
        exercise("xavier_normal", by!(initialization::xavier_normal)),
        exercise("xavier_uniform", by!(initialization::xavier_uniform)),
        exercise("kaiming_normal", by!(initialization::kaiming_normal)),
        exercise("signal_propagation", by!(initialization::signal_propagation)),
        exercise("standardize", by!(preprocessing::standardize)),
        exercise("zca_whitening", by!(preprocessing::zca_whitening)).sized(sized::zca_whitening),
        exercise("batch_norm_train", by!(batch_norm::batch_norm_train)).sized(sized::batch_norm),
        exercise("batch_norm_eval", by!(batch_norm::batch_norm_eval)).sized(sized::batch_norm),
        exercise("flips", by!(augmentation::flips)),
        exercise("random_crop_resize", by!(augmentation::random_crop_resize)),
        exercise("color_jitter", by!(color::color_jitter)),
        exercise("affine_augment", by!(affine::affine_augment)).sized(sized::affine_augment),
        exercise("image_data_generator", by!(generator::image_data_generator)),
        exercise("matmul_throughput", by!(throughput::matmul_throughput)).sized(sized::matmul_throughput),
        exercise("does_init_matter", by!(init_matters::does_init_matter)),
    ]
};

const REGULARIZATION: &[Entry] = {
    #[cfg(feature = "live")]
    use crate::regularization::*;
    use crate::sized::regularization as sized;

    &[
        exercise("early_stopping", by!(early_stopping::early_stopping)),
        exercise("ridge_closed_form", by!(ridge::ridge_closed_form)),
        exercise("ridge_gradient", by!(ridge::ridge_gradient)),
        exercise("k_fold", by!(cross_validation::k_fold)),
        exercise("best_gamma", by!(cross_validation::best_gamma)),
        exercise("l2_penalty", by!(weight_decay::l2_penalty)).sized(sized::l2_penalty),
        exercise("sgd_weight_decay", by!(weight_decay::sgd_weight_decay)),
        exercise("dropout", by!(dropout::dropout)).sized(sized::dropout),
        exercise("dropout_features", by!(dropout_features::dropout_features))
            .full(by!(dropout_features::full)),
        exercise("stratified_split", by!(stratified_split::stratified_split)),
        exercise("time_windows", by!(time_windows::time_windows)),
        exercise("pipeline", by!(pipeline::pipeline)),
        exercise("confusion_matrix", by!(confusion_matrix::confusion_matrix)),
        exercise("mnist_mlp", by!(mnist_mlp::mnist_mlp)).full(by!(mnist_mlp::full)),
    ]
};

const SPECIAL_LAYERS: &[Entry] = {
    use crate::sized::special_layers as sized;
    #[cfg(feature = "live")]
    use crate::special_layers::*;

    &[
        exercise("dense", by!(dense::dense)).sized(sized::dense),
        exercise("sequential_summary", by!(dense::sequential_summary)),
        exercise("merge_arithmetic", by!(merge::merge_arithmetic)),
        exercise("merge_concatenate", by!(merge::merge_concatenate)),
        exercise("merge_dot", by!(merge::merge_dot)).sized(sized::merge_dot),
        exercise("two_inputs", by!(two_inputs::two_inputs)),
        exercise("embedding", by!(embedding::embedding)).sized(sized::embedding),
        exercise("skip_gram", by!(skip_gram::skip_gram)),
        exercise("sliding_window", by!(sliding::sliding_window)),
        exercise("strided_conv1d", by!(sliding::strided_conv1d)),
        exercise("conv1d", by!(conv::conv1d)).sized(sized::conv1d),
        exercise("conv2d", by!(conv::conv2d)).sized(sized::conv2d),
        exercise("max_pool", by!(pooling::max_pool)).sized(sized::max_pool),
        exercise("average_pool", by!(pooling::average_pool)).sized(sized::average_pool),
        exercise("global_average_pool", by!(pooling::global_average_pool)),
        exercise("flatten", by!(pooling::flatten)),
        exercise("translation_invariance", by!(translation_invariance::translation_invariance)),
        exercise("matrix_factorization", by!(recommender::matrix_factorization))
            .full(by!(recommender::full_matrix_factorization)),
        exercise("with_bias", by!(recommender::with_bias)).full(by!(recommender::full_with_bias)),
        exercise("neural_recommender", by!(neural_recommender::neural_recommender))
            .full(by!(neural_recommender::full)),
        exercise("item_analysis", by!(item_analysis::item_analysis)).full(by!(item_analysis::full)),
    ]
};

const CONVNETS: &[Entry] = {
    #[cfg(feature = "live")]
    use crate::convnets::*;
    use crate::sized::convnets as sized;

    &[
        exercise("output_shape", by!(stacks::output_shape)),
        exercise("receptive_field", by!(stacks::receptive_field)),
        exercise("lenet5", by!(classics::lenet5)).sized(sized::lenet5),
        exercise("alexnet", by!(classics::alexnet)).full(by!(classics::full_alexnet)),
        exercise("vgg16", by!(classics::vgg16)).full(by!(classics::full_vgg16)),
        exercise("vgg19", by!(classics::vgg19)).full(by!(classics::full_vgg19)),
        exercise("load_pretrained", by!(pretrained::load_pretrained)).full(by!(pretrained::full)),
        exercise("residual_block", by!(residual::residual_block)).sized(sized::residual_block),
        exercise("resnet18", by!(residual::resnet18)),
        exercise("degradation", by!(degradation::degradation)).full(by!(degradation::full)),
        exercise("parameters_per_sample", by!(capacity::parameters_per_sample)),
        exercise("random_labels", by!(capacity::random_labels)).full(by!(capacity::full)),
        exercise("filter_grid", by!(filters::filter_grid)),
        exercise("feature_maps", by!(filters::feature_maps)),
        exercise("activation_maximization", by!(maximization::activation_maximization))
            .full(by!(maximization::full)),
        exercise("occlusion_map", by!(occlusion::occlusion_map)).full(by!(occlusion::full)),
        exercise("class_activation_map", by!(class_activation::class_activation_map)),
        exercise("mnist_cnn", by!(mnist_cnn::mnist_cnn)).full(by!(mnist_cnn::full)),
        exercise("freeze_and_replace_head", by!(transfer::freeze_and_replace_head)),
        exercise("fine_tune", by!(transfer::fine_tune)),
        exercise("cats_vs_dogs", by!(cats_vs_dogs::cats_vs_dogs)).full(by!(cats_vs_dogs::full)),
    ]
};

const RNN: &[Entry] = {
    #[cfg(feature = "live")]
    use crate::rnn::*;
    use crate::sized::rnn as sized;

    &[
        exercise("rnn_cell", by!(vanilla::rnn_cell)),
        exercise("rnn_unroll", by!(vanilla::rnn_unroll)).sized(sized::rnn_unroll),
        exercise("vanishing_gradient", by!(gradients::vanishing_gradient)),
        exercise("clip_grad_norm", by!(clipping::clip_grad_norm)),
        exercise("echo_state_network", by!(echo_state::echo_state_network)),
        exercise("forget_gate", by!(lstm::forget_gate)),
        exercise("input_gate", by!(lstm::input_gate)),
        exercise("cell_update", by!(lstm::cell_update)),
        exercise("output_gate", by!(lstm::output_gate)),
        exercise("lstm_cell", by!(lstm::lstm_cell)).sized(sized::lstm_cell),
        exercise("lstm_unroll", by!(lstm::lstm_unroll)).sized(sized::lstm_unroll),
        exercise("char_table", by!(text::char_table)),
        exercise("sample_with_temperature", by!(text::sample_with_temperature)),
        exercise("char_rnn", by!(char_rnn::char_rnn)).full(by!(char_rnn::full)),
        exercise("seq2seq_addition", by!(seq2seq::seq2seq_addition)).full(by!(seq2seq::full)),
    ]
};
