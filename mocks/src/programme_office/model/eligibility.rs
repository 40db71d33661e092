//! Rules in the Common Expression Language: three values, so that a missing fact is never taken for "no".

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cel::common::ast::{Expr, IdedExpr, LiteralValue};
use cel::{Context, ExecutionError, Program, Value as Cel};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use standards::age::full_years;

use crate::kit::rules;

/// The system that knows who is in which programme; `in_programme` asks it.
pub(in crate::programme_office) const MEMBERSHIPS: &str = "beneficiary_registry";
/// The functions that a rule may use beside CEL's operators.
pub(in crate::programme_office) const FUNCTIONS: [&str; 5] =
    ["age_years", "in_programme", "int", "double", "size"];

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::programme_office) enum Holds {
    Yes,
    No,
    /// A fact is missing.
    Undetermined,
}

/// A compiled expression.
#[derive(Debug)]
pub(in crate::programme_office) struct Expression(Program);

/// What a rule is evaluated over.
#[derive(Debug, Clone)]
pub(in crate::programme_office) struct World {
    /// The sandbox date: ages are computed on it.
    pub(in crate::programme_office) today: Date,
    /// Facts that are known, by name.
    pub(in crate::programme_office) facts: BTreeMap<String, Value>,
    /// Programmes whose membership is known, by code.
    pub(in crate::programme_office) programmes: BTreeMap<String, bool>,
}

impl Expression {
    /// Compiles an expression; the error says what is wrong with it.
    pub(in crate::programme_office) fn compile(text: &str) -> Result<Self, String> {
        Program::compile(text).map(Self).map_err(|errors| {
            let place = errors.errors.first().map_or((1, 1), |e| e.pos);
            format!("`{text}` is no CEL expression: {}", unreadable(text, place))
        })
    }

    /// The facts it uses.
    pub(in crate::programme_office) fn facts(&self) -> BTreeSet<String> {
        self.0.references().variables().iter().map(ToString::to_string).collect()
    }

    /// The functions it uses, operators not counted.
    pub(in crate::programme_office) fn functions(&self) -> BTreeSet<String> {
        let named = |f: &&&str| f.starts_with(|c: char| c.is_ascii_alphabetic());
        self.0.references().functions().iter().filter(named).map(ToString::to_string).collect()
    }

    /// The programmes that it asks `in_programme` about.
    pub(in crate::programme_office) fn programmes(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        memberships_in(self.0.expression(), &mut found);
        found
    }

    /// Whether it holds.
    pub(in crate::programme_office) fn holds(&self, world: &World) -> Holds {
        match self.0.execute(&world.context()) {
            Ok(Cel::Bool(true)) => Holds::Yes,
            Ok(Cel::Bool(false)) => Holds::No,
            // Another kind of value, or a fact that is not there.
            Ok(_) | Err(_) => Holds::Undetermined,
        }
    }

    /// Its value as minor units of money; the error says what is missing.
    pub(in crate::programme_office) fn cents(&self, world: &World) -> Result<i64, String> {
        match self.0.execute(&world.context()) {
            Ok(Cel::Int(cents)) if cents > 0 => Ok(cents),
            Ok(other) => {
                Err(format!("the amount is {}, not a whole number above zero", shown(&other)))
            }
            Err(error) => Err(format!("the amount cannot be computed: {}", plain(&error))),
        }
    }

    /// Why it is neither true nor false in this world; nothing where it is one of them.
    pub(in crate::programme_office) fn neither(&self, world: &World) -> Option<String> {
        match self.0.execute(&world.context()) {
            Ok(Cel::Bool(_)) => None,
            Ok(other) => Some(format!("it gives {}", shown(&other))),
            Err(error) => Some(plain(&error)),
        }
    }
}

/// A value as people write it.
fn shown(value: &Cel) -> String {
    match value {
        Cel::Int(number) => format!("the number {number}"),
        Cel::UInt(number) => format!("the number {number}"),
        Cel::Float(number) => format!("the number {number}"),
        Cel::Bool(truth) => truth.to_string(),
        Cel::String(text) => format!("the text \"{text}\""),
        Cel::Null => String::from("nothing"),
        Cel::List(_) => String::from("a list"),
        _ => String::from("another kind of value"),
    }
}

/// An error of CEL without the names of its program.
fn plain(error: &ExecutionError) -> String {
    match error {
        ExecutionError::UndeclaredReference(name) => format!("`{name}` is not known"),
        ExecutionError::DivisionByZero(_) => String::from("it divides by zero"),
        ExecutionError::FunctionError { message, .. } => message.clone(),
        ExecutionError::UnsupportedBinaryOperator(sign, left, right) => {
            let sign = sign.trim_matches('_');
            format!("`{sign}` cannot be used between {} and {}", shown(left), shown(right))
        }
        ExecutionError::ValuesNotComparable(left, right) => {
            format!("{} and {} cannot be compared", shown(left), shown(right))
        }
        _ => String::from("a value is of the wrong kind for what is done with it"),
    }
}

