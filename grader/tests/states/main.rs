//! Whatever state the course's files and the places around them are in, one clear sentence says so, and nothing is lost.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

mod broken;
#[path = "../../../lectures/book/tests/browser/chromium.rs"]
mod chromium;
#[allow(dead_code, reason = "each test program uses its part")]
#[path = "../swap/course.rs"]
mod course;
mod memory;
mod options;
mod output;
mod page;
mod page_browser;
mod reports;

use course::gradable;
