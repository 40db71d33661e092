//! The country: what all rooms share, the seeded template that rooms are copied from, and the rooms themselves.

use std::collections::BTreeMap;
use std::fs::DirEntry;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use sha2::{Digest, Sha256};

use super::courier::Network;
use super::room::Hall;
use super::seed::People;
use super::store::{COMMON_SCHEMA, Store, StoreError};
use super::system::{System, for_all};
use super::trust::{Keys, jwt};

/// The room that is always there.
pub const MAIN: &str = "main";
/// More rooms than this are refused: each has files and a thread of its own.
const MOST_ROOMS: usize = 64;

/// How a country is opened.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where databases are kept.
    pub dir: PathBuf,
    /// Where the systems' keys are kept; in `dir` where it is not said.
    pub keys: Option<PathBuf>,
    /// How many people live there, the cast included.
    pub people: usize,
    /// How many of them, next to the cast, can apply for the old age pension: for a crowd.
    pub candidates: usize,
    /// The number that everything made up follows from.
    pub seed: u64,
    /// Hosts outside the cast that may receive callbacks.
    pub allowed_hosts: Vec<String>,
}

impl Settings {
    /// The usual country, kept in `dir`.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            keys: None,
            people: 20_000,
            candidates: 0,
            seed: 42,
            allowed_hosts: Vec::new(),
        }
    }

    /// The people who live there.
    pub fn people(&self) -> People {
        People::with_candidates(self.seed, self.people, self.candidates)
    }
}

/// Why a country could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    #[error("the folder {path} cannot be used: {source}")]
    Folder { path: String, source: std::io::Error },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("seeding {system} failed: {source}")]
    Seed { system: &'static str, source: rusqlite::Error },
    #[error("`{0}` is no name for a room: use 1 to 32 small letters, digits and hyphens")]
    RoomName(String),
    #[error("there are {MOST_ROOMS} rooms already, and no more fit")]
    TooManyRooms,
}

impl SeedError {
    /// A folder or file that could not be used.
    pub fn folder(path: &Path, source: std::io::Error) -> Self {
        Self::Folder { path: path.display().to_string(), source }
    }
}

/// Why a room was not closed.
#[derive(Debug, thiserror::Error)]
pub enum CloseError {
    #[error("the main room is always open; reset it instead")]
    Main,
    #[error("there is no room `{0}`")]
    Unknown(String),
    #[error("the room is closed, but its files at {path} could not be removed: {source}")]
    Files { path: String, source: std::io::Error },
}

/// What all rooms share.
#[derive(Debug)]
pub struct Fabric {
    systems: &'static [System],
    keys: BTreeMap<&'static str, Arc<Keys>>,
    pub network: Network,
    mounts: RwLock<Mounts>,
}

#[derive(Debug, Default)]
struct Mounts {
    /// `http://127.0.0.1:8080`, where all systems are mounted by name.
    shared: Option<String>,
    /// Systems that have a port of their own in the main room: their base address.
    spread: BTreeMap<String, String>,
}

