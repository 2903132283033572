//! The IDX format of MNIST: a magic number, sizes and bytes, all big-endian.
//! <http://yann.lecun.com/exdb/mnist/> defines it.

use std::path::Path;

use crate::Error;

/// Unsigned bytes in three dimensions.
const IMAGES: u32 = 0x0803;
/// Unsigned bytes in one dimension.
const LABELS: u32 = 0x0801;

/// Grey images: image by image, row by row.
pub(crate) struct Pixels<'a> {
    pub(crate) height: usize,
    pub(crate) width: usize,
    pub(crate) bytes: &'a [u8],
}

/// Images from the content of `file`.
pub(crate) fn images<'a>(content: &'a [u8], file: &Path) -> Result<Pixels<'a>, Error> {
    let ([_, height, width], bytes) = sizes(content, IMAGES, file)?;
    if height * width == 0 {
        return Err(Error::malformed(file, format!("images of {height} × {width} pixels hold nothing")));
    }
    Ok(Pixels { height, width, bytes })
}

/// Labels from the content of `file`, each below `classes`.
pub(crate) fn labels(content: &[u8], classes: usize, file: &Path) -> Result<Vec<usize>, Error> {
    let ([_], bytes) = sizes(content, LABELS, file)?;
    match bytes.iter().position(|&label| usize::from(label) >= classes) {
        Some(i) => {
            let reason = format!("label {} is not below {classes}", bytes[i]);
            Err(Error::record(file, format!("label {i} (counted from 0)"), reason))
        }
        None => Ok(bytes.iter().map(|&label| label.into()).collect()),
    }
}

/// The sizes and what follows them, after a check of the magic number and of the length.
fn sizes<'a, const N: usize>(
    content: &'a [u8],
    magic: u32,
    file: &Path,
) -> Result<([usize; N], &'a [u8]), Error> {
    let header = 4 * (N + 1);
    if content.len() < header {
        let reason = format!("{} bytes are too few for a header of {header}", content.len());
        return Err(Error::malformed(file, reason));
    }
    let word = |i: usize| u32::from_be_bytes([0, 1, 2, 3].map(|byte| content[4 * i + byte]));
    if word(0) != magic {
        let reason = format!("magic number 0x{:08x}, but 0x{magic:08x} marks what belongs here", word(0));
        return Err(Error::malformed(file, reason));
    }
    let sizes: [usize; N] = std::array::from_fn(|i| word(i + 1) as usize);
    let stated = sizes.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
    let bytes = &content[header..];
    if stated != Some(bytes.len()) {
        let reason = format!("its header promises {sizes:?} bytes, but {} follow", bytes.len());
        return Err(Error::malformed(file, reason));
    }
    Ok((sizes, bytes))
}

/// Images as the content of an IDX file.
#[cfg(any(feature = "cli", test))]
pub(crate) fn encode_images(n: usize, height: usize, width: usize, bytes: &[u8]) -> Vec<u8> {
    encode(IMAGES, &[n, height, width], bytes)
}

/// Labels as the content of an IDX file.
#[cfg(any(feature = "cli", test))]
pub(crate) fn encode_labels(labels: &[u8]) -> Vec<u8> {
    encode(LABELS, &[labels.len()], labels)
}

#[cfg(any(feature = "cli", test))]
fn encode(magic: u32, sizes: &[usize], bytes: &[u8]) -> Vec<u8> {
    let sizes = sizes.iter().flat_map(|&size| (size as u32).to_be_bytes());
    magic.to_be_bytes().into_iter().chain(sizes).chain(bytes.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two images that are not square: height and width must not be confused.
    fn content() -> Vec<u8> {
        encode_images(2, 2, 3, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    }

    #[track_caller]
    fn refused<T>(result: Result<T, Error>, said: &str) {
        let Err(error) = result else { panic!("not refused") };
        let error = error.to_string();
        assert!(error.starts_with("some-file") && error.contains(said), "{error}");
    }

    #[test]
    fn images_that_are_not_square_keep_their_rows() {
        let content = content();
        let images = images(&content, Path::new("some-file")).unwrap();
        assert_eq!((images.height, images.width, images.bytes[3]), (2, 3, 4));
    }

    #[test]
    fn wrong_headers_are_refused() {
        let file = Path::new("some-file");
        refused(images(&content()[..7], file), "7 bytes are too few");
        refused(images(&encode_labels(&[1; 20]), file), "magic number 0x00000801, but 0x00000803");
        refused(images(&content()[..27], file), "promises [2, 2, 3] bytes, but 11 follow");
        refused(images(&encode_images(2, 0, 3, &[]), file), "0 × 3 pixels");
        let huge = encode_images(0xffff_ffff, 0xffff_ffff, 0xffff_ffff, &[]);
        refused(images(&huge, file), "but 0 follow");
    }

    #[test]
    fn a_label_ten_is_refused_by_its_place() {
        let content = encode_labels(&[3, 9, 10]);
        let result = labels(&content, 10, Path::new("some-file"));
        refused(result, "label 2 (counted from 0): label 10 is not below 10");
    }
}
