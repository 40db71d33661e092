//! How a record type is declared: its place in the schemas, its `@type`, its fields.

/// Declares a record type. Every field is an `Option` or a `Vec`; `Default` gives an empty record that knows its own
/// `@context` and `@type`; attributes of a country are kept in `more`. What stands under `always` is written when it is
/// empty too.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident: $ld_type:literal at $file:literal {
        $($(#[$fmeta:meta])* $field:ident: $ty:ty,)*
    } $(always { $($(#[$ameta:meta])* $always:ident: $aty:ty,)* })?) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(default)]
        pub struct $name {
            /// Where its vocabulary is described.
            #[serde(rename = "@context", skip_serializing_if = "serde_json::Value::is_null")]
            pub context: serde_json::Value,
            /// Its name on the web, where it has one.
            #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
            pub ld_id: Option<String>,
            /// Which kind of record it is.
            #[serde(rename = "@type")]
            pub ld_type: serde_json::Value,
            $(
                $(#[$fmeta])*
                #[serde(
                    deserialize_with = "crate::dci::records::field::read",
                    skip_serializing_if = "crate::dci::records::field::is_absent"
                )]
                pub $field: $ty,
            )*
            $($(
                $(#[$ameta])*
                #[serde(deserialize_with = "crate::dci::records::field::read")]
                pub $always: $aty,
            )*)?
            /// Attributes beyond the published ones.
            #[serde(flatten)]
            pub more: std::collections::BTreeMap<String, serde_json::Value>,
        }

        impl $name {
            /// Where the published schema of this record is, and its `@type`.
            pub const KIND: $crate::dci::records::Kind = $crate::dci::records::kinds::described!($ld_type, $file);

            /// The same record inside another, whose `@context` covers it: its own is not written.
            #[must_use]
            pub fn inner(mut self) -> Self {
                self.context = serde_json::Value::Null;
                self
            }

            /// The same record under the name that a registry's own schema gives it.
            #[must_use]
            pub fn called(mut self, kind: $crate::dci::records::Kind) -> Self {
                self.context = kind.context.into();
                self.ld_type = kind.ld_type.into();
                self
            }

            /// The record as JSON text, as a registry keeps it.
            ///
            /// # Errors
            /// Something in `more` is no JSON.
            pub fn to_json(&self) -> serde_json::Result<String> {
                serde_json::to_string(self)
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self {
                    context: Self::KIND.context.into(),
                    ld_id: None,
                    ld_type: Self::KIND.ld_type.into(),
                    $($field: Default::default(),)*
                    $($($always: Default::default(),)*)?
                    more: std::collections::BTreeMap::new(),
                }
            }
        }
    };
}
pub(crate) use record;
