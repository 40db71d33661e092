//! A visitor to the switch: only HTTP.
