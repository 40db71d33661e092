//! Which numbers MOSIP's generators pass over when they issue (kernel id generators): what looks made up is easily
//! guessed, and what repeats is easily mistyped.

/// Digits that come round again when multiplied: the best known cyclic numbers.
const CYCLIC: [&str; 3] = ["142857", "0588235294117647", "052631578947368421"];
/// Runs of even digits that follow each other in order.
const EVEN_STEPS: [&str; 4] = ["2468", "8642", "0246", "6420"];

/// Whether a number may be given out: it begins with neither 0 nor 1; no three digits count up, count down or are the
/// same; no block of two or more digits comes twice in a row; and nothing cyclic is inside.
pub(super) fn may_be_issued(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    let runs =
        |step: u8| bytes.windows(3).any(|run| run[0] + step == run[1] && run[1] + step == run[2]);
    let falls = || bytes.windows(3).any(|run| run[2] + 1 == run[1] && run[1] + 1 == run[0]);
    !digits.starts_with(['0', '1'])
        && !runs(0)
        && !runs(1)
        && !falls()
        && !repeats(bytes)
        && !CYCLIC.iter().chain(&EVEN_STEPS).any(|part| digits.contains(part))
}

/// Whether a block of two or more digits is followed by itself: `4848`, `482482`.
fn repeats(bytes: &[u8]) -> bool {
    (2..=bytes.len() / 2)
        .any(|size| bytes.windows(2 * size).any(|both| both[..size] == both[size..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_made_up_is_passed_over() {
        for refused in [
            "0154189532",
            "1154189532",
            "2123489532",
            "2154389876",
            "2111895320",
            "2548489531",
            "2482482953",
            "2142857953",
            "9524687531",
        ] {
            assert!(!may_be_issued(refused), "{refused}");
        }
        assert!(may_be_issued("2154189532"));
    }
}
