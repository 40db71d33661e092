//! Account statements as banks hand them to programs: SWIFT MT940, fields `:20:`, `:25:`, `:28C:`, `:61:` and `:86:`.
//!
//! ```
//! use standards::mt940::{Mark, read};
//!
//! let text = ":20:REF1\r\n:25:GOV-SP-001\r\n:28C:7/2\r\n:60F:C261001XTS500,00\r\n\
//!     :61:2610021002D100,00NTRFDISB-000001//B-77\r\n:86:Old age pension\r\n:62F:C261002XTS400,00\r\n-\r\n";
//! let statement = &read(text).unwrap()[0];
//! assert_eq!((statement.account.as_str(), statement.number, statement.sequence), ("GOV-SP-001", 7, 2));
//! let entry = &statement.entries[0];
//! assert_eq!((entry.mark, entry.amount.as_str()), (Mark::Debit, "100.00"));
//! assert_eq!((entry.reference.as_str(), entry.bank_reference.as_deref()), ("DISB-000001", Some("B-77")));
//! ```

use std::ops::Range;

use jiff::civil::Date;

/// One statement of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// `:20:`, the reference of the statement.
    pub reference: String,
    /// `:25:`, the account as its bank writes it.
    pub account: String,
    /// `:28C:`, the number of the statement; 0 where none is given.
    pub number: u32,
    /// `:28C:` after the stroke, the part of a long statement; 1 where it is not in parts.
    pub sequence: u32,
    pub entries: Vec<Entry>,
}

/// One entry on it, `:61:` with its `:86:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub value_date: Date,
    /// When it was booked; the value date where nothing is said.
    pub entry_date: Date,
    pub mark: Mark,
    /// With a point: `100.50`, or `100` where nothing stood behind the comma. Never negative, because the mark says which way.
    pub amount: String,
    /// What the owner of the account calls it.
    pub reference: String,
    /// What the bank calls it.
    pub bank_reference: Option<String>,
    /// What it was for, its lines joined by spaces.
    pub narrative: String,
}

/// Which way the money went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Credit,
    Debit,
    /// A credit that was taken back.
    ReversedCredit,
    /// A debit that came back.
    ReversedDebit,
}

/// Why a text is no statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {sentence}")]
pub struct NoStatement {
    /// Counted from 1; 0 where the text as a whole is meant.
    pub line: usize,
    pub sentence: String,
}

/// Reads the statements of a file. Fields that are not named above are passed over, and so are the blocks of the network.
pub fn read(text: &str) -> Result<Vec<Statement>, NoStatement> {
    let mut statements: Vec<Statement> = Vec::new();
    let mut narrated = false;
    for (line, content) in (1..).zip(text.lines()) {
        let wrong = |sentence: &str| NoStatement { line, sentence: sentence.into() };
        let Some((tag, value)) = tagged(content) else {
            if let Some(entry) = last_entry(&mut statements).filter(|_| narrated)
                && content != "-"
                && !content.starts_with("-}")
            {
                entry.narrative = format!("{} {}", entry.narrative, content.trim());
            }
            continue;
        };
        narrated = tag == "86";
        if tag == "20" {
            let reference = value.trim().into();
            statements.push(Statement { reference, sequence: 1, ..Statement::default() });
            continue;
        }
        let Some(statement) = statements.last_mut() else {
            return Err(wrong("a statement begins with :20:, its reference"));
        };
        match tag {
            "25" => statement.account = value.trim().into(),
            "28C" => (statement.number, statement.sequence) = numbers(value).map_err(wrong)?,
            "61" => statement.entries.push(entry(value).map_err(wrong)?),
            "86" => {
                if let Some(entry) = statement.entries.last_mut() {
                    value.trim().clone_into(&mut entry.narrative);
                }
            }
            _ => {}
        }
    }
    let nothing = || NoStatement { line: 0, sentence: "there is no :20: in the text".into() };
    let first = statements.first().ok_or_else(nothing)?;
    if first.account.is_empty() {
        let sentence = "there is no :25:, the account, in the statement".into();
        return Err(NoStatement { line: 0, sentence });
    }
    Ok(statements)
}

fn last_entry(statements: &mut [Statement]) -> Option<&mut Entry> {
    statements.last_mut()?.entries.last_mut()
}

/// `:61:rest` as `61` and `rest`.
fn tagged(line: &str) -> Option<(&str, &str)> {
    let (tag, value) = line.strip_prefix(':')?.split_once(':')?;
    let legal = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
    ((2..=3).contains(&tag.len()) && tag.chars().all(legal)).then_some((tag, value))
}

/// `7/2`, or `7` alone.
fn numbers(value: &str) -> Result<(u32, u32), &'static str> {
    let (number, sequence) = value.trim().split_once('/').unwrap_or((value.trim(), "1"));
    let read = |text: &str| text.parse().map_err(|_| ":28C: is a number, or two as in 7/2");
    Ok((read(number)?, read(sequence)?))
}

