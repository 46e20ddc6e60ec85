//! A program of tests that misbehave in every way the supervisor must survive.

mod endings;
mod fixtures;
mod holdouts;

squall::main!();
