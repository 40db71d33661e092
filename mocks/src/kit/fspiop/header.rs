//! FSPIOP 1.1, API Definition 3.2.1: the headers of a message, checked in the order in which hubs check them.

use actix_web::HttpRequest;
use standards::fspiop::jws::signed_path;
use standards::fspiop::{
    ErrorCode, Flavour, MediaType, Version, content_type, http_date, parse_accept, parse_http_date,
};

use super::refusal::Refusal;
use crate::kit::clock::wall;

/// The versions spoken here. 2.0 differs from 1.1 in looser identifiers, which are taken in every version.
pub(super) const SPOKEN: [Version; 3] =
    [Version::new(1, 0), Version::new(1, 1), Version::new(2, 0)];
/// All headers of a message together have so many bytes at the most (API Definition 3.2.1).
const LONGEST_HEADERS: usize = 64 * 1024;
/// The version in which the country's own systems speak.
pub const OURS: Version = Version::new(1, 1);

/// Whether a message asks or answers: an answer carries no `Accept`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Request,
    Callback,
}

/// The headers of a message that passed the checks.
#[derive(Debug, Clone)]
pub struct Head {
    pub source: String,
    pub destination: Option<String>,
    /// The version in which the sender wants to be spoken to.
    pub version: Version,
    pub signature: Option<String>,
    pub date: String,
    pub method: String,
    /// The path from the name of the resource on, as a signature covers it.
    pub uri: String,
    /// The headers that are passed on as they came.
    raw: Vec<(&'static str, String)>,
}

/// What a switch passes on verbatim, besides the body.
const PASSED_ON: [&str; 8] = [
    "Content-Type",
    "Accept",
    "Date",
    "FSPIOP-Source",
    "FSPIOP-Destination",
    "FSPIOP-Signature",
    "FSPIOP-URI",
    "FSPIOP-HTTP-Method",
];

impl Head {
    /// Reads the headers of a message. What its media types must be about is told by the path.
    pub fn read(req: &HttpRequest, kind: Kind) -> Result<Self, Refusal> {
        let length = req.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
        if length.sum::<usize>() > LONGEST_HEADERS {
            let sentence =
                format!("the headers are longer than {LONGEST_HEADERS} bytes, which is the limit");
            return Err(Refusal::new(ErrorCode::TOO_LARGE_PAYLOAD, sentence));
        }
        let uri = signed_path(req.uri().path()).to_owned();
        let resource = uri.trim_start_matches('/').split('/').next().unwrap_or_default();
        let accepted = match kind {
            Kind::Request => Some(accepted(&required(req, "Accept")?, resource)?),
            Kind::Callback => None,
        };
        let date = match header(req, "Date") {
            None if is_of_a_browser(req) => http_date(wall()),
            _ => required(req, "Date")?,
        };
        if parse_http_date(&date).is_none() {
            let right = "write it as in RFC 7231: Thu, 01 Oct 2026 08:00:00 GMT";
            return Err(malformed(format!("`{date}` is no Date; {right}")));
        }
        let sent = sent_in(&required(req, "Content-Type")?, resource)?;
        let source = required(req, "FSPIOP-Source")?;
        let raw = PASSED_ON.into_iter().filter_map(|name| match name {
            "Date" => Some((name, date.clone())),
            _ => Some((name, header(req, name)?)),
        });
        let raw = raw.collect();
        Ok(Self {
            source,
            destination: header(req, "FSPIOP-Destination"),
            version: accepted.unwrap_or(sent),
            signature: header(req, "FSPIOP-Signature"),
            date,
            method: req.method().to_string(),
            uri,
            raw,
        })
    }

    /// One of the headers that are passed on.
    pub(super) fn named(&self, name: &str) -> Option<&str> {
        self.raw.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str())
    }

