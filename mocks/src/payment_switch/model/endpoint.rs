//! Which of the addresses that a participant registered takes a message: central-ledger's endpoint types, by method and
//! resource, with placeholders in their paths.

/// What every endpoint type that takes messages begins with.
const CALLBACK: &str = "FSPIOP_CALLBACK_URL";

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) enum Place {
    /// Below this address, at the message's own path.
    Base(String),
    /// At exactly this address.
    Whole(String),
}

/// What central-ledger's endpoint types go on with behind `FSPIOP_CALLBACK_URL_`, and the resource that each is about.
const RESOURCES: [(&str, &str); 10] = [
    ("PARTICIPANT", "participants"),
    ("PARTIES", "parties"),
    ("QUOTES", "quotes"),
    ("BULK_QUOTES", "bulkQuotes"),
    ("TRANSFER", "transfers"),
    ("BULK_TRANSFER", "bulkTransfers"),
    ("AUTHORIZATIONS", "authorizations"),
    ("TRX_REQ_SERVICE", "transactionRequests"),
    ("FX_QUOTES", "fxQuotes"),
    ("FX_", "fxTransfers"),
];
/// Its types for notices to operators.
const NOTICES: [&str; 5] = [
    "ALARM_NOTIFICATION_URL",
    "ALARM_NOTIFICATION_TOPIC",
    "NET_DEBIT_CAP_THRESHOLD_BREACH_EMAIL",
    "NET_DEBIT_CAP_ADJUSTMENT_EMAIL",
    "SETTLEMENT_TRANSFER_POSITION_CHANGE_EMAIL",
];

/// Whether a text is one of central-ledger's endpoint types. Those of currency conversion and of third parties are kept,
/// though nothing is sent there.
pub(in crate::payment_switch) fn is_endpoint_type(text: &str) -> bool {
    let is_plain = text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    let is_callback =
        text == CALLBACK || resource_of(text).is_some() || text.starts_with("TP_CB_URL_");
    is_plain && (is_callback || NOTICES.contains(&text))
}

/// The resource that an endpoint type is about; None where it names none.
fn resource_of(kind: &str) -> Option<&'static str> {
    let rest = kind.strip_prefix(CALLBACK)?;
    let rest = rest.strip_prefix('_').unwrap_or(rest);
    let named = RESOURCES.iter().find(|(named, _)| rest.starts_with(named));
    named.map(|(_, resource)| *resource)
}

/// The address for a message. Where none was registered for its kind, the first that was registered tells the base.
pub(in crate::payment_switch) fn place_for(
    endpoints: &[(String, String)],
    (method, uri): (&str, &str),
) -> Option<Place> {
    // Most participants are of the cast, and registered none.
    if endpoints.is_empty() {
        return None;
    }
    let named = |kind: &str| {
        let whole = format!("{CALLBACK}_{kind}");
        endpoints.iter().find(|(other, _)| *other == whole)
    };
    let own = kinds(method, uri).into_iter().find_map(|kind| named(&kind));
    match own {
        Some(endpoint) => Some(filled(endpoint, uri)),
        None => first_base(endpoints).map(Place::Base),
    }
}

/// The base of the first address that was registered.
pub(in crate::payment_switch) fn first_base(endpoints: &[(String, String)]) -> Option<String> {
    let first = endpoints.iter().find(|(kind, _)| kind.starts_with(CALLBACK));
    first.map(|(kind, value)| base_of_endpoint(kind, value).to_owned())
}

/// The base of an address that was registered under this type.
fn base_of_endpoint<'a>(kind: &str, value: &'a str) -> &'a str {
    before_resource(kind, value).unwrap_or_else(|| value.trim_end_matches('/'))
}

/// What stands before the resource in an address that is a whole path, such as
/// `http://fsp.example/transfers/{{transferId}}`. Behind the resource are placeholders alone; a word like it further ahead
/// is part of the base.
fn before_resource<'a>(kind: &str, value: &'a str) -> Option<&'a str> {
    let host_at = value.find("://").map_or(0, |at| at + 3);
    let named = resource_of(kind);
    let is_resource = |word: &str| match named {
        Some(resource) => word == resource,
        None => RESOURCES.iter().any(|(_, resource)| word == *resource),
    };
    let mut rest = value.split('?').next()?.trim_end_matches('/');
    loop {
        let (before, word) = rest.rsplit_once('/').filter(|(before, _)| before.len() > host_at)?;
        if is_resource(word) {
            return Some(before);
        }
        if word != "error" && !word.starts_with("{{") {
            return None;
        }
        rest = before;
    }
}

