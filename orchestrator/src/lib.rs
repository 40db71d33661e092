//! Reads a scenario, starts a cast, plays it, writes transcript and report. Runs headless.

pub mod crowd;
pub mod player;
pub mod report;
pub mod scenario;
pub mod theatre;
pub mod transcript;
