//! Tests of the key ring, as a target of `cargo test`.

use acme_tests as _;

squall::harness!(acme_tests);
