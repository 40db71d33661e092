//! Formats of single elements in FSPIOP 1.1, which its OpenAPI text gives as patterns and lists: names, dates, conditions,
//! currencies.

/// `Currency` of the text, in its order. What is not money to spend (`XTS` is for tests) is in it too.
const CURRENCIES: &str = "\
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF \
    CLP CNY COP CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GGP GHS GIP GMD GNF GTQ GYD HKD \
    HNL HRK HTG HUF IDR ILS IMP INR IQD IRR ISK JEP JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD \
    LSL LYD MAD MDL MGA MKD MMK MNT MOP MRO MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR \
    PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLL SOS SPL SRD STD SVC SYP SZL THB TJS TMT TND TOP TRY \
    TTD TVD TWD TZS UAH UGX USD UYU UZS VEF VND VUV WST XAF XCD XDR XOF XPF XTS XXX YER ZAR ZMW ZWD";

/// A format: whether a text has it, and what would have been right.
pub(super) type Format = (fn(&str) -> bool, &'static str);

pub(super) const CONDITION: Format = (is_condition, "write base64url of 32 bytes, 43 characters");
pub(super) const NAME: Format = (is_name, "write letters, digits, spaces and .,'- only");
pub(super) const DATE: Format = (is_date, "write a date such as 1951-03-02");
pub(super) const SUB_SCENARIO: Format =
    (is_sub_scenario, "write 1 to 32 capital letters and underscores");
pub(super) const MERCHANT: Format = (is_merchant_code, "write 1 to 4 digits");
pub(super) const BALANCE: Format = (is_balance_of_payments, "write three digits, the first no 0");
pub(super) const LATITUDE: Format = (is_latitude, "write degrees from -90 to 90, such as -3.5");
pub(super) const LONGITUDE: Format =
    (is_longitude, "write degrees from -180 to 180, such as 29.25");

/// Whether the text's closed list has a currency.
pub fn is_currency(code: &str) -> bool {
    // Every code stands between blanks, and none is longer than three letters.
    code.len() == 3
        && CURRENCIES.as_bytes().chunks(4).any(|known| known.starts_with(code.as_bytes()))
}

/// `IlpCondition` and `IlpFulfilment`: 32 bytes as base64url without padding.
fn is_condition(text: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    text.len() == 43 && text.bytes().all(legal)
}

/// `DateOfBirth`: a day that there is, of the year 1000 or later.
fn is_date(text: &str) -> bool {
    let is_spelled = text.len() == 10 && !text.starts_with(['0', '-', '+']);
    is_spelled && text.parse::<jiff::civil::Date>().is_ok()
}

/// `Name`, `FirstName` and the like: letters and digits of any script with what joins and marks them, spaces, and `.,'-`;
/// not spaces alone.
fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().all(stands_in_name)
}

fn stands_in_name(c: char) -> bool {
    c.is_alphanumeric() || " .,'-_\u{200C}\u{200D}\u{203F}\u{2040}".contains(c) || is_mark(c)
}

/// What a script writes on, below and between its letters and is no letter by itself.
fn is_mark(c: char) -> bool {
    const MARKS: [(char, char); 15] = [
        ('\u{0300}', '\u{036F}'),
        ('\u{0483}', '\u{0489}'),
        ('\u{0591}', '\u{05BD}'),
        ('\u{0610}', '\u{061A}'),
        ('\u{064B}', '\u{065F}'),
        ('\u{06D6}', '\u{06ED}'),
        ('\u{0711}', '\u{07F3}'),
        ('\u{0816}', '\u{0963}'),
        ('\u{0980}', '\u{0DF3}'),
        ('\u{0E31}', '\u{0ECE}'),
        ('\u{0F18}', '\u{109D}'),
        ('\u{135D}', '\u{18A9}'),
        ('\u{1AB0}', '\u{1DFF}'),
        ('\u{20D0}', '\u{20F0}'),
        ('\u{A66F}', '\u{AAF6}'),
    ];
    MARKS.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

/// `TransactionSubScenario`: a scheme's own kind, 1 to 32 capital letters and underscores.
fn is_sub_scenario(text: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    (1..=32).contains(&text.len()) && text.bytes().all(legal)
}

/// `MerchantClassificationCode`: 1 to 4 digits.
fn is_merchant_code(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `BalanceOfPayments`: three digits, the first no 0.
fn is_balance_of_payments(text: &str) -> bool {
    text.len() == 3 && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_latitude(text: &str) -> bool {
    is_degrees(text, 90)
}

fn is_longitude(text: &str) -> bool {
    is_degrees(text, 180)
}

/// `Latitude` and `Longitude`: degrees with up to six decimals, and a sign before them where one is wanted.
fn is_degrees(text: &str, most: u32) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, part) =
        text.split_once('.').map_or((text, None), |(whole, part)| (whole, Some(part)));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = are_digits(whole) && (whole == "0" || !whole.starts_with('0'));
    let is_part = part.is_none_or(|part| (1..=6).contains(&part.len()) && are_digits(part));
    let is_zero = part.is_none_or(|part| part.bytes().all(|digit| digit == b'0'));
    let is_within = |degrees: u32| degrees < most || (degrees == most && is_zero);
    is_whole && is_part && whole.parse().is_ok_and(is_within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_anywhere_are_names_and_markup_is_none() {
        for name in ["Ana-María O'Neill, Jr.", "अमिना डियालो", "فاطِمة", "Zoë", "李小龍", "R2_D2"]
        {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "   ", "<b>Ana</b>", "a\nb", "a@b", "(Ana)", "Ana;"] {
            assert!(!is_name(name), "{name:?}");
        }
    }

    #[test]
    fn a_date_of_birth_is_a_day_that_there_was() {
        assert!(is_date("1951-03-02") && is_date("2000-02-29"));
        for date in
            ["1951-02-30", "1900-02-29", "0951-03-02", "1951-3-2", "19510302", "1951-03-02T"]
        {
            assert!(!is_date(date), "{date}");
        }
    }

    #[test]
    fn a_place_is_on_the_globe() {
        for text in ["0", "-3.5", "+90.000000", "89.999999", "9"] {
            assert!(is_latitude(text) && is_longitude(text), "{text}");
        }
        assert!(is_longitude("-180.0") && !is_latitude("90.1") && !is_longitude("180.000001"));
        for text in
            ["", "+", "-", ".5", "1.", "05", "1.0000000", "+-1", "1,5", "91e0", "999999999999"]
        {
            assert!(!is_latitude(text) && !is_longitude(text), "{text}");
        }
    }

    #[test]
    fn the_list_of_currencies_is_the_texts() {
        assert_eq!(CURRENCIES.split_whitespace().count(), 164);
        assert!(is_currency("XTS") && is_currency("USD"));
        assert!(!is_currency("ZZZ") && !is_currency("usd") && !is_currency("USD AED"));
    }

    #[test]
    fn conditions_and_codes_have_their_length_and_their_letters() {
        assert!(is_condition("PJCajHCSCLfdRBqHa2xdDL3Zl7nmv7SJxTtX3rpyhnw"));
        assert!(!is_condition("PJCajHCSCLfdRBqHa2xdDL3Zl7nmv7SJxTtX3rpyhnw="));
        assert!(!is_condition("PJCajHCSCLfdRBqHa2xdDL3Zl7nmv7SJxTtX3rpyhn+"));
        assert!(is_sub_scenario("OLD_AGE") && !is_sub_scenario("old age") && !is_sub_scenario(""));
        assert!(is_merchant_code("42") && !is_merchant_code("12345"));
        assert!(is_balance_of_payments("123") && !is_balance_of_payments("012"));
    }
}
