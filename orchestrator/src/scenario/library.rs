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
    /// Whom a step is about, where it is not the lead: step id to name.
    about: BTreeMap<String, String>,
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
        let about = others(&scenario, people);
        let story = Self { name: name.into(), scenario, texts, about };
        let problems = check(&story, people, source.shown(&file), &sources);
        if problems.is_empty() { Ok(story) } else { Err(Problems(problems)) }
    }

    /// The texts in `language`, or in English where the story is not told in it.
    pub fn texts(&self, language: &str) -> &Texts {
        let texts = self.texts.get(language).or_else(|| self.texts.get("en"));
        texts.unwrap_or_else(|| unreachable!("a story is not read without its English texts"))
    }

    /// The name of whom the messages of a step are about, where somebody other than the lead acts there.
    pub fn about(&self, step: &str) -> Option<&str> {
        self.about.get(step).map(String::as_str)
    }

    /// Title and summary of the story, or of the ending `branch` of it, in `language`; `lead` is the name of its lead.
    pub fn headline(&self, branch: &str, lead: &str, language: &str) -> (String, String) {
        let texts = self.texts(language);
        let (mut title, mut summary) = (texts.title.clone(), texts.summary.clone());
        if let Some(ending) = texts.branches.get(branch) {
            title = format!("{title}: {}", ending.title);
            if !ending.text.is_empty() {
                summary.clone_from(&ending.text);
            }
        }
        (named(&title, lead), named(&summary, lead))
    }

    /// What the lead of the story, or of the ending `branch` of it, says about himself or herself in `language`.
    pub fn words_of(&self, branch: &str, language: &str) -> &str {
        let texts = self.texts(language);
        let own = texts.branches.get(branch).map(|ending| ending.words.as_str());
        own.filter(|words| !words.is_empty()).unwrap_or(&texts.words)
    }

    /// The title of a step in `language`, empty where it has none; `lead` is the name of the story's lead.
    pub fn title_of(&self, step: &str, lead: &str, language: &str) -> String {
        self.texts(language).steps.get(step).map_or(String::new(), |text| named(&text.title, lead))
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

/// The steps in which somebody of the cast acts who is not the lead, with their names.
fn others(scenario: &Scenario, people: &People) -> BTreeMap<String, String> {
    let cards = people.cast_cards();
    let name = |id: &str| {
        let card = cards.as_array().into_iter().flatten().find(|card| card["id"] == id)?;
        card["name"].as_str().map(str::to_owned)
    };
    let of_branches = scenario.branches.values().flat_map(|branch| {
        let before = branch.before.values().flatten();
        before.chain(&branch.then)
    });
    let steps = scenario.steps.iter().chain(of_branches);
    let found = steps.filter_map(|step| {
        let actor = step.actor.as_ref()?;
        Some((step.id.value.clone(), name(&actor.value)?))
    });
    found.collect()
}

/// `{name}` is a person's given name.
pub fn named(text: &str, name: &str) -> String {
    text.replace("{name}", name.split(' ').next().unwrap_or_default())
}
