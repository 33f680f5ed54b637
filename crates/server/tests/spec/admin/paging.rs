//! Pages of lists.

use grantor_protocol::Cause;
use http::header::LINK;
use serde_json::Value;

use super::{Api, is_problem};

#[tokio::test]
async fn every_list_is_read_page_by_page() {
    let api = Api::start().await;
    for (path, key) in [
        ("/clients", "id"),
        ("/users", "id"),
        ("/scopes", "name"),
        ("/resources", "id"),
    ] {
        let whole = api.get(path).await;
        assert_eq!(whole.header(LINK), None);
        let whole: Vec<Value> = whole.ok()["items"].as_array().unwrap().clone();
        assert!(whole.len() > 2, "{path}");
        let (mut read, mut next) = (Vec::new(), format!("{path}?limit=2"));
        loop {
            let page = api.get(&next).await;
            let items = page.ok()["items"].as_array().unwrap().clone();
            assert!(items.len() <= 2);
            let last = items.last().unwrap()[key].clone();
            read.extend(items);
            let Some(link) = page.header(LINK) else {
                assert_eq!(page.ok().get("next"), None);
                break;
            };
            assert_eq!(page.ok()["next"], last);
            let target = link.strip_prefix("<https://id.example/admin/v1").unwrap();
            next = target.strip_suffix(">; rel=\"next\"").unwrap().to_owned();
        }
        assert_eq!(read, whole, "{path}");
    }
}

#[tokio::test]
async fn queries_that_cannot_be() {
    let api = Api::start().await;
    let rows = [
        ("/clients?limit=0", "limit"),
        ("/clients?limit=501", "limit"),
        ("/clients?limit=many", "limit"),
        ("/clients?limit=1&limit=2", "limit"),
        ("/clients?after=", "after"),
        ("/clients?surprise=1", "surprise"),
        ("/users?after=x", "after"),
        ("/grants?user=x", "user"),
        ("/grants?client=", "client"),
        ("/keys?limit=1", "limit"),
        ("/clients/web?x=1", "x"),
    ];
    for (path, parameter) in rows {
        let problem = is_problem(&api.get(path).await, 400, Cause::QueryInvalid);
        assert_eq!(problem["errors"][0]["parameter"], parameter, "{path}");
    }
}
