//! One operation of a system: a method on a path, in words, with examples that work (OpenAPI 3.1.1, "Operation Object").

use std::borrow::Cow;

use actix_web::http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

/// Says what a route is for, in a few words for the list: `says("Sends a text message")`.
pub fn says(summary: &'static str) -> Operation {
    Operation {
        summary,
        method: Method::GET,
        path: String::new(),
        more: Cow::Borrowed(""),
        tag: "",
        token: None,
        parts: Vec::new(),
        takes: None,
        gives: Vec::new(),
        after: None,
    }
}

/// A method on a path, and what is known of it.
#[derive(Debug, Clone)]
pub struct Operation {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) summary: &'static str,
    pub(super) more: Cow<'static, str>,
    pub(super) tag: &'static str,
    pub(super) token: Option<Token>,
    pub(super) parts: Vec<Part>,
    pub(super) takes: Option<Body>,
    pub(super) gives: Vec<(u16, Body)>,
    pub(super) after: Option<&'static str>,
}

/// Where a bearer token comes from. The client is `demo`, and so is its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Token {
    /// From the country's gateway.
    Country,
    /// From the country's gateway; only a strict room insists on it.
    Strict,
    /// From this path of the system itself, which always insists on it.
    Own(&'static str),
}

/// A part of a request beside its body: of the path, of the query, or a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub(super) place: &'static str,
    pub(super) name: &'static str,
    pub(super) example: Cow<'static, str>,
    pub(super) needed: bool,
}

impl Part {
    /// A header that must be sent.
    pub const fn header(name: &'static str, example: &'static str) -> Self {
        Self { place: "header", name, example: Cow::Borrowed(example), needed: true }
    }

    /// Something after the `?` that may be left out; an empty example leaves it out.
    pub const fn query(name: &'static str, example: &'static str) -> Self {
        Self { place: "query", name, example: Cow::Borrowed(example), needed: false }
    }

    /// A value for a name in the path.
    pub const fn path(name: &'static str, example: &'static str) -> Self {
        Self { place: "path", name, example: Cow::Borrowed(example), needed: true }
    }
}

/// What a request or an answer carries.
#[derive(Clone)]
pub(super) struct Body {
    pub(super) media: &'static str,
    pub(super) example: Option<Value>,
    pub(super) schema: fn(&mut SchemaGenerator) -> Schema,
    pub(super) words: &'static str,
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Body({})", self.media)
    }
}

impl Operation {
    /// Where it was laid.
    pub(super) fn at(mut self, method: Method, path: &str) -> Self {
        (self.method, self.path) = (method, plain(path));
        self
    }

    /// More than the summary: which section of which standard, what is peculiar.
    #[must_use]
    pub fn more(mut self, more: impl Into<Cow<'static, str>>) -> Self {
        self.more = more.into();
        self
    }

    /// The chapter that it stands in.
    #[must_use]
    pub fn tag(mut self, tag: &'static str) -> Self {
        self.tag = tag;
        self
    }

