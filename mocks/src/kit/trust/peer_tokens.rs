//! The bearer tokens that callbacks and notices to peers carry: one that is set, or one that the peer's own server grants
//! (RFC 6749, section 4.4). A setting of the office, made at `/_arenoa/peers`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::peers::Manners;
use super::purse::{NotGranted, Purse, credentials};
use crate::kit::courier::{Errand, Letter};
use crate::kit::secrets::MASK;

/// Who grants a token, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grantor {
    /// Where a token is asked for.
    pub token_url: String,
    pub client_id: String,
    /// It is not shown again.
    pub client_secret: String,
}

/// What was granted so far, by the peer that it is for.
#[derive(Debug, Default)]
pub(super) struct Purses(Mutex<BTreeMap<String, Arc<Purse>>>);

impl Purses {
    fn of(&self, peer: &str) -> Arc<Purse> {
        let mut purses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(purses.entry(peer.to_owned()).or_default())
    }

    /// Forgets what was granted for a peer, because something else is set for it.
    pub(super) fn forget(&self, peer: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(peer);
    }
}

impl Manners {
    /// The token for `peer`, whose manners these are; none where none is set.
    pub(crate) async fn token(
        &self,
        errand: &Errand,
        peer: &str,
    ) -> Result<Option<Arc<str>>, NotGranted> {
        let Some(grantor) = &self.token_from else {
            return Ok(self.access_token.as_deref().map(Arc::from));
        };
        let wish = || {
            let path = address(&grantor.token_url).map(|url| url.path().to_owned());
            Letter::to_address(Method::POST, &grantor.token_url)
                .route(&path.unwrap_or_default())
                .form(&credentials(&grantor.client_id, &grantor.client_secret))
        };
        let purse = errand.office.memory.of::<Purses>().of(peer);
        purse.token(errand, wish).await.map(|(token, _)| Some(token))
    }

    /// The same with its secrets masked.
    pub(super) fn masked(mut self) -> Self {
        let secrets = [
            self.access_token.as_mut(),
            self.token_from.as_mut().map(|grantor| &mut grantor.client_secret),
        ];
        secrets.into_iter().flatten().for_each(|secret| MASK.clone_into(secret));
        self
    }

    /// Why they cannot be kept: two sources of a token, one that is no address, or a token that no header can carry
    /// (RFC 6750, section 2.1).
    pub(super) fn wrong(&self) -> Option<&'static str> {
        match (&self.token_from, &self.access_token) {
            (Some(_), Some(_)) => {
                return Some("access_token is set and token_from grants one; write one of the two");
            }
            (Some(grantor), _) if address(&grantor.token_url).is_none() => {
                return Some(
                    "token_from.token_url is no address such as http://localhost:7000/token",
                );
            }
            _ => {}
        }
        let token = self.access_token.as_deref()?;
        let legal = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
        let is_token = !token.is_empty() && token.chars().all(legal);
        (!is_token).then_some("access_token is no bearer token; write letters, digits and -._~+/=")
    }
}

/// The address at which tokens are granted.
fn address(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// Gives up a token that `peer` refused, so that another is asked for.
pub(crate) fn give_up(errand: &Errand, peer: &str, token: &str) {
    errand.office.memory.of::<Purses>().of(peer).give_up(token);
}
