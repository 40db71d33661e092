//! Faults: what can go wrong at a system's door, chosen and never random.
//!
//! Set by a scenario's `break`, by `/_arenoa/faults`, or for one request by the header `arenoa-fault`.

use std::sync::{Mutex, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a system does wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind", try_from = "Written")]
pub enum Misbehaviour {
    /// Answers, but late.
    Late { delay_ms: u64 },
    /// Takes the request and cuts the line instead of answering.
    Silent,
    /// Refuses with an HTTP status and the standard's own error body.
    Refusing { status: u16 },
    /// Does its work twice, as if the request had come twice.
    Duplicating,
    /// Changes one byte of the request's body on its way in, so that a signature breaks.
    Tampering,
}

/// A fault that is in force at a system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "WrittenFault")]
pub struct Fault {
    #[serde(flatten)]
    pub what: Misbehaviour,
    /// Only requests with this action, such as `POST /quotes`; every request where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// How many more requests it hits; until cleared where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

/// The longest that a late system lets anybody wait.
const LONGEST_DELAY_MS: u64 = 600_000;

/// A misbehaviour as somebody wrote it: what does not belong to its kind, or does nothing, is found when it is read.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    kind: Kind,
    delay_ms: Option<u64>,
    status: Option<u16>,
}

/// A fault as somebody wrote it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenFault {
    kind: Kind,
    delay_ms: Option<u64>,
    status: Option<u16>,
    on: Option<String>,
    times: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "FaultKind")]
#[serde(rename_all = "snake_case")]
enum Kind {
    Late,
    Silent,
    Refusing,
    Duplicating,
    Tampering,
}

impl TryFrom<Written> for Misbehaviour {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let Written { kind, delay_ms, status } = written;
        for (field, is_there, of) in [
            ("delay_ms", delay_ms.is_some(), Kind::Late),
            ("status", status.is_some(), Kind::Refusing),
        ] {
            if is_there && kind != of {
                let (kind, of) = (kind.word(), of.word());
                return Err(format!("`{field}` belongs to `{of}`, not to `{kind}`: leave it out"));
            }
        }
        match kind {
            Kind::Late => match delay_ms {
                Some(delay_ms @ 1..=LONGEST_DELAY_MS) => Ok(Self::Late { delay_ms }),
                Some(other) => Err(format!(
                    "`late` does not wait {other} ms: write `delay_ms` from 1 to {LONGEST_DELAY_MS}, such as 2000"
                )),
                None => Err("`late` does not say how late: write `delay_ms`, such as 2000".into()),
            },
            Kind::Refusing => match status {
                Some(status @ 400..=599) => Ok(Self::Refusing { status }),
                Some(other) => Err(format!(
                    "{other} is no status to refuse with: write one from 400 to 599, such as 503"
                )),
                None => Err("`refusing` has no status: write `status`, such as 503".into()),
            },
            Kind::Silent => Ok(Self::Silent),
            Kind::Duplicating => Ok(Self::Duplicating),
            Kind::Tampering => Ok(Self::Tampering),
        }
    }
}

impl TryFrom<WrittenFault> for Fault {
    type Error = String;

    fn try_from(written: WrittenFault) -> Result<Self, String> {
        let WrittenFault { kind, delay_ms, status, on, times } = written;
        if times == Some(0) {
            return Err(String::from(NO_TIMES));
        }
        Ok(Self { what: Written { kind, delay_ms, status }.try_into()?, on, times })
    }
}

/// Why a fault that strikes no request is none.
pub const NO_TIMES: &str =
    "`times: 0` strikes nothing: write 1 or more, or leave it out for a fault that lasts";

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Silent => "silent",
            Self::Refusing => "refusing",
            Self::Duplicating => "duplicating",
            Self::Tampering => "tampering",
        }
    }
}

/// So many are in force at one system at the most; beyond, each new one takes the place of the oldest.
const MOST_FAULTS: usize = 100;

/// The faults in force at one system.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<Set>>);

/// A fault, and who set it.
#[derive(Debug)]
struct Set {
    fault: Fault,
    by: By,
}

/// Who set a fault. A tester's stays when a story starts; the others go with the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Tester,
    Story,
    Controls,
}

impl Faults {
    /// The faults in force.
    pub fn list(&self) -> Vec<Fault> {
        self.lock().iter().map(|set| set.fault.clone()).collect()
    }

    /// Puts a fault in force, after those that are there. It stays when a story starts.
    pub fn set(&self, fault: Fault) {
        self.add(Set { fault, by: By::Tester });
    }

    /// Puts a fault in force that ends with the story.
    pub fn set_for_story(&self, fault: Fault) {
        self.add(Set { fault, by: By::Story });
    }

    /// Puts a fault in force that people chose at the controls of a stage. It ends with the story too.
    pub fn set_at_controls(&self, fault: Fault) {
        self.add(Set { fault, by: By::Controls });
    }

    /// Ends the faults that people chose at the controls; what a story or a tester set goes on.
    pub fn end_at_controls(&self) {
        self.lock().retain(|set| set.by != By::Controls);
    }

