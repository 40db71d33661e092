//! The people of the country.

/// Everybody who lives there.
#[derive(Debug)]
pub struct People;

impl People {
    /// Makes `count` people from `seed`.
    pub fn generate(_seed: u64, _count: usize) -> Self {
        Self
    }

    /// The cast as developers see it.
    pub fn cast_cards(&self) -> serde_json::Value {
        serde_json::json!([])
    }
}
