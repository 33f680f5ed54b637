//! The tables, which the first to open the database makes.

use tokio_postgres::{Client, GenericClient};

use super::failure::Failure;

/// Each step leads from one form of the tables to the next. Steps are never changed, only added.
const STEPS: &[&str] = &["
    CREATE TABLE grantor_vault_form (form integer NOT NULL);
    INSERT INTO grantor_vault_form VALUES (0);
    CREATE TABLE grantor_vault_records (
        namespace text COLLATE \"C\" NOT NULL,
        owner text COLLATE \"C\" NOT NULL,
        id text COLLATE \"C\" NOT NULL,
        revision bigint NOT NULL,
        bytes bytea NOT NULL,
        PRIMARY KEY (namespace, owner, id)
    );
    -- What is sealed does not get smaller.
    ALTER TABLE grantor_vault_records ALTER bytes SET STORAGE EXTERNAL;
"];

/// Held while steps are taken, so that of two processes the second finds what the first has made: "GvLt".
const LOCK: i64 = 0x4776_4c74;

/// Brings the tables into the form of this release, unless they are.
pub(super) async fn prepare(connection: &mut Client) -> Result<(), Failure> {
    let row = connection
        .query_typed_one("SELECT current_setting('server_encoding')", &[])
        .await?;
    let encoding: String = row.try_get(0)?;
    if encoding != "UTF8" {
        return Err(format!(
            "the database is in {encoding}: create one with ENCODING 'UTF8' TEMPLATE template0"
        )
        .into());
    }
    if form(connection).await? == STEPS.len() {
        return Ok(());
    }
    let transaction = connection.transaction().await?;
    transaction
        .batch_execute(&format!("SELECT pg_advisory_xact_lock({LOCK})"))
        .await?;
    let taken = form(&transaction).await?;
    let Some(missing) = STEPS.get(taken..) else {
        return Err(format!("its tables are of a newer release (form {taken}): update this program").into());
    };
    for step in missing {
        transaction.batch_execute(step).await?;
    }
    transaction
        .batch_execute(&format!("UPDATE grantor_vault_form SET form = {}", STEPS.len()))
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// The form of the tables that are there; 0 when there are none.
async fn form(connection: &impl GenericClient) -> Result<usize, Failure> {
    // By a look into the catalog: to_regclass still says what it said before the lock was waited for.
    let tables = "SELECT FROM pg_catalog.pg_class
                  WHERE relname = 'grantor_vault_form' AND pg_catalog.pg_table_is_visible(oid)";
    if connection.query_typed(tables, &[]).await?.is_empty() {
        return Ok(0);
    }
    let rows = connection
        .query_typed("SELECT form FROM grantor_vault_form", &[])
        .await?;
    let form = match rows.as_slice() {
        [row] => usize::try_from(row.try_get::<_, i32>(0)?).ok(),
        _ => None,
    };
    form.ok_or_else(|| "the table grantor_vault_form is not a vault's: choose another schema".into())
}
