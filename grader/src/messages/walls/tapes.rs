//! `T` against `NoneTape`, tapes that don't join, and the way back.

use super::{OBJECTIONS, RECORDED, SIGNATURES, TAPES, Wall};

pub const WALLS: &[Wall] = &[
    Wall {
        name: "tape_lost",
        code: "E0308",
        message: &["mismatched types"],
        said: &["expected struct `Tensor<*, T>` found struct `Tensor<*, NoneTape>`"],
        says: "A tensor with the tape `T` is wanted, and this one has none (`NoneTape`): no gradient could flow \
               through it. Compute it from the tensor that came with the tape; a new one gets an empty tape by \
               `.retaped::<T>()`; after `split_tape()` put the tape back with `put_tape(tape)`.",
        link: TAPES,
    },
    Wall {
        name: "tape_unwanted",
        code: "E0308",
        message: &["mismatched types", "arguments to this function are incorrect"],
        said: &["expected struct `Tensor<*, NoneTape>` found struct `Tensor<*, T>`"],
        says: "A tensor without a tape is wanted here, and this one has the tape `T`. In an operation on two tensors \
               begin with the one that has the tape. A helper function of your own gets a type for it: `<T: Tape<f32, \
               D>>` and `Tensor<S, f32, D, T>`.",
        link: TAPES,
    },
    Wall {
        name: "tape_on_the_right",
        code: "E0277",
        message: &["the trait bound `NoneTape: Merge<*>` is not satisfied"],
        said: &[],
        says: "The result takes its tape from the left, and the left side has none (`NoneTape`) while the right one \
               has. Give the left tensor an empty tape first: `.retaped::<T>()`.",
        link: RECORDED,
    },
    Wall {
        name: "tapes_not_joined",
        code: "E0277",
        message: &["the trait bound `T: Merge<*>` is not satisfied"],
        said: &[],
        says: "Two tensors with tapes of different types meet here, and `T` does not promise to join `{1}`. Give both \
               the same type of tape, or promise it in your helper function: `T: Tape<f32, D> + Merge<{1}>`.",
        link: TAPES,
    },
    Wall {
        name: "which_tape",
        code: "E0283",
        message: &["type annotations needed…"],
        said: &[
            "…type parameter `New` declared on the method `retaped`",
            "required by a bound in `…retaped`",
        ],
        says: "`retaped` has to be told which tape: `.retaped::<T>()`.",
        link: TAPES,
    },
    Wall {
        name: "backward_without_tape",
        code: "E0599",
        message: &["no method named `backward` found for struct `Tensor<*>` in the current scope"],
        said: &["method not found in `Tensor<*, f32, D>`", "method not found in `Tensor<*, f32, Cpu>`"],
        says: "Nothing was recorded: this tensor has no tape to go back on. `x.leaky_trace()` starts one, before the \
               first operation that the gradient is to go through.",
        link: RECORDED,
    },
    Wall {
        name: "backward_of_many_numbers",
        code: "E0599",
        message: &["no method named `backward` found for struct `Tensor<*>` in the current scope"],
        said: &["method not found in `Tensor<*, OwnedTape<*>>`"],
        says: "`backward()` starts from a single number. Make one first, for example with `.sum::<Rank0, _>()`.",
        link: RECORDED,
    },
    Wall {
        name: "backward_of_any_tape",
        code: "E0599",
        message: &["no method named `backward` found for struct `Tensor<*>` in the current scope"],
        said: &["method not found in `Tensor<*, T>`"],
        says: "`T` may be any tape, also none, so this function can't go back on it. It hands the result on, and \
               whoever started the tape calls `backward()`.",
        link: TAPES,
    },
    Wall {
        name: "traced_twice",
        code: "E0599",
        message: &[
            "no method named `leaky_trace` found for struct `Tensor<*>` in the current scope",
            "no method named `leaky_traced` found for struct `Tensor<*>` in the current scope",
        ],
        said: &["method not found in `Tensor<*, f32, *, *>`"],
        says: "This tensor has a tape already. `leaky_trace()` starts one and belongs to a tensor without, such as \
               the parameters before a step; for a copy with an empty tape of the same kind take `.retaped::<T>()`.",
        link: TAPES,
    },
    Wall {
        name: "helper_bounds",
        code: "E0277",
        message: &[
            "the trait bound `*: Shape` is not satisfied",
            "the trait bound `*: Storage<*>` is not satisfied",
        ],
        said: &["required by a bound in `Tensor`"],
        says: "A function with tensors has to say in its angle brackets what its types are, as those of the course \
               do: `<S: Shape, D: Device<f32>, T: Tape<f32, D>>`.",
        link: SIGNATURES,
    },
    Wall {
        name: "helper_without_tape",
        code: "E0599",
        message: &["the method `*` exists for *`*Tensor<*>`, but its trait bounds were not satisfied"],
        said: &["the following trait bounds were not satisfied:…`T: Tape<*>`…"],
        says: "`T` could be anything. Say that it is a tape, `T: Tape<f32, D>`, and the operations are there.",
        link: SIGNATURES,
    },
    Wall {
        name: "outer_types",
        code: "E0401",
        message: &["can't use generic parameters from outer item"],
        said: &[],
        says: "A function inside a function does not know the types of the outer one. It needs its own: `fn helper<S: \
               Shape, D: Device<f32>, T: Tape<f32, D>>(…)`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "other_device",
        code: "E0308",
        message: &["mismatched types"],
        said: &["expected struct `Tensor<*, D, *>` found struct `Tensor<*, Cpu, *>`"],
        says: "The function works on any device `D`, and this tensor lies on the CPU. Make it where the others are: \
               `x.device()`.",
        link: TAPES,
    },
    Wall {
        name: "tape_of_another_device",
        code: "E0277",
        message: &["the trait bound `T: Tape<*, Cpu>` is not satisfied"],
        said: &[],
        says: "The function works on any device `D`, and this tensor lies on the CPU. Make it where the others are: \
               `x.device()`.",
        link: TAPES,
    },
];
