//! [`Encode`] for the field types of records.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Encode;

impl<T: Encode + ?Sized> Encode for &T {
    fn encode(&self) -> Value {
        (**self).encode()
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self) -> Value {
        (**self).encode()
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self) -> Value {
        self.as_ref().map_or(Value::Null, Encode::encode)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self) -> Value {
        self.as_slice().encode()
    }
}

impl<T: Encode> Encode for [T] {
    fn encode(&self) -> Value {
        Value::Array(self.iter().map(Encode::encode).collect())
    }
}

impl<T: Encode, const N: usize> Encode for [T; N] {
    fn encode(&self) -> Value {
        self.as_slice().encode()
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode(&self) -> Value {
        Value::Object(self.iter().map(|(key, value)| (key.clone(), value.encode())).collect())
    }
}

impl Encode for Map<String, Value> {
    fn encode(&self) -> Value {
        Value::Object(self.clone())
    }
}

impl Encode for Value {
    fn encode(&self) -> Value {
        self.clone()
    }
}

/// Encodes `null`, the content of an action without parameters.
impl Encode for () {
    fn encode(&self) -> Value {
        Value::Null
    }
}

impl Encode for Cow<'_, str> {
    fn encode(&self) -> Value {
        Value::from(self.as_ref())
    }
}

macro_rules! into_values {
    ($($type:ty)*) => {$(
        impl Encode for $type {
            fn encode(&self) -> Value {
                Value::from(self.to_owned())
            }
        }
    )*};
}
into_values!(str String bool i8 i16 i32 i64 u8 u16 u32 u64 usize f64);
