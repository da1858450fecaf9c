//! Starting and stopping a hub.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::{Arc, RwLock},
    thread::JoinHandle,
    time::Duration,
};

use axum_server::{Handle, tls_rustls::RustlsConfig};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tianye_journal::HubKey;
use tianye_sync::HubCard;
use tokio::sync::{Semaphore, oneshot};

use crate::{
    HubError,
    db::{self, Readers, Writer},
    doors::Doors,
    identity::{self, Identity},
    routes,
    state::Hub,
};

/// How to run a hub.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that holds everything of this hub. Made if it is not there.
    pub data: PathBuf,
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// The address for the hub card, if devices reach the hub by another one than where it listens.
    pub address: Option<String>,
    /// Milliseconds since 1970, for the audit log only.
    pub now: fn() -> i64,
    /// What one caller may ask for.
    pub limits: Limits,
}

/// Limits of a hub.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes one device may store. Default 20 GiB.
    pub device_bytes: u64,
    /// Bytes one project may store. Default 500 GiB.
    pub project_bytes: u64,
    /// Failed attempts of one network address in a minute before it must wait. Default 30.
    pub failures: u32,
    /// How long a token is good. Default an hour.
    pub token_life: Duration,
    /// Memory for request bodies that are read whole, in KiB. Default 256 MiB.
    pub memory_kib: u32,
    /// How long a caller may pause in the middle of a body. Default 30 s.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            device_bytes: 20 << 30,
            project_bytes: 500 << 30,
            failures: 30,
            token_life: Duration::from_secs(3600),
            memory_kib: 256 * 1024,
            patience: Duration::from_secs(30),
        }
    }
}

/// A hub that is running. Dropping it stops it.
#[derive(Debug)]
pub struct Running {
    card: HubCard,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<std::io::Result<()>>>,
    writer: Option<JoinHandle<()>>,
    _lock: std::fs::File,
}

