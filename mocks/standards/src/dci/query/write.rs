//! Writing a filter as the published expression template, for senders and for storing a subscription's filter.

use super::Filter;
use serde_json::{Value, json};

/// How an identifier is named inside an expression, which has no place for one of its own.
pub(super) const IDENTIFIER_PREFIX: &str = "identifier:";

impl Filter {
    /// The filter as the Mongo-like object inside an expression. Reading it leniently gives the same filter.
    pub fn to_expression(&self) -> Value {
        match self {
            Self::All(parts) => json!({"$and": list(parts)}),
            Self::Any(parts) => json!({"$or": list(parts)}),
            Self::Not(part) => json!({"$not": part.to_expression()}),
            Self::Compare { attribute, op, value } => json!({attribute: {op.mongo(): value}}),
            Self::Identifier { kind, value } => {
                json!({format!("{IDENTIFIER_PREFIX}{kind}"): {"$eq": value}})
            }
        }
    }
}

fn list(parts: &[Filter]) -> Value {
    parts.iter().map(Filter::to_expression).collect()
}

impl super::Op {
    fn mongo(self) -> &'static str {
        match self {
            Self::Eq => "$eq",
            Self::Ne => "$ne",
            Self::Lt => "$lt",
            Self::Gt => "$gt",
            Self::Le => "$lte",
            Self::Ge => "$gte",
            Self::In => "$in",
        }
    }
}
