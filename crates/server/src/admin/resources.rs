//! Resource servers.

use async_trait::async_trait;
use grantor_protocol::Change;
use grantor_protocol::record::ResourceServer;
use grantor_protocol::validity::{self, Invalid};
use grantor_store::{Store, StoreError};
use serde_json::json;

use super::administration::Output;
use super::catalogue::Entry;
use super::refusal::Refusal;

#[async_trait]
impl Entry for ResourceServer {
    const KIND: &'static str = "resource server";
    const NAME: &'static str = "id";

    fn name(&self) -> String {
        self.id.to_string()
    }

    fn check(&self) -> Result<(), Invalid> {
        validity::resource(self)
    }

    fn put(self) -> Change {
        Change::PutResource(self)
    }

    fn delete(self) -> Change {
        Change::DeleteResource(self.id)
    }

    async fn all(store: &dyn Store) -> Result<Vec<Self>, StoreError> {
        store.resources().await
    }

    async fn written(&self, store: &dyn Store) -> Result<Output, Refusal> {
        let mut warnings = Vec::new();
        for id in &self.introspectors {
            if store.client(id).await?.is_none() {
                warnings.push(validity::unknown_introspector(id));
            }
        }
        Ok(Output::body(json!({ "resource": self, "warnings": warnings })))
    }
}
