//! What commands share.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tianye_desk::view::{CarryingView, Refusal};
use tianye_desk::world::{Machine, World as _};
use tianye_desk::{Cancel, Desk, HubCard, KdfCost, LOCAL_PORT, Laptop, Maps, Result, refuse};
use tianye_hub::{HubError, Limits, Options, Running};

/// The laptop, and the desk while it is unlocked. Clones share it.
#[derive(Debug, Clone)]
pub struct Shell {
    /// Stores, joins, unlocking.
    pub laptop: Arc<Laptop>,
    /// Maps of this laptop.
    pub maps: Arc<Maps>,
    /// Language to begin with.
    pub language: String,
    desk: Arc<Mutex<Option<Desk>>>,
    /// The workbook that was checked last.
    workbook: Arc<Mutex<Option<PathBuf>>>,
    /// The submissions that were chosen last.
    import: Arc<Mutex<Vec<PathBuf>>>,
    /// The join request that was read from a file last.
    request: Arc<Mutex<Option<String>>>,
    /// The files with drafts on the stick that was read last.
    drafts: Arc<Mutex<Vec<PathBuf>>>,
    /// The black boxes on other media that a recovery is to look at.
    boxes: Arc<Mutex<Vec<PathBuf>>>,
    /// How far what is carried now is.
    carried: Arc<Mutex<Option<CarryingView>>>,
    /// Stops what is carried now.
    cancel: Arc<Mutex<Cancel>>,
    /// The hub that runs in this program, for laptops of the same network; it stops with the program.
    hub: Arc<Mutex<Option<Running>>>,
}

impl Shell {
    /// Data folder and language from `TIANYE_DATA` and `TIANYE_LANGUAGE`, else the person's own folder and Chinese.
    #[must_use]
    pub fn from_environment() -> Self {
        let data = std::env::var_os("TIANYE_DATA").map_or_else(default_folder, PathBuf::from);
        let language = std::env::var("TIANYE_LANGUAGE").ok().filter(|language| language == "en");
        Self {
            laptop: Arc::new(Laptop::new(&data, Arc::new(Machine), KdfCost::default())),
            maps: Arc::new(Maps::of(&data)),
            language: language.unwrap_or_else(|| "zh-CN".into()),
            desk: Arc::default(),
            workbook: Arc::default(),
            import: Arc::default(),
            request: Arc::default(),
            drafts: Arc::default(),
            boxes: Arc::default(),
            carried: Arc::default(),
            cancel: Arc::default(),
            hub: Arc::default(),
        }
    }

    /// Runs a hub for laptops of the same network, on the usual port or, if another program has it, on any. Its card, with
    /// the admin word. One that runs already goes on.
    ///
    /// # Errors
    /// `nearby-failed` if its folder or the network cannot be used.
    pub fn open_hub(&self) -> Result<HubCard> {
        let mut hub = self.hub.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = &*hub {
            return Ok(running.card().clone());
        }
        let start = |port: u16| {
            let options = Options {
                data: self.laptop.hub_folder(),
                listen: (Ipv4Addr::UNSPECIFIED, port).into(),
                address: None,
                now: || Machine.now().timestamp_millis(),
                limits: Limits::default(),
            };
            tianye_hub::start(&options)
        };
        let running = match start(LOCAL_PORT) {
            Err(HubError::Listen { .. }) => start(0),
            running => running,
        };
        let running = running.map_err(|why| refuse("nearby-failed", why.to_string()))?;
        let card = running.card().clone();
        *hub = Some(running);
        Ok(card)
    }

    /// Stops the hub of this program; what it took is kept.
    ///
    /// # Errors
    /// `nearby-failed` if it had died before.
    pub fn close_hub(&self) -> Result<()> {
        let running = self.hub.lock().unwrap_or_else(PoisonError::into_inner).take();
        running.map_or(Ok(()), |running| running.stop().map_err(|why| refuse("nearby-failed", why.to_string())))
    }

    /// The card of the hub of this program, and how many entries it keeps; none if it does not run.
    #[must_use]
    pub fn hub(&self) -> Option<(HubCard, u64)> {
        let hub = self.hub.lock().unwrap_or_else(PoisonError::into_inner);
        let card = hub.as_ref()?.card().clone();
        let kept = tianye_hub::summary(&self.laptop.hub_folder()).map_or(0, |kept| kept.entries);
        Some((card, kept))
    }

