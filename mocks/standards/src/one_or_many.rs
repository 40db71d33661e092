//! Lists that some senders write as a single value, as `null` or as an empty string: read as the list they mean.

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    Deserialize, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use std::fmt;
use std::marker::PhantomData;

/// Reads a list, or a single value as a list of one. Unlike an untagged enum it keeps the path of an error inside.
pub(crate) fn read<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_any(OneOrMany(PhantomData))
}

struct OneOrMany<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMany<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E: Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Vec<T>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Vec<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(|one| vec![one])
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        if text.is_empty() {
            Ok(Vec::new())
        } else {
            T::deserialize(text.into_deserializer()).map(|one| vec![one])
        }
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Vec<T>, E> {
        T::deserialize(value.into_deserializer()).map(|one| vec![one])
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Vec<T>, E> {
        T::deserialize(number.into_deserializer()).map(|one| vec![one])
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Vec<T>, E> {
        T::deserialize(number.into_deserializer()).map(|one| vec![one])
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Vec<T>, E> {
        T::deserialize(number.into_deserializer()).map(|one| vec![one])
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Holder {
        #[serde(deserialize_with = "super::read")]
        list: Vec<String>,
    }

    #[test]
    fn one_value_none_and_several_are_all_lists() {
        let list = |json: &str| serde_json::from_str::<Holder>(json).map(|holder| holder.list);
        assert_eq!(list(r#"{"list": "a"}"#).unwrap(), ["a"]);
        assert_eq!(list(r#"{"list": ["a", "b"]}"#).unwrap(), ["a", "b"]);
        assert!(list(r#"{"list": null}"#).unwrap().is_empty());
        assert!(list(r#"{"list": ""}"#).unwrap().is_empty());
        assert!(list(r#"{"list": 5}"#).is_err());
    }

    #[test]
    fn an_error_inside_keeps_its_path() {
        let error = crate::dci::read::<Holder>(br#"{"list": ["a", 5]}"#).unwrap_err();
        assert_eq!(error.path, "list[1]");
    }
}
