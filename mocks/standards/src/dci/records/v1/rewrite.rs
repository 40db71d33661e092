//! Small changes to a JSON object: another name for a member, a list for a value, a value for a list.

use serde_json::{Map, Value};

pub(super) type Members = Map<String, Value>;

/// Gives a member another name. A member that bears that name already is the better known one and stays.
pub(super) fn rename(members: &mut Members, from: &str, to: &str) {
    if let Some(value) = members.remove(from) {
        members.entry(to).or_insert(value);
    }
}

/// A list becomes its first value; an empty one disappears.
pub(super) fn first(members: &mut Members, name: &str) {
    if let Some(Value::Array(items)) = members.get_mut(name) {
        if items.is_empty() {
            members.remove(name);
        } else {
            let only = items.swap_remove(0);
            members.insert(name.to_owned(), only);
        }
    }
}

/// A value becomes a list of one.
pub(super) fn list(members: &mut Members, name: &str) {
    if let Some(value) = members.get_mut(name)
        && !value.is_array()
    {
        *value = Value::Array(vec![value.take()]);
    }
}

/// The object in a member, to change it.
pub(super) fn object<'a>(members: &'a mut Members, name: &str) -> Option<&'a mut Members> {
    members.get_mut(name).and_then(Value::as_object_mut)
}

/// The objects in a member, whether it is one or a list.
pub(super) fn objects<'a>(members: &'a mut Members, name: &str) -> Vec<&'a mut Members> {
    match members.get_mut(name) {
        Some(Value::Object(one)) => vec![one],
        Some(Value::Array(items)) => items.iter_mut().filter_map(Value::as_object_mut).collect(),
        _ => Vec::new(),
    }
}
