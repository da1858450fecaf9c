//! `tianye-hub`: the hub as a program of its own.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a command-line program")]

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use clap::{Parser, Subcommand};
use tianye_hub::{HubError, Limits, Options, Running, start, summary};
use tracing_subscriber::EnvFilter;

/// Keeps sealed entries and chunks of field surveys and hands them on between laptops.
///
/// The hub can read nothing of what it keeps. It is known by its key, which is on the hub card that `serve` prints and
/// writes to hub-card.json in its data folder. Give that file to the team lead: it holds the word with which a lead
/// registers a project here. Copy the data folder to back the hub up while it is stopped.
#[derive(Debug, Parser)]
#[command(name = "tianye-hub", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the hub until it is stopped with Ctrl-C.
    Serve {
        /// Folder for everything of this hub; made if it is not there.
        #[arg(long, value_name = "FOLDER", default_value = "tianye-hub-data")]
        data: PathBuf,
        /// Address and port to listen at. Port 0 takes any free one. The default can be reached from this computer only;
        /// 0.0.0.0:8787 listens to the whole network.
        #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787")]
        listen: SocketAddr,
        /// The address that goes onto the hub card, such as https://hub.example.org:8787, if laptops reach the hub by
        /// another one than where it listens.
        #[arg(long, value_name = "URL")]
        address: Option<String>,
        /// How many GiB one laptop may store here.
        #[arg(long, value_name = "GIB", default_value_t = 20)]
        device_gib: u64,
        /// How many GiB one project may store here.
        #[arg(long, value_name = "GIB", default_value_t = 500)]
        project_gib: u64,
        /// Writes the port into this file once the hub listens.
        #[arg(long, value_name = "FILE")]
        port_file: Option<PathBuf>,
    },
    /// Says what a data folder holds and whether its audit log is whole.
    Status {
        /// The hub's data folder.
        #[arg(long, value_name = "FOLDER", default_value = "tianye-hub-data")]
        data: PathBuf,
    },
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("TIANYE_HUB_LOG").unwrap_or_else(|_| EnvFilter::new("tianye_hub=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
    let done = match Arguments::parse().command {
        Command::Serve { data, listen, address, device_gib, project_gib, port_file } => {
            let limits = Limits {
                device_bytes: device_gib.saturating_mul(1 << 30),
                project_bytes: project_gib.saturating_mul(1 << 30),
                ..Limits::default()
            };
            serve(&Options { data, listen, address, now, limits }, port_file.as_deref())
        }
        Command::Status { data } => status(&data),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tianye-hub: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(options: &Options, port_file: Option<&Path>) -> Result<(), HubError> {
    let hub = start(options)?;
    print_card(&hub, &options.data);
    if !hub.address().ip().is_loopback() {
        println!("WARNING: this hub listens to the network at {}, not only to this computer.", hub.address());
        println!("         Laptops are checked by their keys. Keep the admin word secret and the system updated.\n");
    }
    if let Some(path) = port_file {
        write_port(path, hub.address().port())?;
    }
    wait_for_stop(hub)
}

fn print_card(hub: &Running, data: &Path) {
    let card = hub.card();
    println!("Tianye hub");
    println!("  address  {}", card.address);
    println!("  pin      {}", card.pin);
    println!("  key      {}", card.key);
    println!("  card     {}  (with the admin word; for the lead only)", data.join("hub-card.json").display());
    println!("Ctrl-C stops it.\n");
}

/// The file is there only when it is whole.
fn write_port(path: &Path, port: u16) -> Result<(), HubError> {
    let fail = |source| HubError::File { path: path.display().to_string(), source };
    let part = path.with_extension("part");
    std::fs::write(&part, port.to_string()).map_err(fail)?;
    std::fs::rename(&part, path).map_err(fail)
}

fn wait_for_stop(hub: Running) -> Result<(), HubError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return hub.wait() };
    let asked = runtime.block_on(async {
        #[cfg(unix)]
        {
            let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
            tokio::select! {
                result = tokio::signal::ctrl_c() => result,
                _ = terminate.recv() => Ok(()),
            }
        }
        #[cfg(not(unix))]
        tokio::signal::ctrl_c().await
    });
    match asked {
        Ok(()) => {
            println!("Stopping.");
            hub.stop()
        }
        // Signals cannot be had here; it runs until it is killed, which loses nothing either.
        Err(_) => hub.wait(),
    }
}

fn status(data: &Path) -> Result<(), HubError> {
    let summary = summary(data)?;
    println!("Folder    {}", data.display());
    println!("Running   {}", if summary.running { "yes" } else { "no" });
    if let Some(card) = &summary.card {
        println!("Address   {}", card.address);
        println!("Pin       {}", card.pin);
        println!("Key       {}", card.key);
    }
    println!("Projects  {}", summary.projects);
    println!("Entries   {}", summary.entries);
    println!("Chunks    {}", summary.chunks);
    println!("Bytes     {}", summary.bytes);
    match summary.audit_broken_at {
        None => println!("Audit log {} lines, whole", summary.audit_lines),
        Some(line) => println!("Audit log {} lines, BROKEN at line {line}", summary.audit_lines),
    }
    Ok(())
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
