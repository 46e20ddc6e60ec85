//! Sorts everything, so that the output does not depend on the document's order.

use crate::model::{Service, Type};

/// Sorts operations by id, and the fields of every record by key.
pub(super) fn run(service: &mut Service) {
    service.operations.sort_by(|a, b| a.id.cmp(&b.id));
    let roots = service.operations.iter().flat_map(|o| [o.request.ty(), o.response.ty()]);
    for id in service.types.reachable(roots.flatten()) {
        if let Type::Record(record) = service.types.get(id) {
            let mut record = record.clone();
            // Id and name come first, because readers look for them.
            let rank = |key: &str| match key {
                "id" | "uuid" => 0,
                "name" => 1,
                _ => 2,
            };
            record.fields.sort_by(|a, b| (rank(&a.key), &a.key).cmp(&(rank(&b.key), &b.key)));
            service.types.replace(id, Type::Record(record));
        }
    }
}
