//! Bearer tokens that an office was granted: asked for with client credentials (RFC 6749 section 4.4), then kept until
//! shortly before they expire.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use serde_json::Value;

use super::tokens::{GATEWAY, sandbox_secret};
use crate::kit::clock::wall;
use crate::kit::courier::{Errand, Letter, Undelivered};

/// A token is given up so many seconds before it expires, so that it does not expire on the way.
const MARGIN_SECONDS: i64 = 60;

/// Why no token was granted.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotGranted {
    #[error(transparent)]
    Undelivered(#[from] Undelivered),
    #[error("no token was granted ({status}): {sentence}")]
    Refused { status: u16, sentence: String },
}

/// Where an office keeps the token of one grantor.
#[derive(Debug, Default)]
pub(crate) struct Purse {
    held: Mutex<Option<Held>>,
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Debug, Clone)]
struct Held {
    token: Arc<str>,
    /// Seconds since 1970 in real time.
    until: i64,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    /// A number by RFC 6749, which lets it be absent; a string by DCI.
    #[serde(default)]
    expires_in: Value,
}

impl Purse {
    /// The token, and whether it was held already; `wish` asks for one.
    pub(crate) async fn token(
        &self,
        errand: &Errand,
        wish: impl FnOnce() -> Letter,
    ) -> Result<(Arc<str>, bool), NotGranted> {
        if let Some(token) = self.held() {
            return Ok((token, true));
        }
        let _one_at_a_time = self.fetching.lock().await;
        if let Some(token) = self.held() {
            return Ok((token, true));
        }
        let held = fetch(errand, wish()).await?;
        let token = Arc::clone(&held.token);
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(held);
        Ok((token, false))
    }

    /// Gives up a token that was refused, unless another has taken its place.
    pub(crate) fn give_up(&self, token: &str) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.take_if(|h| &*h.token == token);
    }

    fn held(&self) -> Option<Arc<str>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().filter(|h| h.until > wall().as_second()).map(|h| Arc::clone(&h.token))
    }
}

/// Asks the gateway for the token of the office itself.
pub(crate) fn own_wish(errand: &Errand) -> Letter {
    let client = errand.office.system.mount();
    Letter::post(GATEWAY, "/oauth2/client/token")
        .form(&credentials(&client, &sandbox_secret(&client)))
        .header("timestamp", &errand.stamp())
        .header("message_id", &errand.office.next_id("MSG"))
}

/// The form in which a client asks for a token.
pub(super) fn credentials<'a>(client: &'a str, secret: &'a str) -> [(&'a str, &'a str); 3] {
    [("grant_type", "client_credentials"), ("client_id", client), ("client_secret", secret)]
}

async fn fetch(errand: &Errand, wish: Letter) -> Result<Held, NotGranted> {
    let reply = errand.send(wish).await?;
    if !reply.is_success() {
        let said: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let why = said["error_description"].as_str().or(said["error"].as_str());
        let sentence = why.unwrap_or("no reason was given").to_owned();
        return Err(NotGranted::Refused { status: reply.status, sentence });
    }
    let granted: Granted = reply.json()?;
    let until = kept_until(wall().as_second(), &granted.expires_in);
    Ok(Held { token: granted.access_token.into(), until })
}

/// Until when a token is kept. Without a lifetime it serves once: nothing says for how long it would be good.
fn kept_until(now: i64, expires_in: &Value) -> i64 {
    let seconds = match expires_in {
        Value::String(text) => text.parse().ok(),
        number => number.as_i64(),
    };
    now.saturating_add(seconds.unwrap_or(0)).saturating_sub(MARGIN_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_token_is_kept_for_as_long_as_the_gateway_says_whatever_it_says() {
        for (expires_in, until) in [
            (json!(3600), 4540),
            (json!("3600"), 4540),
            (Value::Null, 940),
            (json!(i64::MAX), i64::MAX - MARGIN_SECONDS),
            (json!(i64::MIN.to_string()), i64::MIN + 940),
        ] {
            assert_eq!(kept_until(1000, &expires_in), until, "{expires_in}");
        }
        let granted: Granted = serde_json::from_value(json!({"access_token": "once"})).unwrap();
        assert!(kept_until(1000, &granted.expires_in) < 1000, "it serves once");
    }
}
