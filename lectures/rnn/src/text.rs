//! Characters in, characters out.