    fn add(&self, set: Set) {
        let mut faults = self.lock();
        if faults.len() >= MOST_FAULTS {
            faults.remove(0);
        }
        faults.push(set);
    }

    /// Ends the faults of a story: its own, and those that people chose at the controls.
    pub fn end_story(&self) {
        self.lock().retain(|set| set.by == By::Tester);
    }

    /// Ends all faults.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The first fault that hits a request with this action, counted down.
    pub fn strike(&self, action: &str) -> Option<Misbehaviour> {
        let mut faults = self.lock();
        let strikes = |set: &Set| set.fault.on.as_deref().is_none_or(|on| on == action);
        let hit = faults.iter().position(strikes)?;
        let fault = &mut faults[hit].fault;
        let what = fault.what.clone();
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                faults.remove(hit);
            }
        }
        Some(what)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Set>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the header `arenoa-fault`: `late:800`, `silent`, `refusing:503`, `duplicating`, `tampering`.
pub fn from_header(text: &str) -> Result<Misbehaviour, String> {
    let (word, number) = text.split_once(':').unwrap_or((text, ""));
    let wrong = || {
        format!(
            "unknown fault `{text}`: write late:MS, silent, refusing:STATUS, duplicating or tampering"
        )
    };
    let mut written = Written { kind: Kind::Silent, delay_ms: None, status: None };
    match word.trim() {
        "late" => {
            written.kind = Kind::Late;
            written.delay_ms = Some(number.trim().parse().map_err(|_| wrong())?);
        }
        "refusing" => {
            written.kind = Kind::Refusing;
            written.status = Some(number.trim().parse().map_err(|_| wrong())?);
        }
        _ if !number.is_empty() => return Err(wrong()),
        "silent" => {}
        "duplicating" => written.kind = Kind::Duplicating,
        "tampering" => written.kind = Kind::Tampering,
        _ => return Err(wrong()),
    }
    written.try_into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_with_a_number_of_times_ends_by_itself() {
        let faults = Faults::default();
        let on = Some(String::from("POST /quotes"));
        faults.set(Fault { what: Misbehaviour::Refusing { status: 503 }, on, times: Some(1) });
        assert_eq!(faults.strike("POST /transfers"), None);
        assert_eq!(faults.strike("POST /quotes"), Some(Misbehaviour::Refusing { status: 503 }));
        assert_eq!(faults.strike("POST /quotes"), None);
    }

    #[test]
    fn a_story_takes_its_faults_with_it_and_leaves_those_of_people() {
        let faults = Faults::default();
        let fault = |what| Fault { what, on: None, times: None };
        faults.set(fault(Misbehaviour::Silent));
        faults.set_for_story(fault(Misbehaviour::Tampering));
        faults.end_story();
        assert_eq!(faults.list(), [fault(Misbehaviour::Silent)]);
    }

    #[test]
    fn a_hundred_faults_are_enough() {
        let faults = Faults::default();
        for delay_ms in 0..150 {
            faults.set(Fault { what: Misbehaviour::Late { delay_ms }, on: None, times: None });
        }
        assert_eq!(faults.list().len(), MOST_FAULTS);
        assert_eq!(faults.strike("POST /quotes"), Some(Misbehaviour::Late { delay_ms: 50 }));
    }

    #[test]
    fn an_unknown_fault_is_told_what_there_is() {
        assert!(from_header("melting").unwrap_err().contains("refusing:STATUS"));
        assert!(from_header("silent:5").unwrap_err().contains("refusing:STATUS"));
        assert!(from_header("refusing:200").unwrap_err().contains("from 400 to 599"));
        assert_eq!(from_header("late:800"), Ok(Misbehaviour::Late { delay_ms: 800 }));
    }

    #[test]
    fn a_fault_that_does_nothing_or_says_too_much_is_refused_when_it_is_read() {
        let why = |json: &str| serde_json::from_str::<Fault>(json).unwrap_err().to_string();
        for (json, wanted) in [
            (r#"{"kind":"refusing","status":200}"#, "200 is no status to refuse with"),
            (r#"{"kind":"refusing"}"#, "`refusing` has no status"),
            (r#"{"kind":"late","delay_ms":0}"#, "`late` does not wait 0 ms"),
            (r#"{"kind":"late"}"#, "does not say how late"),
            (
                r#"{"kind":"silent","status":503}"#,
                "`status` belongs to `refusing`, not to `silent`",
            ),
            (r#"{"kind":"silent","times":0}"#, "`times: 0` strikes nothing"),
            (r#"{"kind":"silent","banana":1}"#, "unknown field `banana`, expected one of `kind`"),
            (r#"{"kind":"melting"}"#, "unknown variant `melting`, expected one of `late`"),
        ] {
            assert!(why(json).contains(wanted), "{json}: {}", why(json));
        }
        let fault: Fault = serde_json::from_str(r#"{"kind":"silent","on":"GET /a"}"#).unwrap();
        let again = serde_json::to_string(&fault).unwrap();
        assert_eq!(serde_json::from_str::<Fault>(&again).unwrap(), fault);
    }
}
