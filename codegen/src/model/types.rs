//! The arena of types, referred to by id.

use std::collections::BTreeSet;

use squall_model::VersionRange;

/// The index of a type in its arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(usize);

/// A type, defined by the JSON values it can hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Any value, or one of several kinds.
    Any,
    /// Only null.
    Null,
    /// A boolean.
    Boolean,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// A string.
    Text,
    /// The type, or null.
    Optional(TypeId),
    /// A list.
    List(TypeId),
    /// An object with arbitrary keys.
    Map(TypeId),
    /// An object with known fields.
    Record(Record),
}

/// The direction of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// From the caller to the service.
    Request,
    /// From the service to the caller.
    Response,
}

/// An object with known fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its name; set by the naming pass.
    pub name: String,
    /// Its documentation in one line; set by the naming pass.
    pub doc: String,
    /// Its direction.
    pub role: Role,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its key in JSON.
    pub key: String,
    /// Its name in code; set by the naming pass.
    pub name: String,
    /// Its type.
    pub ty: TypeId,
    /// Whether every message of the record has it, at every version.
    pub required: bool,
    /// The versions that have it.
    pub versions: VersionRange,
    /// The alias of the extension that adds it.
    pub extension: Option<String>,
}

/// Holds every type of a service.
#[derive(Debug, Clone, Default)]
pub struct Types {
    all: Vec<Type>,
}

impl Types {
    /// Adds a type.
    pub fn add(&mut self, ty: Type) -> TypeId {
        self.all.push(ty);
        TypeId(self.all.len() - 1)
    }

    /// Returns a type.
    pub fn get(&self, id: TypeId) -> &Type {
        self.all.get(id.0).unwrap_or(&Type::Any)
    }

    /// Returns a type that is a record.
    pub fn record(&self, id: TypeId) -> Option<&Record> {
        match self.get(id) {
            Type::Record(record) => Some(record),
            _ => None,
        }
    }

    /// Returns a mutable reference to a type that is a record.
    pub fn record_mut(&mut self, id: TypeId) -> Option<&mut Record> {
        match self.all.get_mut(id.0) {
            Some(Type::Record(record)) => Some(record),
            _ => None,
        }
    }

    /// Replaces a type.
    pub fn replace(&mut self, id: TypeId, ty: Type) {
        if let Some(place) = self.all.get_mut(id.0) {
            *place = ty;
        }
    }

    /// Returns the types that a type refers to directly.
    pub fn parts(&self, id: TypeId) -> Vec<TypeId> {
        match self.get(id) {
            Type::Optional(inner) | Type::List(inner) | Type::Map(inner) => vec![*inner],
            Type::Record(record) => record.fields.iter().map(|field| field.ty).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns all types reachable from `roots`, each once, parents first.
    pub fn reachable(&self, roots: impl IntoIterator<Item = TypeId>) -> Vec<TypeId> {
        let mut seen = BTreeSet::new();
        let mut order = Vec::new();
        let mut next: Vec<TypeId> = roots.into_iter().collect();
        next.reverse();
        while let Some(id) = next.pop() {
            if seen.insert(id) {
                order.push(id);
                next.extend(self.parts(id).into_iter().rev());
            }
        }
        order
    }

    /// Returns the record that a type leads to through lists, maps and options.
    pub fn innermost_record(&self, id: TypeId) -> Option<TypeId> {
        match self.get(id) {
            Type::Optional(inner) | Type::List(inner) | Type::Map(inner) => {
                self.innermost_record(*inner)
            }
            Type::Record(_) => Some(id),
            _ => None,
        }
    }

    /// Returns the smallest type that holds the values of both.
    pub fn join(&mut self, a: TypeId, b: TypeId) -> TypeId {
        if a == b {
            return a;
        }
        match (self.get(a).clone(), self.get(b).clone()) {
            (Type::Any, _) => a,
            (_, Type::Any) => b,
            (x, y) if x == y => a,
            (Type::Null, Type::Optional(_)) | (Type::Integer, Type::Number) => b,
            (Type::Optional(_), Type::Null) | (Type::Number, Type::Integer) => a,
            (Type::Null, _) => self.add(Type::Optional(b)),
            (_, Type::Null) => self.add(Type::Optional(a)),
            (Type::Optional(x), Type::Optional(y)) => self.join_optional(x, y),
            (Type::Optional(x), _) => self.join_optional(x, b),
            (_, Type::Optional(y)) => self.join_optional(a, y),
            (Type::List(x), Type::List(y)) => {
                let item = self.join(x, y);
                self.add(Type::List(item))
            }
            (Type::Map(x), Type::Map(y)) => {
                let item = self.join(x, y);
                self.add(Type::Map(item))
            }
            (Type::Record(x), Type::Record(y)) => {
                let joined = self.join_records(x, y);
                self.add(Type::Record(joined))
            }
            _ => self.add(Type::Any),
        }
    }

    fn join_optional(&mut self, a: TypeId, b: TypeId) -> TypeId {
        let inner = self.join(a, b);
        match self.get(inner) {
            Type::Any | Type::Optional(_) => inner,
            _ => self.add(Type::Optional(inner)),
        }
    }

    /// Joins two records field by field. A field that only one has is no longer required.
    fn join_records(&mut self, a: Record, b: Record) -> Record {
        let mut theirs = b.fields;
        let mut fields = Vec::with_capacity(a.fields.len().max(theirs.len()));
        for mut mine in a.fields {
            if let Some(at) = theirs.iter().position(|field| field.key == mine.key) {
                let other = theirs.remove(at);
                mine.ty = self.join(mine.ty, other.ty);
                mine.required &= other.required;
                mine.versions = hull(mine.versions, other.versions);
                mine.extension = mine.extension.filter(|e| other.extension.as_ref() == Some(e));
            } else {
                mine.required = false;
            }
            fields.push(mine);
        }
        fields.extend(theirs.into_iter().map(|field| Field { required: false, ..field }));
        Record { fields, ..a }
    }
}

/// Returns the smallest range that covers both.
fn hull(a: VersionRange, b: VersionRange) -> VersionRange {
    VersionRange::new(
        a.min.zip(b.min).map(|(x, y)| x.min(y)),
        a.max.zip(b.max).map(|(x, y)| x.max(y)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_makes_a_type_optional_once() {
        let mut types = Types::default();
        let (text, null) = (types.add(Type::Text), types.add(Type::Null));
        let once = types.join(text, null);
        let twice = types.join(null, once);
        assert_eq!((types.get(once), twice), (&Type::Optional(text), once));
    }

    #[test]
    fn a_field_of_one_record_only_is_not_required_in_the_join() {
        let mut types = Types::default();
        let text = types.add(Type::Text);
        let field = |key: &str| Field {
            key: key.to_owned(),
            name: String::new(),
            ty: text,
            required: true,
            versions: VersionRange::ALL,
            extension: None,
        };
        let record = |fields| {
            Type::Record(Record {
                name: String::new(),
                doc: String::new(),
                role: Role::Response,
                fields,
            })
        };
        let (a, b) = (
            types.add(record(vec![field("id"), field("a")])),
            types.add(record(vec![field("id")])),
        );
        let joined = types.join(a, b);
        let required: Vec<(&str, bool)> = types
            .record(joined)
            .map(|r| r.fields.iter().map(|f| (f.key.as_str(), f.required)).collect())
            .unwrap_or_default();
        assert_eq!(required, [("id", true), ("a", false)]);
    }
}
