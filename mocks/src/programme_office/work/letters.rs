//! What the office writes to people: `letters.yaml`, in the language of whoever reads it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::programme_office::model::amounts;
use crate::programme_office::model::application::Application;
use crate::programme_office::model::decisions::Decision;
use crate::programme_office::model::payment::Payment;
use crate::programme_office::model::programmes::{Programmes, Reason};

const TEXTS: &str = include_str!("../letters.yaml");

type Texts = BTreeMap<String, BTreeMap<String, String>>;

/// What there is to tell.
#[derive(Debug, Clone, Copy)]
pub(in crate::programme_office) enum News<'a> {
    Paid(&'a Payment),
    Held,
    Failed,
    /// Refused, by this decision; by an officer where there is none.
    Rejected(Option<&'a Decision>),
    Review,
}

/// The text message that tells `news`; empty where the language file lacks it, which a test rules out.
pub(in crate::programme_office) fn write(
    programmes: &Programmes,
    application: &Application,
    news: News<'_>,
) -> String {
    let language = application.language.as_str();
    let name = |code: &str| {
        programmes.find(code).map_or_else(|_| code.to_owned(), |p| p.name(language).to_owned())
    };
    let template = match news {
        News::Paid(_) => text("paid", language),
        News::Held => text("held", language),
        News::Failed => text("failed", language),
        News::Rejected(_) => text("rejected", language),
        News::Review => text("review", language),
    };
    let mut letter = template.replace("{programme}", &name(&application.programme));
    if let News::Paid(payment) = news {
        letter = letter
            .replace("{amount}", &amounts::plain(payment.amount_cents))
            .replace("{currency}", &payment.currency)
            .replace("{cycle}", &payment.cycle);
    }
    if let News::Rejected(decision) = news {
        let key = match decision.and_then(|d| d.reason) {
            Some(Reason::Age) => "age",
            Some(Reason::TooOld) => "too_old",
            Some(Reason::Residence) => "residence",
            Some(Reason::OtherBenefit) => "other_benefit",
            Some(Reason::Income) => "income",
            Some(Reason::Duplicate) => "duplicate",
            Some(Reason::Member) => "member",
            Some(Reason::Record) | None => "record",
        };
        let other = decision.and_then(|d| d.other.as_deref()).map(name).unwrap_or_default();
        letter = letter.replace("{reason}", &text(key, language).replace("{other}", &other));
    }
    letter
}

fn text(key: &str, language: &str) -> &'static str {
    static READ: OnceLock<Texts> = OnceLock::new();
    let texts = READ.get_or_init(|| {
        serde_saphyr::from_str(TEXTS).unwrap_or_else(|error| {
            tracing::error!(%error, "letters.yaml cannot be read");
            Texts::new()
        })
    });
    let Some(languages) = texts.get(key) else { return "" };
    languages.get(language).or_else(|| languages.get("en")).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_there_in_five_languages() {
        let texts: Texts = serde_saphyr::from_str(TEXTS).unwrap();
        let keys = ["paid", "held", "failed", "rejected", "review", "age", "too_old", "residence"];
        for key in keys.iter().chain(&["other_benefit", "income", "duplicate", "member", "record"])
        {
            for language in ["en", "fr", "es", "ar", "pt"] {
                let letter = &texts[*key][language];
                assert!(letter.chars().count() > 10, "{key} in {language}");
            }
        }
    }

    #[test]
    fn no_refusal_names_an_amount() {
        let texts: Texts = serde_saphyr::from_str(TEXTS).unwrap();
        for letter in texts["rejected"].values().chain(texts["other_benefit"].values()) {
            assert!(!letter.contains("{amount}"), "{letter}");
        }
    }
}