impl Running {
    /// The hub card, with the admin word: for whoever runs the hub.
    #[must_use]
    pub fn card(&self) -> &HubCard {
        &self.card
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Asks it to stop and waits until what was begun is on the disk.
    ///
    /// # Errors
    /// [`HubError::Stopped`] if it had died before.
    pub fn stop(mut self) -> Result<(), HubError> {
        self.halt()
    }

    /// Waits until it stops by itself, which it does only after a failure.
    ///
    /// # Errors
    /// [`HubError::Stopped`] always.
    pub fn wait(mut self) -> Result<(), HubError> {
        let server = self.server.take();
        let ended = server.map(JoinHandle::join);
        self.halt()?;
        match ended {
            Some(Ok(Ok(()))) => Ok(()),
            _ => Err(HubError::Stopped),
        }
    }

    fn halt(&mut self) -> Result<(), HubError> {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let server = self.server.take().map(JoinHandle::join);
        let writer = self.writer.take().map(JoinHandle::join);
        match (server, writer) {
            (Some(Err(_) | Ok(Err(_))), _) | (_, Some(Err(_))) => Err(HubError::Stopped),
            _ => Ok(()),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.halt();
    }
}

/// Starts a hub on threads of its own and returns once it listens.
///
/// # Errors
/// [`HubError`] if the data folder, the keys or the address cannot be used.
pub fn start(options: &Options) -> Result<Running, HubError> {
    identity::make_private_folder(&options.data)?;
    let lock = lock_folder(&options.data)?;
    let identity = Identity::open(&options.data)?;
    let tls = tls_config(&identity)?;
    let database = options.data.join(DATABASE);
    let connection = db::open_writing(&database)?;
    let projects = load_projects(&connection)?;
    routes::prepare_folders(&options.data)?;

    let listening = |source| HubError::Listen { address: options.listen.to_string(), source };
    let listener = TcpListener::bind(options.listen).map_err(listening)?;
    listener.set_nonblocking(true).map_err(listening)?;
    let address = listener.local_addr().map_err(listening)?;
    let card = identity.card(&options.address.clone().unwrap_or_else(|| format!("https://{}", reachable(address))))?;
    identity::write_private(&options.data.join(CARD), card.to_json().as_bytes())?;

    let (writer, writer_thread) = Writer::start(connection).map_err(listening)?;
    let hub = Arc::new(Hub {
        key: HubKey::from_secret_bytes(&identity.signing.to_bytes()),
        doors: Doors::new(identity::random()?, options.limits.token_life, options.limits.failures),
        identity,
        writer,
        readers: Arc::new(Readers::new(database)),
        data: options.data.clone(),
        limits: options.limits,
        memory: Arc::new(Semaphore::new(options.limits.memory_kib as usize)),
        projects: RwLock::new(projects),
        now: options.now,
    });
    let (stop, stopped) = oneshot::channel();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("hub")
        .enable_all()
        .build()
        .map_err(listening)?;
    let server = std::thread::Builder::new()
        .name("hub-server".to_owned())
        .spawn(move || runtime.block_on(serve(hub, listener, tls, stopped)))
        .map_err(listening)?;
    Ok(Running { card, address, stop: Some(stop), server: Some(server), writer: Some(writer_thread), _lock: lock })
}

/// What a data folder holds, for `tianye-hub status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Registered projects.
    pub projects: u64,
    /// Entries of all projects.
    pub entries: u64,
    /// Chunks of all projects.
    pub chunks: u64,
    /// Bytes of entries and chunks.
    pub bytes: u64,
    /// Lines of the audit log.
    pub audit_lines: u64,
    /// The first line of the audit log that does not fit the one before.
    pub audit_broken_at: Option<u64>,
    /// Whether a hub is running on this folder.
    pub running: bool,
    /// The hub card as last written.
    pub card: Option<HubCard>,
}

/// Reads a data folder without changing it; a hub may be running on it.
///
/// # Errors
/// [`HubError`] if there is no hub in that folder, or its database cannot be read.
pub fn summary(data: &Path) -> Result<Summary, HubError> {
    let database = data.join(DATABASE);
    if let Err(source) = std::fs::metadata(&database) {
        return Err(HubError::File { path: database.display().to_string(), source });
    }
    let db = db::open_reading(&database)?;
    let (projects, entries, chunks, bytes) = db::projects::totals(&db)?;
    let head = db::audit::head(&db)?;
    Ok(Summary {
        projects,
        entries,
        chunks,
        bytes,
        audit_lines: head.number.unsigned_abs(),
        audit_broken_at: db::audit::first_broken_line(&db)?.map(i64::unsigned_abs),
        running: matches!(lock_folder(data), Err(HubError::InUse { .. })),
        card: std::fs::read_to_string(data.join(CARD)).ok().and_then(|text| HubCard::from_json(&text).ok()),
    })
}

const DATABASE: &str = "hub.db";
const CARD: &str = "hub-card.json";

async fn serve(
    hub: Arc<Hub>,
    listener: TcpListener,
    tls: RustlsConfig,
    mut stopped: oneshot::Receiver<()>,
) -> std::io::Result<()> {
    let handle = Handle::new();
    let app = routes::router(&hub).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum_server::from_tcp_rustls(listener, tls)?
        .http1_only()
        .first_request_timeout(Duration::from_secs(30))
        .handle(handle.clone())
        .serve(app);
    tokio::pin!(server);
    tokio::select! {
        result = &mut server => return result,
        _ = &mut stopped => {}
    }
    // The request to stop reaches only a server that is already waiting for it, so it is repeated.
    loop {
        handle.graceful_shutdown(Some(Duration::from_secs(5)));
        if let Ok(result) = tokio::time::timeout(Duration::from_millis(100), &mut server).await {
            return result;
        }
    }
}

/// The address at which others find a hub that listens everywhere: that from which this computer would speak to them. No
/// packet is sent to find it out.
fn reachable(address: SocketAddr) -> SocketAddr {
    if !address.ip().is_unspecified() {
        return address;
    }
    let (from, to) = if address.is_ipv4() { ("0.0.0.0:0", "192.0.2.1:9") } else { ("[::]:0", "[2001:db8::1]:9") };
    let found = std::net::UdpSocket::bind(from).and_then(|socket| {
        socket.connect(to)?;
        socket.local_addr()
    });
    let loopback = if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
    SocketAddr::new(found.map_or(loopback, |local: SocketAddr| local.ip()), address.port())
}

fn tls_config(identity: &Identity) -> Result<RustlsConfig, HubError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let certificate = CertificateDer::from(identity.certificate_der.clone());
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(identity.tls_key_der.clone()));
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}

fn load_projects(
    connection: &rusqlite::Connection,
) -> Result<std::collections::HashMap<[u8; 16], db::projects::Project>, HubError> {
    Ok(db::projects::all(connection)?.into_iter().collect())
}

/// Held as long as a hub runs on the folder, so that two cannot.
fn lock_folder(data: &Path) -> Result<std::fs::File, HubError> {
    let path = data.join("hub.lock");
    let fail = |source| HubError::File { path: path.display().to_string(), source };
    let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(fail)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(HubError::InUse { path: data.display().to_string() }),
        Err(std::fs::TryLockError::Error(source)) => Err(fail(source)),
    }
}
