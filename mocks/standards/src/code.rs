//! Code lists of the standards, each an enum that keeps a code it does not know instead of refusing it.

/// Declares a code list: `Variant = "code"`, or `Variant = "code" / "label"` where the list has names.
///
/// Reading accepts the code, the code as a JSON number, and the label in any case; writing gives the code.
/// A code that is not in the list is kept in `Other`, so that a message can be passed on as it came.
macro_rules! open_code {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal $(/ $label:literal)?),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$vmeta])* #[doc = concat!("`", $code, "`")] $variant,)+
            /// A code that is not in the published list, kept as it was written.
            Other(String),
        }

        impl $name {
            /// Every code of the published list, in its order.
            pub const KNOWN: &'static [&'static str] = &[$($code),+];

            /// Every code of the published list with its name.
            pub const LIST: &'static [(&'static str, &'static str)] =
                &[$(($code, $crate::code::open_code!(@label $code $(, $label)?))),+];

            /// The code as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $code,)+ Self::Other(code) => code }
            }

            /// The published name of the code, or the code itself where the list gives no name.
            pub fn label(&self) -> &str {
                match self {
                    $(Self::$variant => $crate::code::open_code!(@label $code $(, $label)?),)+
                    Self::Other(code) => code,
                }
            }

            /// Whether the published list has this code.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Other(_))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $(if text == $code { return Self::$variant; })+
                $($(if text.eq_ignore_ascii_case($label) { return Self::$variant; })?)+
                Self::Other(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any($crate::code::CodeText).map(Self::from)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::code::open_list(Self::KNOWN)
            }
        }
    };
    (@label $code:literal) => { $code };
    (@label $code:literal, $label:literal) => { $label };
}
pub(crate) use open_code;

/// The schema of an open code list: the published codes, or any other text.
pub(crate) fn open_list(known: &[&str]) -> schemars::Schema {
    schemars::json_schema!({"anyOf": [{"type": "string", "enum": known}, {"type": "string"}]})
}

/// Reads a code that some senders write as a string and others as a number.
#[derive(Debug)]
pub(crate) struct CodeText;

impl serde::de::Visitor<'_> for CodeText {
    type Value = String;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a code, written as a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro writes `pub` for lists that callers use")]
mod tests {
    open_code! {
        /// A list made for this test.
        Colour { Red = "1" / "Red", Blue = "b" }
    }

    #[test]
    fn a_code_is_read_as_text_number_or_label_and_written_as_its_code() {
        let read = |json: &str| serde_json::from_str::<Colour>(json).unwrap();
        assert_eq!(read("\"1\""), Colour::Red);
        assert_eq!(read("1"), Colour::Red);
        assert_eq!(read("\"red\""), Colour::Red);
        assert_eq!(serde_json::to_string(&Colour::Red).unwrap(), "\"1\"");
        assert_eq!(Colour::Red.label(), "Red");
        assert_eq!(Colour::Blue.label(), "b");
        assert_eq!(Colour::LIST, [("1", "Red"), ("b", "b")]);
    }

    #[test]
    fn an_unknown_code_is_kept_as_it_was_written() {
        let green: Colour = serde_json::from_str("\"green\"").unwrap();
        assert!(!green.is_known());
        assert_eq!(green.as_str(), "green");
        assert_eq!(Colour::KNOWN, ["1", "b"]);
    }
}
