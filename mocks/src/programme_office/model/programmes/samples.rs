//! What the facts of the country look like: a low and a high value of each. A clause is tried on them when the file is
//! read, so that a value of the wrong kind is found before an applicant is.

use std::collections::BTreeMap;

use jiff::civil::date;
use serde_json::{Value, json};

use super::Programmes;
use crate::programme_office::model::eligibility::{Expression, World};

/// A low and a high value of a fact; nothing where no office tells a fact of this name.
pub(super) fn values(fact: &str) -> Option<[Value; 2]> {
    Some(match fact {
        "alive" | "birth_registered" | "resident" | "inside_trigger" | "in_school"
        | "jobseeker_active" => [json!(false), json!(true)],
        "birth_date" | "death_date" => [json!("1950-01-01"), json!("2024-01-01")],
        "sex" => [json!("female"), json!("male")],
        "marital_status" => [json!("S"), json!("W")],
        "income_level" => [json!("low"), json!("high")],
        "disability_status" => [json!("missing"), json!("Approved")],
        "crop" => [json!("cassava"), json!("maize")],
        "poverty_score" => [json!(1), json!(99.5)],
        "land_size_ha" => [json!(0.5), json!(9.5)],
        "household_size"
        | "children_under_18"
        | "disability_level"
        | "eligible_members"
        | "attendance_percent"
        | "contribution_months"
        | "contribution_months_of_last_24"
        | "contribution_months_of_last_12"
        | "unemployment_reason"
        | "risk_score" => [json!(1), json!(9)],
        "average_wage_cents" => [json!(20_000), json!(90_000)],
        _ => return None,
    })
}

/// People to try an expression on: everything low, everything high, and each fact by itself the other way.
pub(super) fn worlds(all: &Programmes, expression: &Expression) -> Vec<World> {
    let facts: Vec<_> =
        expression.facts().into_iter().filter_map(|f| Some((values(&f)?, f))).collect();
    let world = |high: &dyn Fn(usize) -> bool| {
        let known = facts.iter().enumerate();
        let known = known.map(|(n, (values, f))| (f.clone(), values[usize::from(high(n))].clone()));
        let member = |code: &str| (code.to_owned(), high(facts.len()));
        World {
            today: date(2026, 10, 1),
            facts: known.collect::<BTreeMap<_, _>>(),
            programmes: all.codes().into_iter().map(member).collect(),
        }
    };
    let mut worlds = vec![world(&|_| false), world(&|_| true)];
    for turned in 0..=facts.len() {
        worlds.push(world(&|n| n == turned));
        worlds.push(world(&|n| n != turned));
    }
    worlds
}
