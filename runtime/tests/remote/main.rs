//! Guests over SSH, against OpenSSH's own server on loopback: an unprivileged process
//! of Debian's that `.ci/sshd` gets, and that is started for each connection.
#![cfg(feature = "embedded")]
#![expect(clippy::unwrap_used, reason = "a setting that does not come up ends its test")]

mod commands;
mod connect;
mod ended;
mod facts;
mod server;
mod setting;
