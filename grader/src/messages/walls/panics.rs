//! What a panic means. dfdx's own say neither the operation nor what was compared: the place in its source does. Here
//! `said` is that place, after `yours: ` where it is in a file of the student's.

use super::{CONVENTIONS, OBJECTIONS, RECORDED, SIGNATURES, TAPES, TENSORS, Wall};

/// The walls of the running program, in the order in which they are tried.
pub const PANICS: &[Wall] = &[
    Wall {
        name: "same_tensor_twice",
        code: "",
        message: &["assertion `left != right` failed left: UniqueId(…) right: UniqueId(…)"],
        said: &["…dfdx…/tensor/gradients.rs…"],
        says: "`backward` met an operation that had got the same tensor twice: a copy by `retaped`, `clone` or \
               `permute` still counts as the same. Make one side a new tensor, `x.retaped::<T>() * 1.0`, or use an \
               operation of one tensor, such as `square()`.",
        link: SIGNATURES,
    },
    Wall {
        name: "no_gradient",
        code: "",
        message: &["called `unwrap()` on a `None` value"],
        said: &["…dfdx…/tensor/gradients.rs…"],
        says: "There is no gradient for the tensor that was asked for: it had no part in the loss, or it is another \
               one by now. `p * 2.0` is a new tensor; a parameter keeps its gradients only where it is changed in \
               place.",
        link: RECORDED,
    },
    Wall {
        name: "two_shapes",
        code: "",
        message: &["assertion `left == right` failed left: (…) right: (…)"],
        said: &[
            "…dfdx…/tensor_ops/utilities/ops.rs…",
            "…dfdx…/tensor_ops/choose/…",
            "…dfdx…/tensor_ops/cmp/…",
            "…dfdx…/tensor_ops/axpy/…",
        ],
        says: "An operation number by number got two tensors of different shapes, the two below. Nothing is repeated \
               by itself: `b.broadcast_like::<_, Axis<0>>(&shape)` repeats a vector `b` along axis 0.",
        link: TENSORS,
    },
    Wall {
        name: "product_of_what_does_not_fit",
        code: "",
        message: &["assertion `left == right` failed left: … right: …"],
        said: &["…dfdx…/tensor_ops/matmul/…"],
        says: "In `a.matmul(b)` the rows of `a` are as long as `b` has rows, and here the two numbers below differ. \
               Is one of them to be transposed, or in the other's place?",
        link: TENSORS,
    },
    Wall {
        name: "reshape_of_another_size",
        code: "",
        message: &["assertion `left == right` failed left: … right: …"],
        said: &["…dfdx…/tensor_ops/reshape_to/…"],
        says: "A new shape needs as many numbers as the old one: the first number below is how many there are, the \
               second how many the new shape has.",
        link: TAPES,
    },
    Wall {
        name: "broadcast_of_another_size",
        code: "",
        message: &["assertion `left == right` failed left: … right: …"],
        said: &["…dfdx…/shapes/broadcasts.rs…"],
        says: "In `broadcast_like` the new shape, without the axes that are repeated, must be the old one: the first \
               number below is a length in the new shape, the second that in the old one. Is it the wrong axis?",
        link: TENSORS,
    },
    Wall {
        name: "stack_of_shapes",
        code: "",
        message: &["assertion `left == right` failed left: (…) right: (…)"],
        said: &["…dfdx…/tensor_ops/stack/…"],
        says: "`stack` puts tensors of one shape side by side, and these have the two shapes below.",
        link: TAPES,
    },
    Wall {
        name: "stack_of_nothing",
        code: "",
        message: &["assertion failed: new_dim.size() > 0"],
        said: &["…dfdx…/tensor_ops/stack/…"],
        says: "`stack` was given an empty list.",
        link: TAPES,
    },
    Wall {
        name: "concat_of_shapes",
        code: "",
        message: &["assertion `left == right` failed left: … right: …"],
        said: &["…dfdx…/tensor_ops/concat_along/…"],
        says: "`concat_along` joins tensors whose shapes differ along that axis only, and these differ along another, \
               by the lengths below.",
        link: TAPES,
    },
    Wall {
        name: "too_few_numbers",
        code: "",
        message: &["called `unwrap()` on an `Err` value: WrongNumElements"],
        said: &["…dfdx…"],
        says: "`tensor_from_vec` got a list that is longer or shorter than its shape: a shape `(n, m)` takes n · m \
               numbers.",
        link: TENSORS,
    },
    Wall {
        name: "copy_of_another_length",
        code: "",
        message: &["copy_from_slice: source slice length … does not match destination slice length …"],
        said: &[],
        says: "Numbers were copied from one list into another of a different length. For a tensor of shape `(n, m)` \
               it is n · m.",
        link: TAPES,
    },
    Wall {
        name: "slice_beyond",
        code: "",
        message: &["called `unwrap()` on a `None` value"],
        said: &["…dfdx…/tensor_ops/slice/…"],
        says: "`slice` was asked for places that are not there: beyond the end of an axis, or from a later place to an earlier one.",
        link: TAPES,
    },
    Wall {
        name: "index_into_a_tensor",
        code: "",
        message: &["Index out of bounds: index=… shape=…"],
        said: &["…dfdx…/tensor/cpu/index.rs…"],
        says: "`select`, `gather` or `[…]` was asked for a place that is not there: below are the place and the \
               shape. Places are counted from 0.",
        link: TAPES,
    },
    Wall {
        name: "mask_without_numbers",
        code: "",
        message: &["index out of bounds: the len is 0 but the index is 0", "attempt to divide by zero"],
        said: &["…dfdx…"],
        says: "dfdx can't do this to a tensor without numbers: one length of its shape is 0. Treat that case on its \
               own, before.",
        link: OBJECTIONS,
    },
    Wall {
        name: "strides",
        code: "",
        message: &["assertion `left == right` failed: Strides must be equal for axpy…"],
        said: &["…dfdx…/tensor_ops/axpy/…"],
        says: "`axpy` can't take a tensor that was permuted or broadcast: those are views. An operation makes a new \
               one of it, such as `* 1.0`.",
        link: TAPES,
    },
    Wall {
        name: "probability",
        code: "",
        message: &["called `unwrap()` on an `Err` value: InvalidProbability"],
        said: &["…dfdx…/tensor_ops/dropout/…"],
        says: "A probability must lie between 0 and 1. What the function does with others, its documentation says.",
        link: CONVENTIONS,
    },
    Wall {
        name: "empty_range",
        code: "",
        message: &["cannot sample empty range", "new called with `low >= high`"],
        said: &[],
        says: "Nothing can be drawn from an empty range: its end must lie above its begin. Does this case need no \
               draw at all?",
        link: CONVENTIONS,
    },
    Wall {
        name: "beyond_the_end",
        code: "",
        message: &[
            "index out of bounds: the len is … but the index is …",
            "range end index … out of range for slice of length …",
        ],
        said: &["yours: …"],
        says: "A list was read beyond its end. In a list from `as_vec()` the number at row i and column j of n \
               columns is `[i * n + j]`.",
        link: TAPES,
    },
    Wall {
        name: "enormous",
        code: "",
        message: &["capacity overflow"],
        said: &[],
        says: "A list of absurd length was asked for. Often two sizes were subtracted in the wrong order: a `usize` \
               below 0 becomes a giant.",
        link: CONVENTIONS,
    },
    Wall {
        name: "no_chunks",
        code: "",
        message: &[
            "chunk size must be non-zero",
            "attempt to divide by zero",
            "attempt to calculate the remainder with a divisor of zero",
        ],
        said: &[],
        says: "Something was divided by a whole number that is 0, or cut into parts of length 0. Which size is 0 in \
               this case?",
        link: CONVENTIONS,
    },
    Wall {
        name: "unwrap_of_an_error",
        code: "",
        message: &["called `unwrap()` on an `Err` value: …"],
        said: &["yours: …"],
        says: "`unwrap()` met an error. Where your function gives a `Result`, a `?` hands the error on instead.",
        link: CONVENTIONS,
    },
    Wall {
        name: "unwrap_of_nothing",
        code: "",
        message: &["called `unwrap()` on a `None` value"],
        said: &["yours: …"],
        says: "`unwrap()` met nothing: the list was empty, say, or two numbers could not be compared because one is \
               NaN. Which of the arguments below makes it so?",
        link: CONVENTIONS,
    },
];
