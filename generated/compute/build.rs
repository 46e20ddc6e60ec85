fn main() {
    squall_codegen::build::run("compute");
}
