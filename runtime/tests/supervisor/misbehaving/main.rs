//! A program of tests that misbehave in every way the supervisor must survive.

mod endings;
mod holdouts;

squall::main!();
