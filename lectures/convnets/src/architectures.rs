//! The networks of the slides: LeNet-5, AlexNet, VGG-16 and VGG-19.
