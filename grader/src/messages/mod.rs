//! Every word that a student reads about a failure. Data in, sentences out; what is the case, others find out.
//!
//! - [`answers`]: an answer is not what it should be; with `quantities`, `numbers` and `arguments` in words
//! - [`limits`]: time, memory, prints, disk: of a program, and of the compiler
//! - [`endings`]: a program ended, or gave no answer
//! - [`failures`]: a failure in a line, and in full
//! - [`sources`]: a file that can't be compiled as it is
//! - [`compiler`]: what does not compile, and what of that is the machine's fault
//! - [`states`]: verdicts in a word or two
//! - [`symptoms`]: what all wrong answers have in common, and what divides the cases; with `amounts` and `properties` in words
//! - [`walls`]: what errors and panics mean that many students meet

mod amounts;
pub mod answers;
mod arguments;
pub mod compiler;
pub mod endings;
pub mod failures;
pub mod limits;
mod numbers;
mod properties;
mod quantities;
pub mod sources;
pub mod states;
pub mod symptoms;
pub mod walls;

pub use quantities::{quantity, statistic_name};
