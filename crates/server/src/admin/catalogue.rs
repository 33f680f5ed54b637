//! What scopes, resource servers and trusted issuers have in common: they are few, they are replaced as a whole, and they
//! count no revisions. Their `ETag` is a digest of what they say, and the comparison with `If-Match` and the write happen
//! under one lock. That is one step for everybody who comes through this process; a command beside the database that
//! writes between the two is overwritten.

use async_trait::async_trait;
use grantor_protocol::validity::Invalid;
use grantor_protocol::{Cause, Change};
use grantor_store::{Store, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::administration::{Administration, Output};
use super::refusal::Refusal;
use super::request::Request;
use super::{cursor, precondition};

/// Something of the catalogue.
#[async_trait]
pub(super) trait Entry: Clone + Serialize + DeserializeOwned + Send + Sync {
    /// What people call it, before its name.
    const KIND: &'static str;
    /// The member that names it.
    const NAME: &'static str;

    /// Its name.
    fn name(&self) -> String;
    /// Whether it can be so.
    fn check(&self) -> Result<(), Invalid>;
    /// The change that writes it.
    fn put(self) -> Change;
    /// The change that deletes it.
    fn delete(self) -> Change;
    /// All there are.
    async fn all(store: &dyn Store) -> Result<Vec<Self>, StoreError>;
    /// What is answered when it was written.
    async fn written(&self, store: &dyn Store) -> Result<Output, Refusal>;
}

async fn find<E: Entry>(admin: &Administration<'_>, name: &str) -> Result<E, Refusal> {
    let all = E::all(admin.store).await?;
    let found = all.into_iter().find(|entry| entry.name() == name);
    found.ok_or_else(|| Refusal::of(Cause::NotFound, format!("there is no {} {name}", E::KIND)))
}

pub(super) async fn list<E: Entry>(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let page = cursor::page_of(E::all(admin.store).await?, request, E::name)?;
    cursor::page(page, E::name, |entry| entry)
}

pub(super) async fn show<E: Entry>(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let entry: E = find(admin, request.name(0)).await?;
    Ok(Output::document(&entry)?.etag(precondition::of_content(&entry)))
}

pub(super) async fn create<E: Entry>(
    admin: &Administration<'_>,
    mut request: Request,
) -> Result<Output, Refusal> {
    let entry: E = request.document()?;
    let name = checked(&entry)?;
    let _held = admin.catalogue.lock().await;
    if E::all(admin.store)
        .await?
        .iter()
        .any(|known| known.name() == name)
    {
        let detail = format!("there is a {} {name} already", E::KIND);
        return Err(Refusal::of(Cause::AlreadyThere, detail));
    }
    Ok(write(admin, entry).await?.made(name))
}

pub(super) async fn replace<E: Entry>(
    admin: &Administration<'_>,
    mut request: Request,
) -> Result<Output, Refusal> {
    let _held = admin.catalogue.lock().await;
    let before: E = find(admin, request.name(0)).await?;
    precondition::check(request.if_match.as_deref(), &precondition::of_content(&before))?;
    let entry: E = request.document()?;
    if checked(&entry)? != before.name() {
        return Err(Refusal::member(E::NAME, "cannot be changed"));
    }
    write(admin, entry).await
}

pub(super) async fn delete<E: Entry>(
    admin: &Administration<'_>,
    request: &Request,
) -> Result<Output, Refusal> {
    let _held = admin.catalogue.lock().await;
    let before: E = find(admin, request.name(0)).await?;
    precondition::check(request.if_match.as_deref(), &precondition::of_content(&before))?;
    admin.commit(vec![before.delete()]).await?;
    Ok(Output::default())
}

async fn write<E: Entry>(admin: &Administration<'_>, entry: E) -> Result<Output, Refusal> {
    let etag = precondition::of_content(&entry);
    admin.commit(vec![entry.clone().put()]).await?;
    Ok(entry.written(admin.store).await?.etag(etag))
}

/// The name of an entry that can be so.
fn checked<E: Entry>(entry: &E) -> Result<String, Refusal> {
    let name = entry.name();
    entry
        .check()
        .map_err(|invalid| Refusal::invalid(&format!("{} {name}", E::KIND), &invalid))?;
    Ok(name)
}
