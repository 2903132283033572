//! Data sets for the course: loaders and seeded generators. Training on them is left to the chapters.

pub mod generated;
