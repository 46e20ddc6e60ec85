//! The wire, against listeners on loopback that behave in one way each.

#![expect(clippy::unwrap_used, reason = "a test that unwraps has told what it had to tell")]

use std::future::poll_fn;
use std::sync::mpsc::RecvTimeoutError;
use std::task::Poll;
use std::time::Duration;

use http::Request;
use squall_client::transport::{BodyLimit, Tls, Transport, TransportErrorKind, Wire};
use squall_client::{Bytes, TransportError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

async fn get(url: &str) -> Result<http::Response<Bytes>, TransportError> {
    let request = Request::builder().uri(url).body(Bytes::new()).unwrap();
    Wire::new(&Tls::default(), None).unwrap().send(request).await
}

/// Answers the first connection with these bytes and closes it.
async fn listener(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(answer).await;
    });
    url
}

#[tokio::test]
async fn a_response_comes_as_it_was_sent_redirects_included() {
    for (status, answer) in [
        (300, &b"HTTP/1.1 300 Multiple Choices\r\nlocation: /v3/\r\nx-a: 1\r\ncontent-length: 2\r\n\r\nhi"[..]),
        (302, b"HTTP/1.1 302 Found\r\nlocation: /v3/\r\nx-a: 1\r\ncontent-length: 2\r\n\r\nhi"),
        (307, b"HTTP/1.1 307 Temporary Redirect\r\nlocation: /v3/\r\nx-a: 1\r\ncontent-length: 2\r\n\r\nhi"),
    ] {
        let response = get(&listener(answer).await).await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(
            (response.headers()["x-a"].as_bytes(), &response.body()[..]),
            (&b"1"[..], &b"hi"[..])
        );
    }
}

#[tokio::test]
async fn transport_errors_are_distinguished() {
    // A port that was ours a moment ago and that is closed now.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refused = get(&format!("http://{free}/")).await.unwrap_err();
    assert_eq!(refused.kind, TransportErrorKind::Refused, "{refused}");
    let closed = get(&listener(b"").await).await.unwrap_err();
    assert_eq!(closed.kind, TransportErrorKind::Closed, "{closed}");
    let short = listener(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhi").await;
    let short = get(&short).await.unwrap_err();
    assert_eq!(short.kind, TransportErrorKind::Closed, "{short}");
    let plain = listener(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let plain = get(&plain.replace("http:", "https:")).await.unwrap_err();
    assert_eq!(plain.kind, TransportErrorKind::Tls, "{plain}");
}

#[test]
fn a_certificate_that_is_missing_is_named_by_its_file() {
    let tls = Tls { ca: Some("/nowhere/ca.pem".into()), ..Tls::default() };
    let error = Wire::new(&tls, None).unwrap_err().to_string();
    assert!(error.starts_with("cannot read `/nowhere/ca.pem`"), "{error}");
}

#[tokio::test]
async fn an_empty_upload_says_that_it_is_empty() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).await.unwrap();
        stream.write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        String::from_utf8_lossy(&bytes[..count]).to_ascii_lowercase()
    });
    let request = Request::builder().method("PUT").uri(&url).body(Bytes::new()).unwrap();
    Wire::new(&Tls::default(), None).unwrap().send(request).await.unwrap();
    let heard = heard.await.unwrap();
    assert!(heard.contains("\r\ncontent-length: 0\r\n"), "{heard}");
}

/// Answers with a head, and then with `chunk` until the connection is closed.
async fn endless(head: &'static [u8], chunk: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(head).await;
        while stream.write_all(chunk).await.is_ok() {
            tokio::task::yield_now().await;
        }
    });
    url
}

async fn get_at_most(url: &str, limit: u64) -> Result<http::Response<Bytes>, TransportError> {
    let mut request = Request::builder().uri(url).body(Bytes::new()).unwrap();
    request.extensions_mut().insert(BodyLimit(limit));
    Wire::new(&Tls::default(), None).unwrap().send(request).await
}

