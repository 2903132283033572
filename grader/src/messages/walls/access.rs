//! Looking into a tensor: its numbers one by one, comparisons, prints; and results that may be errors.

use super::{CONVENTIONS, OBJECTIONS, STUCK, TAPES, Wall};

pub const WALLS: &[Wall] = &[
    Wall {
        name: "array",
        code: "E0599",
        message: &["the method `array` exists for *`*Tensor<*>`, but its trait bounds were not satisfied"],
        said: &[],
        says: "`array()` needs sizes that the compiler knows, and a device that it knows to have it; here it can't be \
               sure of both. `as_vec()` works for any tensor: its numbers, row by row.",
        link: TAPES,
    },
    Wall {
        name: "index",
        code: "E0608",
        message: &["cannot index into a value of type `*Tensor<*>`"],
        said: &[],
        says: "A tensor can't be indexed. Parts of it, on the tape, come from `slice`, `select` and `gather`; a \
               single number, off the tape, is `x.as_vec()[i]`, counted row by row.",
        link: TAPES,
    },
    Wall {
        name: "loop_over_a_tensor",
        code: "E0277",
        message: &["`Tensor<*>` is not an iterator"],
        said: &[],
        says: "Nothing goes through a tensor number by number: an operation works on all at once, on any device and \
               on the tape. To look at the numbers, there is `x.as_vec()`.",
        link: TAPES,
    },
    Wall {
        name: "iterator_of_a_tensor",
        code: "E0599",
        message: &[
            "no method named `iter` found for struct `Tensor<*>` in the current scope",
            "no method named `into_iter` found for struct `Tensor<*>` in the current scope",
            "`Tensor<*>` is not an iterator",
        ],
        said: &[],
        says: "Nothing goes through a tensor number by number: an operation works on all at once, on any device and \
               on the tape. To look at the numbers, there is `x.as_vec()`.",
        link: TAPES,
    },
    Wall {
        name: "places",
        code: "E0308",
        message: &["mismatched types"],
        said: &["expected `Tensor<*, usize, *>`, found…"],
        says: "`select` and `gather` want the places as a tensor of `usize` on the same device: \
               `x.device().tensor_from_vec(places, (n,))`, or `tensor(3)` for a single one.",
        link: TAPES,
    },
    Wall {
        name: "collected_into_a_tensor",
        code: "E0277",
        message: &["a value of type `Tensor<*>` cannot be built from an iterator over elements of type `*`"],
        said: &[],
        says: "A list of numbers becomes a tensor by `x.device().tensor_from_vec(numbers, shape)`. It then knows \
               nothing of the tape: where a gradient is to flow, compute with the tensor's own operations.",
        link: TAPES,
    },
    Wall {
        name: "comparison",
        code: "E0369",
        message: &["binary operation `*` cannot be applied to type `*Tensor<*>`"],
        said: &[],
        says: "A tensor is not larger or smaller as a whole. `x.gt(0.0)`, `lt`, `ge`, `le`, `eq` compare number by \
               number and give a mask, and `mask.choose(a, b)` takes `a` where it is true and `b` where not.",
        link: OBJECTIONS,
    },
    Wall {
        name: "compared_by_value",
        code: "E0277",
        message: &[
            "the trait bound `Tensor<*>: TryGt<Tensor<*>>` is not satisfied",
            "the trait bound `Tensor<*>: TryGe<Tensor<*>>` is not satisfied",
            "the trait bound `Tensor<*>: TryLt<Tensor<*>>` is not satisfied",
            "the trait bound `Tensor<*>: TryLe<Tensor<*>>` is not satisfied",
            "the trait bound `Tensor<*>: TryEq<Tensor<*>>` is not satisfied",
            "the trait bound `Tensor<*>: TryNe<Tensor<*>>` is not satisfied",
        ],
        said: &[],
        says: "A comparison uses nothing up: it takes the other tensor by reference, `x.gt(&y)`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "print",
        code: "E0277",
        message: &["`*Tensor<*>` doesn't implement `Display`"],
        said: &[],
        says: "A tensor is printed by its numbers, `println!(\"{:?}\", x.as_vec())`, and its shape, \
               `println!(\"{:?}\", x.shape())`.",
        link: STUCK,
    },
    Wall {
        name: "print_with_tape",
        code: "E0277",
        message: &["`T` doesn't implement `Debug`"],
        said: &[],
        says: "A tape (`T`) can't be printed, and so a tensor with a tape can't. Print its numbers, \
               `println!(\"{:?}\", x.as_vec())`, or its shape.",
        link: STUCK,
    },
    Wall {
        name: "result_in_an_operation",
        code: "E0369",
        message: &[
            "cannot * `Result<Tensor<*>, *>` by …",
            "cannot add … to `Result<Tensor<*>, *>`",
            "cannot subtract … from `Result<Tensor<*>, *>`",
        ],
        said: &[],
        says: "What was called may fail, so it gives a `Result`. A `?` behind the call takes the tensor out, and \
               hands an error on to your caller.",
        link: CONVENTIONS,
    },
    Wall {
        name: "method_of_a_result",
        code: "E0599",
        message: &["no method named `*` found for enum `Result<*>` in the current scope"],
        said: &["method not found in `Result<Tensor<*>, *>`"],
        says: "What was called may fail, so it gives a `Result`. A `?` behind the call takes the tensor out, and \
               hands an error on to your caller.",
        link: CONVENTIONS,
    },
    Wall {
        name: "operation_that_tries",
        code: "E0308",
        message: &["mismatched types"],
        said: &["expected struct `Tensor<*>` found enum `Result<Tensor<*>, <D as HasErr>::Err>`"],
        says: "Operations whose names begin with `try_` give a `Result`. Without `try_` the same operation gives the \
               tensor itself.",
        link: OBJECTIONS,
    },
    Wall {
        name: "result_for_a_tensor",
        code: "E0308",
        message: &["mismatched types"],
        said: &["expected struct `Tensor<*>` found enum `Result<Tensor<*>, *>`"],
        says: "What was called may fail, so it gives a `Result`. Where your function gives a `Result` too, a `?` \
               behind the call takes the tensor out; otherwise decide what an error means here.",
        link: CONVENTIONS,
    },
    Wall {
        name: "ok_missing",
        code: "E0308",
        message: &["mismatched types"],
        said: &["expected enum `Result<Tensor<*>, *>` found struct `Tensor<*>`"],
        says: "The function gives a `Result`, because it may fail. A tensor that is right goes back as `Ok(…)`.",
        link: CONVENTIONS,
    },
    Wall {
        name: "error_of_another_type",
        code: "E0308",
        message: &["mismatched types"],
        said: &["this argument influences the type of `Err`"],
        says: "An error is of the type that the signature names last, in `Result<…, …>`, and no other. Its \
               definition, further up in the file, says what it holds.",
        link: CONVENTIONS,
    },
    Wall {
        name: "question_in_a_plain_function",
        code: "E0277",
        message: &["the `?` operator can only be used in a * that returns `Result` or `Option`…"],
        said: &[],
        says: "This function gives no `Result`, so there is no way to hand an error on with `?`. dfdx's operations \
               without `try_` in their names give the tensor itself and need none.",
        link: CONVENTIONS,
    },
];
