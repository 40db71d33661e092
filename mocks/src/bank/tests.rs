//! A visitor to a bank: only HTTP.
