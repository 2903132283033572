//! Capstone: the notebook's multilayer perceptron with everything that this chapter taught.
