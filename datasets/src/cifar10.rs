//! CIFAR-10 (Krizhevsky 2009): colour images of 32 × 32 pixels in ten classes, in the binary version. A record is a byte with
//! the label and 3072 bytes: all red, then all green, then all blue, each row by row.

use std::path::Path;

use crate::{Dataset, Error, Images, bytes, places};

/// Folders in which CIFAR-10 may lie, below a folder of data sets; the complete one comes first.
pub(crate) const FOLDERS: &[&str] = &["cifar10", "cifar10/cifar-10-batches-bin", "cifar10/cifar10-small"];
const TRAIN: [&str; 5] =
    ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];
const TEST: &str = "test_batch.bin";
const SMALL: [&str; 2] = ["train.bin.zst", "test.bin.zst"];

const SIDE: usize = 32;
const CHANNELS: usize = 3;
const RECORD: usize = 1 + CHANNELS * SIDE * SIDE;
/// The classes, in the order of their labels.
pub const CLASSES: [&str; 10] =
    ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/// CIFAR-10 as it is on this machine: all 50,000 + 10,000 images, or a subset in the same format (`cifar10-small/train.bin.zst`
/// and `test.bin.zst`).
pub fn full() -> Result<Dataset<Images>, Error> {
    load(&places::find("cifar10", FOLDERS, &[TRAIN[0], SMALL[0]])?)
}

/// CIFAR-10 from a folder with `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`, or with `train.bin.zst` and
/// `test.bin.zst`.
pub fn load(folder: &Path) -> Result<Dataset<Images>, Error> {
    if !folder.join(TRAIN[0]).is_file() && folder.join(SMALL[0]).is_file() {
        let [train, test] = SMALL.map(|name| folder.join(name));
        return Ok(Dataset { train: batch(&train)?, test: batch(&test)? });
    }
    let mut train = batch(&folder.join(TRAIN[0]))?;
    for name in &TRAIN[1..] {
        train.extend(batch(&folder.join(name))?);
    }
    Ok(Dataset { train, test: batch(&folder.join(TEST))? })
}

/// The images of one file of records, plain or compressed.
pub fn batch(file: &Path) -> Result<Images, Error> {
    decode(&bytes::read(file)?, file)
}

fn decode(content: &[u8], file: &Path) -> Result<Images, Error> {
    if content.is_empty() || !content.len().is_multiple_of(RECORD) {
        let reason = format!("{} bytes are not a number of records of {RECORD} bytes", content.len());
        return Err(Error::malformed(file, reason));
    }
    let mut images = Images {
        height: SIDE,
        width: SIDE,
        channels: CHANNELS,
        pixels: Vec::with_capacity(content.len()),
        labels: Vec::with_capacity(content.len() / RECORD),
        classes: CLASSES.map(str::to_owned).to_vec(),
    };
    for (i, record) in content.chunks(RECORD).enumerate() {
        let (label, planes) = (usize::from(record[0]), &record[1..]);
        if label >= CLASSES.len() {
            let reason = format!("label {label} is not below {}", CLASSES.len());
            return Err(Error::record(file, format!("record {i} (counted from 0)"), reason));
        }
        images.labels.push(label);
        for place in 0..SIDE * SIDE {
            let value = |channel: usize| f32::from(planes[channel * SIDE * SIDE + place]) / 255.0;
            images.pixels.extend((0..CHANNELS).map(value));
        }
    }
    Ok(images)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_become_channels() {
        let mut record = vec![7; 1];
        record.extend((0..3072).map(|i| (i / 1024 * 100 + i % 1024 / 32) as u8));
        let images = decode(&record, Path::new("batch.bin")).unwrap();
        // row 31, column 5: red 31, green 131, blue 231
        let pixel = &images.image(0)[(31 * 32 + 5) * 3..][..3];
        assert_eq!(pixel, [31.0 / 255.0, 131.0 / 255.0, 231.0 / 255.0]);
        assert_eq!(images.labels, [7]);
    }

    #[test]
    fn broken_records_are_refused() {
        let refused = |content: &[u8]| decode(content, Path::new("batch.bin")).unwrap_err().to_string();
        assert!(refused(&[0; 3072]).starts_with("batch.bin: 3072 bytes are not a number of records"));
        assert!(refused(&[]).contains("0 bytes"));
        let mut two = vec![0; 2 * RECORD];
        two[RECORD] = 10;
        let error = refused(&two);
        assert!(
            error.starts_with("batch.bin, record 1 (counted from 0): label 10 is not below 10"),
            "{error}"
        );
    }
}
