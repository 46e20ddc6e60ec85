//! Types of serde's from a tree: texts as they were written, numbers as numbers.

use std::slice;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Number;

use crate::{Entry, Error, Kind, Node, Options, Position, Style, read, scalar};

/// Reads a document into a type.
///
/// # Errors
/// What [`read`] refuses, and what does not fit the type, with its position.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    from_node(&read(text, &Options::default())?)
}

/// Converts a node to a type.
///
/// - A `String` gets the text of any scalar, whether or not it is quoted.
/// - A number or a boolean is read from a plain scalar by the core schema.
///
/// # Errors
/// What does not fit the type, with its position.
pub fn from_node<T: DeserializeOwned>(node: &Node) -> Result<T, Error> {
    T::deserialize(node).map_err(|error| error.or_at(node.position))
}

impl Node {
    /// Visits a number in the narrowest type that holds it.
    fn number<'de, V: Visitor<'de>>(&self, number: &Number, visitor: V) -> Result<V::Value, Error> {
        let visited = if let Some(whole) = number.as_u64() {
            visitor.visit_u64(whole)
        } else if let Some(whole) = number.as_i64() {
            visitor.visit_i64(whole)
        } else {
            visitor.visit_f64(number.as_f64().unwrap_or_default())
        };
        visited.map_err(|error: Error| error.or_at(self.position))
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let visited = match &self.kind {
            Kind::List(items) => visitor.visit_seq(Items(items.iter())),
            Kind::Map(entries) => visitor.visit_map(Entries { rest: entries.iter(), value: None }),
            Kind::Scalar(text, Style::Quoted) => visitor.visit_borrowed_str(text),
            Kind::Scalar(text, Style::Plain) => {
                if scalar::is_null(text) {
                    // Nothing has no place of its own: that of its key is better.
                    return visitor.visit_unit();
                } else if let Some(value) = scalar::boolean(text) {
                    visitor.visit_bool(value)
                } else if let Some(number) = scalar::number(text) {
                    return self.number(&number, visitor);
                } else {
                    visitor.visit_borrowed_str(text)
                }
            }
        };
        visited.map_err(|error: Error| error.or_at(self.position))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.text() {
            Some(text) => {
                visitor.visit_borrowed_str(text).map_err(|error: Error| error.or_at(self.position))
            }
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let variant = match &self.kind {
            Kind::Scalar(text, _) => Variant { name: text, position: self.position, value: None },
            Kind::Map(entries) => match &entries[..] {
                [only] => {
                    let Entry { key, position, value } = only;
                    Variant { name: key, position: *position, value: Some(value) }
                }
                _ => return Err(Error::at(self.position, "expected a mapping with one key")),
            },
            Kind::List(_) => {
                return Err(Error::at(self.position, "expected a text or a mapping with one key"));
            }
        };
        visitor.visit_enum(variant).map_err(|error: Error| error.or_at(self.position))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct ignored_any
    }
}

struct Items<'de>(slice::Iter<'de, Node>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(node) = self.0.next() else { return Ok(None) };
        seed.deserialize(node).map(Some).map_err(|error| error.or_at(node.position))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Entries<'de> {
    rest: slice::Iter<'de, Entry>,
    value: Option<&'de Entry>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(entry) = self.rest.next() else { return Ok(None) };
        self.value = Some(entry);
        let key = StrDeserializer::new(&entry.key);
        seed.deserialize(key).map(Some).map_err(|error: Error| error.or_at(entry.position))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let entry = self.value.take().ok_or_else(|| Error::custom("a value without a key"))?;
        // A reader looks for what is missing at the key, not on the next line.
        let position = if entry.value.is_null() { entry.position } else { entry.value.position };
        seed.deserialize(&entry.value).map_err(|error| error.or_at(position))
    }
}

struct Variant<'de> {
    name: &'de str,
    position: Position,
    value: Option<&'de Node>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name = StrDeserializer::new(self.name);
        let name = seed.deserialize(name).map_err(|error: Error| error.or_at(self.position))?;
        Ok((name, self))
    }
}

impl Variant<'_> {
    fn none(&self) -> Error {
        Error::at(self.position, "expected a mapping with one key")
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.value {
            Some(value) if !value.is_null() => {
                Err(Error::at(value.position, "expected nothing below this key"))
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.value.ok_or_else(|| self.none())?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.value.ok_or_else(|| self.none())?.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.value.ok_or_else(|| self.none())?.deserialize_any(visitor)
    }
}
