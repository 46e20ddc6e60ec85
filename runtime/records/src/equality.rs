//! How [`ensure_eq!`](crate::ensure_eq) compares: JSON by [`same`], so that `1.0` is `1`,
//! and everything else by `==`.
//!
//! The macro calls `same` on a reference to a [`Pair`]. A pair of JSON values has it
//! from [`AsJson`]; any other pair has it one more reference away, which is tried next.

use serde_json::Value;

use crate::client::codec::same;

/// The two sides.
#[derive(Debug)]
pub struct Pair<'a, L: ?Sized, R: ?Sized>(pub &'a L, pub &'a R);

/// A JSON value, or perhaps one.
pub trait JsonSide {
    /// Returns the value.
    fn json(&self) -> Option<&Value>;
}

impl JsonSide for Value {
    fn json(&self) -> Option<&Value> {
        Some(self)
    }
}

impl JsonSide for &Value {
    fn json(&self) -> Option<&Value> {
        Some(self)
    }
}

impl JsonSide for Option<&Value> {
    fn json(&self) -> Option<&Value> {
        *self
    }
}

/// Compares JSON.
pub trait AsJson {
    /// Whether the sides are equal.
    fn same(&self) -> bool;
}

impl<L: JsonSide, R: JsonSide> AsJson for Pair<'_, L, R> {
    fn same(&self) -> bool {
        match (self.0.json(), self.1.json()) {
            (Some(left), Some(right)) => same(left, right),
            (left, right) => left.is_none() && right.is_none(),
        }
    }
}

/// Compares anything else.
pub trait ByEq {
    /// Whether the sides are equal.
    fn same(&self) -> bool;
}

impl<L: PartialEq<R> + ?Sized, R: ?Sized> ByEq for &Pair<'_, L, R> {
    fn same(&self) -> bool {
        self.0 == self.1
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    fn check(left: Option<&Value>, right: &Value) -> crate::Result {
        crate::ensure_eq!(left, Some(right));
        crate::ensure_eq!(left.cloned().unwrap_or_default(), json!(128));
        crate::ensure_eq!(left.and_then(|value| value.get("x")), None);
        crate::ensure_eq!("a".len(), 1);
        crate::ensure_eq!("a", "a");
        crate::ensure_eq!(Some("a".to_owned()).as_deref(), Some("a"));
        Ok(())
    }

    #[test]
    fn an_integer_that_a_service_writes_as_a_float_is_equal() {
        let float: Value = serde_json::from_str("1.28e+02").unwrap();
        assert!(check(Some(&float), &json!(128)).is_ok());
        assert!(check(Some(&float), &json!(129)).is_err());
        assert!(check(None, &json!(128)).is_err());
    }
}
