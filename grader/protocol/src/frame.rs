//! Frames: a 16-byte little-endian header (magic, payload length, nonce) and a postcard payload.
//!
//! Reading and writing descriptors is left to the two ends of the pipe.

use serde::{Serialize, de::DeserializeOwned};

use crate::{Answer, Call};

/// The first four bytes of a frame, `CC01`.
pub const MAGIC: u32 = u32::from_le_bytes(*b"CC01");
/// Bytes in a header.
pub const HEADER: usize = 16;

/// Why bytes are not the frame that was expected.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Fewer bytes than a header, or than the header promises.
    #[error("the frame is cut short")]
    Truncated,
    /// The magic number is missing.
    #[error("the bytes are not a frame")]
    Magic,
    /// More bytes than the header promises.
    #[error("bytes follow the frame")]
    Trailing,
    /// It answers another request.
    #[error("the frame carries another request's number")]
    Nonce,
    /// The payload is not of the expected type.
    #[error("the frame's payload can't be read")]
    Payload,
    /// The payload does not fit a frame.
    #[error("the payload is larger than a frame may be")]
    TooLarge,
}

/// Frames `message` as number `nonce`.
pub fn encode<M: Serialize>(nonce: u64, message: &M) -> Result<Vec<u8>, FrameError> {
    let payload = postcard::to_stdvec(message).map_err(|_| FrameError::Payload)?;
    let length = u32::try_from(payload.len()).map_err(|_| FrameError::TooLarge)?;
    let mut frame = Vec::with_capacity(HEADER + payload.len());
    frame.extend(MAGIC.to_le_bytes());
    frame.extend(length.to_le_bytes());
    frame.extend(nonce.to_le_bytes());
    frame.extend(payload);
    Ok(frame)
}

/// Reads one whole frame, returning its number and its message.
pub fn decode<M: DeserializeOwned>(frame: &[u8]) -> Result<(u64, M), FrameError> {
    let (header, payload) = frame.split_at_checked(HEADER).ok_or(FrameError::Truncated)?;
    let word =
        |at: usize| header[at..at + 4].iter().rev().fold(0u32, |word, &byte| word << 8 | u32::from(byte));
    if word(0) != MAGIC {
        return Err(FrameError::Magic);
    }
    match payload.len().cmp(&(word(4) as usize)) {
        std::cmp::Ordering::Less => return Err(FrameError::Truncated),
        std::cmp::Ordering::Greater => return Err(FrameError::Trailing),
        std::cmp::Ordering::Equal => {}
    }
    let nonce = u64::from(word(12)) << 32 | u64::from(word(8));
    let message = postcard::from_bytes(payload).map_err(|_| FrameError::Payload)?;
    Ok((nonce, message))
}

/// [`encode`] for a call. Being of no open type, it is compiled in this package, which is optimised also in `cargo run`.
pub fn encode_call(nonce: u64, call: &Call) -> Result<Vec<u8>, FrameError> {
    encode(nonce, call)
}

/// [`decode`] for an answer, compiled in this package as [`encode_call`] is.
pub fn decode_answer(frame: &[u8]) -> Result<(u64, Answer), FrameError> {
    decode(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_survives_the_round_trip() {
        let frame = encode(7 << 33, &vec![1.5f32, -2.0]).unwrap();
        assert_eq!(decode::<Vec<f32>>(&frame).unwrap(), (7 << 33, vec![1.5, -2.0]));
    }

    #[test]
    fn damaged_frames_are_told_apart() {
        let frame = encode(1, &"abc").unwrap();
        assert_eq!(decode::<String>(&frame[..5]), Err(FrameError::Truncated));
        assert_eq!(decode::<String>(&frame[..frame.len() - 1]), Err(FrameError::Truncated));
        assert_eq!(decode::<String>(&[&frame[..], b"x"].concat()), Err(FrameError::Trailing));
        assert_eq!(decode::<String>(&[b"HTTP", &frame[4..]].concat()), Err(FrameError::Magic));
        let lies = encode(1, &u64::MAX).unwrap();
        assert_eq!(decode::<Vec<f32>>(&lies), Err(FrameError::Payload));
    }
}
