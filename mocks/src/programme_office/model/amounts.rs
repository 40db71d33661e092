//! How amounts are spelled: minor units inside, decimals in messages, and as people read them in sentences. A programme
//! has one currency, which stands beside the amount.

/// `100.00`: two decimals, as G2P Connect wants them and as `Money` writes itself.
pub(in crate::programme_office) fn decimal(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let magnitude = cents.unsigned_abs();
    format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100)
}

/// `100` or `348.40`: as people write money.
pub(in crate::programme_office) fn plain(cents: i64) -> String {
    let written = decimal(cents);
    written.strip_suffix(".00").map_or_else(|| written.clone(), str::to_owned)
}

/// `97,800` or `97,800.50`: as people read sums.
pub(in crate::programme_office) fn grouped(cents: i64) -> String {
    let written = plain(cents);
    let (sign, digits) = written.strip_prefix('-').map_or(("", &*written), |rest| ("-", rest));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if rest.is_empty() { text } else { format!("{text}.{rest}") }
}

#[cfg(test)]
mod tests {
    use standards::money::Money;

    use super::*;

    #[test]
    fn decimals_are_spelled_as_money_spells_them() {
        let currency = "XTS".parse().unwrap();
        for cents in [10_000, 34_840, 5, 0, -5, -150, -10_000, i64::MIN, i64::MAX] {
            assert_eq!(decimal(cents), Money::new(cents, currency).to_string());
        }
        assert_eq!(decimal(-150), "-1.50");
    }

    #[test]
    fn money_is_written_as_people_write_it() {
        let written = [plain(10_000), plain(34_840), plain(-150)];
        assert_eq!(written, ["100", "348.40", "-1.50"]);
    }

    #[test]
    fn sums_are_written_as_people_read_them() {
        let written = [grouped(9_780_000), grouped(5_050), grouped(-123_456_789), grouped(0)];
        assert_eq!(written, ["97,800", "50.50", "-1,234,567.89", "0"]);
    }
}
