//! A tensor is used up, lent, or asked for a clone.

use super::{RECORDED, SIGNATURES, TAPES, TENSORS, Wall};

pub const WALLS: &[Wall] = &[
    Wall {
        name: "moved_by_backward",
        code: "E0382",
        message: &["borrow of moved value: `*`", "use of moved value: `*`"],
        said: &["`…backward` takes ownership of the receiver `self`, which moves `*`"],
        says: "`backward` uses up the loss and its tape. Read its number before: `let value = {1}.as_vec()[0];`.",
        link: RECORDED,
    },
    Wall {
        name: "moved_in_a_loop",
        code: "E0382",
        message: &["borrow of moved value: `*`", "use of moved value: `*`"],
        said: &["…in previous iteration of loop…has type `Tensor<*>`…"],
        says: "The first round of the loop uses `{1}` up, and there is none for the second. What a round makes for \
               the next goes back into `{1}`, which is `mut` then; what all rounds need, each takes a copy of: \
               `{1}.retaped::<T>()`.",
        link: TAPES,
    },
    Wall {
        name: "moved_traced",
        code: "E0382",
        message: &["borrow of moved value: `*`", "use of moved value: `*`"],
        said: &["move occurs because `*` has type `Tensor<*, OwnedTape<*>>`…"],
        says: "`{1}` is used up, and its tape went on with the result. What you need of `{1}` later, take before; a \
               gradient is kept under the tensor that you called `leaky_trace()` on, not under the copy with the \
               tape.",
        link: TAPES,
    },
    Wall {
        name: "moved_twice",
        code: "E0382",
        message: &["use of moved value: `*`"],
        said: &["move occurs because `*` has type `Tensor<*, f32, *, *>`…"],
        says: "An operation uses up its tensor: after the first one there is no `{1}`. For all uses but one take \
               `{1}.retaped::<T>()`, a copy with an empty tape; the real `{1}`, with the tape, goes into one of them.",
        link: SIGNATURES,
    },
    Wall {
        name: "asked_after_the_move",
        code: "E0382",
        message: &["borrow of moved value: `*`"],
        said: &["move occurs because `*` has type `Tensor<*, f32, *, *>`…"],
        says: "An operation uses up its tensor: after it there is no `{1}`. Ask before: `let shape = *{1}.shape();`, \
               or work with `{1}.retaped::<T>()`, a copy with an empty tape.",
        link: TENSORS,
    },
    Wall {
        name: "moved_without_tape",
        code: "E0382",
        message: &["use of moved value: `*`", "borrow of moved value: `*`"],
        said: &[
            "move occurs because `*` has type `Tensor<*, f32, *>`…",
            "move occurs because `*` has type `Tensor<*, E, *>`…",
        ],
        says: "An operation uses up its tensor: after the first one there is no `{1}`. This one has no tape, so use \
               `{1}.clone()` first: it is cheap, it shares the numbers.",
        link: TENSORS,
    },
    Wall {
        name: "one_tape",
        code: "E0382",
        message: &["use of moved value: `*`"],
        said: &["move occurs because `*` has type `T`…", "move occurs because `*` has type `OwnedTape<*>`…"],
        says: "There is only one tape, and `{1}` was given away before. It travels with the tensor that you put it \
               into: go on with that tensor's results, and take it out again with `split_tape()` where you must.",
        link: RECORDED,
    },
    Wall {
        name: "lent",
        code: "E0507",
        message: &["cannot move out of `*` which is behind a shared reference"],
        said: &["move occurs because `*` has type `Tensor<*>`…"],
        says: "A parameter is only lent to you (`&`), and an operation would use it up. Give it a copy, which shares \
               the numbers: `weight.retaped::<T>()` with an empty tape, or `weight.clone()` with none.",
        link: TAPES,
    },
    Wall {
        name: "out_of_a_list",
        code: "E0507",
        message: &["cannot move out of index of `Vec<Tensor<*>>`"],
        said: &[],
        says: "`[…]` only lends a tensor, and here it would be taken out of the list. Go through the list by value \
               (`into_iter()`), or take a copy with an empty tape: `inputs[0].retaped::<T>()`.",
        link: TAPES,
    },
    Wall {
        name: "clone_of_a_tape",
        code: "E0599",
        message: &["the method `clone` exists for *`*`, but its trait bounds were not satisfied"],
        said: &["…doesn't satisfy `Tensor<*>: Clone`…", "…doesn't satisfy `OwnedTape<*>: Clone`…"],
        says: "A tensor with a tape can't be cloned, because there is only one tape. `x.retaped::<T>()` is a copy of \
               `x` with an empty tape. (Where the compiler proposes `T: Clone`: that would change the signature and \
               help nobody who records.)",
        link: SIGNATURES,
    },
    Wall {
        name: "lent_by_shape",
        code: "E0505",
        message: &["cannot move out of `*` because it is borrowed"],
        said: &["in `*= *.shape();`"],
        says: "`shape()` only lends the shape, and as long as you need it, `{1}` can't be used up. Copy it with a \
               star: `let shape = *{1}.shape();`.",
        link: TAPES,
    },
];
