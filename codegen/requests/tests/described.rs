//! What generated crates say of resources is what the files say: nothing is lost on the way
//! through Rust.

use std::path::Path;

use squall_codegen::build::SpecFiles;

#[test]
fn the_generated_descriptions_are_those_of_the_files() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api-specs");
    let services = squall_services::ALL.iter().zip(squall_services::DESCRIPTIONS);
    for (service, generated) in services {
        let folder = specs.join(service.name.replace('_', "-"));
        let outcome = SpecFiles::read(&folder).unwrap().generate();
        assert!(!outcome.description.resources.is_empty(), "{}", service.name);
        let (generated, read) = (format!("{generated:#?}"), format!("{:#?}", outcome.description));
        let differs = generated.lines().zip(read.lines()).find(|(a, b)| a != b);
        assert_eq!(differs, None, "{}", service.name);
        assert_eq!(generated.lines().count(), read.lines().count(), "{}", service.name);
    }
}
