//! A file beside the one in force: who changes a programme gives it another version, because decisions name the version
//! that they were made by.

use std::collections::BTreeMap;

use serde_json::Value;

use super::check::at;
use super::{Programmes, Wrong};

impl Programmes {
    /// That each programme of this file, written as `text`, that is not as in `before` has a higher version.
    pub(in crate::programme_office) fn follows(
        &self,
        text: &str,
        before: &str,
    ) -> Result<(), Wrong> {
        let (now, then) = (written(text), written(before));
        for programme in &self.programmes {
            let code = programme.code();
            let (Some(new), Some(old)) = (now.get(code), then.get(code)) else { continue };
            let (version, known) = (programme.version(), old["version"].as_u64().unwrap_or(0));
            if u64::from(version) > known || without_version(new) == without_version(old) {
                continue;
            }
            let what = format!(
                "`version` of {code} is {version}, but {code} has changed since version {known}: write {}",
                known + 1
            );
            return Err(at(programme.version.referenced, what));
        }
        Ok(())
    }

    /// The codes of the programmes of `text` that are not as in `before`, or are in one of them only.
    pub(in crate::programme_office) fn changed(text: &str, before: &str) -> Vec<String> {
        let (now, then) = (written(text), written(before));
        let same = |code: &String| {
            let both = now.get(code).zip(then.get(code));
            both.is_some_and(|(new, old)| without_version(new) == without_version(old))
        };
        let mut codes: Vec<String> =
            now.keys().chain(then.keys()).filter(|code| !same(code)).cloned().collect();
        codes.sort();
        codes.dedup();
        codes
    }
}

/// The programmes as they are written, by code.
fn written(text: &str) -> BTreeMap<String, Value> {
    let file: Value = serde_saphyr::from_str(text).unwrap_or_default();
    let programmes = file["programmes"].as_array().cloned().unwrap_or_default();
    let named = |p: Value| Some((p["code"].as_str()?.to_owned(), p));
    programmes.into_iter().filter_map(named).collect()
}

fn without_version(programme: &Value) -> Value {
    let mut rest = programme.clone();
    if let Some(members) = rest.as_object_mut() {
        members.remove("version");
    }
    rest
}