/// `2610021002D100,00NTRFreference//bank's`.
fn entry(value: &str) -> Result<Entry, &'static str> {
    let (date, rest) = value.split_at_checked(6).ok_or(NO_DATE)?;
    let value_date = day(date).ok_or(NO_DATE)?;
    let booked = rest.split_at_checked(4).filter(|(day, _)| digits(day));
    let (entry_date, rest) = match booked {
        Some((month_and_day, rest)) => (booked_on(value_date, month_and_day).ok_or(NO_DATE)?, rest),
        None => (value_date, rest),
    };
    let (mark, rest) = mark(rest).ok_or("the mark of :61: is C, D, RC or RD")?;
    // The third letter of the currency may stand before the amount.
    let rest = rest.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest);
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(rest.len());
    let (amount, rest) = rest.split_at(end);
    let amount = decimal(amount).ok_or("the amount of :61: is written with a comma: 100,50")?;
    let (_, named) =
        rest.split_at_checked(4).ok_or("after the amount of :61: comes its kind: NTRF")?;
    let (reference, bank) = named.split_once("//").map_or((named, None), |(o, b)| (o, Some(b)));
    Ok(Entry {
        value_date,
        entry_date,
        mark,
        amount,
        reference: reference.trim().into(),
        bank_reference: bank.map(|bank| bank.trim().to_owned()).filter(|bank| !bank.is_empty()),
        narrative: String::new(),
    })
}

const NO_DATE: &str =
    ":61: begins with a day as YYMMDD, and the day of booking as MMDD where it is given";

fn digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn day(text: &str) -> Option<Date> {
    let part =
        |range: Range<usize>| text.get(range).filter(|part| digits(part))?.parse::<i8>().ok();
    Date::new(2000 + i16::from(part(0..2)?), part(2..4)?, part(4..6)?).ok()
}

/// The day of booking has no year: it is the one nearest to the value date.
fn booked_on(value_date: Date, month_and_day: &str) -> Option<Date> {
    let part = |range: Range<usize>| month_and_day.get(range)?.parse::<i8>().ok();
    let (month, day) = (part(0..2)?, part(2..4)?);
    let years = [value_date.year(), value_date.year() - 1, value_date.year() + 1];
    let days = years.into_iter().filter_map(|year| Date::new(year, month, day).ok());
    days.min_by_key(|day| (*day - value_date).get_days().abs())
}

fn mark(text: &str) -> Option<(Mark, &str)> {
    let marks = [
        ("RC", Mark::ReversedCredit),
        ("RD", Mark::ReversedDebit),
        ("C", Mark::Credit),
        ("D", Mark::Debit),
    ];
    marks.into_iter().find_map(|(word, mark)| Some((mark, text.strip_prefix(word)?)))
}

fn decimal(text: &str) -> Option<String> {
    let (whole, cents) = text.split_once(',')?;
    if whole.is_empty() || text.len() > 15 || cents.contains(',') {
        return None;
    }
    Some(if cents.is_empty() { whole.to_owned() } else { format!("{whole}.{cents}") })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn with(entry: &str) -> String {
        format!(":20:R\n:25:A\n:28C:1\n{entry}\n")
    }

    #[test]
    fn an_entry_may_leave_out_what_is_optional() {
        let text = with(":61:260101D5,NCHG//\n:86:first\nand second");
        let entry = read(&text).unwrap().remove(0).entries.remove(0);
        assert_eq!((entry.amount.as_str(), entry.bank_reference), ("5", None));
        assert_eq!(entry.entry_date, entry.value_date);
        assert_eq!(entry.narrative, "first and second");
    }

    #[test]
    fn a_booking_around_new_year_is_in_the_year_next_to_it() {
        let entry = |line: &str| read(&with(line)).unwrap().remove(0).entries.remove(0);
        let late = entry(":61:2601021231RDS1,50NRTIX");
        assert_eq!(
            (late.entry_date.to_string().as_str(), late.mark),
            ("2025-12-31", Mark::ReversedDebit)
        );
        assert_eq!(entry(":61:2512310102C1,50NTRFX").entry_date.to_string(), "2026-01-02");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let said = |text: &str| read(text).unwrap_err().to_string();
        assert!(said("").contains("no :20:"));
        assert!(said(":25:A").starts_with("line 1: a statement begins with :20:"));
        assert!(said(":20:R").contains("no :25:"));
        assert!(said(&with(":61:26")).starts_with("line 4: :61: begins with a day"));
        assert!(said(&with(":61:260101X5,NCHG")).contains("C, D, RC or RD"));
        assert!(said(&with(":61:260101D5.0NCHG")).contains("comma"));
        assert!(said(&with(":61:260101D5,00N")).contains("NTRF"));
        assert!(said(":20:R\n:28C:one").contains("7/2"));
    }

    proptest! {
        #[test]
        fn any_text_is_a_statement_or_says_why_not(text in ".{0,40}", entry in "[0-9CDR,N/A-Zé]{0,30}") {
            drop(read(&text));
            drop(read(&with(&format!(":61:{entry}"))));
        }
    }
}
