//! The processes under load: the release binary, and the bare servers that show what is possible.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

use crate::Failed;
use crate::wire::{Connection, get};

/// A server in a process of its own.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From the start of the process to the first answer of `/ready`.
    pub(crate) ready_after: Duration,
}

/// A port that is free now.
fn free_port() -> Result<SocketAddr, Failed> {
    Ok(std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

impl Server {
    /// Starts `grantor serve` on the data in a folder.
    pub(crate) async fn grantor(binary: &Path, folder: &Path) -> Result<Self, Failed> {
        let address = free_port()?;
        let config = format!(
            "[server]\nissuer = \"https://bench.example\"\nlisten = \"{address}\"\ndanger_plain_http = true\n\
             [database]\npath = \"{}\"\n[log]\nfilter = \"error\"\n",
            folder.join("bench.db").display()
        );
        let file = folder.join("grantor.toml");
        std::fs::write(&file, config)?;
        let mut command = Command::new(binary);
        command
            .arg("serve")
            .arg("--config")
            .arg(&file)
            .env("GRANTOR_MASTER_KEY", "00112233445566778899aabbccddeeff".repeat(2));
        Self::start(command, address).await
    }

    /// Starts `grantor dev` in a folder, with its fixtures and its sample API.
    pub(crate) async fn dev(binary: &Path, folder: &Path) -> Result<Self, Failed> {
        let address = free_port()?;
        let mut command = Command::new(binary);
        command
            .args(["dev", "--log", "error", "--listen", &address.to_string()])
            .arg("--data")
            .arg(folder)
            .stdout(Stdio::null());
        Self::start(command, address).await
    }

    /// Starts this program again as a bare server.
    pub(crate) async fn bare(folder: &Path) -> Result<Self, Failed> {
        let address = free_port()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("bare").arg(address.to_string()).arg(folder);
        Self::start(command, address).await
    }

    async fn start(mut command: Command, address: SocketAddr) -> Result<Self, Failed> {
        let started = Instant::now();
        let mut child = command.stdin(Stdio::null()).kill_on_drop(true).spawn()?;
        loop {
            if let Ok(mut connection) = Connection::open(address).await
                && connection
                    .exchange(&get("/ready", &[]))
                    .await
                    .is_ok_and(|answer| answer.status == 200)
            {
                return Ok(Self {
                    child,
                    address,
                    ready_after: started.elapsed(),
                });
            }
            if let Some(status) = child.try_wait()? {
                return Err(Failed(format!("the server ended with {status}")));
            }
            if started.elapsed() > Duration::from_secs(60) {
                return Err(Failed::new("the server was not ready within a minute"));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Resident memory in MiB.
    pub(crate) fn resident(&self) -> Result<f64, Failed> {
        let pid = self
            .child
            .id()
            .ok_or_else(|| Failed::new("the server has ended"))?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        kilobytes
            .map(|kilobytes| kilobytes / 1024.0)
            .ok_or_else(|| Failed::new("no VmRSS"))
    }

    /// Processor time of all threads so far.
    pub(crate) fn processor_time(&self) -> Result<Duration, Failed> {
        let pid = self
            .child
            .id()
            .ok_or_else(|| Failed::new("the server has ended"))?;
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let after_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
        let mut fields = after_name.split(' ').skip(11);
        let mut ticks = || {
            fields
                .next()
                .and_then(|field| field.parse::<u64>().ok())
                .unwrap_or(0)
        };
        // USER_HZ is 100 on every Linux there is.
        Ok(Duration::from_millis((ticks() + ticks()) * 10))
    }

    /// Ends the process and waits for it.
    pub(crate) async fn stop(mut self) -> Result<(), Failed> {
        self.child.kill().await?;
        Ok(())
    }
}
