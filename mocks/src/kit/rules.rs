//! The Common Expression Language, for rules of programmes and criteria of stories: its standard library, made once.

use std::sync::{Arc, LazyLock};

use cel::{Context, Env};

static LIBRARY: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// What an expression is evaluated in: the standard functions, and no value yet.
pub fn context() -> Context<'static, 'static> {
    Context::with_env(Arc::clone(&LIBRARY))
}
