//! The pages people see: home, stage, presenter's window, live view, rooms, developers.

pub mod assets;
pub mod feed;
pub mod frame;
pub mod portrait;
pub mod reply;
pub mod stage;
pub mod story;
