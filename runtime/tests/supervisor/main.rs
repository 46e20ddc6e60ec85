//! The supervisor end to end: every selected test has one verdict, whatever it
//! does, and nothing is left behind.

mod interrupted;
mod program;
mod verdicts;
