//! The words of the pages: one Fluent file a language in `web/texts`, looked up by key. A key that a language lacks is read
//! from English, and a test finds it; only what others call things in English may be missing: authors of stories and
//! programmes (`family-`, `decision-`), the cast (`cast-`) and the statistics (`indicator-`). What systems say in their own
//! words stays as they say it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

/// The language that every key exists in.
pub const ENGLISH: &str = "en";

/// The files of words, in the program itself.
#[derive(RustEmbed)]
#[folder = "texts"]
struct Files;

/// The words of one language.
pub struct Texts {
    code: String,
    bundle: FluentBundle<FluentResource>,
    keys: Vec<String>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Texts({})", self.code)
    }
}

/// All languages there are, by code. Built once; the files are part of the program.
static ALL: LazyLock<BTreeMap<String, Texts>> = LazyLock::new(|| {
    let read = |file: std::borrow::Cow<'static, str>| {
        let code = file.strip_suffix(".ftl")?.to_owned();
        let data = Files::get(&file)?.data;
        match Texts::parse(&code, &String::from_utf8_lossy(&data)) {
            Ok(texts) => Some((code, texts)),
            Err(why) => {
                tracing::error!(file = %file, %why, "a file of words cannot be read");
                None
            }
        }
    };
    Files::iter().filter_map(read).collect()
});

/// The words in the first of these languages that there is, English where there is none.
pub fn in_language(code: &str) -> &'static Texts {
    let short = code.split(['-', '_']).next().unwrap_or(code);
    // English is embedded with the program and a test reads it, so that the last resort always exists.
    ALL.get(code)
        .or_else(|| ALL.get(short))
        .or_else(|| ALL.get(ENGLISH))
        .unwrap_or_else(|| unreachable!("web/texts/en.ftl is part of the program"))
}

/// The languages there are: code and own name.
pub fn languages() -> Vec<(&'static str, String)> {
    ALL.values().map(|t| (t.code.as_str(), t.get("language-name"))).collect()
}

/// Chooses a language by the wish of a cookie, else by the header `Accept-Language`, in the order it was sent.
pub fn choose(cookie: Option<&str>, accept: &str) -> &'static Texts {
    let spoken = |wish: &str| {
        let short = wish.split('-').next().unwrap_or(wish).trim();
        ALL.contains_key(short).then(|| in_language(short))
    };
    cookie
        .and_then(spoken)
        .or_else(|| accept.split(',').find_map(|part| spoken(part.split(';').next().unwrap_or(""))))
        .unwrap_or_else(|| in_language(ENGLISH))
}

impl Texts {
    fn parse(code: &str, source: &str) -> Result<Self, String> {
        let language: LanguageIdentifier = code.parse().map_err(|e| format!("`{code}`: {e}"))?;
        let resource = FluentResource::try_new(source.into())
            .map_err(|(_, errors)| format!("{code}.ftl: {errors:?}"))?;
        let keys = keys_of(source);
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Values stand in HTML that sets its own direction; the invisible isolation marks would only break searching.
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).map_err(|errors| format!("{code}.ftl: {errors:?}"))?;
        Ok(Self { code: code.into(), bundle, keys })
    }

    /// The language's code: `en`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The direction of the script.
    pub fn direction(&self) -> &'static str {
        if matches!(self.code.as_str(), "ar" | "he" | "fa" | "ur") { "rtl" } else { "ltr" }
    }

    /// The words under `key`. A key that does not exist shows itself, and a test finds it.
    pub fn get(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The words under `key`, with values put in.
    pub fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, *value);
        }
        self.fill(key, &args)
    }

    fn fill(&self, key: &str, args: &FluentArgs<'_>) -> String {
        if let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) {
            let mut errors = Vec::new();
            return self.bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        }
        if self.code == ENGLISH { key.to_owned() } else { in_language(ENGLISH).fill(key, args) }
    }

    /// The words under `key`, with one value put in; what templates mostly need.
    pub fn one(&self, key: &str, name: &str, value: impl std::fmt::Display) -> String {
        self.with(key, &[(name, &value.to_string())])
    }

    /// The words under `key` for so many of something: `{ $n }` is the number as the language writes it, and
    /// `{ $count -> [one] ... *[other] ... }` chooses the words that go with it.
    pub fn count(&self, key: &str, count: impl TryInto<i64>) -> String {
        let count = count.try_into().unwrap_or(i64::MAX);
        let mut args = FluentArgs::new();
        args.set("n", self.number(count));
        args.set("count", count);
        self.fill(key, &args)
    }

    /// The words under `key`, where the language has them.
    pub fn find(&self, key: &str) -> Option<String> {
        self.bundle.has_message(key).then(|| self.get(key))
    }

    /// A whole number as the language writes it: `20,000`, `20 000`.
    pub fn number(&self, number: impl TryInto<i64>) -> String {
        let number = number.try_into().unwrap_or(i64::MAX);
        let digits = number.unsigned_abs().to_string();
        let mut text = String::from(if number < 0 { "−" } else { "" });
        for (index, digit) in digits.char_indices() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text += &self.get("number-thousands");
            }
            text.push(digit);
        }
        text
    }

    /// Money of so many cents: `97,800`, or `97,800.50` where there are any.
    pub fn money(&self, cents: i64) -> String {
        let sign = if cents < 0 { "−" } else { "" };
        let whole = self.number(cents.unsigned_abs() / 100);
        match cents.unsigned_abs() % 100 {
            0 => format!("{sign}{whole}"),
            rest => format!("{sign}{whole}{}{rest:02}", self.get("number-decimal")),
        }
    }

    /// A number with so many digits after the decimal sign: `0.03`.
    pub fn decimal(&self, number: f64, digits: usize) -> String {
        format!("{number:.digits$}").replace('.', &self.get("number-decimal"))
    }

    /// What the scripts of a page are given: every `js-` key, with `{n}` where a value goes.
    pub fn for_scripts(&self) -> BTreeMap<String, String> {
        const PLACES: [(&str, &str); 7] = [
            ("n", "{n}"),
            ("m", "{m}"),
            ("time", "{time}"),
            ("title", "{title}"),
            ("spec", "{spec}"),
            ("who", "{who}"),
            ("words", "{words}"),
        ];
        let all = in_language(ENGLISH).keys.iter().filter(|key| key.starts_with("js-"));
        all.map(|key| (key.clone(), self.with(key, &PLACES))).collect()
    }

    /// Every key of this language.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }
}

