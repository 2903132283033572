//! The clinic's trainings: small, seeded, and broken where their recipe says so. They only train and record; what is wrong, what a
//! student is shown and told, lies in `cases.toml`.
//!
//! Whoever wants to solve the clinic reads its curves first, and this afterwards.

pub mod digits;
pub mod film;
pub mod network;
pub mod noise;
pub mod rows;
