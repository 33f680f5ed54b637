//! Request objects that the server fetches.

use grantor_fetch::Guard;
use grantor_protocol::Cause;

use super::{answer, bare, claims, key, refusal, setup, sign, told};
use crate::harness::{Ask, Published};

#[tokio::test]
async fn a_request_by_reference_is_fetched_from_where_the_client_registered() {
    let key = key();
    let object = sign(&key, &claims(&Ask::web()));
    let published = Published::text(object).await;
    let uri = published.uri.clone();
    let start = |guard: Guard| {
        let registered = uri.clone();
        let mut setup = setup(&key).client("web", |client| client.metadata.request_uris = vec![registered]);
        setup.settings.outgoing = guard;
        setup.start()
    };
    let server = start(Guard::new().danger_allow_loopback()).await;
    let ask = bare().with("request_uri", &format!("{uri}#the-hash-of-it"));
    assert!(answer(&server, &ask).await.value("code").is_some());
    assert!(published.fetched() >= 1);

    let fetched = published.fetched();
    let elsewhere = bare().with("request_uri", &format!("{uri}?other"));
    let expected = refusal("invalid_request_uri", Cause::RequestUriUnregistered);
    assert_eq!(told(&server, &elsewhere).await, expected);
    assert_eq!(published.fetched(), fetched, "nothing else is ever fetched");

    // The guard counts for registered addresses too.
    let guarded = start(Guard::new()).await;
    let expected = refusal("invalid_request_uri", Cause::RequestObjectUnavailable);
    assert_eq!(told(&guarded, &ask).await, expected);

    published.set("nonsense");
    let expected = refusal("invalid_request_object", Cause::RequestObjectInvalid);
    assert_eq!(told(&server, &ask).await, expected);
}
