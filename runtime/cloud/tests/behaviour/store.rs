//! Object storage: what stands beside accounts, needs no token, or has a form of its own.

use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use crate::caller::{Answer, Caller};

/// In the year 2096.
const LATER: &str = "4000000000";
const KEY: &str = "a key";

/// Returns the path of the account, as the catalog has it.
fn account(caller: &Caller) -> String {
    let catalog = caller.get("/identity/v3/auth/catalog").expect(200);
    let services = catalog.json["catalog"].as_array().unwrap();
    let store = services.iter().find(|service| service["type"] == "object-store").unwrap();
    let url = store["endpoints"][0]["url"].as_str().unwrap();
    url.strip_prefix("http://cloud.test").unwrap().to_owned()
}

/// Makes a container with a key, and returns its path.
fn container(caller: &Caller) -> String {
    let path = format!("{}/c", account(caller));
    caller.put(&path, Value::Null).expect(201);
    let keyed = caller.with("x-container-meta-temp-url-key", KEY);
    keyed.send("POST", &path, Value::Null).expect(204);
    path
}

fn signature(message: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    hex::encode(mac.chain_update(message).finalize().into_bytes())
}

#[test]
fn a_temporary_url_is_signed_by_the_path_that_it_has() {
    let admin = Caller::admin();
    let path = container(&admin) + "/cat";
    admin.send_bytes("PUT", &path, "meow", None).expect(201);
    let signature = signature(&format!("GET\n{LATER}\n{path}"));
    let url = format!("{path}?temp_url_sig={signature}&temp_url_expires={LATER}");
    let came = admin.with_token("").get(&url).expect(200);
    assert_eq!(came.bytes, "meow");
}

#[test]
fn a_reseller_may_use_every_account() {
    let admin = Caller::admin();
    let container = container(&admin);
    admin.tenant("neighbour", "member").get(&container).expect(403);
    let reseller = admin.tenant("reseller", "ResellerAdmin");
    reseller.get(&container).expect(204);
    let quota = reseller.with("x-account-meta-quota-bytes", "3");
    quota.send("POST", &account(&admin), Value::Null).expect(204);
    assert_eq!(admin.get(&account(&admin)).header("x-account-quota-bytes"), "3");
}

#[test]
fn some_pages_need_no_token() {
    let nobody = Caller::admin().with_token("");
    assert_eq!(nobody.get("/healthcheck").expect(200).bytes, "OK");
    let page = nobody.get("/crossdomain.xml").expect(200);
    assert_eq!(page.header("content-type"), "application/xml");
    assert!(page.bytes.starts_with(b"<?xml"), "{page:?}");
    let info = nobody.get("/info").expect(200);
    assert_eq!(info.json["swift"]["max_meta_count"], 90);
}

#[test]
fn an_archive_can_be_sent_to_the_account() {
    let admin = Caller::admin();
    let account = account(&admin);
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(4);
    header.set_mode(0o644);
    archive.append_data(&mut header, "new/cat", &b"meow"[..]).unwrap();
    let archive = archive.into_inner().unwrap();
    let path = format!("{account}?extract-archive=tar");
    let json = admin.with("accept", "application/json");
    let report = json.send_bytes("PUT", &path, archive, None).expect(200);
    assert_eq!(report.json["Number Files Created"], 1, "{report:?}");
    assert_eq!(admin.get(&format!("{account}/new/cat")).expect(200).bytes, "meow");
    // Without an archive there is nothing to put there.
    admin.put(&account, Value::Null).expect(405);
}

#[test]
fn listings_have_a_form_in_xml() {
    let admin = Caller::admin();
    let container = container(&admin);
    admin.send_bytes("PUT", &format!("{container}/a&b"), "meow", None).expect(201);
    let by_query = admin.get(&format!("{container}?format=xml")).expect(200);
    let by_header = admin.with("accept", "text/xml").get(&container).expect(200);
    assert_eq!(by_query.header("content-type"), "application/xml; charset=utf-8");
    assert_eq!(by_header.header("content-type"), "text/xml; charset=utf-8");
    assert_eq!(by_query.bytes, by_header.bytes);
    let text = String::from_utf8_lossy(&by_query.bytes).into_owned();
    assert!(text.contains("<container name=\"c\"><object><name>a&amp;b</name>"), "{text}");
    let of_account = admin.get(&format!("{}?format=xml", account(&admin))).expect(200);
    let text = String::from_utf8_lossy(&of_account.bytes).into_owned();
    assert!(text.contains("<container><name>c</name><count>1</count><bytes>4</bytes>"), "{text}");
    admin.with("accept", "image/png").get(&container).expect(406);
}

/// Sends a form with one file to objects that begin with `up-`.
fn form(caller: &Caller, container: &str, sign: impl Fn(&str) -> String, size: &str) -> Answer {
    let path = format!("{container}/up-");
    let signature = sign(&format!("{path}\n\n{size}\n1\n{LATER}"));
    let mut body = String::new();
    for (name, value) in [
        ("max_file_size", size),
        ("max_file_count", "1"),
        ("expires", LATER),
        ("signature", &signature),
    ] {
        body += "--edge\r\nContent-Disposition: form-data; ";
        body += &["name=\"", name, "\"\r\n\r\n", value, "\r\n"].concat();
    }
    body += "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"cat\"\r\n";
    body += "Content-Type: text/plain\r\n\r\nmeow\r\n--edge--\r\n";
    let media_type = Some("multipart/form-data; boundary=edge");
    caller.with_token("").send_bytes("POST", &path, body, media_type)
}

#[test]
fn a_signed_form_uploads_without_a_token() {
    let admin = Caller::admin();
    let container = container(&admin);
    form(&admin, &container, |_| signature("something else"), "100").expect(401);
    form(&admin, &container, signature, "3").expect(413);
    admin.get(&format!("{container}/up-cat")).expect(404);
    form(&admin, &container, signature, "100").expect(201);
    let came = admin.get(&format!("{container}/up-cat")).expect(200);
    assert_eq!((&came.bytes[..], came.header("content-type")), (&b"meow"[..], "text/plain"));
}
