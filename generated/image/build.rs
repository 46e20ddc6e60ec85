//! Generates the code of this crate from its spec.

fn main() {
    squall_codegen::build::run("image");
}
