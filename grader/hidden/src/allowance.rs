//! How much a check allows, measured against what it wants: whether it decides anything.

use protocol::Array;

use crate::{Budget, Check, Rule};

/// What a check allows and what it wants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allowance {
    /// The allowed error of an element.
    pub allowed: f64,
    /// Root mean square of the finite wanted elements that are not 0: one large element does not hide that the others are
    /// decided by nothing. 0 where there are none.
    pub typical: f64,
    /// Whether zeros would pass: the check says that the values vanish.
    pub vanishing: bool,
}

impl Allowance {
    /// No check may let a larger relative error through.
    pub const WIDEST: f64 = 1e-2;

    /// What `check` allows; `None` where it has no budget or wants no elements. Of several acceptable answers, that which
    /// is looked at least closely.
    pub fn of(check: &Check) -> Option<Self> {
        match &check.rule {
            Rule::Close { want, budget } => Self::of_array(want, *budget),
            Rule::CloseToAny { wants, budget } => {
                let all = wants.iter().filter_map(|want| Self::of_array(want, *budget));
                all.max_by(|a, b| a.relative(1.0).total_cmp(&b.relative(1.0)))
            }
            _ => None,
        }
    }

    fn of_array(want: &Array, budget: Budget) -> Option<Self> {
        let want = want.to_f64();
        if want.is_empty() {
            return None;
        }
        let allowed =
            Some(budget.allowed(&want)).filter(|&allowed| allowed > budget.underflow()).unwrap_or(0.0);
        let vanishing = want.iter().all(|x| x.abs() <= allowed);
        let telling: Vec<f64> = want.into_iter().filter(|x| x.is_finite() && *x != 0.0).collect();
        let square = telling.iter().map(|x| x * x).sum::<f64>() / telling.len().max(1) as f64;
        Some(Self { allowed, typical: square.sqrt(), vanishing })
    }

    /// The relative error that gets through. What must vanish is measured against `usual`, the size of the output elsewhere.
    pub fn relative(self, usual: f64) -> f64 {
        match (self.allowed, self.vanishing) {
            (0.0, _) => 0.0,
            (allowed, true) => allowed / usual,
            (allowed, false) => allowed / self.typical,
        }
    }

    /// Whether the check tells a right value from one that is 1 % off.
    pub fn decides(self) -> bool {
        self.allowed == 0.0 || (!self.vanishing && self.allowed <= Self::WIDEST * self.typical)
    }
}
