//! A payroll as a picture: a letter for everybody, and counts and sums that add up.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::texts::Texts;

/// How many dots stand in a row.
const ROW: usize = 50;

/// The states in which somebody can be, as letter and word, in the order in which they are told.
const STATES: [(char, &str); 9] = [
    ('w', "waiting"),
    ('s', "sent"),
    ('m', "moving"),
    ('d', "doubt"),
    ('p', "paid"),
    ('f', "failed"),
    ('r', "reversed"),
    ('h', "held"),
    ('t', "ticket"),
];

/// A payroll as it is shown.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Picture {
    pub(super) cycle: String,
    pub(super) state: String,
    pub(super) currency: String,
    /// Who approved it.
    pub(super) officers: String,
    pub(super) funds: String,
    /// One letter for everybody who is to be paid, in the order of their places.
    pub(super) dots: String,
    pub(super) sums: Vec<Sum>,
    pub(super) payees: String,
    pub(super) total: String,
    /// Who was checked and is not paid: deceased, in conflict, unknown.
    pub(super) members: String,
    pub(super) deceased: String,
    pub(super) conflict: String,
    /// Codes of the scheme, with how many were refused so.
    pub(super) codes: Vec<(String, u64)>,
    /// What the statement of the bank leaves unexplained. Empty until money has left; in words where nobody has asked
    /// since the last payment.
    pub(super) difference: String,
    /// Lines of the bank's statement that nobody instructed: how many, and their sum. Empty where there is none.
    pub(super) strays: String,
    pub(super) stray_sum: String,
    /// Everybody who was not paid.
    pub(super) unpaid: Vec<Unpaid>,
    #[serde(skip)]
    everybody: Vec<Somebody>,
}

/// How many are in a state, and what they are owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Sum {
    pub(super) word: &'static str,
    pub(super) letter: char,
    pub(super) count: String,
    pub(super) sum: String,
    /// Where its part of the bar begins, and its share; both in thousandths.
    pub(super) at: u64,
    pub(super) share: u64,
}

/// Somebody who was not paid, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Unpaid {
    pub(super) name: String,
    pub(super) word: &'static str,
    pub(super) code: String,
    pub(super) why: String,
    pub(super) owner: String,
}

/// A row of dots, each with its word.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) dots: Vec<char>,
}

#[derive(Debug, Clone)]
struct Somebody {
    letter: char,
    cents: i64,
    reference: String,
    name: String,
    code: String,
    why: String,
    owner: String,
}

impl Picture {
    /// A cycle as the office tells it, its figures as the language writes them.
    pub(super) fn of(cycle: &Value, payees: &Value, texts: &Texts) -> Self {
        let text = |name: &str| cycle[name].as_str().unwrap_or_default().to_owned();
        let standing = |name: &str| cycle["standings"][name]["count"].as_u64().unwrap_or(0);
        let officers = cycle["officers"].as_array().into_iter().flatten();
        let officers: Vec<&str> = officers.filter_map(Value::as_str).collect();
        let codes = cycle["codes"].as_object().into_iter().flatten();
        let difference = cycle["reconciled"]["difference_minor"].as_i64();
        let strays = cycle["reconciled"]["unmatched"].as_array().filter(|lines| !lines.is_empty());
        let stray_sum = |lines: &Vec<Value>| lines.iter().filter_map(|l| l["minor"].as_i64()).sum();
        Self {
            cycle: text("cycle"),
            state: text("state"),
            currency: text("currency"),
            officers: officers.join(", "),
            funds: text("funds"),
            members: texts.number(cycle["members"].as_u64().unwrap_or(0)),
            deceased: texts.number(standing("deceased")),
            conflict: texts.number(standing("conflict")),
            codes: codes.map(|(code, n)| (code.clone(), n.as_u64().unwrap_or(0))).collect(),
            difference: difference.map(|cents| texts.money(cents)).unwrap_or_default(),
            strays: strays.map(|lines| lines.len().to_string()).unwrap_or_default(),
            stray_sum: strays.map(stray_sum).map(|cents| texts.money(cents)).unwrap_or_default(),
            everybody: payees["payees"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(somebody)
                .collect(),
            ..Self::default()
        }
    }

    /// What the hub knows of payments that the office only knows as sent.
    pub(super) fn learn(&mut self, payments: &Value) {
        let known: BTreeMap<&str, char> = payments
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|p| Some((p["reference"].as_str()?, letter_of_hub(p["state"].as_str()?)?)))
            .collect();
        for person in self.everybody.iter_mut().filter(|person| person.letter == 's') {
            if let Some(letter) = known.get(person.reference.as_str()) {
                person.letter = *letter;
            }
        }
    }

    /// Counts and sums everybody.
    pub(super) fn add_up(&mut self, texts: &Texts) {
        self.dots = self.everybody.iter().map(|person| person.letter).collect();
        let all = self.everybody.len() as u64;
        let of = |letter: char| {
            let those = self.everybody.iter().filter(|person| person.letter == letter);
            those.fold((0, 0), |(n, cents), person| (n + 1, cents + person.cents))
        };
        let mut before = 0;
        let thousandths = |count: u64| (count * 1000).checked_div(all).unwrap_or(0);
        self.sums = STATES
            .into_iter()
            .map(|(letter, word)| {
                let (count, cents) = of(letter);
                let at = thousandths(before);
                before += count;
                let share = thousandths(before) - at;
                Sum { word, letter, count: texts.number(count), sum: texts.money(cents), at, share }
            })
            .collect();
        self.payees = texts.number(all);
        self.total = texts.money(self.everybody.iter().map(|person| person.cents).sum());
        let unpaid = self.everybody.iter().filter(|person| "frht".contains(person.letter));
        self.unpaid = unpaid
            .map(|person| Unpaid {
                name: person.name.clone(),
                word: word_of(person.letter),
                code: person.code.clone(),
                why: person.why.clone(),
                owner: person.owner.clone(),
            })
            .collect();
    }