/// The keys that a file defines: a line that begins with a letter and has an equals sign.
fn keys_of(source: &str) -> Vec<String> {
    let defines = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
    let key = |line: &str| Some(line.split_once('=')?.0.trim().to_owned());
    source.lines().filter(defines).filter_map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_put_in_without_invisible_marks() {
        let texts = in_language("en");
        assert_eq!(texts.with("stage-step-of", &[("n", "3"), ("m", "13")]), "Step 3 of 13");
    }

    #[test]
    fn numbers_are_written_as_the_language_writes_them() {
        let english = in_language("en");
        let written = [0, 999, 20_000, 1_000_000, -1_234].map(|n| english.number(n));
        assert_eq!(written, ["0", "999", "20,000", "1,000,000", "−1,234"]);
        assert_eq!(english.money(9_780_050), "97,800.50");
        assert_eq!((english.money(150), english.money(-300_000)), ("1.50".into(), "−3,000".into()));
        assert_eq!(english.money(-50), "−0.50");
        assert_eq!(english.decimal(0.034, 2), "0.03");
        let others = ["fr", "es", "pt", "ar"].map(|code| in_language(code).money(9_780_050));
        let wide = "97\u{a0}800,50";
        assert_eq!(others, ["97\u{202f}800,50", wide, wide, "97,800.50"]);
    }

    #[test]
    fn words_go_with_the_number_of_what_they_count() {
        let said = |code: &str, count: i64| in_language(code).count("rooms-messages", count);
        assert_eq!([1, 92_000].map(|n| said("en", n)), ["1 message", "92,000 messages"]);
        assert_eq!([0, 1, 2].map(|n| said("fr", n)), ["0 message", "1 message", "2 messages"]);
        assert_eq!(
            [1, 2].map(|n| in_language("es").count("home-rooms", n)),
            ["sala abierta", "salas abiertas"]
        );
    }

    #[test]
    fn a_cookie_wins_over_the_browser_and_an_unknown_language_falls_back_to_english() {
        assert_eq!(choose(Some("en"), "xx").code(), "en");
        assert_eq!(choose(Some("xx"), "yy;q=0.9, en-GB;q=0.8").code(), "en");
        assert_eq!(choose(None, "").code(), "en");
    }

    #[test]
    fn scripts_get_places_for_their_values() {
        assert_eq!(in_language("en").for_scripts()["js-seconds"], "{n} s");
        assert_eq!(in_language("en").for_scripts()["js-says"], "{who}: {words}");
        for texts in ALL.values() {
            let mut words = texts.for_scripts().into_iter();
            let unfilled = words.find(|(_, words)| words.contains("{$"));
            assert_eq!(unfilled, None, "{}.ftl", texts.code);
        }
    }

    #[test]
    fn every_language_names_every_system() {
        for texts in ALL.values().filter(|texts| texts.code != ENGLISH) {
            for system in mocks::ALL {
                for key in
                    [format!("system-{}", system.name), format!("system-{}-does", system.name)]
                {
                    assert!(texts.find(&key).is_some(), "{}.ftl lacks {key}", texts.code);
                }
            }
        }
    }

    #[test]
    fn every_language_says_what_to_expect_of_everybody_in_the_cast() {
        let people = mocks::kit::seed::People::generate(42, 0);
        let cast = people.cast_cards();
        for texts in ALL.values().filter(|texts| texts.code != ENGLISH) {
            for card in cast.as_array().into_iter().flatten() {
                let key = format!("cast-{}", card["id"].as_str().unwrap_or_default());
                assert!(texts.find(&key).is_some(), "{}.ftl lacks {key}", texts.code);
            }
        }
    }

    #[test]
    fn every_language_can_be_read_and_has_every_key() {
        assert_eq!(ALL.len(), Files::iter().count(), "a file of words has an error; see the log");
        let english = &in_language(ENGLISH).keys;
        for texts in ALL.values() {
            let missing: Vec<_> = english.iter().filter(|k| !texts.keys.contains(k)).collect();
            assert!(missing.is_empty(), "{}.ftl lacks {missing:?}", texts.code);
        }
    }
}
