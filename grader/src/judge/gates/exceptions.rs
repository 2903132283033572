//! Outputs of which the right answer is the same in every case, or is decided by another output: each with its reason.

/// Exercise, output and reason.
const SETTLED: &[(&str, &str, &str)] = &[
    (
        "tricks/matmul_throughput",
        "seconds",
        "what a clock saw of the elapsed time; the product and its operations are checked",
    ),
    ("regularization/dropout_features", "encoder_bias", "biases of a new network are 0"),
    ("regularization/mnist_mlp", "beta", "β of a new network is 0"),
    ("regularization/mnist_mlp", "gamma", "γ of a new network is 1"),
    ("regularization/mnist_mlp", "train_images", "checked as part of `images_of_both_sets`"),
    ("special_layers/with_bias", "mean", "μ is the mean of the training ratings"),
    ("special_layers/neural_recommender", "b1", "biases of a new network are 0"),
    ("special_layers/neural_recommender", "b2", "biases of a new network are 0"),
    ("special_layers/neural_recommender", "mean", "μ is the mean of the training ratings"),
    ("convnets/degradation", "betas_and_running_means", "those of a new network are 0"),
    ("convnets/degradation", "biases", "a new network has none but 0"),
    ("convnets/degradation", "gammas_and_running_variances", "those of a new network are 1"),
    ("convnets/degradation", "losses_of_2", "the curve of an experiment; its end is compared in `worsening`"),
    (
        "convnets/degradation",
        "losses_of_12",
        "the curve of an experiment; its end is compared in `worsening`",
    ),
    ("convnets/activation_maximization", "images", "what an experiment finds; its gain is checked"),
    ("convnets/mnist_cnn", "first_bias", "biases of a new network are 0"),
    ("convnets/mnist_cnn", "second_bias", "biases of a new network are 0"),
    ("convnets/mnist_cnn", "hidden_bias", "biases of a new network are 0"),
    ("convnets/freeze_and_replace_head", "frozen_tensors_with_a_gradient", "there are none"),
    ("convnets/cats_vs_dogs", "bias", "the bias of a new head is 0"),
    ("convnets/cats_vs_dogs", "head", "compared between seeds; what it says is compared with labels"),
    ("tricks/image_data_generator", "images1", "every image once; their order is compared as `pixels1`"),
    ("tricks/image_data_generator", "images2", "every image once; their order is compared as `pixels2`"),
    (
        "regularization/mnist_mlp",
        "labels",
        "compared with the images that they are of, in `images_of_both_sets`",
    ),
    ("convnets/resnet18", "blocks", "ResNet-18 has eight"),
    (
        "convnets/degradation",
        "last_losses",
        "the ends of an experiment; which networks fare worse is compared",
    ),
    ("convnets/activation_maximization", "after", "the end of an experiment; small networks decide the rest"),
    ("convnets/cats_vs_dogs", "pretrained_after", "must be what it was before, whatever that is"),
    ("rnn/char_rnn", "bias", "the bias of a network that has learnt nothing is 0"),
];

/// Why an idle answer may pass for `output` of `exercise`.
pub fn reason(exercise: &str, output: &str) -> Option<&'static str> {
    let found = SETTLED.iter().find(|(id, name, _)| *id == exercise && *name == output);
    found.map(|(.., reason)| *reason)
}

/// The outputs of `exercise` that have a reason.
pub fn outputs(exercise: &str) -> impl Iterator<Item = &'static str> + '_ {
    SETTLED.iter().filter(move |(id, ..)| *id == exercise).map(|(_, output, _)| *output)
}
