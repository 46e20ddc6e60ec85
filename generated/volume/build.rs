// Written by `cargo xtask regen` from the folders of `api-specs`.
//! Generates the code of this crate from its spec.

fn main() {
    squall_codegen::build::run("volume");
}
