//! A filter (DCI v1.0.0, `query`) as a condition of SQL. Names come from the registry's own table of attributes; values
//! are always parameters.

use jiff::civil::Date;
use rusqlite::types::Value as Sql;
use serde_json::Value;
use standards::dci::query::{Filter, Op};

use super::book::{At, Kind};
use super::value::{Operand, operand};

/// More conditions than this do not stand in one question: an archive reads no deeper than a thousand, and asks nothing then.
const MOST_TERMS: usize = 500;

/// A condition on the records of a table that is called `r`.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Condition {
    pub(super) text: String,
    pub(super) values: Vec<Sql>,
}

impl Condition {
    /// The same, and what is said in SQL of ours beside it.
    pub(super) fn and(self, said: Option<&str>) -> Self {
        let Some(said) = said else { return self };
        Self { text: format!("({}) and {said}", self.text), ..self }
    }
}

/// Writes `filter` as a condition on records of `kind`. The error is a sentence (`rjct.filter.invalid`).
pub(super) fn condition(kind: &Kind, filter: &Filter, today: Date) -> Result<Condition, String> {
    let mut writer = Writer { kind, today, scanned: false, terms: 0, out: Condition::default() };
    writer.filter(filter)?;
    Ok(writer.out)
}

/// As [`condition`], written so that the records are passed in the order of their numbers and no index is used: the later
/// pages of a long answer pass each record once, where an index would have everything found and sorted for each page.
pub(super) fn scanned(kind: &Kind, filter: &Filter, today: Date) -> Result<Condition, String> {
    let mut writer = Writer { kind, today, scanned: true, terms: 0, out: Condition::default() };
    writer.filter(filter)?;
    Ok(writer.out)
}

struct Writer<'a> {
    kind: &'a Kind,
    today: Date,
    scanned: bool,
    /// How many conditions are written.
    terms: usize,
    out: Condition,
}