/// The endpoint types that fit a message, the best first.
fn kinds(method: &str, uri: &str) -> Vec<String> {
    let parts: Vec<&str> = uri.trim_matches('/').split('/').collect();
    let is_error = parts.last() == Some(&"error");
    let ids = parts.len() - 1 - usize::from(is_error);
    let verb = match (method, is_error) {
        ("GET", _) => "GET",
        ("POST", _) => "POST",
        (_, true) => "PUT_ERROR",
        _ => "PUT",
    };
    let resource = match (parts.first().copied(), ids) {
        (Some("parties"), 3) => "PARTIES_SUB_ID",
        (Some("parties"), _) => "PARTIES",
        (Some("participants"), 1) => "PARTICIPANT_BATCH",
        (Some("participants"), 3) => "PARTICIPANT_SUB_ID",
        (Some("participants"), _) => "PARTICIPANT",
        (Some("quotes"), _) => return vec![String::from("QUOTES")],
        (Some("bulkQuotes"), _) => return vec![String::from("BULK_QUOTES")],
        (Some("transfers"), _) => "TRANSFER",
        (Some("bulkTransfers"), _) => "BULK_TRANSFER",
        _ => return Vec::new(),
    };
    let mut kinds = vec![format!("{resource}_{method}"), format!("{resource}_{verb}")];
    if is_error {
        // Transfers say ERROR where the others say PUT_ERROR.
        kinds = vec![format!("{resource}_ERROR"), format!("{resource}_{verb}")];
    }
    kinds
}

