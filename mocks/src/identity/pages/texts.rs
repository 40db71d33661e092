//! The texts of the pages, one file a language. A missing or an unknown key is an error that a test finds.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::identity::model::factor::Factor;

/// Code and own name of each language of the country.
pub(in crate::identity) const LANGUAGES: [(&str, &str); 5] = [
    ("en", "English"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ar", "العربية"),
    ("pt", "Português"),
];

const FILES: [(&str, &str); 5] = [
    ("en", include_str!("texts/en.yaml")),
    ("fr", include_str!("texts/fr.yaml")),
    ("es", include_str!("texts/es.yaml")),
    ("ar", include_str!("texts/ar.yaml")),
    ("pt", include_str!("texts/pt.yaml")),
];

/// What the pages say in one language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct Texts {
    pub(in crate::identity) code: String,
    pub(in crate::identity) direction: String,
    pub(in crate::identity) languages: String,
    pub(in crate::identity) sandbox: String,
    pub(in crate::identity) login_title: String,
    pub(in crate::identity) login_lead: String,
    pub(in crate::identity) number_label: String,
    pub(in crate::identity) number_hint: String,
    pub(in crate::identity) send_code: String,
    pub(in crate::identity) sent_to: String,
    pub(in crate::identity) demo_code: String,
    pub(in crate::identity) code_label: String,
    pub(in crate::identity) confirm: String,
    pub(in crate::identity) send_again: String,
    pub(in crate::identity) sms: String,
    way_otp: String,
    way_pin: String,
    way_password: String,
    pub(in crate::identity) other_ways: String,
    pub(in crate::identity) pin_label: String,
    pub(in crate::identity) password_label: String,
    pub(in crate::identity) log_in: String,
    pub(in crate::identity) wrong_secret: String,
    pub(in crate::identity) no_secret: String,
    pub(in crate::identity) other_way: String,
    pub(in crate::identity) way_locked: String,
    pub(in crate::identity) vid_ended: String,
    pub(in crate::identity) unknown_number: String,
    pub(in crate::identity) no_phone: String,
    pub(in crate::identity) not_delivered: String,
    pub(in crate::identity) wrong_code: String,
    pub(in crate::identity) expired_code: String,
    pub(in crate::identity) no_code: String,
    pub(in crate::identity) locked: String,
    pub(in crate::identity) barred_title: String,
    pub(in crate::identity) back: String,
    pub(in crate::identity) blocked: String,
    pub(in crate::identity) deactivated: String,
    pub(in crate::identity) deceased: String,
    pub(in crate::identity) consent_title: String,
    pub(in crate::identity) consent_lead: String,
    pub(in crate::identity) needed: String,
    pub(in crate::identity) optional: String,
    pub(in crate::identity) nothing_asked: String,
    pub(in crate::identity) allow: String,
    pub(in crate::identity) deny: String,
    pub(in crate::identity) consent_note: String,
    pub(in crate::identity) gone_title: String,
    pub(in crate::identity) gone_text: String,
    pub(in crate::identity) error_title: String,
    pub(in crate::identity) error_text: String,
    pub(in crate::identity) id_card: String,
    pub(in crate::identity) birth_certificate: String,
    pub(in crate::identity) no_paper: String,
    pub(in crate::identity) paper_hint: String,
    pub(in crate::identity) issued_on: String,
    pub(in crate::identity) birth_place: String,
    pub(in crate::identity) entry_number: String,
    pub(in crate::identity) registered_on: String,
    pub(in crate::identity) verify_title: String,
    pub(in crate::identity) verify_lead: String,
    pub(in crate::identity) paste_label: String,
    pub(in crate::identity) choose_picture: String,
    pub(in crate::identity) check: String,
    pub(in crate::identity) signature_good: String,
    pub(in crate::identity) signature_bad: String,
    pub(in crate::identity) still_counts: String,
    pub(in crate::identity) registered_dead: String,
    pub(in crate::identity) revoked: String,
    pub(in crate::identity) unknown_paper: String,
    pub(in crate::identity) status_offline: String,
    pub(in crate::identity) no_reader: String,
    pub(in crate::identity) no_code_found: String,
    female: String,
    male: String,
    others: String,
    pub(in crate::identity) audit_title: String,
    pub(in crate::identity) audit_lead: String,
    pub(in crate::identity) told: String,
    pub(in crate::identity) nobody_asked: String,
    pub(in crate::identity) purpose_title: String,
    /// What a registered client does once it knows who somebody is, by its id.
    purposes: BTreeMap<String, String>,
    claims: BTreeMap<String, String>,
}

