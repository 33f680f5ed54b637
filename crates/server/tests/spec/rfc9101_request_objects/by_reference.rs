//! Request objects that the server fetches.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use grantor_fetch::Guard;
use grantor_protocol::Cause;

use super::{answer, bare, claims, key, refusal, setup, sign, told};
use crate::harness::Ask;

/// Serves a text at an address of this machine, and counts.
async fn publish(object: Arc<Mutex<(String, usize)>>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!(
        "http://127.0.0.1:{}/request",
        listener.local_addr().unwrap().port()
    );
    let served = move || {
        let mut object = object.lock().unwrap();
        object.1 += 1;
        let body = object.0.clone();
        async move { body }
    };
    let router = Router::new().route("/request", get(served));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    uri
}

#[tokio::test]
async fn a_request_by_reference_is_fetched_from_where_the_client_registered() {
    let key = key();
    let object = sign(&key, &claims(&Ask::web()));
    let published = Arc::new(Mutex::new((object, 0)));
    let uri = publish(Arc::clone(&published)).await;
    let start = |guard: Guard| {
        let registered = uri.clone();
        let mut setup = setup(&key).client("web", |client| client.metadata.request_uris = vec![registered]);
        setup.settings.outgoing = guard;
        setup.start()
    };
    let server = start(Guard::new().danger_allow_loopback()).await;
    let ask = bare().with("request_uri", &format!("{uri}#the-hash-of-it"));
    assert!(answer(&server, &ask).await.value("code").is_some());
    assert!(published.lock().unwrap().1 >= 1);

    let fetched = published.lock().unwrap().1;
    let elsewhere = bare().with("request_uri", &format!("{uri}?other"));
    let expected = refusal("invalid_request_uri", Cause::RequestUriUnregistered);
    assert_eq!(told(&server, &elsewhere).await, expected);
    assert_eq!(
        published.lock().unwrap().1,
        fetched,
        "nothing else is ever fetched"
    );

    // The guard counts for registered addresses too.
    let guarded = start(Guard::new()).await;
    let expected = refusal("invalid_request_uri", Cause::RequestObjectUnavailable);
    assert_eq!(told(&guarded, &ask).await, expected);

    published.lock().unwrap().0 = "nonsense".to_owned();
    let expected = refusal("invalid_request_object", Cause::RequestObjectInvalid);
    assert_eq!(told(&server, &ask).await, expected);
}
