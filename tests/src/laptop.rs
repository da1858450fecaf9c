//! One laptop: folders of its own and, when opened, the real window on them, driven through WebDriver.

use std::ffi::OsStr;
use std::net::TcpListener;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use fantoccini::actions::{Actions, InputSource as _, KeyAction, KeyActions, PointerAction, TouchActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::Outcome;
use crate::programs::{program, tianye};

/// How long a screen may take before the test gives up; not a bar for speed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Ports for drivers.
const PORTS: Range<u16> = 20_000..30_000;

/// Between two looks at the page.
const GLANCE: Duration = Duration::from_millis(8);

/// What WebKitWebDriver says of a script whose page died under it: no answer came, and none can be read.
const DIED: &str = "Could not parse script result";

/// Windows are opened one after the other: drivers that start at the same moment may take the same port.
static OPENING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A laptop with everything it writes inside one folder.
///
/// `data` holds its stores, `files` is where it opens and saves files, and `home`, `cache` and `tmp` catch whatever the
/// window and its web view write elsewhere.
#[derive(Debug)]
pub struct Laptop {
    name: String,
    folder: PathBuf,
    environment: Vec<(String, PathBuf)>,
    driver: Option<Child>,
    client: Option<Client>,
}

impl Laptop {
    /// A laptop with this folder; its window is not open yet.
    pub fn new(name: &str, folder: &Path) -> Outcome<Self> {
        for part in ["data", "files", "home", "cache", "config", "share", "tmp", "run"] {
            std::fs::create_dir_all(folder.join(part))?;
        }
        Ok(Self {
            name: name.to_owned(),
            folder: folder.to_owned(),
            environment: Vec::new(),
            driver: None,
            client: None,
        })
    }

    /// Gives the window one more variable when it is opened next.
    pub fn set(&mut self, variable: &str, value: &Path) {
        self.environment.push((variable.to_owned(), value.to_owned()));
    }

    /// Everything it writes is in here.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder with its stores.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The folder that stands for every file dialog.
    pub fn files(&self) -> PathBuf {
        self.folder.join("files")
    }

    /// Its name in reports.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs the command line on this laptop's stores.
    pub fn tianye(&self, passphrase: &str, args: &[&str]) -> Outcome<String> {
        tianye(&self.data(), passphrase, args).map_err(|why| format!("{}: {why}", self.name).into())
    }

    /// A program that is to write into this laptop's folders alone.
    fn command(&self, program: &OsStr, language: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("TIANYE_DATA", self.data())
            .env("TIANYE_FILES", self.files())
            .env("TIANYE_LANGUAGE", language)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        for (variable, part) in [
            ("HOME", "home"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "share"),
            ("TMPDIR", "tmp"),
        ] {
            command.env(variable, self.folder.join(part));
        }
        command.envs(self.environment.iter().map(|(variable, value)| (variable, value)));
        command
    }

    /// Opens the window in a language, `zh-CN` or `en`.
    pub async fn open(&mut self, language: &str) -> Outcome {
        let _alone = OPENING.lock().await;
        let driver = std::env::var_os("TIANYE_DRIVER").unwrap_or_else(|| "tauri-driver".into());
        let (port, native) = (free_port()?, free_port()?);
        let mut command = self.command(&driver, language);
        command.args(["--port", &port.to_string(), "--native-port", &native.to_string()]);
        let child = command.spawn().map_err(|why| format!("cannot start {}: {why}", driver.to_string_lossy()))?;
        self.driver = Some(child);
        let mut wanted = Capabilities::new();
        wanted.insert("tauri:options".into(), json!({ "application": program("tianye-desk")? }));
        let address = format!("http://127.0.0.1:{port}");
        let deadline = Instant::now() + PATIENCE;
        let client = loop {
            // tauri-driver says nothing when it starts to listen, so it is asked until it answers.
            match ClientBuilder::new(HttpConnector::new()).capabilities(wanted.clone()).connect(&address).await {
                Ok(client) => break client,
                Err(why) if Instant::now() > deadline => return Err(format!("{}: no session: {why}", self.name).into()),
                Err(_) => tokio::time::sleep(GLANCE).await,
            }
        };
        client.set_window_rect(0, 0, 1366, 768).await?;
        self.client = Some(client);
        Ok(())
    }

    fn client(&self) -> Outcome<&Client> {
        self.client.as_ref().ok_or_else(|| format!("{}: the window is not open", self.name).into())
    }

    /// The element with this test id, when it is there.
    pub async fn find(&self, id: &str) -> Outcome<Element> {
        self.css(&testid(id)).await
    }

    /// The first element that fits a selector, when it is there.
    pub async fn css(&self, selector: &str) -> Outcome<Element> {
        self.until(&format!("document.querySelector({})", json!(selector)), selector).await?;
        Ok(self.client()?.find(Locator::Css(selector)).await?)
    }

    /// Whether an element with this test id is on the screen now.
    pub async fn shows(&self, id: &str) -> Outcome<bool> {
        Ok(self.run(&format!("return document.querySelector({}) !== null", json!(testid(id)))).await? == json!(true))
    }

    /// Clicks an element.
    pub async fn click(&self, id: &str) -> Outcome {
        self.click_css(&testid(id)).await
    }

    /// Clicks the first element that fits a selector. The driver alone does not bring what lies below the fold of a page into sight.
    pub async fn click_css(&self, selector: &str) -> Outcome {
        let element = self.css(selector).await?;
        self.run(&format!("document.querySelector({})?.scrollIntoViewIfNeeded()", json!(selector))).await?;
        element.click().await.map_err(|why| format!("{}: cannot click {selector}: {why}", self.name).into())
    }

    /// Replaces the text of a field.
    pub async fn fill(&self, id: &str, text: &str) -> Outcome {
        let element = self.find(id).await?;
        element.clear().await?;
        element.send_keys(text).await?;
        Ok(())
    }

    /// Types text wherever the focus is.
    pub async fn types(&self, text: &str) -> Outcome {
        self.client()?.active_element().await?.send_keys(text).await?;
        Ok(())
    }

    /// Presses keys one after the other, wherever the focus is.
    pub async fn keys(&self, keys: &str) -> Outcome {
        let press =
            |actions: KeyActions, value: char| actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        let actions = keys.chars().fold(KeyActions::new("keyboard".into()), press);
        Ok(self.client()?.perform_actions(Actions::from(actions)).await?)
    }

    /// Presses one named key wherever the focus is.
    pub async fn press(&self, key: Key) -> Outcome {
        self.keys(&char::from(key).to_string()).await
    }

    /// Goes to an element by Tab alone, as somebody without a mouse does.
    pub async fn tab_to(&self, id: &str) -> Outcome {
        self.until_shows(id).await?;
        for _ in 0..150 {
            if self.run("return document.activeElement?.dataset.testid ?? ''").await? == json!(id) {
                return Ok(());
            }
            self.press(Key::Tab).await?;
        }
        Err(format!("{}: expected Tab to reach {id}, it did not", self.name).into())
    }

    /// Goes on by Tab alone until an expression about the page is true.
    pub async fn tab_until(&self, expression: &str, what: &str) -> Outcome {
        for _ in 0..150 {
            if self.run(&format!("return Boolean({expression})")).await? == json!(true) {
                return Ok(());
            }
            self.press(Key::Tab).await?;
        }
        Err(format!("{}: expected Tab to reach {what}, it did not", self.name).into())
    }

    /// Touches an element with a finger, and lifts it.
    pub async fn tap(&self, selector: &str) -> Outcome {
        let element = self.css(selector).await?;
        self.run(&format!("document.querySelector({}).scrollIntoView({{ block: 'center' }})", json!(selector))).await?;
        let touch = TouchActions::new("finger".into())
            .then(PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 })
            .then(PointerAction::Down { button: 0 })
            .then(PointerAction::Up { button: 0 });
        let tapped = self.client()?.perform_actions(Actions::from(touch)).await;
        tapped.map_err(|why| format!("{}: cannot touch {selector}: {why}", self.name).into())
    }

    /// Draws a line over an element with a finger, through points from its middle in pixels.
    pub async fn draw(&self, selector: &str, points: &[(f64, f64)]) -> Outcome {
        let element = self.css(selector).await?;
        let mut touch = TouchActions::new("finger".into());
        for (at, (x, y)) in points.iter().copied().enumerate() {
            touch = touch.then(PointerAction::MoveToElement { element: element.clone(), duration: None, x, y });
            if at == 0 {
                touch = touch.then(PointerAction::Down { button: 0 });
            }
        }
        let touch = touch.then(PointerAction::Up { button: 0 });
        Ok(self.client()?.perform_actions(Actions::from(touch)).await?)
    }

    /// Presses a button by keyboard alone.
    pub async fn press_button(&self, id: &str) -> Outcome {
        self.tab_to(id).await?;
        self.press(Key::Enter).await
    }

    /// Presses a key while another is held.
    pub async fn chord(&self, held: Key, key: impl Into<char>) -> Outcome {
        let (held, value) = (char::from(held), key.into());
        let actions = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value: held })
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value })
            .then(KeyAction::Up { value: held });
        Ok(self.client()?.perform_actions(Actions::from(actions)).await?)
    }

    /// The text of an element.
    pub async fn text(&self, id: &str) -> Outcome<String> {
        Ok(self.find(id).await?.text().await?)
    }

    /// The words on the page.
    pub async fn words(&self) -> Outcome<String> {
        Ok(self.run("return document.body.innerText").await?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the page's own words contain a text.
    pub async fn until_says(&self, text: &str) -> Outcome {
        self.until(&format!("document.body.innerText.includes({})", json!(text)), text).await
    }

    /// Waits until an element with this test id is on the screen.
    pub async fn until_shows(&self, id: &str) -> Outcome {
        self.until(&format!("document.querySelector({})", json!(testid(id))), id).await
    }

    /// Waits until an expression in the page is true.
    pub async fn until(&self, expression: &str, what: &str) -> Outcome {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let now = self.client()?.execute(&format!("return Boolean({expression})"), vec![]).await;
            if matches!(now, Ok(Value::Bool(true))) {
                return Ok(());
            }
            if Instant::now() > deadline {
                let page = self.words().await?;
                return Err(format!("{}: expected “{what}”, found the page:\n{page}", self.name).into());
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Waits until nothing is under way: no button is busy, nothing is being saved.
    pub async fn until_quiet(&self) -> Outcome {
        let busy = "[data-testid=\\\"saved\\\"][data-state=\\\"saving\\\"], [data-testid=\\\"saved\\\"][data-state=\\\"typing\\\"]";
        self.until(&format!("!document.querySelector(\"{busy}\")"), "everything saved").await
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str) -> Outcome<Value> {
        let answer = self.client()?.execute(script, vec![]).await;
        answer.map_err(|why| self.failed(script, &why).into())
    }

    /// Runs a script that calls its last argument with the result.
    pub async fn run_async(&self, script: &str) -> Outcome<Value> {
        let answer = self.client()?.execute_async(script, vec![]).await;
        answer.map_err(|why| self.failed(script, &why).into())
    }

    fn failed(&self, script: &str, why: &CmdError) -> String {
        let died = if why.to_string().contains(DIED) { "; the process of the page has died" } else { "" };
        format!("{}: a script failed: {why}{died}\n{script}", self.name)
    }

    /// The picture of the window as PNG. The driver waits for the next drawing, and a page at rest is not drawn again: for that
    /// long one dot in its corner keeps changing, by less than anybody sees.
    pub async fn picture(&self) -> Outcome<Vec<u8>> {
        self.run(
            "const dot = window.dot = document.createElement('div');
             dot.style.cssText = 'position: fixed; left: 0; top: 0; width: 1px; height: 1px; pointer-events: none';
             document.body.append(dot);
             let on = false;
             dot.timer = setInterval(() => (dot.style.background = (on = !on) ? 'rgb(0 0 0 / 0.004)' : 'none'), 16);",
        )
        .await?;
        let picture = self.client()?.screenshot().await;
        self.run("clearInterval(window.dot.timer); window.dot.remove()").await?;
        Ok(picture?)
    }

    /// The process of the window.
    pub fn pid(&self) -> Outcome<u32> {
        let wanted = std::fs::canonicalize(program("tianye-desk")?)?;
        let mark = format!("TIANYE_DATA={}", self.data().display());
        for process in std::fs::read_dir("/proc")?.flatten() {
            let path = process.path();
            let exe = std::fs::read_link(path.join("exe")).unwrap_or_default();
            let environment = std::fs::read(path.join("environ")).unwrap_or_default();
            if exe == wanted && environment.split(|b| *b == 0).any(|pair| pair == mark.as_bytes()) {
                return process.file_name().to_string_lossy().parse().map_err(Into::into);
            }
        }
        Err(format!("{}: expected a window process, found none", self.name).into())
    }

    /// Kills the window as a power cut would (kill -9) and forgets it.
    pub fn kill(&mut self) -> Outcome {
        let pid = self.pid()?;
        signal("-9", pid)?;
        self.client = None;
        self.end_driver();
        self.until_ended(pid)
    }

    /// Closes the window.
    pub async fn close(&mut self) -> Outcome {
        let Some(client) = self.client.take() else {
            self.end_driver();
            return Ok(());
        };
        let pid = self.pid()?;
        client.close().await?;
        self.end_driver();
        // The driver does not always end the window below it; one that lived on would keep the records to itself.
        if lives(pid) {
            let _ = signal("-TERM", pid);
        }
        self.until_ended(pid)
    }

    /// Waits until a window is gone: only then are its records free.
    fn until_ended(&self, pid: u32) -> Outcome {
        let deadline = Instant::now() + PATIENCE;
        while lives(pid) {
            if Instant::now() > deadline {
                return Err(format!("{}: expected the window {pid} to end, it lives on", self.name).into());
            }
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }

    fn end_driver(&mut self) {
        if let Some(mut driver) = self.driver.take() {
            // Asked to end, tauri-driver ends the driver below it too; killed, it would leave that one behind.
            if signal("-TERM", driver.id()).is_err() {
                let _ = driver.kill();
            }
            let _ = driver.wait();
        }
    }
}

impl Drop for Laptop {
    fn drop(&mut self) {
        if self.client.take().is_some()
            && let Ok(pid) = self.pid()
        {
            let _ = signal("-9", pid);
        }
        self.end_driver();
    }
}

/// The process that draws the page of a window.
pub fn page_process(window: u32) -> Option<u32> {
    let draws = |process: &Path| {
        let exe = std::fs::read_link(process.join("exe")).unwrap_or_default();
        let status = std::fs::read_to_string(process.join("status")).unwrap_or_default();
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:")?.trim().parse().ok());
        exe.ends_with("WebKitWebProcess") && parent == Some(window)
    };
    let mut processes = std::fs::read_dir("/proc").ok()?.flatten();
    let process = processes.find(|process| draws(&process.path()))?;
    process.file_name().to_string_lossy().parse().ok()
}

/// The selector of a test id.
pub fn testid(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}

/// Whether a process runs. Of one that ended and that nobody asked about, nothing but its number is left: until each of its
/// threads is as far, it may still hold files.
fn lives(pid: u32) -> bool {
    let Ok(tasks) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return false };
    let states = tasks.flatten().filter_map(|task| std::fs::read_to_string(task.path().join("stat")).ok());
    // The name in brackets may hold anything; the state follows it.
    states.filter_map(|stat| stat.rsplit_once(") ")?.1.chars().next()).any(|state| !"ZX".contains(state))
}

fn signal(signal: &str, pid: u32) -> Outcome {
    let status = Command::new("kill").args([signal, &pid.to_string()]).status()?;
    if status.success() { Ok(()) } else { Err(format!("cannot send {signal} to {pid}").into()) }
}

/// A port that nobody listens at, and that no system gives to whoever asks for any: one of those may go to a connection of a program
/// that is running between here and the driver's start.
fn free_port() -> Outcome<u16> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let from = u16::try_from(std::process::id() % 4_000)?;
    for _ in 0..PORTS.len() {
        let port = PORTS.start + (from + NEXT.fetch_add(1, Ordering::Relaxed)) % (PORTS.end - PORTS.start);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    Err("expected a free port, found none".into())
}
