//! Fields of a record: absent ones are not written, and a list is read from whatever shape it came in.

use serde::{Deserialize, Deserializer};

/// A field that may be absent.
pub(crate) trait Field<'de>: Sized {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl<'de, T: Deserialize<'de>> Field<'de> for Option<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

impl<'de, T: Deserialize<'de>> Field<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::one_or_many::read(deserializer)
    }
}

pub(crate) fn read<'de, D: Deserializer<'de>, F: Field<'de>>(
    deserializer: D,
) -> Result<F, D::Error> {
    F::read(deserializer)
}

/// A field as it is written.
pub(crate) trait MaybeAbsent {
    fn is_absent(&self) -> bool;
}

impl<T> MaybeAbsent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> MaybeAbsent for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

pub(crate) fn is_absent(field: &impl MaybeAbsent) -> bool {
    field.is_absent()
}
