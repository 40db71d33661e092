//! Whose keys are meant, and where they are published.

use std::time::Duration;

use http::Method;
use url::Url;

use super::{NoKey, OURS, part_of};
use crate::kit::courier::Letter;
use crate::kit::room::Room;

/// A longer set is not read, and one that takes longer to come is not waited for.
const LONGEST_SET: usize = 256 * 1024;
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Below this path of its host `OpenSPP2` publishes its keys, wherever it wants to be answered.
const OPENSPP2: &str = "/dci_api/v1";
/// So many parts of a path are tried as the place where keys are.
const MOST_PARTS: usize = 4;

/// Whose keys are meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// A part of the cast, whoever plays it.
    Part(String),
    /// Somebody who names himself by an address.
    Address(String),
}

impl Owner {
    /// Who `sender_id` is: `programme-office.arenoa` is a part of the cast, a URL is itself.
    pub fn of(room: &Room, sender_id: &str) -> Result<Self, NoKey> {
        if sender_id.starts_with("http://") || sender_id.starts_with("https://") {
            return Ok(Self::Address(sender_id.trim_end_matches('/').into()));
        }
        let part = part_of(sender_id);
        match room.base_of(&part) {
            Some(_) => Ok(Self::Part(part)),
            None => Err(NoKey::UnknownOwner(sender_id.into())),
        }
    }

    /// Whose keys `sender_id` signs with: its own as [`Owner::of`] finds it, and of a plain name that nobody here bears, those
    /// of whoever is at the origin of `sender_uri`, or below a path of that origin that `sender_uri` begins with.
    pub fn signing(
        room: &Room,
        sender_id: &str,
        sender_uri: Option<&str>,
    ) -> Result<Vec<Self>, NoKey> {
        let own = Self::of(room, sender_id).map(|owner| vec![owner]);
        own.or_else(|unknown| {
            let name = sender_id.trim();
            let is_strange = !name.is_empty() && !name.ends_with(OURS);
            let places = sender_uri.filter(|_| is_strange).and_then(places);
            places.map(|all| all.into_iter().map(Self::Address).collect()).ok_or(unknown)
        })
    }

    /// Asks for the owner's keys. `query` says which; a stranger is asked for all, because another may not know the word.
    pub(super) fn letter(&self, query: &str) -> Letter {
        const PATH: &str = "/.well-known/jwks.json";
        let letter = match self {
            Self::Part(part) if query.is_empty() => Letter::get(part, PATH),
            Self::Part(part) => Letter::get(part, format!("{PATH}?{query}")),
            Self::Address(base) => {
                Letter::to_address(Method::GET, &format!("{base}{PATH}")).route(PATH)
            }
        };
        letter.bounded(LONGEST_SET, LONGEST_WAIT)
    }

    pub(super) fn base(&self, room: &Room) -> Option<String> {
        match self {
            Self::Part(part) => room.base_of(part),
            Self::Address(base) => Some(base.clone()),
        }
    }

    /// Whether it is a system of this program, which keeps its keys.
    pub(super) fn is_ours(&self, room: &Room) -> bool {
        matches!(self, Self::Part(part) if !room.is_guest(part))
    }

    /// What the owner is called in sentences.
    pub fn name(&self) -> &str {
        let (Self::Part(name) | Self::Address(name)) = self;
        name
    }
}

/// Where the keys of a sender that is answered at `address` may be published: at its origin, then below each part of its path.
fn places(address: &str) -> Option<Vec<String>> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let origin = url.origin().ascii_serialization();
    let mut places = vec![origin.clone()];
    let parts = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty());
    for part in parts.take(MOST_PARTS) {
        let before = places.last().unwrap_or(&origin);
        places.push(format!("{before}/{part}"));
    }
    let openspp2 = format!("{origin}{OPENSPP2}");
    if !places.contains(&openspp2) {
        places.push(openspp2);
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn keys_are_looked_for_at_the_origin_and_below_each_part_of_the_path() {
        let at = |address: &str| places(address).unwrap_or_default().join(" ");
        assert_eq!(
            at("https://spp.example/api/dci/callback?of=1"),
            "https://spp.example https://spp.example/api https://spp.example/api/dci \
             https://spp.example/api/dci/callback https://spp.example/dci_api/v1"
        );
        assert_eq!(
            at("http://spp.example:80/dci_api/v1/"),
            "http://spp.example http://spp.example/dci_api http://spp.example/dci_api/v1"
        );
        assert_eq!(at("mailto:spp@example"), "");
    }
}
