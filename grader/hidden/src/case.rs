//! A case: calls, what they are about in a student's words, and the checks on their answers.

use protocol::{Array, Call, Value, Values};
use serde::{Deserialize, Serialize};

use crate::{Budget, Derived, How, Plot, Rule, Show, Statistic, Step, Tensor};

/// One situation that an exercise is put into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// What is special about it, shown to the student: "very large inputs".
    pub about: String,
    /// The calls, made one after the other in one process.
    pub calls: Vec<Call>,
    /// What must hold of their answers, the most telling first.
    pub checks: Vec<Check>,
    /// Outputs that the student sees once the exercise is solved.
    pub shows: Vec<Show>,
}

/// A rule and what it applies to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Index of the call.
    pub call: usize,
    /// Name of the output; ignored by [`Rule::Refuses`].
    pub output: String,
    /// What the judge works out of the output; the rule is about what comes of it. Nothing, as a rule.
    pub steps: Vec<Step>,
    /// The rule.
    pub rule: Rule,
}

impl Case {
    /// Makes one more call with `args`; the checks added next are about its answer.
    pub fn also(&mut self, args: Args) -> &mut Self {
        let call = args.into_call(&self.calls[0].exercise);
        self.calls.push(call);
        self
    }

    /// The last call's `output` is a learning curve: a line called `name` of losses over epochs.
    pub fn curve(&mut self, name: &str, output: impl Into<Derived>) -> &mut Self {
        self.line(&Plot::new("Loss", "epoch", "loss"), name, output)
    }

    /// The last call's `output` is a line of `plot` called `name`, its values at 1, 2, 3, ….
    pub fn line(&mut self, plot: &Plot, name: &str, output: impl Into<Derived>) -> &mut Self {
        self.show(name, output, How::Line { plot: plot.clone(), x: None })
    }

    /// The last call's outputs `x` and `output` are a line of `plot` called `name`; a single point is a dot.
    pub fn line_over(
        &mut self,
        plot: &Plot,
        name: &str,
        x: impl Into<Derived>,
        output: impl Into<Derived>,
    ) -> &mut Self {
        self.show(name, output, How::Line { plot: plot.clone(), x: Some(x.into()) })
    }

    /// The last call's `output` is a number that is worth knowing.
    pub fn number(&mut self, name: &str, output: impl Into<Derived>) -> &mut Self {
        self.show(name, output, How::Number)
    }

    /// The last call's `output` is a text that is worth reading.
    pub fn text(&mut self, name: &str, output: impl Into<Derived>) -> &mut Self {
        self.show(name, output, How::Text)
    }

    /// The last call's `output`, (n, height, width) or (n, height, width, 3), is a sheet of n images.
    pub fn images(&mut self, name: &str, output: impl Into<Derived>) -> &mut Self {
        self.show(name, output, How::Images)
    }

    /// The last call's `output` (n, 2) is a map of n points; empty labels are not written.
    pub fn points(&mut self, name: &str, output: impl Into<Derived>, labels: Vec<String>) -> &mut Self {
        self.show(name, output, How::Points { labels })
    }

    fn show(&mut self, name: &str, output: impl Into<Derived>, how: How) -> &mut Self {
        let call = self.calls.len() - 1;
        self.shows.push(Show { name: name.to_owned(), call, shown: output.into(), how });
        self
    }

    /// The last call's `output` must obey `rule`.
    pub fn check(&mut self, output: impl Into<Derived>, rule: Rule) -> &mut Self {
        let call = self.calls.len() - 1;
        let Derived { output, steps } = output.into();
        self.checks.push(Check { call, output, steps, rule });
        self
    }

    /// The last call's `output` must equal `want` within `budget`.
    pub fn close(&mut self, output: impl Into<Derived>, want: &Tensor, budget: Budget) -> &mut Self {
        self.check(output, Rule::Close { want: to_array(want), budget })
    }

    /// The last call's `output` must equal one of `wants` within `budget`.
    pub fn close_to_any(
        &mut self,
        output: impl Into<Derived>,
        wants: &[Tensor],
        budget: Budget,
    ) -> &mut Self {
        self.check(output, Rule::CloseToAny { wants: wants.iter().map(to_array).collect(), budget })
    }

    /// The last call's `output` lies between `low` and `high`, all of it.
    pub fn within(&mut self, output: impl Into<Derived>, low: f64, high: f64) -> &mut Self {
        self.check(output, Rule::Within { low, high })
    }

