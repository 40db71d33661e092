//! Lists that stand where an object is due: `serde` reads `["XTS", "1"]` as an object of two members, and the text does not.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::dci::Malformed;

/// Elements that are objects, by their names.
const OBJECTS: [&str; 18] = [
    "amount",
    "complexName",
    "errorInformation",
    "extensionList",
    "fees",
    "geoCode",
    "party",
    "partyId",
    "partyIdInfo",
    "payee",
    "payeeFspCommission",
    "payeeFspFee",
    "payeeReceiveAmount",
    "payer",
    "personalInfo",
    "refundInfo",
    "transactionType",
    "transferAmount",
];

/// Refuses the first list that stands for an object, in a body that is well-formed JSON. A message itself is an object, and
/// so is what a list holds, unless it is text.
pub(super) fn check(body: &[u8]) -> Result<(), Malformed> {
    let found = RefCell::new(None);
    let message = Element { above: None, name: Name::Message, found: &found };
    // Whether it is well-formed is said where it is read.
    drop(message.deserialize(&mut serde_json::Deserializer::from_slice(body)));
    found.into_inner().map_or(Ok(()), Err)
}

#[derive(Clone, Copy)]
enum Name<'a> {
    Message,
    Member(&'a str),
    Place(usize),
}

/// An element of a message, and where it stands.
#[derive(Clone, Copy)]
struct Element<'a> {
    above: Option<&'a Self>,
    name: Name<'a>,
    found: &'a RefCell<Option<Malformed>>,
}

impl Element<'_> {
    fn is_object(&self) -> bool {
        match self.name {
            Name::Member(name) => OBJECTS.contains(&name),
            Name::Message | Name::Place(_) => true,
        }
    }

    fn path(&self) -> String {
        let above = self.above.map(Element::path).unwrap_or_default();
        match self.name {
            Name::Message => above,
            Name::Member(name) if above.is_empty() => name.to_owned(),
            Name::Member(name) => format!("{above}.{name}"),
            Name::Place(place) => format!("{above}[{place}]"),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Element<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if self.is_object() {
            let sentence = String::from("write an object, not a list");
            self.found.replace(Some(Malformed { path: self.path(), sentence }));
            return Err(A::Error::custom("a list for an object"));
        }
        let mut place = 0;
        let inside = |place| Element { above: Some(&self), name: Name::Place(place), ..self };
        while list.next_element_seed(inside(place))?.is_some() {
            place += 1;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            let name = Name::Member(&name);
            members.next_value_seed(Element { above: Some(&self), name, ..self })?;
        }
        Ok(())
    }
}