    /// The workbook that was checked last, to be checked again when its author has mended it.
    #[must_use]
    pub fn workbook(&self) -> Option<PathBuf> {
        self.workbook.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers the workbook that a person chose.
    pub fn remember_workbook(&self, path: PathBuf) {
        *self.workbook.lock().unwrap_or_else(PoisonError::into_inner) = Some(path);
    }

    /// The submissions that a person chose and saw a preview of.
    #[must_use]
    pub fn chosen_import(&self) -> Vec<PathBuf> {
        self.import.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers the submissions that a person chose.
    pub fn remember_import(&self, paths: Vec<PathBuf>) {
        *self.import.lock().unwrap_or_else(PoisonError::into_inner) = paths;
    }

    /// The join request that was read from a file last.
    #[must_use]
    pub fn request(&self) -> Option<String> {
        self.request.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers a join request whose code is being compared.
    pub fn remember_request(&self, text: Option<String>) {
        *self.request.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }

    /// A file with drafts on the stick that was read last, by its name.
    #[must_use]
    pub fn found_drafts(&self, name: &str) -> Option<PathBuf> {
        let found = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        found.iter().find(|path| path.file_name().is_some_and(|file| file.to_string_lossy() == name)).cloned()
    }

    /// Remembers the files with drafts on the stick that is read.
    pub fn remember_drafts(&self, paths: Vec<PathBuf>) {
        *self.drafts.lock().unwrap_or_else(PoisonError::into_inner) = paths;
    }

    /// The black boxes that a person chose for a recovery.
    #[must_use]
    pub fn boxes(&self) -> Vec<PathBuf> {
        self.boxes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers the black boxes that a person chose.
    pub fn remember_boxes(&self, paths: Vec<PathBuf>) {
        *self.boxes.lock().unwrap_or_else(PoisonError::into_inner) = paths;
    }

    /// A stop button for what begins now, in place of the last one.
    #[must_use]
    pub fn begin_carrying(&self) -> Cancel {
        let mut cancel = self.cancel.lock().unwrap_or_else(PoisonError::into_inner);
        *cancel = Cancel::default();
        cancel.clone()
    }

    /// Notes how far what is carried is; nothing: it has ended.
    pub fn note_carried(&self, view: Option<CarryingView>) {
        *self.carried.lock().unwrap_or_else(PoisonError::into_inner) = view;
    }

    /// How far what is carried now is.
    #[must_use]
    pub fn carried(&self) -> Option<CarryingView> {
        self.carried.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Presses the stop button.
    pub fn stop_carrying(&self) {
        self.cancel.lock().unwrap_or_else(PoisonError::into_inner).cancel();
    }

    /// Puts a desk on the screen, in place of any before, which is locked.
    pub fn sit(&self, desk: Option<Desk>) {
        *self.workbook.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.remember_import(Vec::new());
        self.remember_request(None);
        self.remember_drafts(Vec::new());
        self.remember_boxes(Vec::new());
        *self.desk.lock().unwrap_or_else(PoisonError::into_inner) = desk;
    }

    /// Whether somebody has unlocked.
    #[must_use]
    pub fn is_unlocked(&self) -> bool {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Calls with the unlocked desk.
    ///
    /// # Errors
    /// `locked` when nobody has unlocked; what the call refused.
    pub fn with_desk<T>(&self, call: impl FnOnce(&mut Desk) -> Result<T>) -> Result<T> {
        let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        let desk = desk.as_mut().ok_or_else(|| refuse("locked", "expected an unlocked desk, found it locked"))?;
        call(desk)
    }

    /// Does something slow beside the window's own thread.
    ///
    /// # Errors
    /// What the work refused.
    pub async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> Result<T, Refusal> {
        let shell = self.clone();
        let done = tauri::async_runtime::spawn_blocking(move || work(&shell)).await;
        done.unwrap_or_else(|_| Err(refuse("internal", "the work stopped before its end; what was saved is safe")))
    }
}

/// The person's own folder for data: `%LOCALAPPDATA%` on Windows, `$XDG_DATA_HOME` or `~/.local/share` elsewhere.
fn default_folder() -> PathBuf {
    let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = of("LOCALAPPDATA")
        .or_else(|| of("XDG_DATA_HOME"))
        .or_else(|| of("HOME").map(|home| home.join(".local/share")))
        .unwrap_or_else(|| PathBuf::from("."));
    base.join("tianye")
}
