//! Statements as SWIFT MT940 messages, as corporate customers of banks read them by program.

use jiff::civil::Date;
use standards::fspiop::ErrorCode;
use standards::money::{Currency, Money};

use super::model::reversed;
use super::store::{Booked, Payers};

/// SWIFT gives a reference so many characters, a line behind it 34, and a narrative six lines.
const REFERENCE: usize = 16;
const BEHIND: usize = 34;
const NARRATIVE: usize = 65;
const NARRATIVES: usize = 6;

/// Why a bank gives a payment back, in the words of the example bank's own list.
const REASONS: [&str; 4] = ["ACCOUNT_CLOSED", NOT_FOUND, "ACCOUNT_DORMANT", "ACCOUNT_DECEASED"];
const NOT_FOUND: &str = "ACCOUNT_NOT_FOUND";

/// An account's statement: the balance before the lines, each line with what it was for, the balance after.
///
/// What takes a payment back is a reversal (`RC` of a credit, `RD` of a debit) of the kind `RTI`, returned item; so is a
/// payment that failed. `:61:` has the payer's own reference where there is one, `//` and the bank's behind it, and what is
/// too long on a line of its own; `:86:` has the payer's narratives, and why the money came back as its last line.
pub(super) fn mt940(number: &str, currency: Currency, lines: &[Booked], today: Date) -> String {
    let day = |at: &str| at.get(2..10).unwrap_or_default().replace('-', "");
    let now = day(&today.to_string());
    let first = lines.first().map(|booked| &booked.line);
    let opening = first.map_or(0, |line| line.balance - line.minor);
    let closing = lines.last().map_or(0, |booked| booked.line.balance);
    let first = first.map_or_else(|| now.clone(), |line| day(&line.at));
    let mut text = format!(
        ":20:{}\r\n:25:{number}\r\n:28C:1/1\r\n:60F:{}\r\n",
        short(&format!("STMT{now}")),
        balance(opening, currency, &first)
    );
    for booked in lines {
        let line = &booked.line;
        let at = day(&line.at);
        let payers = booked.payers.as_ref();
        let comes_back = reversed(&line.what).is_some()
            || payers.is_some_and(|payers| payers.returned.is_some());
        // A credit that is taken back leaves the account, a debit that is taken back comes home.
        let (mark, kind) = match (line.minor < 0, comes_back) {
            (true, false) => ("D", "TRF"),
            (false, false) => ("C", "TRF"),
            (true, true) => ("RC", "RTI"),
            (false, true) => ("RD", "RTI"),
        };
        let amount = decimal(line.minor, currency);
        let month = at.get(2..).unwrap_or_default();
        let reference = named(booked);
        text.extend([
            format!(":61:{at}{month}{mark}{amount}N{kind}{reference}\r\n"),
            format!(":86:{}\r\n", told(booked)),
        ]);
    }
    text.extend([format!(":62F:{}\r\n-\r\n", balance(closing, currency, &now))]);
    text
}

/// The references of a line: the bank's alone, or the payer's and the bank's.
fn named(booked: &Booked) -> String {
    let banks = short(&booked.line.reference);
    let payers = booked.payers.as_ref().and_then(|payers| payers.reference.as_deref());
    let Some(payers) = payers.filter(|reference| !reference.is_empty()) else { return banks };
    // Two strokes would begin the bank's own.
    let payers = plain(payers).replace('/', "-");
    let rest: String = payers.chars().skip(REFERENCE).take(BEHIND).collect();
    let payers: String = payers.chars().take(REFERENCE).collect();
    let rest = if rest.is_empty() { rest } else { format!("\r\n{rest}") };
    format!("{payers}//{banks}{rest}")
}

/// What a line was for: the payer's narratives, or the name and the words of the entry.
fn told(booked: &Booked) -> String {
    let whole = || plain(&format!("{} {}", booked.line.reference, booked.line.what));
    let Some(Payers { narratives, returned, .. }) = &booked.payers else { return whole() };
    let mut lines: Vec<String> = narratives.iter().map(|text| narrative(text)).collect();
    if lines.is_empty() {
        lines.push(whole());
    }
    if let Some(why) = returned {
        lines.truncate(NARRATIVES - 1);
        lines.push(narrative(&by_reason(why)));
    }
    lines.join("\r\n")
}

/// Why money came back: first the reason in the words that bridges know, where there is one, then the scheme's sentence.
fn by_reason(why: &str) -> String {
    let nobody = why.starts_with(&ErrorCode::PARTY_NOT_FOUND.to_string()).then_some(NOT_FOUND);
    match REASONS.into_iter().find(|reason| why.contains(reason)).or(nobody) {
        Some(reason) => format!("{reason} - {why}"),
        None => why.to_owned(),
    }
}

