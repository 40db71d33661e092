//! Content-Type and Accept of FSPIOP: `application/vnd.interoperability.{resource}+json;version=1.1`.

use std::fmt;

const PREFIX: &str = "application/vnd.interoperability.";
const ISO_20022: &str = "iso20022.";

/// A version: major alone where an Accept leaves the minor open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Before the point.
    pub major: u32,
    /// After the point.
    pub minor: Option<u32>,
}

impl Version {
    /// Major and minor.
    pub const fn new(major: u32, minor: u32) -> Self {
        Self { major, minor: Some(minor) }
    }

    /// Whether an Accept of this version takes a message of that one.
    pub fn takes(self, offered: Self) -> bool {
        self.major == offered.major && (self.minor.is_none() || self.minor == offered.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.minor {
            Some(minor) => write!(f, "{}.{minor}", self.major),
            None => write!(f, "{}", self.major),
        }
    }
}

/// Which JSON the body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// FSPIOP's own.
    Fspiop,
    /// ISO 20022 messages as JSON.
    Iso20022,
}

/// One media type of FSPIOP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType {
    /// Which JSON.
    pub flavour: Flavour,
    /// Which resource, such as `transfers`.
    pub resource: String,
    /// Which version; an Accept may leave it out.
    pub version: Option<Version>,
}

/// Something that is not a media type of FSPIOP.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a media type of FSPIOP: write application/vnd.interoperability.transfers+json;version=1.1"
)]
pub struct InvalidMediaType(String);

impl MediaType {
    /// Reads one media type. Names and parameters are read in any case, with or without spaces.
    pub fn parse(text: &str) -> Result<Self, InvalidMediaType> {
        Self::read(text).ok_or_else(|| InvalidMediaType(text.to_owned()))
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next()?;
        let (prefix, rest) = name.split_at_checked(PREFIX.len())?;
        let rest = prefix.eq_ignore_ascii_case(PREFIX).then_some(rest)?;
        let resource = rest.strip_suffix("+json")?;
        let (flavour, resource) = match resource.strip_prefix(ISO_20022) {
            Some(resource) => (Flavour::Iso20022, resource),
            None => (Flavour::Fspiop, resource),
        };
        if resource.is_empty() || !resource.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let mut version = None;
        for parameter in parts {
            let (name, value) = parameter.split_once('=')?;
            if name.trim().eq_ignore_ascii_case("version") {
                version = Some(read_version(value.trim())?);
            }
        }
        Some(Self { flavour, resource: resource.to_owned(), version })
    }
}

fn read_version(text: &str) -> Option<Version> {
    let number = |digits: &str| {
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    match text.split_once('.') {
        Some((major, minor)) => {
            Some(Version { major: number(major)?, minor: Some(number(minor)?) })
        }
        None => Some(Version { major: number(text)?, minor: None }),
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flavour = if self.flavour == Flavour::Iso20022 { ISO_20022 } else { "" };
        write!(f, "{PREFIX}{flavour}{}+json", self.resource)?;
        self.version.map_or(Ok(()), |version| write!(f, ";version={version}"))
    }
}

/// The Content-Type of a body.
pub fn content_type(resource: &str, version: Version) -> String {
    MediaType { flavour: Flavour::Fspiop, resource: resource.to_owned(), version: Some(version) }
        .to_string()
}

/// The Accept that takes any minor version of a major one.
pub fn accept(resource: &str, major: u32) -> String {
    content_type(resource, Version { major, minor: None })
}

/// Reads an Accept header: one media type or several, with commas.
pub fn parse_accept(text: &str) -> Result<Vec<MediaType>, InvalidMediaType> {
    text.split(',').map(MediaType::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_type_round_trips() {
        for text in [
            "application/vnd.interoperability.transfers+json;version=1.1",
            "application/vnd.interoperability.bulkQuotes+json;version=1",
            "application/vnd.interoperability.iso20022.transfers+json;version=2.0",
            "application/vnd.interoperability.parties+json",
        ] {
            assert_eq!(MediaType::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn an_accept_may_name_several_versions_and_a_charset() {
        let read = parse_accept(
            "application/vnd.interoperability.parties+json;version=1, application/vnd.interoperability.parties+json; charset=utf-8; version=2.0",
        )
        .unwrap();
        assert_eq!(
            read.iter().map(|media| media.version.unwrap().to_string()).collect::<Vec<_>>(),
            ["1", "2.0"]
        );
    }

    #[test]
    fn other_media_types_are_refused() {
        for bad in [
            "",
            "application/json",
            "application/vnd.interoperability.+json;version=1",
            "text/é",
            "application/vnd.interoperability.parties+json;version=one",
            "application/vnd.interoperability.parties+json;version=",
        ] {
            assert!(MediaType::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_open_minor_takes_every_minor_of_its_major() {
        let open = Version { major: 1, minor: None };
        assert!(open.takes(Version::new(1, 1)) && !open.takes(Version::new(2, 0)));
        assert!(
            Version::new(1, 1).takes(Version::new(1, 1))
                && !Version::new(1, 0).takes(Version::new(1, 1))
        );
    }
}
