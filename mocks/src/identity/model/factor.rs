//! Ways of proving who one is, in the words of eSignet (`authFactorType`) and of its context classes (`acr`).

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One way.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::identity) enum Factor {
    /// A one-time code.
    Otp,
    Pin,
    /// A password.
    Pwd,
    /// Biometrics: only for partners with a scanner, never on the pages.
    Bio,
}

/// What the pages and eSignet's calls can check, and the classes that name it: eSignet's and `GovStack`'s.
const CLASSES: [(&str, Factor); 6] = [
    ("mosip:idp:acr:generated-code", Factor::Otp),
    ("idbb:acr:generated-code", Factor::Otp),
    ("mosip:idp:acr:static-code", Factor::Pin),
    ("idbb:acr:static-code", Factor::Pin),
    ("mosip:idp:acr:password", Factor::Pwd),
    ("idbb:acr:password", Factor::Pwd),
];

/// The classes that can be asked for.
pub(in crate::identity) fn classes() -> [&'static str; 6] {
    CLASSES.map(|(class, _)| class)
}

/// What a class of eSignet or `GovStack` can name, alone or joined.
const WAYS: [&str; 7] = [
    "biometrics",
    "generated-code",
    "id-token",
    "knowledge",
    "linked-wallet",
    "password",
    "static-code",
];

/// Whether a class is one of eSignet's or `GovStack`'s, also where nobody here can check it.
pub(in crate::identity) fn is_class(class: &str) -> bool {
    // A loop, because whoever registers may write as many as fit into a request.
    fn names_ways(mut rest: &str) -> bool {
        while let Some(after) = WAYS.iter().find_map(|way| rest.strip_prefix(way)) {
            match after.strip_prefix('-') {
                Some(further) => rest = further,
                None => return after.is_empty(),
            }
        }
        false
    }
    let named = ["mosip:idp:acr:", "idbb:acr:"].iter().find_map(|known| class.strip_prefix(known));
    named.is_some_and(names_ways)
}

impl Factor {
    /// The word on the wire and in the archive.
    pub(in crate::identity) fn word(self) -> &'static str {
        match self {
            Self::Otp => "OTP",
            Self::Pin => "PIN",
            Self::Pwd => "PWD",
            Self::Bio => "BIO",
        }
    }

    /// Reads the word.
    pub(in crate::identity) fn read(word: &str) -> Option<Self> {
        [Self::Otp, Self::Pin, Self::Pwd, Self::Bio].into_iter().find(|f| f.word() == word)
    }

    /// What a context class asks for.
    pub(in crate::identity) fn of_class(class: &str) -> Option<Self> {
        CLASSES.iter().find(|(name, _)| *name == class).map(|(_, factor)| *factor)
    }

    /// The `amr` value (RFC 8176) of this way.
    pub(in crate::identity) fn amr(self) -> &'static str {
        match self {
            Self::Otp => "otp",
            Self::Pin => "pin",
            Self::Pwd => "pwd",
            Self::Bio => "face",
        }
    }
}

/// A set of factors as the archive keeps it: words with spaces.
pub(in crate::identity) fn words(factors: &BTreeSet<Factor>) -> String {
    factors.iter().map(|f| f.word()).collect::<Vec<_>>().join(" ")
}

/// Reads [`words`].
pub(in crate::identity) fn from_words(text: &str) -> BTreeSet<Factor> {
    text.split(' ').filter_map(Factor::read).collect()
}
