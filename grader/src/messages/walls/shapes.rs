//! Axes, sizes known to the compiler or not, and shapes that don't fit.

use super::{OBJECTIONS, TAPES, TENSORS, Wall};

pub const WALLS: &[Wall] = &[
    Wall {
        name: "broadcast_missing",
        code: "E0277",
        message: &[
            "the trait bound `Tensor<(usize, *), f32, *>: TryAdd<Tensor<(usize,), f32, *>>` is not satisfied",
            "the trait bound `Tensor<(usize, *), f32, *>: TrySub<Tensor<(usize,), f32, *>>` is not satisfied",
            "the trait bound `Tensor<(usize, *), f32, *>: TryMul<Tensor<(usize,), f32, *>>` is not satisfied",
            "the trait bound `Tensor<(usize, *), f32, *>: TryDiv<Tensor<(usize,), f32, *>>` is not satisfied",
            "the trait bound `Tensor<(usize,), f32, *>: Try*<Tensor<(usize, *), f32, *>>` is not satisfied",
            "the trait bound `Tensor<S, f32, *>: Try*<Tensor<(usize*), f32, *>>` is not satisfied",
            "the trait bound `Tensor<(usize*), f32, *>: Try*<Tensor<S, f32, *>>` is not satisfied",
            "the trait bound `Tensor<(usize*), f32, *>: Try*<Tensor<(), f32, *>>` is not satisfied",
            "the trait bound `Tensor<S, f32, *>: Try*<Tensor<(), f32, *>>` is not satisfied",
        ],
        said: &[],
        says: "The two sides have different shapes, and nothing is repeated by itself. Give the smaller one the shape \
               of the other: `b.broadcast_like::<_, Axis<0>>(&shape)` repeats a vector `b` along axis 0.",
        link: TENSORS,
    },
    Wall {
        name: "broadcast_of_which_axis",
        code: "E0283",
        message: &["type annotations needed"],
        said: &["…type parameter `Ax` declared on the method `broadcast_like`"],
        says: "Which axis of the new shape is the repeated one? Say it: `broadcast_like::<_, Axis<0>>(&shape)` for \
               rows that are all the same.",
        link: TENSORS,
    },
    Wall {
        name: "permute_to_what",
        code: "E0283",
        message: &["type annotations needed"],
        said: &["…declared on the method `permute`"],
        says: "`permute` has to be told the shape that comes out and which old axis each new one is: \
               `permute::<(usize, usize), Axes2<1, 0>>()`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "reduced_to_what",
        code: "E0283",
        message: &["type annotations needed"],
        said: &[
            "…type parameter `Dst` declared on the method `*`",
            "…type parameter `Ax` declared on the method `*`",
        ],
        says: "`{1}` has to be told what is left: `{1}::<Rank0, _>()` is a single number, `{1}::<(usize,), \
               Axis<0>>()` of a matrix a vector, with axis 0 gone.",
        link: OBJECTIONS,
    },
    Wall {
        name: "one_of_two_types",
        code: "E0107",
        message: &["method takes 2 generic arguments but 1 generic argument was supplied"],
        said: &["method defined here, with 2 generic parameters: `Dst`, `Ax`…"],
        says: "Two things stand between these brackets: the shape that comes out, then the axes. `sum::<(usize,), \
               Axis<0>>()`, or `_` for what follows from the rest: `sum::<Rank0, _>()`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "axes_as_values",
        code: "E0061",
        message: &["this method takes 0 arguments but * supplied"],
        said: &[
            "method defined here in `*dfdx*permute_to*`",
            "method defined here in `*dfdx*sum_to*`",
            "method defined here in `*dfdx*mean_to*`",
        ],
        says: "Shapes and axes are types here, between angle brackets: `sum::<(usize,), Axis<0>>()`, \
               `permute::<(usize, usize), Axes2<1, 0>>()`; first the shape that comes out, then the axes.",
        link: OBJECTIONS,
    },
    Wall {
        name: "axis_of_a_broadcast_as_a_value",
        code: "E0061",
        message: &["this method takes 1 argument but * supplied"],
        said: &["method defined here in `*dfdx*broadcast_to*`"],
        says: "The repeated axis is a type and stands between angle brackets, and the shape that comes out is the \
               only argument: `broadcast_like::<_, Axis<0>>(&shape)`.",
        link: TENSORS,
    },
    Wall {
        name: "max_with_something",
        code: "E0061",
        message: &["this method takes 0 arguments but * supplied"],
        said: &["method defined here in `*dfdx*max_to*`", "method defined here in `*dfdx*min_to*`"],
        says: "`max` and `min` look for the largest and smallest along axes, within one tensor. Of two tensors, \
               element by element, it is `a.maximum(b)` and `a.minimum(b)`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "reshape_with_values",
        code: "E0061",
        message: &["this method takes 0 arguments but * supplied"],
        said: &["method defined here in `*dfdx*reshape_to*`"],
        says: "`reshape` takes its shape as a type and works only where the compiler knows all sizes. With numbers it \
               is `reshape_like(&(n, m))`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "sizes_at_run_time",
        code: "E0277",
        message: &[
            "the trait bound `usize: ConstDim` is not satisfied",
            "the trait bound `S: ConstShape` is not satisfied",
        ],
        said: &[
            "required by a bound in `*zeros`",
            "required by a bound in `*ones`",
            "required by a bound in `*reshape`",
            "required by a bound in `*broadcast`",
            "required by a bound in `*sample_normal`",
            "required by a bound in `*sample_uniform`",
            "required by a bound in `*sample`",
        ],
        says: "This method needs sizes that the compiler knows, and these are known at run time only. The one whose \
               name ends in `_like` takes them as values: `zeros_like(&(n, m))`, `reshape_like(&(n, m))`, \
               `broadcast_like::<_, Axis<0>>(&shape)`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "list_for_an_array",
        code: "E0277",
        message: &["the trait bound `usize: ConstDim` is not satisfied"],
        said: &["required for `D` to implement `TensorFrom<Vec<*>, *>`"],
        says: "`tensor(…)` makes tensors whose sizes the compiler knows. A list becomes a tensor of sizes known at \
               run time by `tensor_from_vec(numbers, shape)`, with a shape such as `(n, m)`.",
        link: TAPES,
    },
    Wall {
        name: "axes_of_any_shape",
        code: "E0277",
        message: &[
            "the trait bound `S: *<*Axis<*>*>` is not satisfied",
            "the trait bound `S: *<*Axes*>` is not satisfied",
        ],
        said: &[],
        says: "`S` may be any shape, also one without that axis. Make a shape whose axes you know first, \
               `x.reshape_like(&(n, m))` with sizes from `x.shape().concrete()`, and go back at the end.",
        link: OBJECTIONS,
    },
    Wall {
        name: "axes_of_a_broadcast",
        code: "E0277",
        message: &["the trait bound `*: ReduceShapeTo<*>` is not satisfied"],
        said: &["required for `*` to implement `BroadcastShapeTo<*>`"],
        says: "Shapes and axes of this broadcast don't fit. `broadcast_like::<_, Axis<0>>(&shape)`: the axes are \
               those of the new shape, counted from 0, that are repeated; without them it must be the old shape.",
        link: TENSORS,
    },
    Wall {
        name: "axes_of_a_reduction",
        code: "E0277",
        message: &[
            "the trait bound `(*): ReduceShapeTo<(*), A*>` is not satisfied",
            "the trait bound `(*): ReduceShapeTo<*...*>` is not satisfied",
            "the trait bound `(*): HasAxes<Axis<*>>` is not satisfied",
        ],
        said: &[],
        says: "Shape, axes and result don't fit. In `sum::<Dst, Axes2<1, 2>>()` the axes, counted from 0, are those \
               that go away, and `Dst` is the shape without them.",
        link: OBJECTIONS,
    },
    Wall {
        name: "const_and_usize",
        code: "E0308",
        message: &["mismatched types"],
        said: &[
            "expected *`*Tensor<*Const<*>*>` found *`*Tensor<*usize*>`",
            "expected *`*Tensor<*usize*>` found *`*Tensor<*Const<*>*>`",
        ],
        says: "`Const<3>` (in `Rank1<3>`, too) is a size that the compiler knows, `usize` one that is known at run \
               time: two types, also where both mean 3. Keep to `usize`: `Tensor<(usize,), f32, D>`.",
        link: TAPES,
    },
    Wall {
        name: "const_with_usize",
        code: "E0277",
        message: &["the trait bound `Tensor<*>: Try*<Tensor<*>>` is not satisfied"],
        said: &[
            "the trait `Try*<Tensor<*Const<*>*>>` is not implemented for `Tensor<(usize,), *>`",
            "the trait `Try*<Tensor<*Const<*>*>>` is not implemented for `Tensor<(usize, usize), *>`",
        ],
        says: "`Const<3>` (in `Rank2<4, 3>`, too) is a size that the compiler knows, `usize` one that is known at run \
               time: two types, also where both mean 3. Keep to `usize`: `zeros_like(&(4, 3))`, \
               `tensor_from_vec(numbers, (4, 3))`.",
        link: TAPES,
    },
    Wall {
        name: "variable_in_a_type",
        code: "E0747",
        message: &["unresolved item provided when a constant was expected"],
        said: &[],
        says: "`Rank2<…>` and `Const<…>` are types, so their numbers must stand in the source. A size that is known \
               at run time only has the type `usize`: `Tensor<(usize, usize), f32, D>`, made with `zeros_like(&(n, \
               m))`.",
        link: TAPES,
    },
    Wall {
        name: "shape_of_the_caller",
        code: "E0308",
        message: &["mismatched types"],
        said: &[
            "expected reference `&S` found reference `&(usize*)`",
            "expected struct `Tensor<S, *>` found struct `Tensor<(usize*), *>`",
        ],
        says: "The caller chooses the shape `S`, and what comes back must have it, whatever it is. Keep `let shape = \
               *x.shape();` and go back with `reshape_like(&shape)`.",
        link: TAPES,
    },
    Wall {
        name: "number_of_axes",
        code: "E0308",
        message: &["mismatched types"],
        said: &["expected a tuple with * elements, found one with * element*"],
        says: "How many axes there are is part of the type: {1} are wanted, and this one has {2}. `sum`, `mean` and `max` \
               take axes away, `broadcast_like` adds some, and `reshape_like` does either.",
        link: TAPES,
    },
    Wall {
        name: "shape_by_index",
        code: "E0277",
        message: &["the type `(usize*)` cannot be indexed by `*`"],
        said: &[],
        says: "A shape is a tuple: `x.shape().0`, `x.shape().1`, or all sizes at once, `let (n, m) = *x.shape();`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "shape_of_any_rank",
        code: "E0308",
        message: &["mismatched types"],
        said: &["expected type parameter `S` found tuple `(*)`"],
        says: "`S` may be any shape and is no tuple that can be taken apart. Its sizes, one for each axis, are \
               `x.shape().concrete()`, their product `x.shape().num_elements()`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "field_of_any_shape",
        code: "E0609",
        message: &["no field `*` on type `&S`", "no field `*` on type `S`"],
        said: &[],
        says: "`S` may be any shape and is no tuple that can be taken apart. Its sizes, one for each axis, are \
               `x.shape().concrete()`, their product `x.shape().num_elements()`.",
        link: OBJECTIONS,
    },
    Wall {
        name: "product_of_any_shape",
        code: "E0599",
        message: &["no method named `matmul` found for struct `Tensor<*>` in the current scope"],
        said: &["there is a method `mul` with a similar name"],
        says: "`matmul` is for vectors, matrices and stacks of them, and the compiler can't see that this is one. \
               Make one first: `x.reshape_like(&(n, m))`.",
        link: OBJECTIONS,
    },
];
