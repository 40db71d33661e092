//! Addresses as people type them at the command line.

use super::Failure;

/// The address of a running country, without a slash at its end; an error says what would have been right.
pub(super) fn country_at(address: &str) -> Result<String, Failure> {
    web_address(address, "--at", "http://127.0.0.1:8080")
}

/// An address of a web server, without a slash at its end. `option` is where it was given.
pub(super) fn web_address(address: &str, option: &str, example: &str) -> Result<String, Failure> {
    let trimmed = address.trim_end_matches('/');
    let complete = ["http://", "https://"].iter().any(|scheme| {
        trimmed
            .strip_prefix(scheme)
            .is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', ':']))
    });
    if complete {
        return Ok(trimmed.to_owned());
    }
    // A host with a port is an address without its beginning; a word alone may be anything.
    let host = trimmed.split('/').next().unwrap_or_default();
    let has_port = host.rsplit_once(':').is_some_and(|(name, port)| {
        !name.is_empty() && !port.is_empty() && port.chars().all(|c| c.is_ascii_digit())
    });
    let right = if has_port { format!("http://{trimmed}") } else { example.to_owned() };
    Err(Failure::Usage(format!("{option}: `{address}` is no web address; write {right}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str) -> String {
        match country_at(address) {
            Err(Failure::Usage(sentence)) => sentence,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_address_without_its_beginning_is_told_how_to_write_it() {
        assert!(refused("localhost:7000").ends_with("write http://localhost:7000"));
        assert!(refused("foo").ends_with("write http://127.0.0.1:8080"));
        assert!(refused("http://").contains("no web address"));
    }

    #[test]
    fn a_slash_at_the_end_does_not_matter() {
        assert_eq!(country_at("http://127.0.0.1:8080/").unwrap(), "http://127.0.0.1:8080");
    }
}