    /// The headers that are passed on as they came.
    pub fn passed_on(&self) -> &[(&'static str, String)] {
        &self.raw
    }
}

/// The version in which the sender of a message wants to be spoken to, by the headers that were passed on; ours where
/// they do not say.
pub fn version_of(passed_on: &[(String, String)], resource: &str) -> Version {
    let named = |name: &str| {
        let found = passed_on.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    };
    let wanted = named("Accept").and_then(|text| accepted(text, resource).ok());
    let used = || named("Content-Type").and_then(|text| sent_in(text, resource).ok());
    wanted.or_else(used).unwrap_or(OURS)
}

fn header(req: &HttpRequest, name: &str) -> Option<String> {
    let value = req.headers().get(name)?.to_str().ok()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Whether a page sent this (Fetch Metadata): no page may write a `Date`.
fn is_of_a_browser(req: &HttpRequest) -> bool {
    req.headers().contains_key("sec-fetch-site")
}

fn required(req: &HttpRequest, name: &str) -> Result<String, Refusal> {
    header(req, name).ok_or_else(|| {
        let name = name.to_ascii_lowercase();
        Refusal::new(ErrorCode::MISSING_ELEMENT, format!("the header {name} is missing"))
    })
}

/// The best version among those that an `Accept` lists.
fn accepted(text: &str, resource: &str) -> Result<Version, Refusal> {
    let listed = parse_accept(text).map_err(|_| about("Accept", resource))?;
    let fits = |media: &MediaType, offered: &Version| {
        media.flavour == Flavour::Fspiop && media.version.is_none_or(|asked| asked.takes(*offered))
    };
    if listed.iter().any(|media| media.resource != resource) {
        return Err(about("Accept", resource));
    }
    let open = listed.iter().any(|media| media.version.is_none());
    let best = SPOKEN.into_iter().filter(|v| listed.iter().any(|media| fits(media, v))).max();
    if open { Ok(OURS) } else { best.ok_or_else(|| unspoken(WANTED)) }
}

fn sent_in(text: &str, resource: &str) -> Result<Version, Refusal> {
    let wrong = || about("Content-Type", resource);
    let media = MediaType::parse(text).map_err(|_| wrong())?;
    if media.resource != resource {
        return Err(wrong());
    }
    let version = media.version.filter(|v| v.minor.is_some()).ok_or_else(wrong)?;
    let spoken = media.flavour == Flavour::Fspiop && SPOKEN.contains(&version);
    if spoken { Ok(version) } else { Err(unspoken(USED)) }
}

fn malformed(sentence: String) -> Refusal {
    Refusal::new(ErrorCode::MALFORMED_SYNTAX, sentence)
}

/// What a header must say on a path of this resource: short, so that none of it is cut off.
fn about(header: &str, resource: &str) -> Refusal {
    malformed(format!("{header}: write {}", content_type(resource, OURS)))
}

/// What hubs say of a version in `Accept`, as the standard's own example has it, and of one in `Content-Type`.
const WANTED: &str =
    "The Client requested an unsupported version, see extension list for supported version(s).";
const USED: &str = "Client supplied a protocol version which is not supported by the server";

fn unspoken(sentence: &str) -> Refusal {
    Refusal::new(ErrorCode::UNACCEPTABLE_VERSION, sentence)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn request(without: &str, instead: &str) -> HttpRequest {
        let headers = [
            ("Accept", "application/vnd.interoperability.quotes+json;version=1"),
            ("Date", "Thu, 01 Oct 2026 08:00:00 GMT"),
            ("Content-Type", "application/vnd.interoperability.quotes+json;version=1.0"),
            ("FSPIOP-Source", "treasury"),
        ];
        let mut req = TestRequest::post().uri("/payment-switch/quotes");
        for (name, value) in headers {
            let value = if name == without { instead } else { value };
            req = if value.is_empty() { req } else { req.insert_header((name, value)) };
        }
        req.to_http_request()
    }

    fn refused(without: &str, instead: &str) -> u16 {
        Head::read(&request(without, instead), Kind::Request).unwrap_err().code.number()
    }

    #[test]
    fn a_wrong_media_type_is_answered_with_the_header_and_the_one_of_the_path() {
        let said = |name: &str| {
            let refused = Head::read(&request(name, "application/json"), Kind::Request);
            refused.unwrap_err().information().error_description
        };
        let right = "application/vnd.interoperability.quotes+json;version=1.1";
        for name in ["Accept", "Content-Type"] {
            assert_eq!(said(name), format!("Malformed syntax - {name}: write {right}"));
        }
    }

    #[test]
    fn headers_of_more_than_64_kib_are_too_large() {
        let with = |length: usize| {
            let req = TestRequest::post().uri("/payment-switch/quotes");
            let req = req.insert_header(("X-Anything", "x".repeat(length))).to_http_request();
            Head::read(&req, Kind::Request).unwrap_err().code.number()
        };
        assert_eq!(with(66_000), 3104);
        assert_eq!(with(64_000), 3102, "there is no Accept, and that is all");
    }

    #[test]
    fn a_message_with_all_headers_is_taken_and_answered_in_the_version_it_asks_for() {
        let head = Head::read(&request("", ""), Kind::Request).unwrap();
        assert_eq!((head.source.as_str(), head.uri.as_str()), ("treasury", "/quotes"));
        assert_eq!(head.version, Version::new(1, 1));
    }

    #[test]
    fn each_header_is_refused_with_its_own_code() {
        assert_eq!(refused("Accept", ""), 3102);
        assert_eq!(refused("Accept", "application/json"), 3101);
        let seven = "application/vnd.interoperability.quotes+json;version=7";
        assert_eq!(refused("Accept", seven), 3001);
        assert_eq!(refused("Date", ""), 3102);
        assert_eq!(refused("Date", "yesterday"), 3101);
        assert_eq!(refused("Content-Type", ""), 3102);
        let other = "application/vnd.interoperability.transfers+json;version=1.1";
        assert_eq!(refused("Content-Type", other), 3101);
        assert_eq!(refused("FSPIOP-Source", ""), 3102);
    }

    #[test]
    fn what_a_page_sends_is_dated_here_and_so_passed_on() {
        let mut req = TestRequest::post().uri("/payment-switch/quotes");
        for name in ["Accept", "Content-Type", "FSPIOP-Source"] {
            let value = request("", "").headers().get(name).cloned().unwrap();
            req = req.insert_header((name, value));
        }
        let page = req.insert_header(("sec-fetch-site", "same-origin")).to_http_request();
        let head = Head::read(&page, Kind::Request).unwrap();
        assert!(parse_http_date(&head.date).is_some());
        assert_eq!(head.named("Date"), Some(head.date.as_str()));
    }

    #[test]
    fn an_answer_needs_no_accept() {
        let head = Head::read(&request("Accept", ""), Kind::Callback).unwrap();
        assert_eq!(head.version, Version::new(1, 0));
    }

    #[test]
    fn headers_that_were_passed_on_tell_the_version() {
        let header = |name: &str, version: &str| {
            let media = format!("application/vnd.interoperability.quotes+json;version={version}");
            (name.to_owned(), media)
        };
        let both = [header("accept", "1.0"), header("Content-Type", "1.1")];
        assert_eq!(version_of(&both, "quotes"), Version::new(1, 0));
        assert_eq!(version_of(&[header("Content-Type", "2.0")], "quotes"), Version::new(2, 0));
        assert_eq!(version_of(&[], "quotes"), OURS);
    }

    #[test]
    fn the_refusal_of_a_version_tells_those_that_are_spoken() {
        let body = unspoken(WANTED).body();
        let listed = &body["errorInformation"]["extensionList"]["extension"];
        assert_eq!(listed[1], serde_json::json!({"key": "1", "value": "1"}));
        let said = body["errorInformation"]["errorDescription"].as_str().unwrap();
        assert!(said.ends_with("supported version(s)."), "{said}");
    }
}
