//! `cargo xtask bench`: the release binary over loopback, each row beside its ceiling, measured in the same run.

mod bare;
mod data;
mod load;
mod process;
mod rows;
mod script;
mod wire;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The ceilings allocate as the server does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Something that ended a measurement.
#[derive(Debug)]
pub(crate) struct Failed(pub(crate) String);

impl Failed {
    pub(crate) fn new(message: &str) -> Self {
        Self(message.to_owned())
    }

    pub(crate) fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Measure the server beside its ceilings.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A bare server, started by the measurement itself.
    #[command(hide = true)]
    Bare {
        /// Where it listens.
        address: SocketAddr,
        /// Where it writes.
        folder: PathBuf,
    },
}

/// How to measure.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Options {
    /// The binary to measure.
    #[arg(long, default_value = "target/release/grantor")]
    pub(crate) binary: PathBuf,
    /// Seconds that each run counts.
    #[arg(long, default_value_t = 2.0)]
    pub(crate) seconds: f64,
    /// Runs of each row; the median counts.
    #[arg(long, default_value_t = 3)]
    pub(crate) runs: usize,
    /// Connections.
    #[arg(long, value_delimiter = ',', default_values_t = [16, 64])]
    pub(crate) connections: Vec<usize>,
    /// Only rows whose name holds this text.
    #[arg(long)]
    pub(crate) only: Option<String>,
    /// Measure with 100,000 clients and 1,000,000 grants too.
    #[arg(long)]
    pub(crate) scale: bool,
}

impl Options {
    /// Whether a row is to be measured.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.contains(only))
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("bench: {error}");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(async {
        match arguments.command {
            Some(Command::Bare { address, folder }) => bare::serve(address, &folder).await,
            None => rows::measure(&arguments.options).await,
        }
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(message)) => {
            eprintln!("bench: {message}");
            ExitCode::FAILURE
        }
    }
}
