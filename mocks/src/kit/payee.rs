//! How the country names a payee: `uin:6580954839@arenoa` for somebody with a UIN, and an id of its source's own for
//! everybody else. Every system that speaks of payees says it so, and one person is one payee everywhere.

use standards::ids::verhoeff;

/// The id of a payee whom `source` calls `payee`. An id that names its issuer already stays as it is.
pub fn id_of(payee: &str, source: &str) -> String {
    if payee.contains('@') {
        return payee.to_owned();
    }
    if payee.len() == 10 && verhoeff::is_valid(payee) {
        return format!("uin:{payee}@arenoa");
    }
    format!("functional:{payee}@{source}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uin_is_one_person_everywhere_and_another_id_its_source_s_own() {
        assert_eq!(id_of("A-1", "SOCIAL"), "functional:A-1@SOCIAL");
        assert_eq!(id_of("vid:5@nid", "SOCIAL"), "vid:5@nid");
    }
}