/// A line of a narrative. An empty one keeps its place with a point, and none begins as a field or the end would.
fn narrative(text: &str) -> String {
    let text: String = plain(text.trim()).chars().take(NARRATIVE).collect();
    match text.trim_start_matches([':', '-', ' ']) {
        "" => String::from("."),
        text => text.to_owned(),
    }
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
    text.chars().filter(char::is_ascii_alphanumeric).take(REFERENCE).collect()
}

/// The characters that SWIFT carries (set x); others become a space.
fn plain(text: &str) -> String {
    let legal = |c: char| c.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(c);
    text.chars().map(|c| if legal(c) { c } else { ' ' }).take(390).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::ledger::Line;

    fn lines_of(lines: &[Booked]) -> Vec<String> {
        let text =
            mt940("GOV-SP-001", "XTS".parse().unwrap(), lines, "2026-10-02".parse().unwrap());
        text.split("\r\n").map(str::to_owned).collect()
    }

    fn line(reference: &str, what: &str, minor: i64, balance: i64) -> Booked {
        let at = String::from("2026-10-01T08:00:00.000Z");
        let (reference, what) = (reference.to_owned(), what.to_owned());
        Booked { line: Line { reference, what, at, minor, balance }, payers: None }
    }

    #[test]
    fn a_statement_opens_lists_and_closes() {
        let pension = "Pension Office (pension)";
        let told = lines_of(&[
            line("a8323bc6-c228-4df2-ae82-e5a997baf899", pension, 10_050, 12_050),
            line("fee", pension, -50, 12_000),
            line("refund", "REVERSAL a8323bc6: closed", 10_000, 22_000),
        ]);
        assert_eq!(told[3], ":60F:C261001XTS20,00");
        assert_eq!(told[4], ":61:2610011001C100,50NTRFa8323bc6c2284df2");
        assert_eq!(told[5], ":86:a8323bc6-c228-4df2-ae82-e5a997baf899 Pension Office (pension)");
        assert_eq!(told[6], ":61:2610011001D0,50NTRFfee");
        assert_eq!(told[8], ":61:2610011001RD100,00NRTIrefund", "a debit came back");
        assert_eq!(told[10], ":62F:C261002XTS220,00");
    }

    #[test]
    fn a_payment_has_its_payers_reference_and_narratives_in_their_places() {
        let paid = |reference: &str, narratives: &[&str], returned: Option<&str>| Booked {
            payers: Some(Payers {
                reference: Some(reference.to_owned()),
                narratives: narratives.iter().map(|&text| text.to_owned()).collect(),
                returned: returned.map(str::to_owned),
            }),
            ..line("a8323bc6-c228-4df2-ae82-e5a997baf899 sent", "rent", 100, 100)
        };
        let told = lines_of(&[
            paid("DISB//7", &["rent", "", "-Oct:\nober"], None),
            paid("1795345400123-abcdefgh", &["rent"], Some("5107 ACCOUNT_CLOSED")),
            paid("R", &[], None),
            paid("N", &["rent"], Some("3204: Party not found - no bank holds an account for N")),
            paid(
                "D",
                &["rent"],
                Some(
                    "5105: Payee FSP rejected transaction - ACCOUNT_DORMANT: the account is dormant",
                ),
            ),
            paid("E", &["rent"], Some("5101: Payee rejected quote")),
        ]);
        assert_eq!(told[4], ":61:2610011001C1,00NTRFDISB--7//a8323bc6c2284df2");
        assert_eq!(told[5..8], [":86:rent", ".", "Oct: ober"]);
        let named = [":61:2610011001RD1,00NRTI1795345400123-ab//a8323bc6c2284df2", "cdefgh"];
        assert_eq!(told[8..10], named);
        assert_eq!(told[10..12], [":86:rent", "ACCOUNT CLOSED - 5107 ACCOUNT CLOSED"]);
        assert_eq!(told[13], ":86:a8323bc6-c228-4df2-ae82-e5a997baf899 sent rent");
        let reasons = [
            "ACCOUNT NOT FOUND - 3204: Party not found - no bank holds an acco",
            "ACCOUNT DORMANT - 5105: Payee FSP rejected transaction - ACCOUNT ",
            "5101: Payee rejected quote",
        ];
        for (line, reason) in [16, 19, 22].into_iter().zip(reasons) {
            assert_eq!(told[line], reason, "{told:#?}");
        }
    }
}
