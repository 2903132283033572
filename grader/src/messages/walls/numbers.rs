//! Numbers next to tensors: on the wrong side, of the wrong type, in the place of a tensor.

use super::{OBJECTIONS, TAPES, Wall};

pub const WALLS: &[Wall] = &[
    Wall {
        name: "number_minus_tensor",
        code: "E0277",
        message: &["cannot subtract `Tensor<*>` from `*`"],
        said: &[],
        says: "A number can stand on the right of a tensor only. `1.0 - x` is `x.negate() + 1.0`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "number_plus_tensor",
        code: "E0277",
        message: &["cannot add `Tensor<*>` to `*`"],
        said: &[],
        says: "A number can stand on the right of a tensor only: `x + 1.0`, not `1.0 + x`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "number_times_tensor",
        code: "E0277",
        message: &["cannot multiply `*` by `Tensor<*>`"],
        said: &[],
        says: "A number can stand on the right of a tensor only: `x * 2.0`, not `2.0 * x`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "number_over_tensor",
        code: "E0277",
        message: &["cannot divide `*` by `Tensor<*>`"],
        said: &[],
        says: "A number can stand on the right of a tensor only. `2.0 / x` is `x.recip() * 2.0`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "whole_number",
        code: "E0277",
        message: &["the trait bound `Tensor<*, f32, *>: Try*<{integer}>` is not satisfied"],
        said: &[],
        says: "The tensor's numbers are `f32`, and Rust makes no `f32` of a whole number: write `1.0`, not `1`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "other_number",
        code: "E0277",
        message: &[
            "the trait bound `Tensor<*, f32, *>: Try*<f64>` is not satisfied",
            "the trait bound `Tensor<*, f32, *>: Try*<usize>` is not satisfied",
        ],
        said: &["the trait `Try*<*>` is not implemented for `Tensor<*>`"],
        says: "The tensor's numbers are `f32`, and yours is `{5}`. Rust converts nothing by itself: `n as f32`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "any_number",
        code: "E0277",
        message: &[
            "the trait bound `Tensor<*, E, *>: Try*<f32>` is not satisfied",
            "the trait bound `Tensor<*, E, *>: Try*<f64>` is not satisfied",
            "the trait bound `Tensor<*, E, *>: Try*<{float}>` is not satisfied",
        ],
        said: &[],
        says: "This function works for any type of number `E`, single or double precision. Make an `E` of your number \
               first: `E::from_f64(number)`.",
        link: TAPES,
    },
    Wall {
        name: "function_of_any_number",
        code: "E0599",
        message: &["no method named `*` found for type parameter `E` in the current scope"],
        said: &[],
        says: "`E` is single or double precision, and has no `{1}` of its own here. Compute with `f64` and make an \
               `E` of the result, `E::from_f64(number)`, or use an operation of the tensor.",
        link: TAPES,
    },
    Wall {
        name: "mask_as_numbers",
        code: "E0277",
        message: &["the trait bound `Tensor<*>: Try*<Tensor<*, bool, *>>` is not satisfied"],
        said: &[],
        says: "A mask holds true and false, not 1 and 0, and can't be computed with. `mask.choose(a, b)` takes `a` \
               where it is true and `b` where not.",
        link: OBJECTIONS,
    },
    Wall {
        name: "double_precision",
        code: "E0277",
        message: &["the trait bound `D: *<f64>` is not satisfied"],
        said: &[],
        says: "`D: Device<f32>` promises tensors of `f32`, of `usize` and of `bool`, not of `f64`. Keep the tensor in \
               `f32`; what needs more digits, compute from `as_vec()` in plain `f64`.",
        link: TAPES,
    },
    Wall {
        name: "to_dtype",
        code: "E0599",
        message: &["the method `to_dtype` exists for *`*Tensor<*>`, but its trait bounds were not satisfied"],
        said: &[],
        says: "`Device<f32>` does not promise to turn tensors into another type of number, so `to_dtype` is not \
               there. Keep them in `f32`; what needs more digits, compute from `as_vec()` in plain `f64`.",
        link: TAPES,
    },
    Wall {
        name: "tensor_for_a_number",
        code: "E0308",
        message: &["mismatched types"],
        said: &["expected `f32`, found `Tensor<*>`", "expected `f64`, found `Tensor<*>`"],
        says: "A tensor is no plain number, not even one that holds a single number. That is `as_vec()[0]`, of a sum \
               or mean for example; it is off the tape, and no gradient flows through it.",
        link: TAPES,
    },
    Wall {
        name: "tensor_cast_to_a_number",
        code: "E0605",
        message: &["non-primitive cast: `Tensor<*>` as `*`"],
        said: &[],
        says: "A tensor is no plain number, not even one that holds a single number. That is `as_vec()[0]`; it is off \
               the tape, and no gradient flows through it.",
        link: TAPES,
    },
    Wall {
        name: "number_for_a_tensor",
        code: "E0308",
        message: &["mismatched types"],
        said: &[
            "expected `Tensor<*, f32, *>`, found floating-point number",
            "expected `Tensor<*, f32, *>`, found integer",
        ],
        says: "A number stands where a tensor is wanted. One of the same shape comes from \
               `x.device().zeros_like(x.shape())` or `ones_like`, with `.retaped::<T>()` behind it where it needs a \
               tape.",
        link: OBJECTIONS,
    },
    Wall {
        name: "number_returned",
        code: "E0308",
        message: &["mismatched types"],
        said: &["expected `Tensor<*, f32, *>`, found `f32`"],
        says: "A tensor is wanted, and this is a plain number, which has left the tape. Leave `as_vec()` out: \
               `sum::<Rank0, _>()` or `mean()` is a tensor of one number.",
        link: TAPES,
    },
    Wall {
        name: "assigning_operator",
        code: "E0368",
        message: &["binary assignment operation `*=` cannot be applied to type `Tensor<*>`"],
        said: &[],
        says: "Tensors have no `{1}=`. Use the old one up and keep the new: `sum = sum {1} x;`.",
        link: TAPES,
    },
    Wall {
        name: "operation_on_a_reference",
        code: "E0369",
        message: &[
            "cannot * `&Tensor<*>` by …",
            "cannot add … to `&Tensor<*>`",
            "cannot subtract … from `&Tensor<*>`",
        ],
        said: &[],
        says: "Operations take the tensor itself, not a reference to it: leave the `&` out, and where you need the \
               tensor again, take a copy (`x.retaped::<T>()`, or `x.clone()` without a tape).",
        link: TAPES,
    },
    Wall {
        name: "negated_reference",
        code: "E0600",
        message: &["cannot apply unary operator `-` to type `&Tensor<*>`"],
        said: &[],
        says: "Operations take the tensor itself, not a reference to it: leave the `&` out, and where you need the \
               tensor again, take a copy (`x.retaped::<T>()`, or `x.clone()` without a tape).",
        link: TAPES,
    },
    Wall {
        name: "reference_on_the_right",
        code: "E0277",
        message: &[
            "the trait bound `Tensor<*>: TryAdd<&Tensor<*>>` is not satisfied",
            "the trait bound `Tensor<*>: TrySub<&Tensor<*>>` is not satisfied",
            "the trait bound `Tensor<*>: TryMul<&Tensor<*>>` is not satisfied",
            "the trait bound `Tensor<*>: TryDiv<&Tensor<*>>` is not satisfied",
            "the trait bound `Tensor<*>: TryMatMul<&Tensor<*>>` is not satisfied",
        ],
        said: &[],
        says: "Operations take tensors themselves, and on the right stands a reference. Give it a copy, which shares \
               the numbers: `weight.retaped::<T>()` with an empty tape, or `weight.clone()` with none.",
        link: TAPES,
    },
    Wall {
        name: "plain_numbers",
        code: "E0277",
        message: &[
            "cannot * `f32` * `f64`",
            "cannot * `f64` * `f32`",
            "cannot * `f32` * `usize`",
            "cannot * `usize` * `f32`",
            "cannot * `f64` * `usize`",
            "cannot * `usize` * `f64`",
            "cannot * `{float}` * `usize`",
            "cannot * `usize` * `{float}`",
        ],
        said: &[],
        says: "Two types of number meet here, and Rust converts neither by itself. Convert one: `n as f32`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "plain_number",
        code: "E0308",
        message: &["mismatched types"],
        said: &[
            "expected `f32`, found `f64`",
            "expected `f64`, found `f32`",
            "expected `f32`, found `usize`",
        ],
        says: "Two types of number meet here, and Rust converts neither by itself. Convert one: `n as f32`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "numbers_of_another_type",
        code: "E0308",
        message: &["mismatched types"],
        said: &["expected `Vec<f32>`, found `Vec<f64>`", "expected `Vec<usize>`, found `Vec<f32>`"],
        says: "The tensor's numbers are of one type and the list's of another, and Rust converts neither by itself: \
               `numbers.into_iter().map(|n| n as f32).collect()` makes a list of `f32`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "plain_list",
        code: "E0308",
        message: &["mismatched types"],
        said: &["expected `Tensor<*, f32, *>`, found `Vec<f32>`"],
        says: "A list of numbers becomes a tensor by `x.device().tensor_from_vec(numbers, shape)`. It then knows \
               nothing of the tape: where a gradient is to flow, compute with the tensor's own operations.",
        link: TAPES,
    },
];
