//! Decimal texts, read digit by digit: no float ever holds an amount.

use super::MoneyError;

/// FSPIOP Amount `^([0]|([1-9][0-9]{0,17}))([.][0-9]{0,3}[1-9])?$`.
pub(crate) fn check_fspiop(text: &str) -> Option<()> {
    let (whole, fraction) = split(text);
    let whole_ok = is_digits(whole, 1, 18) && (whole == "0" || !whole.starts_with('0'));
    let fraction_ok =
        fraction.is_none_or(|digits| is_digits(digits, 1, 4) && !digits.ends_with('0'));
    (whole_ok && fraction_ok).then_some(())
}

/// G2P Connect amount `^\d{1,13}\.\d{1,2}$`.
pub(super) fn check_g2p(text: &str) -> Option<()> {
    let (whole, fraction) = split(text);
    (is_digits(whole, 1, 13) && is_digits(fraction?, 1, 2)).then_some(())
}

/// Digits with at most one point between them.
pub(super) fn check_plain(text: &str) -> Option<()> {
    let (whole, fraction) = split(text);
    let fraction_ok = fraction.is_none_or(|digits| is_digits(digits, 1, usize::MAX));
    (is_digits(whole, 1, usize::MAX) && fraction_ok).then_some(())
}

/// Minor units of a text that one of the checks above let through; `shown` is what an error quotes.
pub(super) fn minor(text: &str, shown: &str) -> Result<i64, MoneyError> {
    let (whole, fraction) = split(text);
    let fraction = fraction.unwrap_or_default().trim_end_matches('0');
    if fraction.len() > 2 {
        return Err(MoneyError::TooFine { text: shown.to_owned() });
    }
    let too_large = || MoneyError::TooLarge { text: shown.to_owned() };
    let whole = whole.trim_start_matches('0');
    if whole.len() > 13 {
        return Err(too_large());
    }
    format!("0{whole}{fraction:0<2}").parse().map_err(|_| too_large())
}

fn split(text: &str) -> (&str, Option<&str>) {
    match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    }
}

fn is_digits(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
