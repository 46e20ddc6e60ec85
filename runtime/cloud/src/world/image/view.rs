//! How an image is shown.

use serde_json::{Value, json};

use super::Image;
use super::info::STORE;

/// Shows an image with its links, which have no host.
pub(crate) fn view(image: &Image) -> Value {
    let mut out = image.properties.clone();
    let own = format!("/v2/images/{}", image.text("id"));
    out.insert("file".to_owned(), json!(format!("{own}/file")));
    out.insert("self".to_owned(), json!(own));
    out.insert("schema".to_owned(), json!("/v2/schemas/image"));
    // As with `show_multiple_locations` and `show_image_direct_url`, which our real clouds set.
    let url = format!("{STORE}://{}", image.text("id"));
    let mut locations = Vec::new();
    if image.data.is_some() {
        locations.push(json!({ "url": url, "metadata": { "store": STORE } }));
        out.insert("direct_url".to_owned(), json!(url));
        out.insert("stores".to_owned(), json!(STORE));
    }
    out.insert("locations".to_owned(), json!(locations));
    Value::Object(out)
}
