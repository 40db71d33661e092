//! `CorrelationId`: UUID versions 1 to 5 in 1.x; 2.0 adds 6, 7 and ULIDs, which adapters also send to 1.x switches.

/// What a correlation id is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrelationKind {
    /// A lower-case UUID of that version.
    Uuid(u8),
    /// An upper-case ULID.
    Ulid,
}

/// What a correlation id is written as, or nothing where it is none.
///
/// ```
/// use standards::fspiop::{CorrelationKind, correlation_kind};
/// assert_eq!(correlation_kind("b51ec534-ee48-4575-b6a9-ead2955b8069"), Some(CorrelationKind::Uuid(4)));
/// assert_eq!(correlation_kind("01JABCDEFGHJKMNPQRSTVWXYZ0"), Some(CorrelationKind::Ulid));
/// assert_eq!(correlation_kind("T-1"), None);
/// ```
pub fn correlation_kind(text: &str) -> Option<CorrelationKind> {
    let bytes = text.as_bytes();
    if bytes.len() == 26 {
        let alphabet = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        return bytes.iter().all(|byte| alphabet.contains(byte)).then_some(CorrelationKind::Ulid);
    }
    if bytes.len() != 36 {
        return None;
    }
    let well_formed = bytes.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        14 => (b'1'..=b'7').contains(byte),
        19 => b"89ab".contains(byte),
        _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(byte),
    });
    well_formed.then(|| CorrelationKind::Uuid(bytes[14] - b'0'))
}

/// Whether a text may name a message at all: a UUID of any version in lower case, or a ULID in upper case. What is neither
/// has no business in a path, and what differs in case alone would be a second id for the same thing.
pub fn is_correlation_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_uuid = || {
        bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(byte),
        })
    };
    match bytes.len() {
        36 => is_uuid(),
        26 => correlation_kind(text).is_some(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_7_uuid_is_known() {
        let seven = correlation_kind("01932c07-209c-7e3a-8d5e-7f3c2b1a0d9e").unwrap();
        assert_eq!(seven, CorrelationKind::Uuid(7));
    }

    #[test]
    fn an_id_is_a_uuid_or_a_ulid_in_its_own_case_and_nothing_else() {
        for good in ["b51ec534-ee48-8575-c6a9-ead2955b8069", "01JABCDEFGHJKMNPQRSTVWXYZ0"] {
            assert!(is_correlation_id(good), "{good}");
        }
        for bad in [
            "",
            "not a uuid",
            "../../x",
            "b51ec534-ee48-4575-b6a9-ead2955b80/9",
            "B51EC534-EE48-4575-B6A9-EAD2955B8069",
            "01jabcdefghjkmnpqrstvwxyz0",
        ] {
            assert!(!is_correlation_id(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_neither_is_none() {
        for bad in [
            "",
            "B51EC534-EE48-4575-B6A9-EAD2955B8069",
            "b51ec534-ee48-8575-b6a9-ead2955b8069",
            "b51ec534-ee48-4575-c6a9-ead2955b8069",
            "01JABCDEFGHJKMNPQRSTVWXYZI",
        ] {
            assert_eq!(correlation_kind(bad), None, "{bad}");
        }
    }
}
