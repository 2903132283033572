//! Names that are not there: crates, traits, other libraries' methods.

use super::{CONVENTIONS, GRADING, OBJECTIONS, STUCK, TAPES, Wall};

/// The crates that there are (`build`'s; a test compares).
const CRATES: &str = "If `{1}` is to be a crate: what you write is compiled with `std`, `dfdx`, `num-traits`, `rand`, \
                      `rand_distr`, `toolkit` and no other. What a chapter's Cargo.toml names beside these is for your \
                      editor alone.";

pub const WALLS: &[Wall] = &[
    Wall {
        name: "crate_imported",
        code: "E0432",
        message: &["unresolved import …"],
        said: &["use of unresolved module or unlinked crate `*`"],
        says: CRATES,
        link: GRADING,
    },
    Wall {
        name: "crate_used",
        code: "E0433",
        message: &["cannot find module or crate …", "failed to resolve: …"],
        said: &["use of unresolved module or unlinked crate `*`"],
        says: CRATES,
        link: GRADING,
    },
    Wall {
        name: "keyword_gen",
        code: "",
        message: &["expected identifier, found reserved keyword `gen`"],
        said: &[],
        says: "`gen` is a word of the language by now. `rng.sample(…)` and `rng.gen_range(0.0..1.0)` do without it; \
               `rng.r#gen::<f32>()` escapes it. All three need `use rand::Rng;`.",
        link: CONVENTIONS,
    },
    Wall {
        name: "newer_rand",
        code: "E0599",
        message: &[
            "no method named `random` found for *`*StdRng` in the current scope",
            "no method named `random_range` found for *`*StdRng` in the current scope",
            "no method named `random_bool` found for *`*StdRng` in the current scope",
        ],
        said: &[],
        says: "The course has rand 0.8, as dfdx wants it. There it is `gen_range` and `gen_bool`, with `use \
               rand::Rng;`.",
        link: CONVENTIONS,
    },
    Wall {
        name: "generator_of_its_own",
        code: "E0423",
        message: &["expected function, found module `rng`"],
        said: &[],
        says: "Draw from the generator that you are given, `rng`, and from no other: the same seed has to give the \
               same result.",
        link: CONVENTIONS,
    },
    Wall {
        name: "trait_not_in_scope",
        code: "E0599",
        message: &["no method named `*` found for *`*` in the current scope"],
        said: &[
            "trait `Rng` which provides `*` is implemented but not in scope; perhaps you want to import it",
            "trait `Distribution` which provides `*` is implemented but not in scope; perhaps you want to import it",
            "trait `Float` which provides `*` is implemented but not in scope; perhaps you want to import it",
        ],
        says: "`{1}` comes from a trait, which the file has to name: put the line that begins with `use` below to \
               those at its top.",
        link: GRADING,
    },
    Wall {
        name: "distribution",
        code: "E0433",
        message: &[
            "cannot find type `Normal` in this scope",
            "cannot find type `Uniform` in this scope",
            "cannot find type `StandardNormal` in this scope",
            "cannot find type `Bernoulli` in this scope",
        ],
        said: &[],
        says: "Distributions are in `rand_distr`, and drawing from one is in a trait of it: `use \
               rand_distr::{Distribution, Normal};` at the top of the file.",
        link: GRADING,
    },
    Wall {
        name: "optimizer",
        code: "E0433",
        message: &[
            "cannot find type `Sgd` in this scope",
            "cannot find type `Adam` in this scope",
            "cannot find type `RMSprop` in this scope",
        ],
        said: &[],
        says: "dfdx's optimizers want sizes that the compiler knows. For parameters whose sizes are known at run time \
               there is `toolkit::optim`, where an exercise does not ask for one of your own.",
        link: "lectures/toolkit/README.md#toolkit",
    },
    Wall {
        name: "layers_of_nightly",
        code: "E0425",
        message: &["cannot find type `Conv2D` in this scope", "cannot find type `MaxPool2D` in this scope"],
        said: &[],
        says: "dfdx has convolution and pooling on nightly Rust only. Here they are what you write, or the toolkit's \
               `LayerOps`.",
        link: "lectures/toolkit/README.md#toolkit",
    },
    Wall {
        name: "convolution_of_nightly",
        code: "E0599",
        message: &[
            "no method named `conv2d` found for tuple `(Tensor<*>, *)` in the current scope",
            "no method named `max_pool2d` found for struct `Tensor<*>` in the current scope",
            "no method named `avg_pool2d` found for struct `Tensor<*>` in the current scope",
        ],
        said: &[],
        says: "dfdx has convolution and pooling on nightly Rust only. Here they are what you write, or the toolkit's \
               `LayerOps`.",
        link: "lectures/toolkit/README.md#toolkit",
    },
    Wall {
        name: "device_without_a_name",
        code: "E0425",
        message: &["cannot find value `dev` in this scope", "cannot find value `device` in this scope"],
        said: &[],
        says: "No device was handed in here. Every tensor knows the device that it is on: `x.device()`.",
        link: TAPES,
    },
    Wall {
        name: "draws_elsewhere",
        code: "E0599",
        message: &[
            "no method named `randn` found for reference `&D` in the current scope",
            "no method named `rand` found for reference `&D` in the current scope",
            "no method named `normal` found for reference `&D` in the current scope",
            "no method named `uniform` found for reference `&D` in the current scope",
        ],
        said: &[],
        says: "Random numbers come from the generator that you are given, not from the device: draw a list, and make \
               a tensor of it with `dev.tensor_from_vec(numbers, shape)`.",
        link: CONVENTIONS,
    },
    Wall {
        name: "more_than_a_device",
        code: "E0599",
        message: &[
            "no method named `*` found for reference `&D` in the current scope",
            "no function or associated item named `*` found for type parameter `D` in the current scope",
        ],
        said: &["items from traits can only be used if the type parameter is bounded by the trait"],
        says: "`{1}` is not among what the bounds of `D` promise, and one more bound would change the signature. Do \
               it with what tensors themselves can do.",
        link: TAPES,
    },
    Wall {
        name: "tensor_without_types",
        code: "E0107",
        message: &[
            "missing generics for struct `Tensor`",
            "struct takes at least 3 generic arguments but * supplied",
        ],
        said: &["struct defined here, with at least 3 generic parameters: `S`, `E`, `D` in `*dfdx*`"],
        says: "A tensor's type has four parts, of which the last may be left out: `Tensor<S, f32, D, T>`, shape, kind \
               of number, device, tape.",
        link: TAPES,
    },
    Wall {
        name: "product_elsewhere",
        code: "E0599",
        message: &[
            "no method named `dot` found for struct `Tensor<*>` in the current scope",
            "no method named `mm` found for struct `Tensor<*>` in the current scope",
            "no method named `bmm` found for struct `Tensor<*>` in the current scope",
        ],
        said: &[],
        says: "Here the product of matrices is `a.matmul(b)`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "transpose_elsewhere",
        code: "E0599",
        message: &[
            "no method named `t` found for struct `Tensor<*>` in the current scope",
            "no method named `transpose` found for struct `Tensor<*>` in the current scope",
        ],
        said: &[],
        says: "Here axes are exchanged by `permute`, with the shape that comes out and which old axis each new one \
               is: `permute::<(usize, usize), Axes2<1, 0>>()`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "reshape_elsewhere",
        code: "E0599",
        message: &[
            "no method named `view` found for struct `Tensor<*>` in the current scope",
            "no method named `flatten` found for struct `Tensor<*>` in the current scope",
            "no method named `squeeze` found for struct `Tensor<*>` in the current scope",
            "no method named `unsqueeze` found for struct `Tensor<*>` in the current scope",
        ],
        said: &[],
        says: "Here another shape for the same numbers is `x.reshape_like(&(n, m))`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "number_elsewhere",
        code: "E0599",
        message: &[
            "no method named `item` found for struct `Tensor<*>` in the current scope",
            "no method named `to_vec` found for struct `Tensor<*>` in the current scope",
            "no method named `numpy` found for struct `Tensor<*>` in the current scope",
        ],
        said: &[],
        says: "Here the numbers of a tensor are `x.as_vec()`, and the one of a loss is `loss.as_vec()[0]`.",
        link: TAPES,
    },
    Wall {
        name: "tape_elsewhere",
        code: "E0599",
        message: &[
            "no method named `detach` found for struct `Tensor<*>` in the current scope",
            "no method named `requires_grad` found for struct `Tensor<*>` in the current scope",
            "no method named `requires_grad_` found for struct `Tensor<*>` in the current scope",
        ],
        said: &[],
        says: "Here recording is a matter of the type: `x.leaky_trace()` starts a tape, and `x.retaped::<NoneTape>()` \
               is a copy that has none.",
        link: TAPES,
    },
    Wall {
        name: "length_elsewhere",
        code: "E0599",
        message: &[
            "no method named `len` found for struct `Tensor<*>` in the current scope",
            "no method named `size` found for struct `Tensor<*>` in the current scope",
            "no method named `len` found for reference `&S` in the current scope",
        ],
        said: &[],
        says: "How many numbers a tensor holds is `x.shape().num_elements()`, its sizes axis by axis \
               `x.shape().concrete()`.",
        link: STUCK,
    },
];
