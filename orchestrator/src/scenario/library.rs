//! The stories: those built in, or those of a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mocks::kit::seed::People;
use rust_embed::RustEmbed;

use super::check::{self, check};
use super::problem::{Problem, Problems, in_words, offer};
use super::{Plan, Scenario, Texts};

/// The stories that come with the program.
#[derive(RustEmbed)]
#[folder = "../scenarios"]
struct BuiltIn;

/// Languages that a story may be told in.
pub(super) const LANGUAGES: [&str; 5] = ["en", "fr", "es", "ar", "pt"];

/// One story: its scenario, and its texts by language. English is always there.
#[derive(Debug, Clone)]
pub struct Story {
    pub name: String,
    pub scenario: Scenario,
    texts: BTreeMap<String, Texts>,
}

/// There is no such story or branch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {what} `{given}`: {hint}")]
pub struct UnknownStory {
    what: &'static str,
    given: String,
    hint: String,
}

/// Where stories are read from.
#[derive(Debug, Clone)]
enum Source {
    BuiltIn,
    Folder(PathBuf),
}

/// All stories, by name.
#[derive(Debug, Clone)]
pub struct Library {
    stories: BTreeMap<String, Story>,
}

impl Library {
    /// The stories that come with the program.
    pub fn built_in(people: &People) -> Result<Self, Problems> {
        let mut names: Vec<String> = BuiltIn::iter()
            .filter_map(|path| path.strip_suffix("/scenario.yaml").map(str::to_owned))
            .collect();
        names.sort();
        Self::read(&Source::BuiltIn, &names, people)
    }

    /// The stories of a folder: one folder each.
    pub fn folder(dir: &Path, people: &People) -> Result<Self, Problems> {
        let unreadable = |e: std::io::Error| {
            let what = format!("the folder cannot be read: {e}");
            Problems(vec![Problem::located(&dir.display().to_string(), None, what, String::new())])
        };
        let entries = std::fs::read_dir(dir).map_err(unreadable)?;
        let mut names: Vec<String> = entries
            .flatten()
            .filter(|e| e.path().join("scenario.yaml").exists())
            .filter_map(|e| e.file_name().into_string().ok())
            .collect();
        names.sort();
        Self::read(&Source::Folder(dir.into()), &names, people)
    }

    fn read(source: &Source, names: &[String], people: &People) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let mut stories = BTreeMap::new();
        for name in names {
            match Story::read(source, name, people) {
                Ok(story) => drop(stories.insert(name.clone(), story)),
                Err(mut found) => problems.append(&mut found.0),
            }
        }
        if problems.is_empty() { Ok(Self { stories }) } else { Err(Problems(problems)) }
    }

    /// All stories, by name.
    pub fn stories(&self) -> impl Iterator<Item = &Story> {
        self.stories.values()
    }

    /// The story with this name, or with this number in the catalogue (`S01`).
    pub fn story(&self, name: &str) -> Result<&Story, UnknownStory> {
        let by_number = || self.stories().find(|s| s.scenario.id.eq_ignore_ascii_case(name));
        self.stories.get(name).or_else(by_number).ok_or_else(|| UnknownStory {
            what: "story",
            given: name.into(),
            hint: offer(name, self.stories.keys().map(String::as_str)),
        })
    }
}

impl Story {
    /// Reads one story folder by itself and checks it.
    pub fn folder(dir: &Path, people: &People) -> Result<Self, Problems> {
        let name = dir.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let parent = dir.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        Self::read(&Source::Folder(parent), &name, people)
    }

    fn read(source: &Source, name: &str, people: &People) -> Result<Self, Problems> {
        let file = format!("{name}/scenario.yaml");
        let scenario: Scenario = parse(source, &file)?;
        let (mut texts, mut sources) = (BTreeMap::new(), Vec::new());
        for language in LANGUAGES {
            let file = format!("{name}/texts/{language}.yaml");
            let text = source.text(&file);
            if language == "en" || text.is_ok() {
                texts.insert(language.to_owned(), parse(source, &file)?);
                let (shown, text) = (source.shown(&file), text.unwrap_or_default());
                sources.push(check::Source { language, shown, text });
            }
        }
        let story = Self { name: name.into(), scenario, texts };
        let problems = check(&story, people, source.shown(&file), &sources);
        if problems.is_empty() { Ok(story) } else { Err(Problems(problems)) }
    }

    /// The texts in `language`, or in English where the story is not told in it.
    pub fn texts(&self, language: &str) -> &Texts {
        let texts = self.texts.get(language).or_else(|| self.texts.get("en"));
        texts.unwrap_or_else(|| unreachable!("a story is not read without its English texts"))
    }

    /// The languages that the story is told in.
    pub fn languages(&self) -> impl Iterator<Item = (&String, &Texts)> {
        self.texts.iter()
    }

    /// The plan of a branch; the main story where `branch` is empty. `S01-F3` and `f3` are taken for `F3`.
    pub fn plan(&self, branch: &str) -> Result<Plan, UnknownStory> {
        let short = branch.rsplit('-').next().unwrap_or_default().to_uppercase();
        self.scenario.plan(&short).ok_or_else(|| UnknownStory {
            what: "branch",
            given: branch.into(),
            hint: offer(&short, self.scenario.branches.keys().map(String::as_str)),
        })
    }
}

impl Source {
    fn text(&self, file: &str) -> Result<String, String> {
        match self {
            Self::BuiltIn => BuiltIn::get(file)
                .map(|f| String::from_utf8_lossy(&f.data).into_owned())
                .ok_or_else(|| String::from("the file is missing")),
            Self::Folder(dir) => std::fs::read_to_string(dir.join(file)).map_err(|e| e.to_string()),
        }
    }

    fn shown(&self, file: &str) -> String {
        match self {
            Self::BuiltIn => format!("scenarios/{file}"),
            Self::Folder(dir) => dir.join(file).display().to_string(),
        }
    }
}

fn parse<T: serde::de::DeserializeOwned>(source: &Source, file: &str) -> Result<T, Problems> {
    let shown = source.shown(file);
    let problem = |place, (what, hint)| Problems(vec![Problem::located(&shown, place, what, hint)]);
    let text = source.text(file).map_err(|e| problem(None, (e, String::new())))?;
    serde_saphyr::from_str(&text).map_err(|e| problem(e.location(), in_words(&e)))
}
