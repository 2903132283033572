//! Dense layers, and the table that counts what they hold.
