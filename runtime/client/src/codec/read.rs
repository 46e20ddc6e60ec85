//! [`Decode`] for the field types of records.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Decode, DecodeError, Encode};

/// A value that may be `null`, where `null` differs from a missing field, as in
/// a request that clears a description: `Option<Nullable<String>>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Nullable<T> {
    /// `null` itself.
    #[default]
    Null,
    /// A value.
    Value(T),
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> Nullable<T> {
    /// Returns the value, unless it is `null`.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl<T: Decode> Decode for Nullable<T> {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        if value.is_null() { Ok(Self::Null) } else { T::decode(value).map(Self::Value) }
    }

    fn null() -> Option<Self> {
        Some(Self::Null)
    }
}

impl<T: Encode> Encode for Nullable<T> {
    fn encode(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Value(value) => value.encode(),
        }
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        if value.is_null() { Ok(T::null()) } else { T::decode(value).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        let list = value.as_array().ok_or_else(|| DecodeError::new("a list", value))?;
        list.iter()
            .enumerate()
            .map(|(index, item)| T::decode(item).map_err(|error| error.inside(index)))
            .collect()
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        let map = value.as_object().ok_or_else(|| DecodeError::new("an object", value))?;
        map.iter()
            .map(|(key, item)| {
                T::decode(item).map(|v| (key.clone(), v)).map_err(|error| error.inside(key))
            })
            .collect()
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        T::decode(value).map(Self::new)
    }
}

impl Decode for Value {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        Ok(value.clone())
    }

    /// No schema is declared, so an empty body is accepted.
    fn absent() -> Option<Self> {
        Some(Self::Null)
    }

    /// Any JSON may be null: `Option<Json>` distinguishes that from a missing field.
    fn null() -> Option<Self> {
        Some(Self::Null)
    }
}

impl Decode for Map<String, Value> {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value.as_object().cloned().ok_or_else(|| DecodeError::new("an object", value))
    }
}

impl Decode for String {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value.as_str().map(str::to_owned).ok_or_else(|| DecodeError::new("a string", value))
    }
}

impl Decode for bool {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value.as_bool().ok_or_else(|| DecodeError::new("a boolean", value))
    }
}

impl Decode for f64 {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value.as_f64().ok_or_else(|| DecodeError::new("a number", value))
    }
}

/// An integer in the sense of JSON Schema: `1.0` is one.
fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        let float = value.as_f64()?;
        #[expect(clippy::cast_possible_truncation, reason = "it was compared before")]
        (float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0).then_some(float as i64)
    })
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl Decode for $type {
            fn decode(value: &Value) -> Result<Self, DecodeError> {
                integer(value)
                    .and_then(|number| <$type>::try_from(number).ok())
                    .ok_or_else(|| DecodeError::new(concat!("an integer (", stringify!($type), ")"), value))
            }
        }
    )*};
}
integers!(i8 i16 i32 i64 u8 u16 u32 usize);

impl Decode for u64 {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_u64()
            .or_else(|| integer(value).and_then(|number| number.try_into().ok()))
            .ok_or_else(|| DecodeError::new("an integer (u64)", value))
    }
}

/// Accepts anything: for a body that is not decoded.
impl Decode for () {
    fn decode(_: &Value) -> Result<Self, DecodeError> {
        Ok(())
    }

    fn absent() -> Option<Self> {
        Some(())
    }
}
