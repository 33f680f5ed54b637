//! The `grantor` binary: the server, its configuration, and the commands that administer it.

mod administrator;
mod argument;
mod change;
mod command;
mod config;
mod declaration;
mod engine;
mod launch;
mod master_key;
mod output;
mod sample_api;
mod tls;
mod user_code;
mod vault;

use std::process::ExitCode;

use clap::Parser;

use crate::command::Command;

/// Most of what a token request costs beside its signature is small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An OAuth 2.1 authorization server and OpenID Connect provider.
#[derive(Debug, Parser)]
#[command(name = "grantor", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("grantor: the runtime does not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(arguments.command.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("grantor: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
