//! A success criterion: CEL text with its place in the file, compiled once.

use std::sync::Arc;

use cel::Program;
use serde::Deserialize;
use serde_saphyr::Spanned;

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

impl From<Spanned<String>> for Criterion {
    fn from(text: Spanned<String>) -> Self {
        let program = Program::compile(&text.value).map(Arc::new).map_err(|e| e.to_string());
        Self { text, program }
    }
}