impl Texts {
    /// What a way of proving who one is is called.
    pub(in crate::identity) fn way(&self, factor: Factor) -> &str {
        match factor {
            Factor::Otp | Factor::Bio => &self.way_otp,
            Factor::Pin => &self.way_pin,
            Factor::Pwd => &self.way_password,
        }
    }

    /// What a sex is called.
    pub(in crate::identity) fn sex(&self, sex: &str) -> &str {
        match sex {
            "female" => &self.female,
            "male" => &self.male,
            _ => &self.others,
        }
    }

    /// What follows where a person says yes to a client; none where the client has not registered it.
    pub(in crate::identity) fn purpose(&self, client: &str) -> Option<&str> {
        self.purposes.get(client).map(String::as_str)
    }

    /// What a claim is called.
    pub(in crate::identity) fn claim<'a>(&'a self, claim: &'a str) -> &'a str {
        self.claims.get(claim).map_or(claim, String::as_str)
    }
}

/// The texts in `language`; English where there are none in it.
pub(in crate::identity) fn of(language: &str) -> &'static Texts {
    let all = all();
    all.get(language).or_else(|| all.get("en")).unwrap_or_else(|| none())
}

fn none() -> &'static Texts {
    static NONE: OnceLock<Texts> = OnceLock::new();
    NONE.get_or_init(Texts::default)
}

fn all() -> &'static BTreeMap<&'static str, Texts> {
    static ALL: OnceLock<BTreeMap<&'static str, Texts>> = OnceLock::new();
    ALL.get_or_init(|| {
        let read = |(code, text): &(&'static str, &str)| match serde_saphyr::from_str(text) {
            Ok(texts) => Some((*code, texts)),
            Err(error) => {
                tracing::error!(code, %error, "a language file of Arenoa ID cannot be read");
                None
            }
        };
        FILES.iter().filter_map(read).collect()
    })
}

/// The first language of ours in `ui_locales` (words) or `Accept-Language`; English where there is none.
pub(in crate::identity) fn language_of(
    ui_locales: &[String],
    accept_language: &str,
) -> &'static str {
    let accepted =
        accept_language.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
    let ours = |tag: &str| {
        let primary = tag.split('-').next().unwrap_or_default();
        LANGUAGES.iter().map(|(code, _)| *code).find(|code| code.eq_ignore_ascii_case(primary))
    };
    ui_locales.iter().map(String::as_str).chain(accepted).find_map(ours).unwrap_or("en")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::model::claims::KNOWN;

    #[test]
    fn every_language_says_everything_and_names_every_claim() {
        for (code, text) in FILES {
            let texts: Texts =
                serde_saphyr::from_str(text).unwrap_or_else(|e| panic!("{code}: {e}"));
            assert_eq!(texts.code, code);
            assert_eq!(texts.direction, if code == "ar" { "rtl" } else { "ltr" });
            let missing: Vec<_> =
                KNOWN.iter().filter(|c| !texts.claims.contains_key(**c)).collect();
            assert!(missing.is_empty(), "{code} does not name {missing:?}");
        }
    }

    #[test]
    fn the_client_chooses_before_the_browser() {
        assert_eq!(language_of(&["xx".into(), "fr-CH".into()], "ar,en"), "fr");
        assert_eq!(language_of(&[], "de, pt-BR;q=0.8, en;q=0.1"), "pt");
        assert_eq!(language_of(&[], ""), "en");
    }
}
