//! A convolution layer and its oracle: the sum over a window, term by term, and its three derivatives. A sequence is an image
//! of one row.

use ndarray::Axis;
use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, as_it_is, is_supposed, otherwise};

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

    /// How windows of `size` elements lie along an axis, as TensorFlow's documentation has it; `words` are for the direction. Nothing
    /// where none fits, which is only supposed of an axis.
    fn along(&self, length: usize, size: usize, words: &str) -> Option<Along> {
        let stride = otherwise("`stride` were ignored", self.stride, 1);
        let stride = if is_supposed(&format!("`stride` did not count {words}")) { 1 } else { stride };
        let dilation = otherwise("`dilation` were ignored", self.dilation, 1);
        let same = otherwise("`padding` were always “valid”", self.same, false);
        let window = (size - 1) * dilation + 1;
        let (places, missing) = if otherwise("`padding` were always “same”", same, true) {
            let covered = (length - 1) % stride + 1;
            (length.div_ceil(stride), window.saturating_sub(covered))
        } else {
            let rest = length.checked_sub(window)?;
            (1 + if is_supposed("places were rounded up") { rest.div_ceil(stride) } else { rest / stride }, 0)
        };
        let before = otherwise("all padding lay behind", missing / 2, 0);
        let before = otherwise("all padding lay in front", before, missing);
        let flipped = is_supposed("the kernel were flipped");
        Some(Along {
            places,
            stride,
            gaps: otherwise("windows reached as far, but without gaps between their elements", dilation, 1),
            before: before as isize,
            length: length as isize,
            flipped: (flipped || is_supposed(&format!("the kernel were flipped {words}"))).then_some(size),
            repeats_border: is_supposed("the border's pixels stood in place of zeros"),
            goes_around: is_supposed("the opposite border's pixels stood in place of zeros"),
        })
    }

    /// Both axes of an image.
    fn axes(&self) -> Option<[Along; 2]> {
        let Self { image, size, .. } = self;
        let rows = self.along(image.0, size.0, "from top to bottom")?;
        Some([rows, self.along(image.1, size.1, "from left to right")?])
    }
}

/// How windows lie along an axis.
struct Along {
    places: usize,
    stride: usize,
    /// Steps from one element of a window to the next.
    gaps: usize,
    /// Zeros before the first element.
    before: isize,
    length: isize,
    /// The kernel's length, where it is laid on the wrong way round.
    flipped: Option<usize>,
    repeats_border: bool,
    goes_around: bool,
}

impl Along {
    /// Where an element of the window lies at a place; nothing beyond the edges.
    fn at(&self, place: usize, element: usize) -> Option<usize> {
        let element = self.flipped.map_or(element, |size| size - 1 - element);
        let at = (place * self.stride + element * self.gaps) as isize - self.before;
        let at = if self.repeats_border { at.clamp(0, self.length - 1) } else { at };
        let at = if self.goes_around { at.rem_euclid(self.length) } else { at };
        (0..self.length).contains(&at).then_some(at as usize)
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
        let Plan { n, size, channels, .. } = self.plan;
        let Some([rows, columns]) = as_it_is(|| self.plan.axes()) else { return };
        let (rows, columns) = (rows.places, columns.places);
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
        let Some([rows, columns]) = self.plan.axes() else { return self.unknown(d_y) };
        let (n, outputs) = (self.plan.n, self.bias.len());
        let mut y = Tensor::zeros(vec![n, rows.places, columns.places, outputs]);
        let [mut d_x, mut d_kernel, mut d_bias] =
            [&self.x, &self.kernel, &self.bias].map(|of| Tensor::zeros(of.raw_dim()));
        let channels: Vec<Vec<usize>> = (0..outputs).map(|output| self.channels(output)).collect();
        let terms = self.kernel.len() / outputs;
        let share = otherwise("the products' mean stood in place of their sum", 1.0, 1.0 / terms as f64);
        let times = self.biases(terms as f64);
        for (place, y) in y.indexed_iter_mut() {
            let (image, p, q, o) = (place[0], place[1], place[2], place[3]);
            let d = d_y.get(&place).copied().unwrap_or(f64::NAN);
            *y += times * self.bias[[o]];
            d_bias[[o]] += times * d;
            for (element, &k) in self.kernel.index_axis(Axis(3), o).indexed_iter() {
                let (r, s, i) = (element[0], element[1], element[2]);
                let (Some(row), Some(column)) = (rows.at(p, r), columns.at(q, s)) else { continue };
                let pixel = [image, row, column, channels[o][i]];
                *y += share * self.x[pixel] * k;
                d_x[pixel] += share * d * k;
                d_kernel[[r, s, i, o]] += share * d * self.x[pixel];
            }
        }
        // Nobody asks for the gradients of another shape, nor for that of a bias which takes no part.
        let unknown = |of: Tensor, is: bool| if is { of.mapv(|_| f64::NAN) } else { of };
        let other = y.shape() != d_y.shape();
        let (d_x, d_kernel) = (unknown(d_x, other), unknown(d_kernel, other));
        Answer { y, d_x, d_kernel, d_bias: unknown(d_bias, other || times == 0.0) }
    }

    /// What nobody knows, where windows don't fit that are supposed to.
    fn unknown(&self, d_y: &Tensor) -> Answer {
        let [y, d_x, d_kernel, d_bias] =
            [d_y, &self.x, &self.kernel, &self.bias].map(|of| of.mapv(|_| f64::NAN));
        Answer { y, d_x, d_kernel, d_bias }
    }

    /// The input's channels that an output sees.
    fn channels(&self, output: usize) -> Vec<usize> {
        let Plan { channels: (inputs, outputs), groups, .. } = self.plan;
        let group = otherwise("outputs were dealt to the groups in turn", output / outputs, output % groups);
        let group = otherwise("every group saw the first one's channels", group, 0);
        let group = otherwise("the groups stood in the opposite order", group, groups - 1 - group);
        let mut channels: Vec<usize> = (0..inputs).map(|i| group * inputs + i).collect();
        if is_supposed("the input's channels stood in the opposite order") {
            channels.iter_mut().for_each(|channel| *channel = inputs * groups - 1 - *channel);
        }
        channels
    }

    /// How often the bias is added; an output is made of so many terms.
    fn biases(&self, terms: f64) -> f64 {
        let times = otherwise("the bias were left out", 1.0, 0.0);
        let times = otherwise("the bias were subtracted", times, -1.0);
        let times = otherwise("the bias were added twice", times, 2.0);
        otherwise("the bias were added once for each element of the kernel", times, terms)
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
