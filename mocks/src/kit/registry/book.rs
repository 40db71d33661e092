//! What a registry tells the engine about itself: record types, what they can be asked by, and which events it tells of.
//!
//! Every record type has a table with `number integer primary key` (the stable order of answers) and what its record is
//! written from: usually ready-made JSON. What can be asked is an indexed column beside them.

use super::words::word;

/// A registry, as the engine knows it.
#[derive(Debug)]
pub struct Registry {
    /// `reg_type` as it is written: `ns:org:RegistryType:Civil`.
    pub reg_type: &'static str,
    /// Other words for it that are read: `CRVS`. The last part of `reg_type` is one by itself.
    pub also: &'static [&'static str],
    /// The record types; the first is answered where none is asked for.
    pub kinds: &'static [&'static Kind],
    /// The events that can be subscribed to.
    pub events: &'static [Event],
    /// What clients of its official mock read beside the standard's answer.
    pub readers: Readers,
}

/// Where the clients of an official mock look for what the standard has elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Where the standard has it.
    Standard,
    /// The first answered item beside `message` (IBR).
    ItemOnTop,
    /// The answer once more inside `message`, with the records below `example` (FR).
    Nested,
    /// A word for the state of a transaction, and a media type that is not plain JSON (ESS).
    Employment,
}

/// A record type.
#[derive(Debug)]
pub struct Kind {
    /// `reg_record_type` as it is written: `spdci-extensions-dci:Person`.
    pub name: &'static str,
    /// Other words for it that are read. The last part of `name` is one by itself.
    pub also: &'static [&'static str],
    /// The table that holds its records.
    pub table: &'static str,
    /// The record as it is answered: an expression of SQL over the line `r` of that table, `r.record` where it is ready-made.
    pub record: &'static str,
    /// What a record can be looked up by with `idtype-value`.
    pub identifiers: &'static [Identifier],
    /// What records can be filtered and sorted by.
    pub attributes: &'static [Attribute],
    /// What queries may write in front of their names.
    pub paths: &'static [Path],
}

/// Where attributes stand inside a record: `personal_details.demographic_info` leads to `sex`, and not to the status.
#[derive(Debug)]
pub struct Path {
    /// What may be written in front, without the last dot.
    pub before: &'static [&'static str],
    /// The attributes that stand there.
    pub leads_to: &'static [&'static str],
}

/// A type of identifier.
#[derive(Debug)]
pub struct Identifier {
    /// `UIN`, `BRN`.
    pub name: &'static str,
    /// Other words for it.
    pub also: &'static [&'static str],
    pub at: At,
}

/// An attribute that queries may name.
#[derive(Debug)]
pub struct Attribute {
    /// `birth_date`; dotted where it stands inside another.
    pub name: &'static str,
    /// Other names for it that are read.
    pub also: &'static [&'static str],
    pub at: At,
    pub holds: Holds,
}

/// An attribute whose value stands in a column of the record's table.
pub const fn column(
    name: &'static str,
    also: &'static [&'static str],
    column: &'static str,
    holds: Holds,
) -> Attribute {
    Attribute { name, also, at: At::Column(column), holds }
}

