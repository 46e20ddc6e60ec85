//! What the key ring does that its description cannot say.

use squall::embedded::{Handler, ItemStore, ServiceAnswer, ServiceFault, ServiceRequest};
use squall::serde_json::{Map, Value};

/// The handlers, by operation.
pub const HANDLERS: &[(&str, Handler)] = &[("key_ring.ring_keys.create", create_key)];

// ANCHOR: handler
/// The service reads a key that is added to a ring: it computes the fingerprint, and refuses
/// what is no key.
fn create_key(
    store: &mut ItemStore,
    request: &ServiceRequest<'_>,
) -> Result<ServiceAnswer, ServiceFault> {
    let text = request.body().pointer("/key/public_key").and_then(Value::as_str);
    let Some((algorithm, key)) = text.and_then(|text| text.split_once(' ')) else {
        return Err(ServiceFault::bad_request("A public key is an algorithm and the key itself."));
    };
    let fields = [("algorithm", algorithm.to_owned()), ("fingerprint", fingerprint(key))];
    let fields = fields.map(|(field, value)| (field.to_owned(), Value::from(value)));
    request.standard_with(store, Map::from_iter(fields))
}
// ANCHOR_END: handler

/// FNV-1a: the key ring wants to tell keys apart, not to protect them.
fn fingerprint(key: &str) -> String {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