/// What is wrong with a text at a place (line and column from 1), and what would be right.
fn unreadable(text: &str, (line, column): (isize, isize)) -> String {
    let rows = usize::try_from(line - 1).unwrap_or(0);
    let before: usize = text.lines().take(rows).map(|l| l.chars().count() + 1).sum();
    let at = before + usize::try_from(column - 1).unwrap_or(0);
    let rest: String = text.chars().skip(at).collect();
    let words = |word: &str| text.split(|c: char| !c.is_alphanumeric()).any(|w| w == word);
    let hint = if text.trim().is_empty() {
        "it is empty; write a condition, such as alive"
    } else if words("and") || words("or") || words("not") {
        "write && for and, || for or, ! for not"
    } else if text.contains('=') && !["==", "!=", ">=", "<="].iter().any(|sign| text.contains(sign))
    {
        "write == to compare"
    } else if text.matches('(').count() != text.matches(')').count() {
        "as many brackets must close as open"
    } else if text.matches('"').count() % 2 == 1 || text.matches('\'').count() % 2 == 1 {
        "a quotation mark is missing"
    } else {
        "a condition looks like age_years(birth_date) >= 65"
    };
    match rest.split_whitespace().next() {
        Some(word) => format!("it cannot be read from character {} on (`{word}`): {hint}", at + 1),
        None => format!("it ends too soon, after character {}: {hint}", text.chars().count()),
    }
}

impl World {
    fn context(&self) -> Context<'static, 'static> {
        let mut context = rules::context();
        for (name, value) in &self.facts {
            if let Some(value) = to_cel(value) {
                context.add_variable_from_value(name.clone(), value);
            }
        }
        let today = self.today;
        let age = move |date: Arc<String>| -> Result<i64, ExecutionError> {
            let born: Date = date.parse().map_err(|_| {
                ExecutionError::function_error("age_years", format!("`{date}` is no date"))
            })?;
            Ok(age_years(born, today))
        };
        let known = self.programmes.clone();
        let member = move |code: Arc<String>| -> Result<bool, ExecutionError> {
            known.get(code.as_str()).copied().ok_or_else(|| {
                ExecutionError::function_error("in_programme", format!("{code} was not asked for"))
            })
        };
        // Both names are free in CEL's standard library, so neither can be refused.
        drop(context.add_function("age_years", age));
        drop(context.add_function("in_programme", member));
        context
    }
}

/// Full years on `today`, in the numbers of CEL.
pub(in crate::programme_office) fn age_years(born: Date, today: Date) -> i64 {
    full_years(born, today).into()
}

/// JSON's whole numbers become CEL's signed integers, because `uint + int` is an error. Null is a missing fact.
fn to_cel(value: &Value) -> Option<Cel> {
    Some(match value {
        Value::Null | Value::Object(_) => return None,
        Value::Bool(b) => Cel::Bool(*b),
        Value::Number(n) => match n.as_i64() {
            Some(n) => Cel::Int(n),
            None => Cel::Float(n.as_f64()?),
        },
        Value::String(s) => Cel::String(Arc::new(s.clone())),
        Value::Array(items) => {
            Cel::List(Arc::new(items.iter().map(to_cel).collect::<Option<Vec<_>>>()?))
        }
    })
}

fn memberships_in(node: &IdedExpr, found: &mut BTreeSet<String>) {
    if let Expr::Call(call) = &node.expr {
        if call.func_name == "in_programme"
            && let Some(Expr::Literal(LiteralValue::String(code))) =
                call.args.first().map(|a| &a.expr)
        {
            found.insert(code.inner().to_owned());
        }
        for part in call.args.iter().chain(call.target.as_deref()) {
            memberships_in(part, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::json;

    const RULE: &str =
        r#"alive && age_years(birth_date) >= 65 && resident && !in_programme("CPF")"#;

    fn world(facts: &Value) -> World {
        let facts = serde_json::from_value(facts.clone()).unwrap();
        World { today: date(2026, 10, 1), facts, programmes: [("CPF".into(), false)].into() }
    }

    fn holds(rule: &str, world: &World) -> Holds {
        Expression::compile(rule).unwrap().holds(world)
    }

    #[test]
    fn who_is_65_today_is_old_enough_and_who_is_65_tomorrow_is_not() {
        let born =
            |date: &str| world(&json!({"alive": true, "birth_date": date, "resident": true}));
        assert_eq!(holds(RULE, &born("1961-10-01")), Holds::Yes);
        assert_eq!(holds(RULE, &born("1961-10-02")), Holds::No);
    }

    #[test]
    fn a_missing_fact_leaves_the_rule_undetermined() {
        let facts = json!({"alive": true, "birth_date": "1950-01-01"});
        assert_eq!(holds(RULE, &world(&facts)), Holds::Undetermined);
        let null = json!({"alive": true, "birth_date": "1950-01-01", "resident": null});
        assert_eq!(holds(RULE, &world(&null)), Holds::Undetermined);
    }

    #[test]
    fn a_programme_that_was_not_asked_for_is_not_a_no() {
        let mut unasked = world(&json!({}));
        unasked.programmes.clear();
        assert_eq!(holds(r#"!in_programme("CPF")"#, &unasked), Holds::Undetermined);
    }

    #[test]
    fn whole_numbers_of_json_can_be_computed_with() {
        let facts = json!({"children_under_18": 2, "land_size_ha": 1.4});
        let cents = |rule: &str| Expression::compile(rule).unwrap().cents(&world(&facts));
        assert_eq!(cents("6000 + 1500 * children_under_18"), Ok(9000));
        assert!(cents("household_size * 100").unwrap_err().contains("household_size"));
        assert!(cents("0").is_err(), "nobody is paid zero");
    }
}
