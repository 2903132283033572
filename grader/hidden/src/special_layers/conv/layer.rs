//! A convolution layer and its oracle: the sum over a window, term by term, and its three derivatives. A sequence is an image
//! of one row.

use ndarray::Axis;
use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, is_supposed, otherwise};

/// Which options a function has as arguments; the others are as by default.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Knobs {
    /// None of them, as `sliding_window`.
    None,
    /// Stride and padding, as `strided_conv1d`.
    Steps,
    /// Dilation and groups as well.
    All,
}

/// Sizes and options of a layer.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Whether it is one of a sequence: image and kernel have one row, which its arguments leave out.
    pub sequence: bool,
    pub knobs: Knobs,
    pub n: usize,
    pub image: (usize, usize),
    pub size: (usize, usize),
    /// Channels in and out of each group.
    pub channels: (usize, usize),
    /// Channels of the input, and the kernel's in and out, where they must not fit each other.
    pub wrong: Option<(usize, (usize, usize))>,
    pub stride: usize,
    pub same: bool,
    pub dilation: usize,
    pub groups: usize,
}

impl Plan {
    pub fn default() -> Self {
        Self {
            sequence: false,
            knobs: Knobs::All,
            n: 1,
            image: (1, 1),
            size: (1, 1),
            channels: (1, 1),
            wrong: None,
            stride: 1,
            same: false,
            dilation: 1,
            groups: 1,
        }
    }

    pub fn random(t: &mut Suite, sequence: bool, same: bool) -> Self {
        Self::random_with(t, sequence, same, Knobs::All)
    }

    pub fn random_with(t: &mut Suite, sequence: bool, same: bool, knobs: Knobs) -> Self {
        let mut draw = |longest: usize| t.rng.gen_range(1..=longest);
        let image = if sequence { (1, draw(9)) } else { (draw(5), draw(5)) };
        // Same padding makes room for any kernel.
        let size = |length: usize| if same { 4 } else { length.min(4) };
        let size = (if sequence { 1 } else { draw(size(image.0)) }, draw(size(image.1)));
        let widest =
            |length: usize, size: usize| if same || size == 1 { 3 } else { (length - 1) / (size - 1) };
        let all = knobs == Knobs::All;
        let widest = widest(image.0, size.0).min(widest(image.1, size.1)).min(3);
        let dilation = draw(if all { widest } else { 1 });
        let (channels, groups) = ((draw(2), draw(2)), draw(if all { 3 } else { 1 }));
        let (n, stride) = (draw(2), draw(if knobs == Knobs::None { 1 } else { 3 }));
        Self { sequence, knobs, n, image, size, channels, stride, same, dilation, groups, ..Self::default() }
    }

    pub fn check(self, t: &mut Suite, about: &str) {
        Layer::draw(t, self).check(t, about);
    }

    /// Number of places along an axis, and zeros before its first element, as TensorFlow's documentation has them.
    fn places(&self, length: usize, size: usize) -> (usize, usize) {
        let window = (size - 1) * self.dilation + 1;
        if !self.same {
            return ((length - window) / self.stride + 1, 0);
        }
        let covered = (length - 1) % self.stride + 1;
        (length.div_ceil(self.stride), window.saturating_sub(covered) / 2)
    }
}

/// A layer and its input; always as for images.
pub struct Layer {
    plan: Plan,
    x: Tensor,
    kernel: Tensor,
    bias: Tensor,
}

impl Layer {
    pub fn draw(t: &mut Suite, plan: Plan) -> Self {
        let ((h, w), (height, width)) = (plan.image, plan.size);
        let fitting = (plan.channels.0 * plan.groups, (plan.channels.0, plan.channels.1 * plan.groups));
        let (input, (per_group, outputs)) = plan.wrong.unwrap_or(fitting);
        Self {
            plan,
            x: t.normal(&[plan.n, h, w, input], 1.0),
            kernel: t.normal(&[height, width, per_group, outputs], 1.0),
            bias: t.normal(&[outputs], 1.0),
        }
    }

    /// What the student sees: without the axis of a sequence's only row.
    fn shown(&self, tensor: &Tensor, row: usize) -> Tensor {
        if self.plan.sequence { tensor.index_axis(Axis(row), 0).to_owned() } else { tensor.clone() }
    }

