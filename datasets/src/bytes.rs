//! A file's bytes, decompressed as its name says.

use std::{fs, io::Read, path::Path};

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

use crate::Error;

/// `--long=27` of zstd; larger windows are refused before any memory is taken.
const WINDOW: u64 = 1 << 27;

/// The content of `file`: as it is, or decompressed when its name ends in `.gz` or `.zst`.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, Error> {
    let raw = fs::read(file).map_err(Error::reading(file))?;
    decompress(raw, file)
}

/// `raw`, decompressed when the name of `file` says that it is compressed.
pub(crate) fn decompress(raw: Vec<u8>, file: &Path) -> Result<Vec<u8>, Error> {
    let mut content = Vec::new();
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("gz") => {
            let read = MultiGzDecoder::new(raw.as_slice()).read_to_end(&mut content);
            read.map_err(|error| {
                let read = content.len();
                Error::malformed(file, format!("damaged or truncated gzip ({error}) after {read} bytes"))
            })?;
        }
        Some("zst") => {
            let damaged = |error: &dyn std::fmt::Display| {
                Error::malformed(file, format!("damaged or truncated zstd ({error})"))
            };
            let mut decoder = StreamingDecoder::new_with_max_window_size(raw.as_slice(), WINDOW)
                .map_err(|error| damaged(&error))?;
            decoder.read_to_end(&mut content).map_err(|error| damaged(&error))?;
        }
        _ => return Ok(raw),
    }
    Ok(content)
}

/// The text of `file`, decompressed; an error names the line that is not UTF-8.
pub(crate) fn text(file: &Path) -> Result<String, Error> {
    String::from_utf8(read(file)?).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|&&byte| byte == b'\n').count() + 1;
        Error::record(file, format!("line {line}"), "not UTF-8 text")
    })
}
