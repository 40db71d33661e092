//! How a client proves who it is at the token endpoint (`OpenID Connect` Core 9, RFC 6749 2.3, RFC 7523).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fields::Fields;
use super::refusal::Refusal;

/// The only kind of assertion that is served.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a client sent as its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) enum Proof {
    /// Only its name: enough for a public client.
    Name { client: String },
    /// `client_secret_basic` or `client_secret_post`.
    Secret { client: String, secret: String },
    /// `private_key_jwt`; the name stands inside, and may stand beside it too.
    Assertion { client: Option<String>, jwt: String },
}

impl Proof {
    /// Reads the proof from the `Authorization` header and the form; more than one is refused.
    pub(in crate::identity) fn read(authorization: &str, fields: &Fields) -> Result<Self, Refusal> {
        let client = fields.owned("client_id");
        let basic = authorization.split_once(' ').filter(|(s, _)| s.eq_ignore_ascii_case("basic"));
        let (secret, jwt) = (fields.owned("client_secret"), fields.owned("client_assertion"));
        let proofs = [basic.is_some(), secret.is_some(), jwt.is_some()];
        if proofs.into_iter().filter(|p| *p).count() > 1 {
            return Err(Refusal::request("a client proves itself in one way at a time"));
        }
        if let Some((_, credentials)) = basic {
            let (id, secret) = basic_credentials(credentials.trim())?;
            if client.is_some_and(|c| c != id) {
                return Err(Refusal::request(
                    "`client_id` is not the client of the Authorization header",
                ));
            }
            return Ok(Self::Secret { client: id, secret });
        }
        if let Some(jwt) = jwt {
            if fields.get("client_assertion_type") != Some(JWT_BEARER) {
                return Err(Refusal::request(format!(
                    "`client_assertion_type` must be {JWT_BEARER}"
                )));
            }
            return Ok(Self::Assertion { client, jwt });
        }
        let client = client.ok_or_else(|| {
            Refusal::client("`client_id` is missing, and no other proof was sent")
        })?;
        Ok(match secret {
            Some(secret) => Self::Secret { client, secret },
            None => Self::Name { client },
        })
    }
}

/// RFC 6749, 2.3.1: id and secret are form-encoded before they are joined.
fn basic_credentials(credentials: &str) -> Result<(String, String), Refusal> {
    let unreadable =
        || Refusal::client("the Authorization header is not `Basic base64(id:secret)`");
    let bytes = STANDARD.decode(credentials).map_err(|_| unreadable())?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable())?;
    let (id, secret) = text.split_once(':').ok_or_else(unreadable)?;
    Ok((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    // `&` and `=` cannot stand in an encoded value; where a client did not encode, they are taken as they are.
    if text.contains(['&', '=', '#']) {
        return text.into();
    }
    Fields::read(&format!("v={text}")).owned("v").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_form_decoded() {
        let header = format!("Basic {}", STANDARD.encode("a%3Ab:x+y%21"));
        let proof = Proof::read(&header, &Fields::default()).unwrap();
        assert_eq!(proof, Proof::Secret { client: "a:b".into(), secret: "x y!".into() });
    }

    #[test]
    fn two_proofs_at_once_are_refused() {
        let fields = Fields::read("client_id=a&client_secret=b&client_assertion=c");
        assert_eq!(Proof::read("", &fields).unwrap_err().error, "invalid_request");
    }
}
