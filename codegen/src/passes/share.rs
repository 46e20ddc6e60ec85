//! Merges equal types: those with the same fields, of equal types, at the same versions.

use std::collections::HashMap;

use crate::model::{Content, Field, Record, Service, Type, TypeId, Types};

/// Replaces the types of every operation by the first equal ones.
pub(super) fn run(service: &mut Service) {
    let mut shared =
        Shared { types: &mut service.types, known: HashMap::new(), done: HashMap::new() };
    for operation in &mut service.operations {
        for content in [&mut operation.response, &mut operation.request] {
            if let Content::Json { ty, .. } = content {
                *ty = shared.visit(*ty);
            }
        }
    }
}

struct Shared<'a> {
    types: &'a mut Types,
    /// The first type with each form.
    known: HashMap<String, TypeId>,
    done: HashMap<TypeId, TypeId>,
}

impl Shared<'_> {
    fn visit(&mut self, id: TypeId) -> TypeId {
        if let Some(done) = self.done.get(&id) {
            return *done;
        }
        let ty = match self.types.get(id).clone() {
            Type::Optional(inner) => Type::Optional(self.visit(inner)),
            Type::List(inner) => Type::List(self.visit(inner)),
            Type::Map(inner) => Type::Map(self.visit(inner)),
            Type::Record(record) => {
                let fields = record.fields.into_iter();
                let fields = fields.map(|f| Field { ty: self.visit(f.ty), ..f }).collect();
                Type::Record(Record { fields, ..record })
            }
            plain => plain,
        };
        let form = form(&ty);
        self.types.replace(id, ty);
        let first = *self.known.entry(form).or_insert(id);
        self.prefer_name(first, id);
        self.done.insert(id, first);
        first
    }

    /// Keeps the shorter of two names, which is that of the more general resource.
    fn prefer_name(&mut self, first: TypeId, other: TypeId) {
        let name = |types: &Types, id| types.record(id).map(|r| r.name.clone()).unwrap_or_default();
        let (kept, theirs) = (name(self.types, first), name(self.types, other));
        let better = kept.is_empty() || (theirs.len(), &theirs) < (kept.len(), &kept);
        if first == other || theirs.is_empty() || !better {
            return;
        }
        if let Some(record) = self.types.record_mut(first) {
            record.name = theirs;
        }
    }
}

/// Returns a text that is equal for equal types. Their parts were shared before, so ids
/// can be compared.
fn form(ty: &Type) -> String {
    match ty {
        Type::Record(record) => {
            let fields =
                record.fields.iter().map(|f| (&f.key, f.ty, f.required, f.versions, &f.extension));
            format!("{:?} {:?}", record.role, fields.collect::<Vec<_>>())
        }
        plain => format!("{plain:?}"),
    }
}