    pub fn args(&self) -> Args {
        let Plan { knobs, stride, same, dilation, groups, .. } = self.plan;
        let args = Args::new()
            .constant("x", self.shown(&self.x, 1))
            .constant("kernel", self.shown(&self.kernel, 0))
            .constant("bias", self.bias.clone());
        let steps =
            |args: Args| args.count("stride", stride).text("padding", if same { "same" } else { "valid" });
        match knobs {
            Knobs::None => args,
            Knobs::Steps => steps(args),
            Knobs::All => steps(args).count("dilation", dilation).count("groups", groups),
        }
    }

    /// With inputs and weights of another size.
    pub fn scaled(self, x: f64, kernel: f64) -> Self {
        let scaled = |tensor: &Tensor, size: f64| tensor.mapv(|value| f64::from((value * size) as f32));
        Self { x: scaled(&self.x, x), kernel: scaled(&self.kernel, kernel), ..self }
    }

    /// Checks output and gradients. Errors of a sum are measured against its largest term: it may cancel.
    pub fn check(&self, t: &mut Suite, about: &str) {
        let Plan { n, image, size, channels, .. } = self.plan;
        let (rows, columns) = (self.plan.places(image.0, size.0).0, self.plan.places(image.1, size.1).0);
        let d_y = t.normal(&[n, rows, columns, self.bias.len()], 1.0);
        let want = self.answer(&d_y);
        let (x, kernel, bias, d) = (max(&self.x), max(&self.kernel), max(&self.bias), max(&d_y));
        let (area, places) = (size.0 * size.1, n * rows * columns);
        let args = self.args().constant("d_y", self.shown(&d_y, 1));
        t.call(about, args)
            .close(
                "y",
                &self.shown(&want.y, 1),
                Budget::sum(area * channels.0 + 1).scale(bias.max(x * kernel)),
            )
            .close("d_x", &self.shown(&want.d_x, 1), Budget::sum(area * channels.1).scale(kernel * d))
            .close("d_kernel", &self.shown(&want.d_kernel, 0), Budget::sum(places).scale(x * d))
            .close("d_bias", &want.d_bias, Budget::sum(places).scale(d));
    }

    /// Every place, every element of the kernel: a term of the output, and of two gradients.
    fn answer(&self, d_y: &Tensor) -> Answer {
        let Plan { image, size, channels, stride, dilation, .. } = self.plan;
        let ((_, above), (_, left)) = (self.plan.places(image.0, size.0), self.plan.places(image.1, size.1));
        let (above, left) = otherwise("all padding lay behind", (above, left), (0, 0));
        let zeros = |of: &Tensor| Tensor::zeros(of.raw_dim());
        let mut want = Answer {
            y: zeros(d_y) + &self.bias * otherwise("the bias were left out", 1.0, 0.0),
            d_x: zeros(&self.x),
            d_kernel: zeros(&self.kernel),
            d_bias: zeros(&self.bias),
        };
        for (place, &d) in d_y.indexed_iter() {
            let (image_of_batch, p, q, o) = (place[0], place[1], place[2], place[3]);
            want.d_bias[[o]] += d;
            for (element, &k) in self.kernel.index_axis(Axis(3), o).indexed_iter() {
                let (r, s, i) = (element[0], element[1], element[2]);
                let flipped = (size.0 - 1 - r, size.1 - 1 - s);
                let seen = otherwise("the kernel were flipped", (r, s), flipped);
                let row = (p * stride + seen.0 * dilation).checked_sub(above).filter(|&row| row < image.0);
                let column =
                    (q * stride + seen.1 * dilation).checked_sub(left).filter(|&column| column < image.1);
                let nearest =
                    |at: usize, before: usize, length: usize| at.saturating_sub(before).min(length - 1);
                let (row, column) = if is_supposed("the border's pixels stood in place of zeros") {
                    let row = nearest(p * stride + r * dilation, above, image.0);
                    (Some(row), Some(nearest(q * stride + s * dilation, left, image.1)))
                } else {
                    (row, column)
                };
                let (Some(row), Some(column)) = (row, column) else { continue };
                let pixel = [image_of_batch, row, column, o / channels.1 * channels.0 + i];
                want.y[&place] += self.x[pixel] * k;
                want.d_x[pixel] += d * k;
                want.d_kernel[[r, s, i, o]] += d * self.x[pixel];
            }
        }
        want
    }
}

/// What a layer answers.
struct Answer {
    y: Tensor,
    d_x: Tensor,
    d_kernel: Tensor,
    d_bias: Tensor,
}

/// The largest absolute value.
fn max(x: &Tensor) -> f64 {
    x.fold(0.0, |largest: f64, x| largest.max(x.abs()))
}
