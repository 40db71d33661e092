//! A success criterion: CEL text with its place in the file, compiled once.

use std::sync::Arc;

use cel::Program;
use cel::common::ast::{Expr, IdedExpr, LiteralValue};
use serde::Deserialize;
use serde_saphyr::Spanned;

/// Names that are always numbers.
const NUMBERS: [&str; 2] = ["status", "count"];
/// What gives a value, as the parser calls it.
const OF_VALUES: [&str; 11] =
    ["_+_", "_-_", "_*_", "_/_", "_%_", "-_", "size", "int", "uint", "double", "string"];

/// An expression over `status`, `body`, `request`, `count`, `persona`, `inputs` and kept values.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Spanned<String>")]
pub struct Criterion {
    /// As it was written, and where.
    pub text: Spanned<String>,
    program: Result<Arc<Program>, String>,
}

impl Criterion {
    /// What runs; or why the text is no expression.
    pub fn program(&self) -> Result<&Program, &str> {
        self.program.as_deref().map_err(String::as_str)
    }
}

impl Criterion {
    /// Whether it can be told from the text alone that this is neither true nor false: a sum, a list, a number.
    pub(super) fn gives_no_verdict(&self) -> bool {
        let Ok(program) = self.program() else { return false };
        match program.expression() {
            IdedExpr { expr: Expr::Literal(literal), .. } => {
                !matches!(literal, LiteralValue::Boolean(_))
            }
            IdedExpr { expr: Expr::List(_) | Expr::Map(_) | Expr::Struct(_), .. } => true,
            IdedExpr { expr: Expr::Ident(name), .. } => NUMBERS.contains(&name.as_str()),
            IdedExpr { expr: Expr::Call(call), .. } => OF_VALUES.contains(&call.func_name.as_str()),
            _ => false,
        }
    }
}

impl From<Spanned<String>> for Criterion {
    fn from(text: Spanned<String>) -> Self {
        let program = Program::compile(&text.value).map(Arc::new).map_err(|e| e.to_string());
        Self { text, program }
    }
}
