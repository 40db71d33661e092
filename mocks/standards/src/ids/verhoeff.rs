//! The Verhoeff checksum: one digit that catches every single wrong digit and every swap of neighbours.
//!
//! ```
//! use standards::ids::verhoeff;
//! assert_eq!(verhoeff::check_digit("23"), Some('6'));
//! assert!(verhoeff::is_valid("236"));
//! assert!(!verhoeff::is_valid("263"));
//! ```

/// Multiplication in the dihedral group of the pentagon.
fn multiply(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + (b - 5)) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

/// The permutation, applied as often as the digit is far from the end (it repeats after eight).
const PERMUTATION: [[u8; 10]; 8] = permutations();

const fn permutations() -> [[u8; 10]; 8] {
    let once = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut table = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]; 8];
    let mut row = 1;
    while row < 8 {
        let mut column = 0;
        while column < 10 {
            table[row][column] = once[table[row - 1][column] as usize];
            column += 1;
        }
        row += 1;
    }
    table
}

/// The group's product over the digits from the last to the first, the last standing at `position`.
fn product(digits: &str, position: usize) -> Option<u8> {
    digits.bytes().rev().enumerate().try_fold(0, |product, (at, byte)| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        Some(multiply(product, PERMUTATION[(at + position) % 8][usize::from(digit)]))
    })
}

/// Whether the last digit fits the others. What is empty or not all digits is not valid.
pub fn is_valid(digits: &str) -> bool {
    !digits.is_empty() && product(digits, 0) == Some(0)
}

/// The digit to put behind these; nothing where they are not all digits.
pub fn check_digit(digits: &str) -> Option<char> {
    let product = product(digits, 1)?;
    let inverse = if product < 5 { (5 - product) % 5 } else { product };
    Some(char::from(b'0' + inverse))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_numbers_are_valid_and_mock_numbers_are_not() {
        for valid in ["236", "1234567890", "2154189532", "6580954839", "9830872690593682"] {
            assert!(is_valid(valid), "{valid}");
        }
        for invalid in ["1234567891", "8267411571", "", "12a", "23 6"] {
            assert!(!is_valid(invalid), "{invalid}");
        }
        assert_eq!(check_digit("12a"), None);
    }

    proptest! {
        #[test]
        fn a_number_with_its_check_digit_is_valid_and_any_slip_is_caught(body in "[0-9]{1,18}", at in 0_usize..18, other in 0_u8..10) {
            let number = format!("{body}{}", check_digit(&body).unwrap());
            prop_assert!(is_valid(&number));
            let at = at % number.len();
            let mut slipped = number.clone().into_bytes();
            slipped[at] = b'0' + other;
            let slipped = String::from_utf8(slipped).unwrap();
            prop_assert_eq!(is_valid(&slipped), slipped == number);
            let mut swapped = number.clone().into_bytes();
            swapped.swap(at, (at + 1).min(number.len() - 1));
            let swapped = String::from_utf8(swapped).unwrap();
            prop_assert_eq!(is_valid(&swapped), swapped == number);
        }
    }
}
