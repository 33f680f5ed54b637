//! Trusted issuers.

use async_trait::async_trait;
use grantor_protocol::Change;
use grantor_protocol::record::TrustedIssuer;
use grantor_protocol::validity::{self, Invalid};
use grantor_store::{Store, StoreError};

use super::administration::Output;
use super::catalogue::Entry;
use super::refusal::Refusal;

#[async_trait]
impl Entry for TrustedIssuer {
    const KIND: &'static str = "trusted issuer";
    const NAME: &'static str = "issuer";

    fn name(&self) -> String {
        self.issuer.clone()
    }

    fn check(&self) -> Result<(), Invalid> {
        validity::trusted_issuer(self)
    }

    fn put(self) -> Change {
        Change::PutTrustedIssuer(Box::new(self))
    }

    fn delete(self) -> Change {
        Change::DeleteTrustedIssuer(self.issuer)
    }

    async fn all(store: &dyn Store) -> Result<Vec<Self>, StoreError> {
        store.trusted_issuers().await
    }

    async fn written(&self, _: &dyn Store) -> Result<Output, Refusal> {
        Output::document(self)
    }
}
