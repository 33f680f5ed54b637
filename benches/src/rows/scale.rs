//! Whether the cost of a token stays the same with many clients and grants.

use super::report::Report;
use super::{client_credentials, median, now, path, same, timed};
use crate::data::{self, Amount};
use crate::load::{Pace, Script};
use crate::process::Server;
use crate::script::RefreshChain;
use crate::wire::Connection;
use crate::{Failed, Options};

pub(super) async fn measure(options: &Options, report: &mut Report) -> Result<(), Failed> {
    for (clients, idle_grants) in [(95, 0), (99_995, 0), (95, 1_000_000)] {
        eprintln!("{} clients, {idle_grants} grants", clients + 5);
        let folder = tempfile::tempdir()?;
        let amount = Amount {
            clients,
            idle_grants,
            codes: 500,
        };
        let mut codes = data::seed(path(&folder), amount, now()?).await?;
        let server = Server::grantor(&options.binary, path(&folder)).await?;
        let (mut tokens, mut refreshes) = (Vec::new(), Vec::new());
        for _ in 0..options.runs {
            tokens.push(same(options, &server, &client_credentials("es256"), 16, Pace::Closed).await?);
            refreshes.push(timed(options, &server, chains(&server, &mut codes).await?, Pace::Closed).await?);
        }
        let (tokens, refreshes) = (median(tokens), median(refreshes));
        report.fact(
            &format!("{} clients, {idle_grants} grants", clients + 5),
            format!(
                "client credentials {:.0}/s ({:.1} us), refresh {:.0}/s ({:.1} us), ready in {} ms, {:.1} MiB",
                tokens.0.rate,
                tokens.1,
                refreshes.0.rate,
                refreshes.1,
                server.ready_after.as_millis(),
                server.resident()?,
            ),
            "flat",
        );
        server.stop().await?;
    }
    Ok(())
}

async fn chains(server: &Server, codes: &mut Vec<String>) -> Result<Vec<Box<dyn Script>>, Failed> {
    let mut connection = Connection::open(server.address).await?;
    let mut chains: Vec<Box<dyn Script>> = Vec::new();
    for _ in 0..16 {
        let code = codes.pop().ok_or_else(|| Failed::new("no code left"))?;
        chains.push(Box::new(RefreshChain::begin(&mut connection, &code).await?.0));
    }
    Ok(chains)
}
