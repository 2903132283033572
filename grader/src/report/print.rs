//! Printing for pipes too: when the reader is gone (`… | head`), there is nobody to tell and nothing wrong.

use std::io::{self, Write};

/// Writes `text` to standard output; ends the program quietly once nobody reads it.
pub fn write_out(text: &str) {
    let mut out = io::stdout().lock();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// "1 point", "2 points".
pub fn plural(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// "waiting for tricks/relu, tricks/sigmoid"
pub fn waiting_for(needs: &[String]) -> String {
    format!("waiting for {}", needs.join(", "))
}

/// `print!` that minds closed pipes.
macro_rules! put {
    ($($words:tt)*) => { $crate::report::write_out(&format!($($words)*)) };
}

/// `println!` that minds closed pipes.
macro_rules! putln {
    ($($words:tt)*) => { $crate::report::write_out(&(format!($($words)*) + "\n")) };
}

pub(crate) use {put, putln};
