//! What is true about the people of the country, read by somebody who only has the public interface.

mod cast;
mod country;
mod families;
mod livelihoods;
mod numbers;
mod payroll;

use std::sync::LazyLock;

use super::People;

/// The country as it comes out of the box; made once for all tests.
static COUNTRY: LazyLock<People> = LazyLock::new(|| People::generate(42, 20_000));