impl Fabric {
    /// The systems of the country, in the order of the row table.
    pub fn systems(&self) -> &'static [System] {
        self.systems
    }

    /// The system with this name.
    pub fn system(&self, name: &str) -> Option<&'static System> {
        self.systems.iter().find(|s| s.name == name)
    }

    /// The keys of a system; every system of the table has some.
    pub fn keys_of(&self, system: &str) -> Arc<Keys> {
        self.keys.get(system).map_or_else(|| Arc::new(Keys::generate()), Arc::clone)
    }

    /// Tells where the shared port is: `http://127.0.0.1:8080`.
    pub fn mount_all(&self, base: &str) {
        self.mounts.write().unwrap_or_else(PoisonError::into_inner).shared = Some(base.into());
    }

    /// Tells that a system of the main room is mounted at `base` alone.
    pub fn mount_one(&self, system: &str, base: &str) {
        let mut mounts = self.mounts.write().unwrap_or_else(PoisonError::into_inner);
        mounts.spread.insert(system.into(), base.into());
    }

    /// The address of the shared port, once it is known.
    pub fn shared_base(&self) -> Option<String> {
        self.mounts.read().unwrap_or_else(PoisonError::into_inner).shared.clone()
    }

    /// The system of this room that an address belongs to, where it is one of ours.
    pub fn owner_of(&self, room: &str, address: &str) -> Option<&'static str> {
        let owns = |system: &&System| {
            let base = self.mount_of(room, system.name)?;
            let rest = address.strip_prefix(base.as_str())?;
            (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(())
        };
        self.systems.iter().find(|s| owns(s).is_some()).map(|s| s.name)
    }

    /// The base address of a system in a room.
    pub fn mount_of(&self, room: &str, system: &str) -> Option<String> {
        let mounts = self.mounts.read().unwrap_or_else(PoisonError::into_inner);
        if room == MAIN
            && let Some(base) = mounts.spread.get(system)
        {
            return Some(base.clone());
        }
        let mount = self.system(system)?.mount();
        let shared = mounts.shared.as_deref()?;
        Some(if room == MAIN {
            format!("{shared}/{mount}")
        } else {
            format!("{shared}/r/{room}/{mount}")
        })
    }
}

/// The country: its people, and its rooms.
#[derive(Debug)]
pub struct Country {
    pub fabric: Arc<Fabric>,
    pub settings: Settings,
    pub people: Arc<People>,
    template: PathBuf,
    halls: RwLock<BTreeMap<String, Arc<Hall>>>,
    /// Held while a room is opened: one after the other.
    opening: Mutex<()>,
}

impl Country {
    /// Opens the country with the main room in it. The seeded template is made where it is absent.
    pub fn open(settings: Settings, systems: &'static [System]) -> Result<Arc<Self>, SeedError> {
        let people = Arc::new(settings.people());
        Self::open_with(people, settings, systems, |_| {})
    }

