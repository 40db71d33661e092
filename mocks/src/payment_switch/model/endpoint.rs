//! Which of the addresses that a participant registered takes a message: central-ledger's endpoint types, by method and
//! resource, with placeholders in their paths.

use standards::fspiop::jws::signed_path;

use super::base_of_endpoint;

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

/// What central-ledger's endpoint types go on with behind `FSPIOP_CALLBACK_URL_`.
const RESOURCES: [&str; 9] = [
    "PARTICIPANT",
    "PARTIES",
    "QUOTES",
    "BULK_QUOTES",
    "TRANSFER",
    "BULK_TRANSFER",
    "AUTHORIZATIONS",
    "TRX_REQ_SERVICE",
    "FX_",
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
    let rest = text.strip_prefix(CALLBACK).map(|rest| rest.strip_prefix('_').unwrap_or(rest));
    let names_resource =
        |rest: &str| rest.is_empty() || RESOURCES.iter().any(|resource| rest.starts_with(resource));
    let is_callback = rest.is_some_and(names_resource) || text.starts_with("TP_CB_URL_");
    is_plain && (is_callback || NOTICES.contains(&text))
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
        endpoints.iter().find(|(other, _)| *other == whole).map(|(_, value)| value)
    };
    let own = kinds(method, uri).into_iter().find_map(|kind| named(&kind));
    match own {
        Some(value) => Some(filled(value, uri)),
        None => first_base(endpoints).map(Place::Base),
    }
}

/// The base of the first address that was registered.
pub(in crate::payment_switch) fn first_base(endpoints: &[(String, String)]) -> Option<String> {
    let first = endpoints.iter().find(|(kind, _)| kind.starts_with(CALLBACK));
    first.map(|(_, value)| base_of_endpoint(value).to_owned())
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
fn filled(value: &str, uri: &str) -> Place {
    let path_at = value.find("://").map_or(0, |at| at + 3);
    let names_its_resource = signed_path(&value[path_at..]).len() < value.len() - path_at;
    if names_its_resource || !value.contains("{{") {
        return Place::Base(base_of_endpoint(value).to_owned());
    }
    let mut ids = uri.trim_matches('/').split('/').skip(1);
    let (mut address, mut rest) = (String::new(), value);
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