impl Writer<'_> {
    fn filter(&mut self, filter: &Filter) -> Result<(), String> {
        match filter {
            Filter::All(parts) => self.joined(parts, " and ", "true"),
            Filter::Any(parts) => self.joined(parts, " or ", "false"),
            Filter::Not(part) => {
                // What is not recorded is neither so nor otherwise to SQL; a reader expects "not so".
                self.say("not coalesce((");
                self.filter(part)?;
                self.say("), false)");
                Ok(())
            }
            Filter::Identifier { kind, value } => {
                let Some(found) = self.kind.identifier(kind) else {
                    let known = self.kind.identifier_names();
                    return Err(format!("`{kind}` is no identifier of these records; use {known}"));
                };
                self.counted(1)?;
                self.at(found.at, |to, column| {
                    to.say(column);
                    to.say(" = ");
                    to.value(Sql::Text(value.clone()));
                });
                Ok(())
            }
            Filter::Compare { attribute, op, value } => {
                let Some((at, holds)) = self.kind.attribute(attribute) else {
                    let known = self.kind.attribute_names();
                    return Err(format!(
                        "`{attribute}` is no attribute that these records can be asked by; use {known}"
                    ));
                };
                let read = |value| {
                    operand(holds, value, self.today).map_err(|e| format!("{attribute}: {e}"))
                };
                let operands = match (op, value) {
                    (Op::In, Value::Array(list)) => {
                        list.iter().map(read).collect::<Result<_, _>>()?
                    }
                    _ => vec![read(value)?],
                };
                self.counted(if is_plain(&operands) { 1 } else { operands.len() })?;
                self.at(at, |to, column| to.compared(column, *op, operands));
                Ok(())
            }
        }
    }

    /// Counts so many conditions more.
    fn counted(&mut self, more: usize) -> Result<(), String> {
        self.terms += more;
        if self.terms <= MOST_TERMS {
            return Ok(());
        }
        Err(format!(
            "at most {MOST_TERMS} conditions fit in one question; a year or an age of a list is one"
        ))
    }

    fn joined(&mut self, parts: &[Filter], joint: &str, empty: &str) -> Result<(), String> {
        if parts.is_empty() {
            self.say(empty);
        }
        for (i, part) in parts.iter().enumerate() {
            self.say(if i == 0 { "(" } else { joint });
            self.filter(part)?;
        }
        if !parts.is_empty() {
            self.say(")");
        }
        Ok(())
    }

    /// Writes a condition on a column, wherever it stands.
    fn at(&mut self, at: At, write: impl FnOnce(&mut Self, &str)) {
        match at {
            // An index on a column is not used for what is said of an expression.
            At::Column(column) if self.scanned => {
                write(self, &format!("coalesce(r.{column}, r.{column})"));
            }
            At::Column(column) => write(self, &format!("r.{column}")),
            At::Linked { table, by, column } => {
                self.say(&if self.scanned {
                    format!("coalesce(r.{by}, r.{by})")
                } else {
                    format!("r.{by}")
                });
                self.say(&format!(" in (select l.number from {table} as l where "));
                write(self, &format!("l.{column}"));
                self.say(")");
            }
            At::Line { table, owner, column } => {
                self.say(&format!("r.number in (select l.{owner} from {table} as l where "));
                write(self, &format!("l.{column}"));
                self.say(")");
            }
        }
    }

    fn compared(&mut self, column: &str, op: Op, operands: Vec<Operand>) {
        if op == Op::In {
            return self.in_list(column, operands);
        }
        for operand in operands {
            self.one(column, op, operand);
        }
    }

    fn in_list(&mut self, column: &str, operands: Vec<Operand>) {
        if operands.is_empty() {
            self.say("false");
        } else if is_plain(&operands) {
            let mut before = format!("{column} in (");
            for operand in operands {
                if let Operand::One(value) = operand {
                    self.say(&before);
                    self.value(value);
                    before = String::from(", ");
                }
            }
            self.say(")");
        } else {
            for (i, operand) in operands.into_iter().enumerate() {
                self.say(if i == 0 { "(" } else { " or " });
                self.one(column, Op::Eq, operand);
            }
            self.say(")");
        }
    }

    fn one(&mut self, column: &str, op: Op, operand: Operand) {
        match operand {
            Operand::One(value) => self.plain(column, sign(op), value),
            Operand::Days(first, last) => match op {
                Op::Lt => self.plain(column, "<", first),
                Op::Ge => self.plain(column, ">=", first),
                Op::Gt => self.plain(column, ">", last),
                Op::Le => self.plain(column, "<=", last),
                Op::Eq | Op::In => self.between((column, ">=", first), "and", (column, "<=", last)),
                Op::Ne => self.between((column, "<", first), "or", (column, ">", last)),
            },
            // The older, the earlier born: comparisons of ages turn round when they become dates.
            Operand::Born { after, until } => match op {
                Op::Ge => self.plain(column, "<=", until),
                Op::Lt => self.plain(column, ">", until),
                Op::Gt => self.plain(column, "<=", after),
                Op::Le => self.plain(column, ">", after),
                Op::Eq | Op::In => self.between((column, ">", after), "and", (column, "<=", until)),
                Op::Ne => self.between((column, "<=", after), "or", (column, ">", until)),
            },
        }
    }

    fn between(&mut self, first: (&str, &str, Sql), joint: &str, second: (&str, &str, Sql)) {
        self.say("(");
        self.plain(first.0, first.1, first.2);
        self.say(&format!(" {joint} "));
        self.plain(second.0, second.1, second.2);
        self.say(")");
    }

    fn plain(&mut self, column: &str, sign: &str, value: Sql) {
        self.say(&format!("{column} {sign} "));
        self.value(value);
    }

    fn say(&mut self, text: &str) {
        self.out.text.push_str(text);
    }

    fn value(&mut self, value: Sql) {
        self.out.values.push(value);
        self.say(&format!("${}", self.out.values.len()));
    }
}