/// A registered address for a message: its placeholders stand for the ids in the message's path, in their order.
fn filled((kind, value): &(String, String), uri: &str) -> Place {
    if before_resource(kind, value).is_some() || !value.contains("{{") {
        return Place::Base(base_of_endpoint(kind, value).to_owned());
    }
    let mut ids = uri.trim_matches('/').split('/').skip(1);
    let (mut address, mut rest) = (String::new(), value.as_str());
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((_, behind)) = after.split_once("}}") else { break };
        address.push_str(before);
        address.push_str(ids.next().unwrap_or_default());
        rest = behind;
    }
    address.push_str(rest);
    Place::Whole(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(message: (&str, &str)) -> Option<String> {
        let endpoints = [
            ("FSPIOP_CALLBACK_URL_QUOTES", "http://quotes:1"),
            ("FSPIOP_CALLBACK_URL_TRANSFER_POST", "http://post:2/transfers"),
            ("FSPIOP_CALLBACK_URL_TRANSFER_PUT", "http://put:3/in/transfers/{{transferId}}"),
            ("FSPIOP_CALLBACK_URL_TRANSFER_ERROR", "http://error:4/lost/{{transferId}}/why"),
            (
                "FSPIOP_CALLBACK_URL_PARTIES_PUT",
                "http://put:5/parties/{{partyIdType}}/{{partyIdentifier}}",
            ),
            (
                "FSPIOP_CALLBACK_URL_PARTIES_PUT_ERROR",
                "http://error:6/{{partyIdType}}/{{partyIdentifier}}",
            ),
        ];
        let endpoints = endpoints.map(|(kind, value)| (kind.to_owned(), value.to_owned()));
        Some(match place_for(&endpoints, message)? {
            Place::Base(base) => format!("{base}{}", message.1),
            Place::Whole(address) => address,
        })
    }

    #[test]
    fn each_kind_of_message_goes_to_its_own_endpoint() {
        for (message, address) in [
            (("POST", "/quotes"), "http://quotes:1/quotes"),
            (("PUT", "/quotes/7/error"), "http://quotes:1/quotes/7/error"),
            (("POST", "/transfers"), "http://post:2/transfers"),
            (("PUT", "/transfers/7"), "http://put:3/in/transfers/7"),
            (("PATCH", "/transfers/7"), "http://put:3/in/transfers/7"),
            (("PUT", "/transfers/7/error"), "http://error:4/lost/7/why"),
            (("PUT", "/parties/MSISDN/7"), "http://put:5/parties/MSISDN/7"),
            (("PUT", "/parties/MSISDN/7/error"), "http://error:6/MSISDN/7"),
        ] {
            assert_eq!(place(message).as_deref(), Some(address), "{message:?}");
        }
    }

    #[test]
    fn the_base_of_an_endpoint_ends_before_the_resource() {
        for (kind, value, base) in [
            (
                "_TRANSFER_ERROR",
                "http://fsp:4000/in/transfers/{{transferId}}/error",
                "http://fsp:4000/in",
            ),
            (
                "_PARTIES_PUT",
                "http://fsp:4000/parties/{{partyIdType}}/{{partyIdentifier}}",
                "http://fsp:4000",
            ),
            ("", "http://fsp:4000/parties/{{partyIdType}}/{{partyIdentifier}}", "http://fsp:4000"),
            ("_TRANSFER_POST", "http://transfers/transfers?x=1", "http://transfers"),
            ("_TRANSFER_POST", "http://transfers/", "http://transfers"),
            ("_QUOTES", "http://fsp:4000/", "http://fsp:4000"),
            ("_QUOTES", "http://fsp:4000/base", "http://fsp:4000/base"),
        ] {
            let kind = format!("{CALLBACK}{kind}");
            assert_eq!(base_of_endpoint(&kind, value), base, "{kind} {value}");
        }
    }

    #[test]
    fn a_resources_word_in_the_base_of_an_address_is_part_of_it() {
        let base = "http://fsp/services/transfers/mojaloop";
        for (kind, end, message) in [
            ("TRANSFER_PUT", "/transfers/{{transferId}}", ("PUT", "/transfers/7")),
            ("TRANSFER_POST", "/transfers", ("POST", "/transfers")),
            ("QUOTES", "", ("PUT", "/quotes/7")),
            (
                "PARTIES_GET",
                "/parties/{{partyIdType}}/{{partyIdentifier}}",
                ("GET", "/parties/MSISDN/7"),
            ),
            (
                "PARTICIPANT_PUT",
                "/participants/{{partyIdType}}/{{partyIdentifier}}",
                ("PUT", "/participants/MSISDN/7"),
            ),
        ] {
            let endpoint = (format!("{CALLBACK}_{kind}"), format!("{base}{end}"));
            let place = place_for(std::slice::from_ref(&endpoint), message);
            assert_eq!(place, Some(Place::Base(base.to_owned())), "{kind}");
            let other = place_for(&[endpoint], ("PUT", "/bulkTransfers/8"));
            assert_eq!(other, Some(Place::Base(base.to_owned())), "{kind}");
        }
        let whole = [(
            format!("{CALLBACK}_TRANSFER_PUT"),
            String::from("http://fsp/services/in/{{transferId}}"),
        )];
        let place = place_for(&whole, ("PUT", "/transfers/7"));
        assert_eq!(place, Some(Place::Whole(String::from("http://fsp/services/in/7"))));
    }

    #[test]
    fn the_types_of_central_ledger_are_known_and_others_are_not() {
        for known in [
            "FSPIOP_CALLBACK_URL",
            "FSPIOP_CALLBACK_URL_BULK_TRANSFER_ERROR",
            "FSPIOP_CALLBACK_URL_PARTICIPANT_SUB_ID_PUT",
            "NET_DEBIT_CAP_ADJUSTMENT_EMAIL",
            "TP_CB_URL_CONSENT_POST",
        ] {
            assert!(is_endpoint_type(known), "{known}");
        }
        for other in ["", "NONSENSE", "FSPIOP_CALLBACK_URL_NONSENSE", "OTHER_EMAIL"] {
            assert!(!is_endpoint_type(other), "{other}");
        }
    }

    #[test]
    fn without_an_endpoint_of_its_own_a_message_goes_to_the_first_base() {
        let message = ("GET", "/parties/MSISDN/7");
        assert_eq!(place(message).as_deref(), Some("http://quotes:1/parties/MSISDN/7"));
        assert_eq!(place_for(&[], message), None);
    }
}
