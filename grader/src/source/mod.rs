//! Source text: what a student wrote, read, parsed, compared, without a compiler.

pub mod calls;
pub mod items;
pub mod memory;
pub mod imports;
pub mod nesting;
pub mod parse;
pub mod refuse;
pub mod restore;
pub mod signatures;
pub mod tree;
