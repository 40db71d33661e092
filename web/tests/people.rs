//! People as files, at the command line.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that goes when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let dir =
            std::env::temp_dir().join(format!("arenoa-files-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("a folder can be made");
        Self(dir)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that cannot be removed is the temporary folder's own matter.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn arenoa(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arenoa"));
    command.current_dir(folder).args(words);
    command.args(["--data", "data", "--people", "100"]).output().expect("the program starts")
}

fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}

#[test]
fn people_leave_and_come_by_the_command_line_and_nothing_is_half_imported() {
    let folder = Folder::new();
    let out = |file: &str| arenoa(&folder.0, &["export", "civil_registry", "--out", file]);
    let nobody = out("all.csv");
    assert_eq!(nobody.status.code(), Some(2), "a folder without a country is not made one");
    let mut seed = Command::new(env!("CARGO_BIN_EXE_arenoa"));
    seed.current_dir(&folder.0).args(["seed", "--people", "100", "--out", "data"]);
    assert!(seed.output().expect("the program starts").status.success());
    let left = out("all.csv");
    assert!(left.status.success(), "{}", said(&left));
    let text = std::fs::read_to_string(folder.0.join("all.csv")).expect("the file is there");
    let lines: Vec<_> = text.lines().collect();
    assert!(lines.len() > 90 && lines[0].starts_with("uin,brn,"), "{}", lines[0]);
    let uin = |line: &str| line.split(',').next().unwrap_or_default().to_owned();
    let brn = |line: &str| line.split(',').nth(1).unwrap_or_default().to_owned();
    let plain = lines[1..].iter().find(|line| !line.contains("DRN-")).expect("somebody lives");
    let twin = plain.replace(&uin(plain), "9000000001").replace(&brn(plain), "");
    let renamed = lines[0].replace("given_name", "vorname");
    let write = |file: &str, rows: &[&str]| {
        let text = format!("{}\n", rows.join("\n"));
        std::fs::write(folder.0.join(file), text).expect("the file can be written");
    };
    write("wrong.csv", &[&renamed, &twin, plain]);
    let import =
        |words: &[&str]| arenoa(&folder.0, &[&["import", "civil-registry"], words].concat());
    let refused = import(&["wrong.csv"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("vorname=given_name"), "{}", said(&refused));
    let refused = import(&["wrong.csv", "--map", "vorname=given_name", "--report", "errors.csv"]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("not in the registry yet"), "{}", said(&refused));
    let report = std::fs::read_to_string(folder.0.join("errors.csv")).expect("the report is there");
    assert!(report.starts_with("line,column,value,right\n3,uin,"), "{report}");
    write("right.csv", &[&renamed, &twin]);
    for (more, entered) in [(&["--dry-run"][..], false), (&[][..], true)] {
        let words = [&["right.csv", "--map", "vorname=given_name"], more].concat();
        let done = import(&words);
        assert!(done.status.success(), "{}", said(&done));
        assert!(out("after.csv").status.success());
        let after = std::fs::read_to_string(folder.0.join("after.csv")).expect("the file is there");
        assert_eq!(after.lines().count(), lines.len() + usize::from(entered));
        assert_eq!(after.contains("9000000001"), entered);
    }
    let unknown = arenoa(&folder.0, &["import", "messenger", "right.csv"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        said(&unknown).contains("use beneficiary_registry, civil_registry"),
        "{}",
        said(&unknown)
    );
}
