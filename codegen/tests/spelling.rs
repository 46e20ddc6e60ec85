//! Writing and reading a schema restores it, for every harvested schema: the merged one, and
//! those of each version at which it changes.

use squall_codegen::diagnostic::Diagnostics;
use squall_codegen::spelling;
use squall_model::{Merged, Microversion, canonical};

mod specs;

use specs::{SERVICES, service, text};

#[test]
fn every_harvested_schema_survives_its_spelling() {
    let mut schemas = 0;
    for name in SERVICES.iter().copied() {
        for op in service(&text(name, "openapi.yaml")).operations {
            let bodies = op.schemas.responses.iter().map(|response| &response.body);
            let found = bodies
                .chain([&op.schemas.request])
                .filter_map(|body| body.schema())
                .chain(&op.schemas.query);
            for merged in found {
                survives(&op.id, merged);
                let first = [None, Some(Microversion::new(2, 1))];
                for version in first.into_iter().chain(merged.boundaries().into_iter().map(Some)) {
                    if let Some(schema) = merged.at(version) {
                        survives(&op.id, &Merged(schema));
                        schemas += 1;
                    }
                }
            }
        }
    }
    assert!(schemas > 1000, "only {schemas} schemas were looked at");
}

fn survives(id: &str, schema: &Merged) {
    let mut sink = Diagnostics::new("spec");
    let spelled = spelling::write(&schema.0);
    let back = spelling::read(&spelled, "", &mut sink);
    assert!(sink.iter().next().is_none(), "{id}: {:#?}", sink.into_sorted());
    assert_eq!(canonical::text(&back), canonical::text(&schema.0), "{id}");
    assert_eq!(spelling::write(&back), spelled, "{id}");
}
