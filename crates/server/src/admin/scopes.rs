//! Scopes.

use async_trait::async_trait;
use grantor_protocol::Change;
use grantor_protocol::record::ScopeDefinition;
use grantor_protocol::validity::Invalid;
use grantor_store::{Store, StoreError};

use super::administration::Output;
use super::catalogue::Entry;
use super::refusal::Refusal;

#[async_trait]
impl Entry for ScopeDefinition {
    const KIND: &'static str = "scope";
    const NAME: &'static str = "name";

    fn name(&self) -> String {
        self.name.as_str().to_owned()
    }

    fn check(&self) -> Result<(), Invalid> {
        Ok(())
    }

    fn put(self) -> Change {
        Change::PutScope(self)
    }

    fn delete(self) -> Change {
        Change::DeleteScope(self.name)
    }

    async fn all(store: &dyn Store) -> Result<Vec<Self>, StoreError> {
        store.scopes().await
    }

    async fn written(&self, _: &dyn Store) -> Result<Output, Refusal> {
        Output::document(self)
    }
}