    /// Says in plain words how the cycle stands, and why somebody was not paid where the mapper gave nothing but its code.
    pub(super) fn say(&mut self, texts: &Texts) {
        let has_paid = matches!(self.state.as_str(), "distributed" | "ended");
        if has_paid && self.difference.is_empty() {
            self.difference = texts.get("payroll-difference-open");
        }
        let key = format!("payroll-cycle-{}", self.state.replace('_', "-"));
        if let Some(words) = texts.find(&key) {
            self.state = words;
        }
        for one in &mut self.unpaid {
            let key = format!("payroll-why-{}", one.why.replace(['.', '_'], "-"));
            if let Some(words) = texts.find(&key) {
                one.code = std::mem::replace(&mut one.why, words);
            }
        }
    }

    /// The dots in rows.
    pub(super) fn rows(&self) -> Vec<Row> {
        let dots: Vec<char> = self.dots.chars().collect();
        dots.chunks(ROW).map(|dots| Row { dots: dots.to_vec() }).collect()
    }
}

fn word_of(letter: char) -> &'static str {
    STATES.into_iter().find(|(known, _)| *known == letter).map_or("waiting", |(_, word)| word)
}

/// Somebody who is to be paid; those who are not have no dot.
fn somebody(payee: &Value) -> Option<Somebody> {
    let text = |name: &str| payee[name].as_str().unwrap_or_default().to_owned();
    let letter = match payee["standing"].as_str()? {
        "entitled" | "validated" | "approved" => 'w',
        "issued" | "sent" => 's',
        "paid" => 'p',
        "failed" => 'f',
        "reversed" => 'r',
        "held" => 'h',
        "ticket" => 't',
        _ => return None,
    };
    Some(Somebody {
        letter,
        cents: payee["amount_cents"].as_i64().unwrap_or(0),
        reference: text("reference_id"),
        name: text("name"),
        code: payee["scheme_code"].as_u64().map(|code| code.to_string()).unwrap_or_default(),
        why: text("remark"),
        owner: [text("ticket"), text("owner")].join(" ").trim().to_owned(),
    })
}

/// The letter for a state of the hub; none where the hub knows no more than the office.
fn letter_of_hub(state: &str) -> Option<char> {
    Some(match state {
        "looking_up" | "quoting" | "transferring" => 'm',
        "in_doubt" => 'd',
        "paid" => 'p',
        "failed" => 'f',
        "held" => 'h',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::in_language;
    use serde_json::json;

    fn payee(standing: &str, reference: &str) -> Value {
        json!({"standing": standing, "amount_cents": 10_000, "reference_id": reference, "name": "N"})
    }

    #[test]
    fn a_code_of_the_mapper_is_told_in_plain_words_and_kept_as_the_code() {
        let mut held = payee("held", "");
        held["remark"] = "succ.fa.inactive".into();
        let mut picture = Picture::of(&json!({}), &json!({"payees": [held]}), in_language("en"));
        picture.add_up(in_language("en"));
        picture.say(in_language("en"));
        let one = &picture.unpaid[0];
        assert_eq!(
            (one.why.as_str(), one.code.as_str()),
            ("The account is closed", "succ.fa.inactive")
        );
    }

    #[test]
    fn a_cycle_that_was_paid_always_says_how_the_statement_stands() {
        let said = |cycle: Value| {
            let mut picture = Picture::of(&cycle, &json!({}), in_language("en"));
            picture.say(in_language("en"));
            (picture.state, picture.difference)
        };
        let (state, difference) = said(json!({"state": "distributed"}));
        assert!(
            state != "distributed" && difference.contains("not compared"),
            "{state}, {difference}"
        );
        let (_, difference) =
            said(json!({"state": "ended", "reconciled": {"difference_minor": 0}}));
        assert_eq!(difference, "0");
        assert_eq!(said(json!({"state": "to_approve"})).1, "", "no money has left");
    }

    #[test]
    fn everybody_is_one_dot_and_the_sums_add_up_to_the_total() {
        let payees = json!({"payees": [payee("deceased", ""), payee("sent", "P-1"),
            payee("sent", "P-2"), payee("paid", "P-3"), payee("held", "")]});
        let cycle = json!({"cycle": "OAP-2026-10", "members": 5});
        let mut picture = Picture::of(&cycle, &payees, in_language("en"));
        picture.learn(&json!([{"reference": "P-1", "state": "in_doubt"},
            {"reference": "P-3", "state": "failed"}, {"reference": "P-2", "state": "received"}]));
        picture.add_up(in_language("en"));
        assert_eq!(picture.dots, "dsph", "the office's word about an end stands");
        assert_eq!((picture.payees.as_str(), picture.total.as_str()), ("4", "400"));
        let cents = |sum: &Sum| sum.sum.replace(',', "").parse::<u64>().unwrap();
        assert_eq!(picture.sums.iter().map(cents).sum::<u64>(), 400);
        assert_eq!(picture.unpaid.len(), 1);
        assert_eq!(picture.rows().len(), 1);
    }
}
