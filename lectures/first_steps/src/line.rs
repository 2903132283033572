//! Gradient descent on the smallest model there is: a line.

/// A line, and how the loss came down on the way to it.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedLine {
    /// How far y rises when x grows by 1.
    pub slope: f32,
    /// y at x = 0.
    pub intercept: f32,
    /// The loss before each step.
    pub losses: Vec<f32>,
}

/// Fits a line to points by gradient descent.
///
/// Start with slope 0 and intercept 0, and make `steps` steps:
///
/// ```text
/// slope     ← slope     − learning rate · ∂loss/∂slope
/// intercept ← intercept − learning rate · ∂loss/∂intercept
/// ```
///
/// The loss is [`line_loss`](crate::derivatives::line_loss), and both derivatives are those at the line as it was before the step. `losses` has one
/// entry for each step: the loss *before* it.
///
/// There is at least one point; with 0 steps the line stays as it started, and there are no losses.
///
/// Source: lecture, section 6; Cauchy 1847.
///
/// ```
/// use first_steps::line::fit_line;
/// let line = fit_line(&[-1.0, 1.0], &[-1.0, 3.0], 0.25, 2); // both points lie on y = 2x + 1
/// assert_eq!(line.losses, [5.0, 1.25]);
/// assert_eq!((line.slope, line.intercept), (1.5, 0.75));
/// ```
pub fn fit_line(x: &[f32], targets: &[f32], learning_rate: f32, steps: usize) -> FittedLine {
    todo!()
}
