//! `grantor apply`.

use std::path::PathBuf;

use clap::Args;
use grantor_server::keyring::MasterKey;
use grantor_server::password::PasswordHasher;
use grantor_store::Store;

use crate::change;
use crate::declaration::{self, ApplyError, Declaration, Plan};
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, print_warnings, say};

/// Bring scopes, resource servers, trusted issuers, clients and users to what a file declares.
///
/// What is there and not declared stays. Applying the same file twice changes nothing the second time.
#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// The declarative file (TOML).
    file: PathBuf,
    /// Show what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Apply {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let context = format!("{} cannot be read", self.file.display());
        let text =
            std::fs::read_to_string(&self.file).map_err(|error| CommandError::caused_by(&context, &error))?;
        let declaration =
            Declaration::parse(&text).map_err(|error| CommandError::usage(format!("{context}:\n{error}")))?;
        let place = self.database.place()?;
        let store = place.open()?;
        let keys = declaration.wants_master_key().then(|| place.keys()).transpose()?;
        let master = keys.as_ref().map(|keys| &keys.master);
        let mut plan = make_plan(&*store, &declaration, master).await?;
        if !self.dry_run {
            commit(&*store, &mut plan).await?;
        }
        if self.json {
            print_json(&plan)
        } else {
            print_plan(&plan, self.dry_run)
        }
    }
}

/// Brings a store to what is declared.
///
/// # Errors
/// When the declaration has problems or the store fails.
pub(crate) async fn apply(
    store: &dyn Store,
    declaration: &Declaration,
    master: &MasterKey,
) -> Result<Plan, CommandError> {
    let mut plan = make_plan(store, declaration, Some(master)).await?;
    commit(store, &mut plan).await?;
    Ok(plan)
}

async fn make_plan(
    store: &dyn Store,
    declaration: &Declaration,
    master: Option<&MasterKey>,
) -> Result<Plan, CommandError> {
    let hasher = PasswordHasher::start(1);
    declaration::plan(
        store,
        declaration,
        &hasher,
        |name| std::env::var(name).ok(),
        master,
        change::now(),
    )
    .await
    .map_err(|error| match error {
        ApplyError::Problems(_) => CommandError::usage(error.to_string()),
        ApplyError::Store(_) | ApplyError::Password(_) | ApplyError::Random(_) => {
            CommandError::caused_by("cannot apply", &error)
        }
    })
}

async fn commit(store: &dyn Store, plan: &mut Plan) -> Result<(), CommandError> {
    let changes = std::mem::take(&mut plan.changes);
    change::commit(store, changes, "what is declared").await
}

fn print_plan(plan: &Plan, dry_run: bool) -> Result<(), CommandError> {
    print_warnings(&plan.warnings);
    for planned in &plan.planned {
        say!("{} {} {}", planned.action, planned.kind, planned.name);
        for member in &planned.members {
            say!("    {member}");
        }
    }
    let (changed, unchanged) = (plan.planned.len(), plan.unchanged);
    let done = if dry_run { "would change" } else { "changed" };
    say!("{changed} {done}, {unchanged} already as declared.");
    Ok(())
}
