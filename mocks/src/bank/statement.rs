//! Statements as SWIFT MT940 messages, as corporate customers of banks read them by program.

use jiff::civil::Date;
use standards::money::{Currency, Money};

use super::model::reversed;
use crate::kit::ledger::Line;

/// An account's statement: the balance before the lines, each line with what it was for, the balance after.
///
/// What takes a payment back is a reversal (`RC` of a credit, `RD` of a debit) of the kind `RTI`, returned item. A reference in `:61:` has 16 characters at the most; the whole one stands in `:86:`.
pub(super) fn mt940(number: &str, currency: Currency, lines: &[Line], today: Date) -> String {
    let day = |at: &str| at.get(2..10).unwrap_or_default().replace('-', "");
    let now = day(&today.to_string());
    let opening = lines.first().map_or(0, |line| line.balance - line.minor);
    let closing = lines.last().map_or(0, |line| line.balance);
    let first = lines.first().map_or_else(|| now.clone(), |line| day(&line.at));
    let mut text = format!(
        ":20:{}\r\n:25:{number}\r\n:28C:1/1\r\n:60F:{}\r\n",
        short(&format!("STMT{now}")),
        balance(opening, currency, &first)
    );
    for line in lines {
        let at = day(&line.at);
        // A credit that is taken back leaves the account, a debit that is taken back comes home.
        let (mark, kind) = match (line.minor < 0, reversed(&line.what).is_some()) {
            (true, false) => ("D", "TRF"),
            (false, false) => ("C", "TRF"),
            (true, true) => ("RC", "RTI"),
            (false, true) => ("RD", "RTI"),
        };
        let amount = decimal(line.minor, currency);
        let month = at.get(2..).unwrap_or_default();
        let reference = short(&line.reference);
        let (whole, what) = (plain(&line.reference), plain(&line.what));
        text.extend([
            format!(":61:{at}{month}{mark}{amount}N{kind}{reference}\r\n"),
            format!(":86:{whole} {what}\r\n"),
        ]);
    }
    text.extend([format!(":62F:{}\r\n-\r\n", balance(closing, currency, &now))]);
    text
}

fn balance(minor: i64, currency: Currency, day: &str) -> String {
    let mark = if minor < 0 { 'D' } else { 'C' };
    format!("{mark}{day}{currency}{}", decimal(minor, currency))
}

/// With a comma, and without a sign: the mark before it says which way.
fn decimal(minor: i64, currency: Currency) -> String {
    Money::new(minor, currency).to_string().trim_start_matches('-').replace('.', ",")
}

fn short(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).take(16).collect()
}

/// The characters that SWIFT carries (set x); others become a space.
fn plain(text: &str) -> String {
    let legal = |c: char| c.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(c);
    text.chars().map(|c| if legal(c) { c } else { ' ' }).take(390).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_opens_lists_and_closes() {
        let line = |reference: &str, minor, balance| Line {
            reference: reference.into(),
            what: String::from("Pension Office (pension)"),
            at: String::from("2026-10-01T08:00:00.000Z"),
            minor,
            balance,
        };
        let lines = [
            line("a8323bc6-c228-4df2-ae82-e5a997baf899", 10_050, 12_050),
            line("fee", -50, 12_000),
            Line {
                what: String::from("REVERSAL a8323bc6: closed"),
                ..line("refund", 10_000, 22_000)
            },
        ];
        let text =
            mt940("GOV-SP-001", "XTS".parse().unwrap(), &lines, "2026-10-02".parse().unwrap());
        let told: Vec<_> = text.split("\r\n").collect();
        assert_eq!(told[3], ":60F:C261001XTS20,00");
        assert_eq!(told[4], ":61:2610011001C100,50NTRFa8323bc6c2284df2");
        assert_eq!(told[5], ":86:a8323bc6-c228-4df2-ae82-e5a997baf899 Pension Office (pension)");
        assert_eq!(told[6], ":61:2610011001D0,50NTRFfee");
        assert_eq!(told[8], ":61:2610011001RD100,00NRTIrefund", "a debit came back");
        assert_eq!(told[10], ":62F:C261002XTS220,00");
    }
}
