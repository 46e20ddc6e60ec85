//! The macro that defines types with one line per field.

/// Defines structs that can be decoded from JSON and encoded to it.
///
/// Each field has a name, a type, and the key in the JSON object. A field's
/// documentation begins with its key; attributes are kept.
///
/// ```
/// squall_client::record! {
///     /// A server.
///     pub struct Server {
///         /// Its id.
///         pub id: String = "id",
///         /// The zone it runs in.
///         pub zone: Option<String> = "OS-EXT-AZ:availability_zone",
///         /// Its root password, shown once.
///         pub admin_pass: Option<String> = "adminPass",
///     }
/// }
/// # use squall_client::codec::{Decode, Encode};
/// # use serde_json::json;
///
/// let server = Server::decode(&json!({"id": "42", "adminPass": "x", "unheard-of": 1}))?;
/// assert_eq!(server.zone, None);
/// assert_eq!(server.encode(), json!({"id": "42", "adminPass": "x"}));
/// // Debug shows the fields that are set, and no secrets.
/// assert_eq!(format!("{server:?}"), r#"Server { adminPass: "***", id: "42" }"#);
/// # Ok::<(), squall_client::codec::DecodeError>(())
/// ```
///
/// # Grammar
///
/// ```text
/// record! { STRUCT… }
/// STRUCT = ATTRIBUTE… VISIBILITY struct NAME { FIELD, … }
/// FIELD  = ATTRIBUTE… VISIBILITY NAME : TYPE = "KEY"
/// ```
///
/// - A field of type `Option<T>` may be missing or `null`, and is left out when
///   it is `None`; every other field is required.
/// - `Option<Nullable<T>>` distinguishes a missing field from `null`.
/// - A field type needs [`Decode`](crate::Decode), [`Encode`](crate::Encode),
///   `Clone`, `PartialEq` and `Default`: `String`, numbers, `bool`, `Json`, `Vec`,
///   `BTreeMap<String, _>`, `Box`, other records.
/// - Unknown keys are ignored; [`Response::body`](crate::Response) keeps them.
///
/// Each struct gets `Clone`, `PartialEq`, `Default`, `Debug`, `Decode`, `Encode`
/// and serde's `Serialize` and `Deserialize`.
#[macro_export]
macro_rules! record {
    ($(
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident {
            $(
                $(#[$field_attribute:meta])*
                $field_visibility:vis $field:ident : $type:ty = $key:literal
            ),* $(,)?
        }
    )*) => {$(
        $(#[$attribute])*
        #[derive(Clone, PartialEq, Default)]
        $visibility struct $name {
            $(
                #[doc = ::core::concat!("The key `", $key, "`.")]
                $(#[$field_attribute])*
                $field_visibility $field: $type,
            )*
        }

        impl $crate::codec::Decode for $name {
            fn decode(
                value: &$crate::__private::Value,
            ) -> ::core::result::Result<Self, $crate::codec::DecodeError> {
                let _fields = $crate::codec::Fields::of(value)?;
                ::core::result::Result::Ok(Self { $($field: _fields.get($key)?,)* })
            }
        }

        impl $crate::codec::Encode for $name {
            fn encode(&self) -> $crate::__private::Value {
                #[allow(unused_mut, reason = "a struct may have no fields")]
                let mut members = $crate::codec::Members::new();
                $(members.put($key, &self.$field);)*
                members.finish()
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::codec::show(::core::stringify!($name), self, f)
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                let value = $crate::codec::Encode::encode(self);
                $crate::__private::serde::Serialize::serialize(&value, serializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::codec::through_value(deserializer)
            }
        }
    )*};
}