#[tokio::test]
async fn a_body_above_its_limit_is_an_error_that_names_both() {
    let long = listener(b"HTTP/1.1 200 OK\r\ncontent-length: 5000000000\r\n\r\n{").await;
    let error = get_at_most(&long, 100).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the response is too large: its body has more than 100 bytes (`Content-Length: 5000000000`)"
    );
    assert_eq!(error.kind, TransportErrorKind::TooLarge);
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let endless = endless(head, b"5\r\nhello\r\n").await;
    let error = get_at_most(&endless, 100).await.unwrap_err();
    assert_eq!(error.kind, TransportErrorKind::TooLarge, "{error}");
    let short = listener(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi").await;
    assert_eq!(get_at_most(&short, 2).await.unwrap().body(), "hi");
}

#[tokio::test]
async fn an_answer_that_never_ends_has_a_deadline() {
    // Bytes keep coming: only a deadline for the whole answer can end it.
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let url = endless(head, b"1\r\n \r\n").await;
    let request = Request::builder().uri(&url).body(Bytes::new()).unwrap();
    let deadline = Duration::from_millis(50);
    let wire = Wire::new(&Tls::default(), Some(deadline)).unwrap();
    assert_eq!(wire.send(request).await.unwrap_err().kind, TransportErrorKind::Timeout);
}

/// Answers each request with the number of its connection; in the end says that it closes.
async fn counting(per_connection: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for number in 1.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            for left in (0..per_connection).rev() {
                let read = stream.read(&mut [0; 4096]).await.unwrap();
                assert!(read > 0, "a connection ended before its last answer");
                let more = if left == 0 { "close" } else { "keep-alive" };
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: {more}");
                let answer = format!("{head}\r\n\r\n{number}");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    });
    url
}

#[tokio::test]
async fn a_connection_is_used_until_the_server_wants_it_closed() {
    let url = counting(2).await;
    let wire = Wire::new(&Tls::default(), None).unwrap();
    let mut connections = Vec::new();
    for _ in 0..5 {
        let request = Request::builder().uri(&url).body(Bytes::new()).unwrap();
        let response = wire.send(request).await.unwrap();
        connections.push(String::from_utf8_lossy(response.body()).into_owned());
    }
    assert_eq!(connections, ["1", "1", "2", "2", "3"]);
}

#[tokio::test]
async fn what_is_sent_is_a_path_for_a_host() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).await.unwrap();
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        String::from_utf8_lossy(&bytes[..count]).to_ascii_lowercase()
    });
    get(&format!("http://{host}/v2.1/servers?name=a%20b")).await.unwrap();
    let heard = heard.await.unwrap();
    assert!(heard.starts_with("get /v2.1/servers?name=a%20b http/1.1\r\n"), "{heard}");
    for header in [format!("host: {host}"), "accept: */*".to_owned(), "user-agent: squall/".into()]
    {
        assert!(heard.contains(&format!("\r\n{header}")), "{header}: {heard}");
    }
}

/// A task that has used up its budget gets nothing more from the runtime until it has given way
/// to others; whatever it polls says that it waits, and outside of a worker wakes it at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_a_task_without_budget_gives_way_and_is_answered() {
    let (done, watched) = std::sync::mpsc::channel::<()>();
    std::thread::spawn(move || {
        // A request that never gives way cannot be ended from inside.
        if watched.recv_timeout(Duration::from_secs(30)) == Err(RecvTimeoutError::Timeout) {
            std::process::abort();
        }
    });
    let url = counting(4).await;
    let wire = Wire::new(&Tls::default(), None).unwrap();
    let request = || Request::builder().uri(&url).body(Bytes::new()).unwrap();
    let first = wire.send(request()).await.unwrap();
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    (0..1000).for_each(|_| sender.send(()).unwrap());
    // Takes as much as the budget allows, without waiting for anything.
    poll_fn(|cx| {
        while receiver.poll_recv(cx).is_ready() {}
        Poll::Ready(())
    })
    .await;
    let second = wire.send(request()).await.unwrap();
    assert_eq!((&first.body()[..], &second.body()[..]), (&b"1"[..], &b"1"[..]), "one connection");
    drop(done);
}