/// Where a value stands. Names come from the registry's own source, never from a message.
#[derive(Debug, Clone, Copy)]
pub enum At {
    /// In a column of the record's table.
    Column(&'static str),
    /// In `column` of a table that holds several lines a record, whose `owner` is the record's `number`.
    Line { table: &'static str, owner: &'static str, column: &'static str },
    /// In `column` of the one line of a table whose `number` the record has in its column `by`.
    Linked { table: &'static str, by: &'static str, column: &'static str },
}

/// What a column holds, and how a query's value is read for it.
#[derive(Debug, Clone, Copy)]
pub enum Holds {
    /// Text, compared as it is written.
    Text,
    /// A name, kept in lower case and compared so.
    Name,
    Integer,
    Decimal,
    /// A date as `2026-10-01`; a query may give a date-time.
    Date,
    /// A date of which the query gives the year.
    Year,
    /// A birth date of which the query gives the age in whole years, today.
    Age,
    /// 0 or 1.
    YesNo,
    /// A code, which a query may also give by its published name.
    Code(&'static [(&'static str, &'static str)]),
}

/// A kind of event that subscribers are told of.
#[derive(Debug)]
pub struct Event {
    /// `reg_event_type` as it is written: `Death`.
    pub name: &'static str,
    /// Other words for it that are read. Empty `also` and name: none.
    pub also: &'static [&'static str],
    /// The record type that a notice carries.
    pub kind: &'static Kind,
    /// What SQL says of the line `r` of a record that tells of such an event; none where each may.
    pub recorded: Option<&'static str>,
    /// Whether it tells of people who were not in the registry before.
    pub is_entry: bool,
}

/// The event of a subscription to whatever happens, as openIMIS names it.
pub(super) const EVERY: &str = "ALL";

impl Registry {
    /// Whether `text` is a word for this registry.
    pub(super) fn is_called(&self, text: &str) -> bool {
        called(self.reg_type, self.also, text)
    }

    /// The record type that `text` names.
    pub(super) fn kind(&self, text: &str) -> Option<&'static Kind> {
        self.kinds.iter().copied().find(|kind| called(kind.name, kind.also, text))
    }

    /// The event that `text` names.
    pub(in crate::kit) fn event(&self, text: &str) -> Option<&'static Event> {
        self.events.iter().find(|event| called(event.name, event.also, text))
    }

    /// The record types, as a sentence lists them.
    pub(super) fn kind_names(&self) -> String {
        listed(self.kinds.iter().map(|kind| kind.name))
    }

    /// The events, as a sentence lists them.
    pub(super) fn event_names(&self) -> String {
        listed(self.events.iter().map(|event| event.name))
    }
}

impl Event {
    /// Whatever happens to records of a registry whose main type is `kind`: it is never told of by this name.
    pub const fn every(kind: &'static Kind) -> Self {
        Self { name: EVERY, also: &[], kind, recorded: None, is_entry: true }
    }

    /// Whether `text` names the record type that a notice carries.
    pub(super) fn carries(&self, registry: &Registry, text: &str) -> bool {
        registry.kind(text).is_some_and(|kind| kind.name == self.kind.name)
    }
}

impl Kind {
    /// An attribute's or identifier's own name, whatever name of it `text` is.
    pub(super) fn own_name(&self, text: &str) -> Option<&'static str> {
        let identifier = || self.identifiers.iter().find(|id| same(id.name, id.also, text));
        self.described(text).map(|a| a.name).or_else(|| identifier().map(|id| id.name))
    }

    /// The identifier that `text` names.
    pub(super) fn identifier(&self, text: &str) -> Option<&'static Identifier> {
        self.identifiers.iter().find(|id| called(id.name, id.also, text))
    }

    /// Whether the identifier that `text` names is its record's own, and not that of one of several others in it.
    pub(super) fn owns(&self, text: &str) -> bool {
        self.identifier(text).is_some_and(|id| matches!(id.at, At::Column(_)))
    }

    /// Where an attribute stands and what it holds; identifiers are attributes too. A path is read only where it leads to
    /// the attribute: the surname of somebody's caregiver is not that person's own.
    pub(super) fn attribute(&self, text: &str) -> Option<(At, Holds)> {
        self.described(text).map(|a| (a.at, a.holds)).or_else(|| {
            let named = self.identifiers.iter().find(|id| same(id.name, id.also, text));
            named.map(|id| (id.at, Holds::Text))
        })
    }

    fn described(&self, text: &str) -> Option<&'static Attribute> {
        let whole = self.attributes.iter().find(|a| same(a.name, a.also, text));
        whole.or_else(|| self.paths.iter().find_map(|path| self.led(path, text)))
    }

    /// The attribute to which `text` leads by `path`.
    fn led(&self, path: &Path, text: &str) -> Option<&'static Attribute> {
        path.before.iter().find_map(|before| {
            let (head, rest) = text.split_at_checked(before.len())?;
            let rest = rest.strip_prefix('.').filter(|_| head.eq_ignore_ascii_case(before))?;
            let mut there = self.attributes.iter().filter(|a| path.leads_to.contains(&a.name));
            there.find(|a| same(a.name, a.also, rest))
        })
    }

    /// What can be asked by, as a sentence lists it.
    pub(super) fn attribute_names(&self) -> String {
        listed(self.attributes.iter().map(|a| a.name))
    }

    /// What can be looked up by, as a sentence lists it.
    pub(super) fn identifier_names(&self) -> String {
        listed(self.identifiers.iter().map(|id| id.name))
    }
}

fn called(name: &str, also: &[&str], text: &str) -> bool {
    let asked = word(text);
    word(name) == asked || also.iter().any(|other| word(other) == asked)
}

fn same(name: &str, also: &[&str], text: &str) -> bool {
    name.eq_ignore_ascii_case(text) || also.iter().any(|other| other.eq_ignore_ascii_case(text))
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
