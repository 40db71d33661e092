//! The few octet encoding rules (OER) that ILP packets use: length prefixes and fixed integers.

use super::IlpError;

/// Writes a length: one byte below 128, else how many bytes follow and those bytes.
fn put_length(out: &mut Vec<u8>, length: usize) {
    let bytes = length.to_be_bytes();
    let significant: Vec<u8> = bytes.into_iter().skip_while(|byte| *byte == 0).collect();
    match significant.as_slice() {
        [] => out.push(0),
        [short] if *short < 0x80 => out.push(*short),
        long => {
            // A usize has at most eight bytes, so their number fits beside the flag.
            out.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            out.extend_from_slice(long);
        }
    }
}

/// Writes bytes with their length before them.
pub(super) fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    put_length(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Reads a packet from front to back.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], IlpError> {
        let (taken, rest) =
            self.rest.split_at_checked(count).ok_or_else(|| unreadable("it ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, IlpError> {
        Ok(self.take(1)?[0])
    }

    pub(super) fn u64(&mut self) -> Result<u64, IlpError> {
        Ok(self.take(8)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    pub(super) fn prefixed(&mut self) -> Result<&'a [u8], IlpError> {
        let first = self.byte()?;
        if first < 0x80 {
            return self.take(usize::from(first));
        }
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 {
            return Err(unreadable("a length has one to four bytes"));
        }
        let length =
            self.take(count)?.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
        self.take(length)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, IlpError> {
        std::str::from_utf8(self.prefixed()?).map_err(|_| unreadable("a text is not ASCII"))
    }
}

pub(super) fn unreadable(why: &str) -> IlpError {
    IlpError::Unreadable(why.to_owned())
}
