//! Cross-validation: choosing the amount of regularization by data that was not trained on.
