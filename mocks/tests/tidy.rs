//! The plan of the house, guarded: budgets, the files of every system, folders against rows against the README table,
//! and words that promise work for later.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const FILE_LINES: usize = 400;
const TEMPLATE_LINES: usize = 150;
const SCRIPT_LINES: usize = 300;
const FILES_OF_A_SYSTEM: [&str; 4] = ["mod.rs", "api", "seed", "tests"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        let skipped = ["target", "node_modules", "vendor", ".git", "arenoa-data"];
        if path.is_dir() && !skipped.contains(&name.as_str()) {
            files(&path, found);
        } else if path.is_file() {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(&root(), &mut found);
    let kinds = ["rs", "html", "js", "mjs", "css", "sql", "sh", "yaml", "toml"];
    let read = |path: PathBuf| {
        let kind = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        let script = path.parent().is_some_and(|p| p.ends_with("scripts"));
        if !kinds.contains(&kind) && !script {
            return None;
        }
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        Some((name, fs::read_to_string(path).ok()?))
    };
    found.into_iter().filter_map(read).collect()
}

#[test]
fn files_stay_within_their_budgets() {
    let budget = |name: &str| match name.rsplit('.').next() {
        Some("rs") => FILE_LINES,
        Some("html") => TEMPLATE_LINES,
        Some("js" | "mjs" | "css") => SCRIPT_LINES,
        _ => usize::MAX,
    };
    let over: Vec<_> = sources()
        .into_iter()
        .map(|(name, text)| (text.lines().count(), name))
        .filter(|(lines, name)| *lines > budget(name))
        .collect();
    assert!(over.is_empty(), "over the budget; split by idea: {over:#?}");
}

#[test]
fn every_system_has_the_files_of_a_system() {
    for system in mocks::ALL {
        let folder = root().join("mocks/src").join(system.folder);
        for file in FILES_OF_A_SYSTEM {
            let there = folder.join(file).is_dir()
                || folder.join(format!("{}.rs", file.trim_end_matches(".rs"))).exists();
            assert!(there, "{} has no {file}", system.folder);
        }
    }
}

#[test]
fn folders_rows_and_the_table_agree() {
    let rows: BTreeSet<String> = mocks::ALL.iter().map(|s| s.folder.to_owned()).collect();
    let folders: BTreeSet<String> = fs::read_dir(root().join("mocks/src"))
        .unwrap()
        .flatten()
        .filter(|e| e.path().is_dir() && e.file_name() != "kit")
        .map(|e| e.file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, rows, "every folder below mocks/src is a system of the table in lib.rs");
    let table = fs::read_to_string(root().join("mocks/README.md")).unwrap();
    for system in mocks::ALL {
        assert!(
            table.contains(&format!("`{}`", system.name)),
            "mocks/README.md does not name {}",
            system.name
        );
    }
}

#[test]
fn systems_do_not_import_each_other() {
    for system in mocks::ALL {
        let mut found = Vec::new();
        files(&root().join("mocks/src").join(system.folder), &mut found);
        for path in found
            .into_iter()
            .filter(|p| p.extension().is_some_and(|e| e == "rs") && !p.ends_with("tests.rs"))
        {
            let in_tests = path.components().any(|c| c.as_os_str() == "tests");
            let text = fs::read_to_string(&path).unwrap();
            for other in mocks::ALL.iter().filter(|o| o.folder != system.folder && !in_tests) {
                let import = format!("crate::{}::", other.folder);
                assert!(
                    !text.contains(&import),
                    "{} imports {}; they meet over HTTP",
                    path.display(),
                    other.folder
                );
            }
        }
    }
}

#[test]
fn models_know_no_archive_no_wire_and_no_clock() {
    let world =
        ["rusqlite", "actix_web", "kit::clock", "kit::store", "kit::server", "kit::courier"];
    let is_model = |name: &str| name.contains("/model/") || name.ends_with("/model.rs");
    for (name, text) in sources().into_iter().filter(|(name, _)| is_model(name)) {
        let known: Vec<_> = world.iter().filter(|part| text.contains(**part)).collect();
        assert!(known.is_empty(), "{name} knows {known:?}: a model is pure");
    }
}

#[test]
fn nothing_is_left_for_later() {
    let marks = ["TODO", "FIXME", "XXX", "HACK"].map(|word| format!("{word}:"));
    let left: Vec<_> = sources()
        .into_iter()
        .filter(|(name, text)| {
            !name.ends_with("tidy.rs") && marks.iter().any(|m| text.contains(m.as_str()))
        })
        .map(|(name, _)| name)
        .collect();
    assert!(left.is_empty(), "work for later belongs in an issue: {left:?}");
}

/// `PostgreSQL` has none.
#[test]
fn no_sql_asks_for_a_rowid() {
    let asks =
        |text: &str| text.replace("without rowid", "").replace("no rowid", "").contains("rowid");
    let found: Vec<_> = sources()
        .into_iter()
        .filter(|(name, text)| !name.ends_with("tidy.rs") && asks(text))
        .map(|(name, _)| name)
        .collect();
    assert!(found.is_empty(), "order by what the row holds: {found:?}");
}

#[test]
fn standards_does_no_io() {
    let manifest = fs::read_to_string(root().join("mocks/standards/Cargo.toml")).unwrap();
    for heavy in ["tokio", "reqwest", "actix", "rusqlite"] {
        assert!(!manifest.contains(heavy), "standards must not depend on {heavy}");
    }
}

/// SQLite numbers `$1`, `$2` in the order in which they first stand in a statement, whatever their digits say: a
/// statement that names them in another order would bind the wrong values and say nothing.
#[test]
fn placeholders_stand_in_their_order() {
    let numbers = |statement: &str| -> Vec<u32> {
        let digits = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>();
        let mut seen = Vec::new();
        for number in statement.split('$').skip(1).filter_map(|part| digits(part).parse().ok()) {
            if !seen.contains(&number) {
                seen.push(number);
            }
        }
        seen
    };
    let mut wrong = Vec::new();
    for (name, text) in sources().into_iter().filter(|(name, _)| name.starts_with("mocks/src")) {
        let text = text.replace("\\\"", "'");
        let statements = text.split('"').skip(1).step_by(2).filter(|s| !numbers(s).is_sorted());
        wrong.extend(statements.map(|s| format!("{name}: {s}")));
    }
    assert!(wrong.is_empty(), "write the placeholders in the order 1, 2, 3: {wrong:#?}");
}
