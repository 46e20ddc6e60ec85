//! What `main!` and `manifest!` take.

squall_macros::manifest!(acme_tests);
squall_macros::main!("acme-tests");