/// Whether values can stand in one list.
fn is_plain(operands: &[Operand]) -> bool {
    operands.iter().all(|operand| matches!(operand, Operand::One(_)))
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::Eq | Op::In => "=",
        Op::Ne => "<>",
        Op::Lt => "<",
        Op::Gt => ">",
        Op::Le => "<=",
        Op::Ge => ">=",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::registry::book::{Attribute, Holds, Identifier, Path};
    use serde_json::json;
    use standards::dci::query::{Mode, parse};

    const KIND: Kind = Kind {
        name: "Group",
        also: &[],
        table: "household",
        record: "r.record",
        identifiers: &[Identifier {
            name: "UIN",
            also: &[],
            at: At::Line { table: "member", owner: "household", column: "uin" },
        }],
        attributes: &[
            Attribute {
                name: "poverty_score",
                also: &[],
                at: At::Column("score"),
                holds: Holds::Decimal,
            },
            Attribute { name: "age", also: &[], at: At::Column("birth_date"), holds: Holds::Age },
            Attribute { name: "YOB", also: &[], at: At::Column("birth_date"), holds: Holds::Year },
            Attribute {
                name: "head.age",
                also: &[],
                at: At::Linked { table: "member", by: "head", column: "birth_date" },
                holds: Holds::Age,
            },
        ],
        paths: &[Path { before: &["member_list", "member_list.person"], leads_to: &["age"] }],
    };

    fn written(query_type: &str, query: &Value) -> Result<(String, Vec<Sql>), String> {
        let filter = parse(query_type, query, Mode::Lenient).unwrap();
        condition(&KIND, &filter, Date::constant(2026, 10, 1)).map(|c| (c.text, c.values))
    }

    #[test]
    fn values_are_parameters_whatever_they_say() {
        let evil = "1' or '1'='1";
        let (text, values) =
            written("idtype-value", &json!({"type": "UIN", "value": evil})).unwrap();
        assert_eq!(text, "r.number in (select l.household from member as l where l.uin = $1)");
        assert_eq!(values, [Sql::Text(evil.into())]);
    }

    #[test]
    fn an_age_becomes_birth_dates() {
        let (text, values) = written("expression", &json!({"age": {"ge": 65}})).unwrap();
        assert_eq!(
            (text.as_str(), &values[0]),
            ("r.birth_date <= $1", &Sql::Text("1961-10-01".into()))
        );
        let (text, values) = written("expression", &json!({"age": {"eq": 65}})).unwrap();
        assert_eq!(text, "(r.birth_date > $1 and r.birth_date <= $2)");
        assert_eq!(values, [Sql::Text("1960-10-01".into()), Sql::Text("1961-10-01".into())]);
    }

    #[test]
    fn a_path_leads_to_what_stands_there() {
        let by = |name: &str| written("expression", &json!({name: {"ge": 65}})).unwrap().0;
        assert_eq!(by("Member_list.person.age"), "r.birth_date <= $1");
        assert_eq!(
            by("head.age"),
            "r.head in (select l.number from member as l where l.birth_date <= $1)"
        );
    }

    #[test]
    fn conditions_nest() {
        let query = json!({"$or": [{"poverty_score": {"lt": 4}}, {"$not": {"YOB": {"in": ["1980", 1981]}}}]});
        let (text, values) = written("expression", &query).unwrap();
        assert_eq!(
            text,
            "(r.score < $1 or not coalesce((((r.birth_date >= $2 and r.birth_date <= $3) or \
             (r.birth_date >= $4 and r.birth_date <= $5))), false))"
        );
        assert_eq!(values.len(), 5);
    }

    #[test]
    fn what_cannot_be_asked_is_refused_with_what_can() {
        let refused = written("expression", &json!({"shoe_size": {"eq": 1}})).unwrap_err();
        assert!(refused.contains("use poverty_score, age, YOB"), "{refused}");
        for elsewhere in ["caregiver.age", "member_list.person.poverty_score", "member_list.person"]
        {
            let refused = written("expression", &json!({elsewhere: {"eq": 1}})).unwrap_err();
            assert!(refused.starts_with(&format!("`{elsewhere}` is no attribute")), "{refused}");
        }
        let refused = written("expression", &json!({"poverty_score": {"eq": "low"}})).unwrap_err();
        assert_eq!(refused, "poverty_score: \"low\" cannot be compared here; write a number");
    }
}
