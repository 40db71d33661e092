//! The stage and the pages around it: what people see of the country. The binary, `arenoa`, adds the command line.

pub mod pages;
pub mod texts;