    /// It takes a bearer token.
    #[must_use]
    pub fn with(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    /// A value for a name in the path. A name that nobody gives a value is described as a word.
    #[must_use]
    pub fn path(self, name: &'static str, example: impl Into<Cow<'static, str>>) -> Self {
        self.part(Part { example: example.into(), ..Part::path(name, "") })
    }

    /// Something after the `?` that may be left out; an empty example leaves it out.
    #[must_use]
    pub fn query(self, name: &'static str, example: impl Into<Cow<'static, str>>) -> Self {
        self.part(Part { example: example.into(), ..Part::query(name, "") })
    }

    /// Something after the `?` that must be there.
    #[must_use]
    pub fn asks(self, name: &'static str, example: impl Into<Cow<'static, str>>) -> Self {
        self.part(Part { needed: true, example: example.into(), ..Part::query(name, "") })
    }

    /// A header that must be sent.
    #[must_use]
    pub fn header(self, name: &'static str, example: impl Into<Cow<'static, str>>) -> Self {
        self.part(Part { example: example.into(), ..Part::header(name, "") })
    }

    fn part(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    /// It takes these parts beside the body.
    #[must_use]
    pub fn parts(mut self, parts: &[Part]) -> Self {
        self.parts.extend_from_slice(parts);
        self
    }

    /// It takes JSON of this type; `example` works as it stands against a fresh country, unless [`Self::after`] says
    /// what it needs.
    #[must_use]
    pub fn takes<T: JsonSchema>(self, example: Value) -> Self {
        self.takes_as::<T>("application/json", example)
    }

    /// It takes a body of another media type.
    #[must_use]
    pub fn takes_as<T: JsonSchema>(mut self, media: &'static str, example: Value) -> Self {
        let schema = |generator: &mut SchemaGenerator| generator.subschema_for::<T>();
        self.takes = Some(Body { media, example: Some(example), schema, words: "" });
        self
    }

    /// It answers with JSON of this type. The first answer named is the one that the example gets.
    #[must_use]
    pub fn gives<T: JsonSchema>(self, status: u16, words: &'static str) -> Self {
        self.gives_as::<T>(status, "application/json", words)
    }

    /// It answers with a body of another media type.
    #[must_use]
    pub fn gives_as<T: JsonSchema>(
        mut self,
        status: u16,
        media: &'static str,
        words: &'static str,
    ) -> Self {
        let schema = |generator: &mut SchemaGenerator| generator.subschema_for::<T>();
        self.gives.push((status, Body { media, example: None, schema, words }));
        self
    }

    /// It answers with a page for people.
    #[must_use]
    pub fn gives_page(self, status: u16, words: &'static str) -> Self {
        self.gives_as::<String>(status, "text/html", words)
    }

    /// It answers with a status and no body.
    #[must_use]
    pub fn gives_nothing(mut self, status: u16, words: &'static str) -> Self {
        let schema = |_: &mut SchemaGenerator| Schema::from(true);
        self.gives.push((status, Body { media: "", example: None, schema, words }));
        self
    }

    /// The example works only after something else has happened: what, in a few words.
    #[must_use]
    pub fn after(mut self, what: &'static str) -> Self {
        self.after = Some(what);
        self
    }

    /// The status that the example is answered with.
    pub fn first_status(&self) -> u16 {
        self.gives.first().map_or(200, |(status, _)| *status)
    }

    /// Method, path with query, headers, and the example's body with its media type: what a client sends that changes
    /// nothing of the example.
    pub fn sample(&self) -> Sample<'_> {
        let of = |place: &'static str| self.parts.iter().filter(move |part| part.place == place);
        let filled = of("path").fold(self.path.clone(), |path, part| {
            path.replace(&format!("{{{}}}", part.name), &part.example)
        });
        let asked: Vec<_> = of("query")
            .filter(|part| !part.example.is_empty())
            .map(|part| format!("{}={}", part.name, part.example.replace(' ', "%20")))
            .collect();
        let mark = if asked.is_empty() { "" } else { "?" };
        let path = format!("{filled}{mark}{}", asked.join("&"));
        Sample {
            method: &self.method,
            path,
            headers: of("header").map(|part| (part.name, &*part.example)).collect(),
            body: self.takes.as_ref().and_then(|b| Some((b.media, b.example.as_ref()?))),
            token: self.token,
            needs: self.after,
        }
    }
}

/// `/files/{rest:.*}` is `/files/{rest}` in a description.
fn plain(path: &str) -> String {
    let mut pieces = path.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |plain, piece| {
        let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
        let name = name.split(':').next().unwrap_or_default();
        format!("{plain}{{{name}}}{rest}")
    })
}

/// An example, ready to be sent.
#[derive(Debug)]
pub struct Sample<'a> {
    pub method: &'a Method,
    pub path: String,
    pub headers: Vec<(&'static str, &'a str)>,
    pub body: Option<(&'static str, &'a Value)>,
    pub token: Option<Token>,
    /// What must have happened before; such an example is not sent to a fresh country.
    pub needs: Option<&'static str>,
}
