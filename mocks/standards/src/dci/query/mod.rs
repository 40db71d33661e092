//! `query` and `filter` of DCI v1.0.0 as one typed tree. The published oneOf overlaps, so `query_type` decides how it is read.
//!
//! ```
//! use serde_json::json;
//! use standards::dci::query::{Filter, Mode, Op, parse};
//!
//! let query = json!({"type": "ns:org:QueryType:NoSql", "value": {"expression": {"collection": "Group",
//!     "query": {"$and": [{"poverty_score": {"$lt": 4}}, {"group_size": {"$gte": 5}}]}}}});
//! let filter = parse("expression", &query, Mode::Strict).unwrap();
//! assert_eq!(filter, Filter::All(vec![
//!     Filter::compare("poverty_score", Op::Lt, 4),
//!     Filter::compare("group_size", Op::Ge, 5),
//! ]));
//!
//! let refused = parse("idtype-value", &json!({"type": "BRN"}), Mode::Strict).unwrap_err();
//! assert_eq!(refused.to_string(), "query.value: missing; write the identifier as a string");
//! ```

mod bounds;
mod error;
mod expression;
mod identifier;
mod predicate;
mod write;

pub use bounds::{MAX_DEPTH, MAX_NODES};
pub use error::QueryError;

use serde_json::Value;

/// Which records are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Those that every part means; an empty list means every record.
    All(Vec<Self>),
    /// Those that at least one part means; an empty list means none.
    Any(Vec<Self>),
    /// Those that the part does not mean.
    Not(Box<Self>),
    /// Those whose attribute compares so with the value.
    Compare {
        /// Name of the attribute, dotted where it is inside another.
        attribute: String,
        /// How it compares.
        op: Op,
        /// With what; a list for [`Op::In`].
        value: Value,
    },
    /// The one that bears this identifier.
    Identifier {
        /// Type of the identifier, such as `UIN` or `BRN`.
        kind: String,
        /// The identifier.
        value: String,
    },
}

/// How an attribute compares with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    /// Equal.
    Eq,
    /// Not equal. Not in the published list.
    Ne,
    /// Less than.
    Lt,
    /// Greater than.
    Gt,
    /// Less than or equal.
    Le,
    /// Greater than or equal.
    Ge,
    /// Equal to one of a list.
    In,
}

impl Op {
    /// The operator as the published list has it (`ne` is ours).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Lt => "lt",
            Self::Gt => "gt",
            Self::Le => "le",
            Self::Ge => "ge",
            Self::In => "in",
        }
    }

    /// Reads an operator with or without `$`, and in both spellings of `le` and `ge`.
    pub fn from_wire(text: &str) -> Option<Self> {
        Some(match text.strip_prefix('$').unwrap_or(text) {
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "lt" => Self::Lt,
            "gt" => Self::Gt,
            "le" | "lte" => Self::Le,
            "ge" | "gte" => Self::Ge,
            "in" => Self::In,
            _ => return None,
        })
    }
}

/// How much is forgiven. Strict takes what the published text says; lenient also takes what is seen in the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only what the published text defines.
    Strict,
    /// Also other spellings, implicit equality, `ne`, a wildcard, numbers as identifiers.
    Lenient,
}

impl Mode {
    pub(crate) fn is_strict(self) -> bool {
        self == Self::Strict
    }
}

/// Reads `query` in the words of `query_type`. At most [`MAX_DEPTH`] filters stand inside each other, and at most
/// [`MAX_NODES`] JSON values are looked at and as many compared with, so that a stranger's query costs little.
pub fn parse(query_type: &str, query: &Value, mode: Mode) -> Result<Filter, QueryError> {
    bounds::check(query)?;
    let kind = if mode.is_strict() {
        query_type.to_owned()
    } else {
        query_type.trim().to_ascii_lowercase()
    };
    match kind.as_str() {
        "idtype-value" => identifier::parse(query, mode),
        "predicate" => predicate::parse(query, mode),
        "expression" => expression::parse(query, mode),
        _ => Err(QueryError::query_type(query_type)),
    }
}

impl Filter {
    /// The filter that means every record.
    pub fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// One comparison.
    pub fn compare(attribute: impl Into<String>, op: Op, value: impl Into<Value>) -> Self {
        Self::Compare { attribute: attribute.into(), op, value: value.into() }
    }

    /// One identifier.
    pub fn identifier(kind: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Identifier { kind: kind.into(), value: value.into() }
    }

    /// The names of all attributes compared, in order of appearance, each once. Identifiers are not attributes.
    pub fn attributes(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.collect_attributes(&mut names);
        names
    }

    fn collect_attributes<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.collect_attributes(names);
                }
            }
            Self::Not(part) => part.collect_attributes(names),
            Self::Compare { attribute, .. } if !names.contains(&attribute.as_str()) => {
                names.push(attribute);
            }
            Self::Compare { .. } | Self::Identifier { .. } => {}
        }
    }

    /// The filters of a list as one: a single one stands for itself.
    pub(crate) fn all(mut parts: Vec<Self>) -> Self {
        match parts.pop() {
            Some(only) if parts.is_empty() => only,
            Some(last) => {
                parts.push(last);
                Self::All(parts)
            }
            None => Self::everything(),
        }
    }
}

#[cfg(test)]
mod tests;
