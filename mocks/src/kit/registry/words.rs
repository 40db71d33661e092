//! Free strings of the standard that everybody spells a little differently: `spdci-common:RegistryEventType:LiveBirth`.

/// A namespaced word as it is compared: what stands behind the last colon, small letters and digits only.
pub(super) fn word(text: &str) -> String {
    let bare = text.rsplit(':').next().unwrap_or(text);
    bare.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_case_and_joints_do_not_matter() {
        for text in ["spdci-common:RegistryEventType:LiveBirth", "live_birth", "Live-Birth"] {
            assert_eq!(word(text), "livebirth");
        }
    }
}