    /// As [`Country::open`], where the people of `settings` are known already. `ready` is told of each system whose part of
    /// the template is there.
    pub fn open_with(
        people: Arc<People>,
        settings: Settings,
        systems: &'static [System],
        ready: impl Fn(&'static System) + Sync,
    ) -> Result<Arc<Self>, SeedError> {
        jwt::install();
        let template = settings.dir.join("templates").join(fingerprint(&settings, systems));
        let done = template.join("complete");
        let is_seeded = done.exists();
        std::fs::create_dir_all(&template).map_err(|e| SeedError::folder(&template, e))?;
        let keys_dir = settings.keys.clone().unwrap_or_else(|| settings.dir.join("keys"));
        let keys = for_all(systems, |system| {
            if !is_seeded {
                seed_one(&template, system, &people)?;
            }
            let keys = Keys::load_or_make(&keys_dir, system.name)
                .map_err(|e| SeedError::folder(&keys_dir, e))?;
            ready(system);
            Ok::<_, SeedError>((system.name, Arc::new(keys)))
        })?;
        if !is_seeded {
            std::fs::write(&done, "").map_err(|e| SeedError::folder(&done, e))?;
        }
        let keys = keys.into_iter().collect();
        let network = Network::new(settings.allowed_hosts.clone());
        let fabric = Arc::new(Fabric { systems, keys, network, mounts: RwLock::default() });
        let (halls, opening) = (RwLock::default(), Mutex::default());
        let country = Arc::new(Self { fabric, settings, people, template, halls, opening });
        country.open_room(MAIN)?;
        for name in country.kept_rooms() {
            country.open_room(&name)?;
        }
        Ok(country)
    }

    /// The room with this name, where it is open.
    pub fn hall(&self, name: &str) -> Option<Arc<Hall>> {
        self.halls.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// The main room.
    pub fn main(&self) -> Arc<Hall> {
        // `open` does not return without the main room, and nothing closes it.
        self.hall(MAIN).unwrap_or_else(|| unreachable!("the main room is always open"))
    }

    /// All rooms, by name.
    pub fn halls(&self) -> Vec<Arc<Hall>> {
        self.halls.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// The room with this name, opened where it is not.
    pub fn open_room(&self, name: &str) -> Result<Arc<Hall>, SeedError> {
        if !is_room_name(name) {
            return Err(SeedError::RoomName(name.into()));
        }
        // The rooms that are open serve on while another is made.
        let _turn = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hall) = self.hall(name) {
            return Ok(hall);
        }
        if self.halls().len() >= MOST_ROOMS {
            return Err(SeedError::TooManyRooms);
        }
        let dir = self.rooms_dir().join(name);
        let hall = Arc::new(Hall::open(name, &dir, &self.template, &self.fabric)?);
        let mut halls = self.halls.write().unwrap_or_else(PoisonError::into_inner);
        halls.insert(name.into(), Arc::clone(&hall));
        Ok(hall)
    }

    /// Closes a room: whatever is under way there ends, and its memory and files are given back. The main room stays.
    pub async fn close_room(&self, name: &str) -> Result<(), CloseError> {
        if name == MAIN {
            return Err(CloseError::Main);
        }
        let hall = self.hall(name).ok_or_else(|| CloseError::Unknown(name.into()))?;
        hall.close().await;
        // The files go while nobody can open a room of this name again.
        let _turn = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.hall(name).is_some_and(|open| Arc::ptr_eq(&open, &hall)) {
            return Err(CloseError::Unknown(name.into()));
        }
        self.halls.write().unwrap_or_else(PoisonError::into_inner).remove(name);
        let dir = self.rooms_dir().join(name);
        std::fs::remove_dir_all(&dir)
            .map_err(|source| CloseError::Files { path: dir.display().to_string(), source })
    }

    /// Lets every system of every room take up unfinished work. Call it once the mounts are known.
    pub fn wake(&self) {
        for hall in self.halls() {
            for office in hall.offices() {
                (office.system.wake)(office);
            }
        }
    }

    /// Rooms belong to a template: another seed or number of people has rooms of its own.
    fn rooms_dir(&self) -> PathBuf {
        let name = self.template.file_name().map_or_else(Default::default, |n| n.to_string_lossy());
        self.settings.dir.join("rooms").join(name.as_ref())
    }

    /// Rooms of an earlier start. What else lies there (a computer's own file, a copy that somebody made) is left alone.
    fn kept_rooms(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.rooms_dir()) else { return Vec::new() };
        let room = |entry: DirEntry| {
            let name = entry.file_name().into_string().ok().filter(|name| is_room_name(name));
            let room = name.filter(|_| entry.path().is_dir());
            if room.is_none() {
                tracing::warn!(path = %entry.path().display(), "this is no room, and is left alone");
            }
            room
        };
        entries.flatten().filter_map(room).filter(|name| name != MAIN).collect()
    }
}

fn is_room_name(name: &str) -> bool {
    let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !name.is_empty() && name.len() <= 32 && name.bytes().all(legal)
}

/// Whether an address is this machine's own.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Names a template after what it is made from: the program's version, the schemas, and what was asked for. Whoever edits a seed
/// starts in a new folder.
fn fingerprint(settings: &Settings, systems: &[System]) -> String {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(COMMON_SCHEMA);
    for system in systems {
        hash.update(system.name);
        hash.update(system.schema);
    }
    let digest: String = hash.finalize()[..6].iter().map(|b| format!("{b:02x}")).collect();
    let candidates = match settings.candidates {
        0 => String::new(),
        candidates => format!("+{candidates}"),
    };
    format!("{}{candidates}-{}-{digest}", settings.people, settings.seed)
}

fn seed_one(dir: &Path, system: &System, people: &People) -> Result<(), SeedError> {
    let path = dir.join(format!("{}.db", system.name));
    if path.exists() {
        // What an interrupted start left behind is not to be trusted.
        std::fs::remove_file(&path).map_err(|e| SeedError::folder(&path, e))?;
    }
    let schema = format!("{COMMON_SCHEMA}{}", system.schema);
    Store::build(&path, system.layout, &schema, |tx| (system.seed)(people, tx))
        .map_err(|source| SeedError::Seed { system: system.name, source })
}
