//! Tests of the key ring, as a program: `cargo run -- run`.

mod key_ring;
mod suite;

squall::main!();
