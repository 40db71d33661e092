//! The CSV file of Payment Hub's bulk processor, alone or in a form of several parts (RFC 7578).

use serde_json::{Value, json};

use super::transactions::{Party, Transaction};
use crate::payment_hub::pipeline::MOST_PAYMENTS;

/// The columns that must be there.
const NEEDED: [&str; 5] = ["request_id", "payment_mode", "payee_identifier", "amount", "currency"];
/// What the bulk processor says of a file without its columns.
pub(super) const STRUCTURE: &str = "Invalid file structure";

/// What is wrong with a file: the bulk processor's words for it, and a sentence.
type Wrong = (&'static str, String);

/// The payments of a file; the error says what is wrong, and in which line.
pub(super) fn transactions(body: &[u8], content_type: &str) -> Result<Vec<Transaction>, Wrong> {
    let wrong = |sentence: String| ("Invalid file", sentence);
    if body.is_empty() {
        return Err(("File not uploaded", "there is no file: send it as the part `data`".into()));
    }
    let content = match boundary(content_type) {
        Some(boundary) => file_part(body, &boundary).map_err(wrong)?,
        None if content_type.starts_with("multipart/") => {
            return Err(wrong("Content-Type: name the boundary of the parts".into()));
        }
        None => body,
    };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(content);
    let head = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
    for name in NEEDED {
        if !head.iter().any(|column| column == name) {
            let right = "the first line names the columns";
            return Err((STRUCTURE, format!("the column {name} is missing: {right}")));
        }
    }
    let mut all = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| wrong(error.to_string()))?;
        if all.len() == MOST_PAYMENTS {
            let right = format!("name 1 to {MOST_PAYMENTS} payments");
            return Err(("Invalid list", right));
        }
        let cell = |name: &str| {
            let place = head.iter().position(|column| column == name)?;
            row.get(place).map(str::to_owned).filter(|cell| !cell.is_empty())
        };
        all.push(transaction(cell));
    }
    Ok(all)
}

fn transaction(cell: impl Fn(&str) -> Option<String>) -> Transaction {
    let party = |key: Option<String>, value: Option<String>, otherwise: &str| {
        value.map(|value| Party { key: key.unwrap_or_else(|| otherwise.to_owned()), value })
    };
    let payee = party(cell("payee_identifier_type"), cell("payee_identifier"), "identifier");
    let bank = party(Some("payeeDfspId".into()), cell("payee_dfsp_id"), "");
    let payer = party(cell("payer_identifier_type"), cell("payer_identifier"), "accountNumber");
    // The amount stays a text: a cell is none of JSON's numbers.
    let amount = cell("amount").map_or(Value::Null, |amount| json!(amount));
    Transaction {
        request_id: cell("request_id").unwrap_or_default(),
        credit_party: payee.into_iter().chain(bank).collect(),
        debit_party: payer.into_iter().collect(),
        payment_mode: cell("payment_mode"),
        amount,
        currency: cell("currency").unwrap_or_default(),
        description_text: cell("note"),
    }
}

/// What stands between the parts, where the content has parts.
pub(super) fn boundary(content_type: &str) -> Option<String> {
    let rest = content_type.strip_prefix("multipart/form-data")?;
    let named = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
    let boundary = named.trim_matches('"');
    (!boundary.is_empty() && boundary.len() <= 70).then(|| boundary.to_owned())
}

/// The content of the first part that is a file, or of the first part where none says so.
pub(super) fn file_part<'a>(body: &'a [u8], boundary: &str) -> Result<&'a [u8], String> {
    let mark = format!("--{boundary}");
    let end = format!("\r\n--{boundary}");
    let mut rest = after(body, mark.as_bytes()).ok_or("no part begins with the boundary")?;
    let mut first = None;
    while !rest.starts_with(b"--") {
        let content = after(rest, b"\r\n\r\n").ok_or("a part has no empty line after its head")?;
        let head = &rest[..rest.len() - content.len()];
        let length = find(content, end.as_bytes()).ok_or("the last part does not end")?;
        let part = &content[..length];
        if find(head, b"filename=").is_some() {
            return Ok(part);
        }
        first = first.or(Some(part));
        rest = &content[length + end.len()..];
    }
    first.ok_or_else(|| "there is no part".into())
}

fn find(all: &[u8], what: &[u8]) -> Option<usize> {
    all.windows(what.len()).position(|window| window == what)
}

fn after<'a>(all: &'a [u8], what: &[u8]) -> Option<&'a [u8]> {
    find(all, what).map(|at| &all[at + what.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = "id,request_id,payment_mode,payee_identifier_type,payee_identifier,amount,currency,note\n\
        0,R-1,mojaloop,MSISDN,99912345678,100.50,XTS,\"a, b\"\n1,R-2,mojaloop,uin,6580954839,,XTS,\n";

    #[test]
    fn a_file_is_read_with_its_quotes_and_gaps() {
        let all = transactions(ROWS.as_bytes(), "text/csv").unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(
            (all[0].description_text.as_deref(), &all[0].amount),
            (Some("a, b"), &json!("100.50"))
        );
        assert!(all[1].amount.is_null());
    }

    #[test]
    fn the_file_is_found_among_the_parts_of_a_form() {
        let form = format!(
            "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--x\r\n\
            Content-Disposition: form-data; name=\"data\"; filename=\"a.csv\"\r\n\r\n{ROWS}\r\n--x--\r\n"
        );
        let all = transactions(form.as_bytes(), "multipart/form-data; boundary=x").unwrap();
        assert_eq!(all[1].request_id, "R-2");
    }

    #[test]
    fn a_file_that_is_none_says_what_is_wrong() {
        let said = |body: &str, kind: &str| transactions(body.as_bytes(), kind).unwrap_err();
        let wrong = |body: &str, kind: &str| said(body, kind).1;
        assert!(wrong("a,b\n1,2\n", "text/csv").contains("request_id is missing"));
        assert_eq!(said("", "text/csv").0, "File not uploaded");
        let misspelt = ROWS.replace("payment_mode", "paymentmode");
        let (information, sentence) = said(&misspelt, "text/csv");
        assert!(information == STRUCTURE && sentence.contains("payment_mode is missing"));
        assert!(wrong(&format!("{ROWS}1,2\n"), "text/csv").contains("record 3"));
        let form = "multipart/form-data; boundary=x";
        assert!(wrong("hello", form).contains("boundary"));
        assert!(wrong("--x\r\nhead\r\n\r\nbody", form).contains("does not end"));
        assert!(wrong("--x--\r\n", form).contains("no part"));
    }
}
