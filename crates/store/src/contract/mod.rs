//! The suite that every engine passes: what the [`Store`] trait promises, as tests.
//!
//! An engine's `tests/contract.rs` is one call of [`contract!`](crate::contract!).

pub mod changes;
pub mod durable;
pub mod events;
pub mod flows;
pub mod guards;
pub mod lockstep;
pub mod openid;
pub mod races;
pub mod reads;
mod sample;
mod snapshot;
pub mod sweep;

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use grantor_protocol::Change;
use tempfile::TempDir;

use crate::{CommitError, Store};

/// Opens a store in a folder. An engine that keeps its rows elsewhere takes the folder's name for its own.
type Open = Box<dyn Fn(PathBuf) -> Pin<Box<dyn Future<Output = Arc<dyn Store>>>>>;

/// One database for one test: a folder that goes when the test ends, and how a store is opened there.
pub struct Database {
    folder: TempDir,
    open: Open,
}

impl Database {
    /// Opens the database. Of a durable engine, every opening finds the same rows.
    pub async fn open(&self) -> Arc<dyn Store> {
        (self.open)(self.folder.path().to_owned()).await
    }
}

/// Runs one test of the suite on an empty database.
pub fn run<T, O, F>(test: T, open: O)
where
    T: AsyncFnOnce(&Database),
    O: Fn(PathBuf) -> F + 'static,
    F: Future<Output = Arc<dyn Store>> + 'static,
{
    let database = Database {
        folder: TempDir::new().expect("a temporary folder"),
        open: Box::new(move |folder| Box::pin(open(folder))),
    };
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(test(&database));
}

/// The suite as tests: `contract!(memory, …)` for an engine that forgets, `contract!(durable, …)` for one that keeps.
/// The second argument opens a store in the folder it is given: `|folder: PathBuf| async { Arc<dyn Store> }`.
#[macro_export]
macro_rules! contract {
    (memory, $open:expr) => {
        $crate::contract_tests! { $open,
            reads: clients origins users catalogue sessions consents grants login_attempts keys revocations,
            changes: clients_are_replaced_and_deleted users_are_renamed catalogue_rows_are_replaced
                sessions_end_and_are_capped consents_grow_in_any_order grants_live_and_end grants_of_a_user_end
                tokens_are_denied attempts_are_counted keys_are_replaced nothing_is_a_commit_too,
            guards: a_guard_that_fails_changes_nothing a_guard_sees_the_changes_before_it,
            flows: single_uses devices_are_approved_and_redeemed user_codes_are_unique pushed_requests
                personal_access_tokens personal_access_tokens_are_limited trusted_issuers,
            openid: clients_join_sessions sessions_are_renewed grants_of_a_session_end jobs_are_claimed_and_put_off initial_access_tokens
                registered_clients,
            races: one_code_is_redeemed_once one_generation_is_rotated_once one_new_client_wins one_edit_wins
                one_login_name_has_one_user one_grant_id_is_created_once every_attempt_is_counted
                one_use_wins one_device_is_redeemed_once one_answer_counts
                one_user_code_has_one_device personal_access_tokens_stay_below_the_limit
                losers_leave_nothing neighbours_do_not_disturb_each_other,
            events: every_change_tells changes_that_find_nothing_are_silent conflicts_are_silent
                long_streams_come_in_pieces,
            sweep: ended_rows_go_and_live_ones_stay ended_flows_go_and_live_ones_stay the_limit_is_kept lives_that_grow_and_shrink
                events_go_late readers_that_come_too_late_are_told,
            lockstep: random_changes,
        }
    };
    (durable, $open:expr) => {
        $crate::contract!(memory, $open);
        $crate::contract_tests! { $open, durable: everything_is_there_after_reopening two_stores_share_the_rows, }
    };
}

/// One `#[test]` for each name.
#[doc(hidden)]
#[macro_export]
macro_rules! contract_tests {
    ($open:expr, $($subject:ident: $($name:ident)+,)+) => { $(
        mod $subject {
            #[allow(unused_imports, reason = "what the opening expression names")]
            use super::*;
            $(
                #[test]
                fn $name() {
                    $crate::contract::run($crate::contract::$subject::$name, $open);
                }
            )+
        }
    )+ };
}

/// Commits what must succeed.
async fn commit(store: &dyn Store, changes: impl IntoIterator<Item = Change>) {
    let changes: Vec<Change> = changes.into_iter().collect();
    let shown = format!("{changes:?}");
    if let Err(error) = store.commit(changes).await {
        panic!("{error}: {shown}");
    }
}

/// Commits what must be a conflict.
async fn conflict(store: &dyn Store, changes: impl IntoIterator<Item = Change>) {
    let changes: Vec<Change> = changes.into_iter().collect();
    let shown = format!("{changes:?}");
    match store.commit(changes).await {
        Err(CommitError::Conflict) => {}
        other => panic!("{other:?} where a conflict was due: {shown}"),
    }
}