    /// The last call's outputs `output` and `other` are the same, bit for bit.
    pub fn same(&mut self, output: &str, other: &str) -> &mut Self {
        let call = self.calls.len() - 1;
        self.check(output, Rule::SameAs { call, output: other.to_owned() })
    }

    /// The last call must return `Err` with a message that contains `mentions`.
    pub fn refuses(&mut self, mentions: &[&str]) -> &mut Self {
        let mentions = mentions.iter().map(|&word| word.to_owned()).collect();
        self.check("error", Rule::Refuses { mentions })
    }

    /// The last call's `output` has a `statistic` in `low..=high`.
    pub fn statistic(
        &mut self,
        output: impl Into<Derived>,
        statistic: Statistic,
        low: f64,
        high: f64,
    ) -> &mut Self {
        self.check(output, Rule::Statistic { statistic, low, high })
    }
}

/// Arguments of a call under construction.
#[derive(Clone, Debug, Default)]
pub struct Args {
    function: Option<String>,
    tensors: Vec<(String, Tensor, bool)>,
    others: Values,
}

impl Args {
    /// No arguments yet, of the exercise's own function.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of another function, as [`Call::function`] says it and a row of the adapter's table has it.
    pub fn function(mut self, name: &str) -> Self {
        self.function = Some(name.to_owned());
        self
    }

    /// A single-precision tensor whose gradient is asked for by [`Suite::differentiable`](crate::Suite::differentiable).
    pub fn tensor(mut self, name: &str, tensor: Tensor) -> Self {
        self.tensors.push((name.to_owned(), tensor, true));
        self
    }

    /// A single-precision tensor that nobody differentiates.
    pub fn constant(mut self, name: &str, tensor: Tensor) -> Self {
        self.tensors.push((name.to_owned(), tensor, false));
        self
    }

    /// A double-precision tensor.
    pub fn double(self, name: &str, tensor: &Tensor) -> Self {
        self.value(name, Value::Array(to_array(tensor)))
    }

    /// A scalar.
    pub fn number(self, name: &str, number: f64) -> Self {
        self.value(name, Value::Number(number))
    }

    /// A size, an index or a seed.
    pub fn count(self, name: &str, count: usize) -> Self {
        self.value(name, Value::Count(count as u64))
    }

    /// A word.
    pub fn text(self, name: &str, text: &str) -> Self {
        self.value(name, Value::Text(text.to_owned()))
    }

    /// A switch.
    pub fn flag(self, name: &str, flag: bool) -> Self {
        self.value(name, Value::Flag(flag))
    }

    /// A vector of indexes, labels or sizes.
    pub fn indexes(self, name: &str, indexes: &[usize]) -> Self {
        let data = indexes.iter().map(|&i| i as u64).collect();
        self.value(name, Value::Array(Array::index(&[indexes.len()], data)))
    }

    /// Any other value.
    pub fn value(mut self, name: &str, value: Value) -> Self {
        self.others.insert(name.to_owned(), value);
        self
    }

    /// The tensor called `name`.
    #[track_caller]
    pub fn get(&self, name: &str) -> &Tensor {
        let found = self.tensors.iter().find(|(known, ..)| known == name);
        &found.unwrap_or_else(|| panic!("the oracle asks for `{name}`, which is no tensor of the call")).1
    }

    /// Those in single precision, by name.
    pub(crate) fn tensors(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.tensors.iter().map(|(name, tensor, _)| (name.as_str(), tensor))
    }

    pub(crate) fn find(&mut self, name: &str) -> Option<&mut Tensor> {
        self.tensors.iter_mut().find(|(known, ..)| known == name).map(|(_, tensor, _)| tensor)
    }

    pub(crate) fn differentiated(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.tensors.len()).filter(|&i| self.tensors[i].2)
    }

    pub(crate) fn at(&mut self, index: usize) -> (&str, &mut Tensor) {
        let (name, tensor, _) = &mut self.tensors[index];
        (name, tensor)
    }

    pub(crate) fn into_call(self, exercise: &str) -> Call {
        let tensors = self.tensors.into_iter().map(|(name, tensor, _)| (name, Value::Array(to_f32(&tensor))));
        let args = self.others.into_iter().chain(tensors).collect();
        let function = self.function.unwrap_or_else(|| exercise.to_owned());
        Call { exercise: exercise.to_owned(), function, args }
    }
}

/// In double precision.
pub fn to_array(tensor: &Tensor) -> Array {
    Array::f64(tensor.shape(), tensor.iter().copied().collect())
}

fn to_f32(tensor: &Tensor) -> Array {
    Array::f32(tensor.shape(), tensor.iter().map(|&x| x as f32).collect())
}
