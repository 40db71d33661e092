//! FSPIOP 1.1, 6.3.3: the identifier that a path names, with what was percent-encoded in it.

use actix_web::HttpRequest;
use serde::Deserialize;
use standards::fspiop::{ErrorCode, PartyIdInfo, PartyIdType};

use super::refusal::Refusal;

/// What is behind `/parties` and `/participants`.
#[derive(Deserialize)]
struct Named {
    #[serde(rename = "type")]
    kind: String,
    id: String,
}

#[derive(Deserialize)]
struct Part {
    sub: String,
}

/// The identifier that `.../{type}/{id}` or `.../{type}/{id}/{sub}` names.
pub fn party_in_path(req: &HttpRequest) -> Result<PartyIdInfo, Refusal> {
    let path = req.match_info();
    let named: Named = path.load().map_err(|_| {
        Refusal::new(ErrorCode::VALIDATION, "Invalid ID: the path is no UTF-8, percent-encoded")
    })?;
    let mut party = PartyIdInfo::new(PartyIdType::from(named.kind.as_str()), named.id);
    party.party_sub_id_or_type = path.load::<Part>().ok().map(|part| part.sub);
    Ok(party)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn what_is_encoded_in_a_path_is_read_once() {
        for (id, read) in
            [("%2B9990001", "+9990001"), ("a%40b%2Fc", "a@b/c"), ("%252B1", "%2B1"), ("7", "7")]
        {
            let req = TestRequest::default().param("type", "MSISDN").param("id", id.to_owned());
            let party = party_in_path(&req.to_http_request()).unwrap();
            assert_eq!(party.party_identifier, read, "{id}");
        }
    }
}
