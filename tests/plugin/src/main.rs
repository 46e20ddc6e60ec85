//! Tests of the key ring, as a program: `cargo run -- run`.

squall::main!(acme_tests);
