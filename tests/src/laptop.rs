//! One laptop: a data folder and, when opened, the real window on it, driven through WebDriver.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::Outcome;
use crate::programs::program;

/// How long a screen may take before the test gives up; not a bar for speed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A window on one data folder.
#[derive(Debug)]
pub struct Laptop {
    name: String,
    data: PathBuf,
    driver: Option<Child>,
    client: Option<Client>,
}

impl Laptop {
    /// A laptop with this folder; its window is not open yet.
    pub fn new(name: &str, data: &Path) -> Outcome<Self> {
        std::fs::create_dir_all(data)?;
        Ok(Self { name: name.to_owned(), data: data.to_owned(), driver: None, client: None })
    }

    /// Its folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Its name in reports.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Opens the window in a language, `zh-CN` or `en`.
    pub async fn open(&mut self, language: &str) -> Outcome {
        let driver = std::env::var_os("TIANYE_DRIVER").unwrap_or_else(|| "tauri-driver".into());
        let (port, native) = (free_port()?, free_port()?);
        let child = Command::new(&driver)
            .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
            .env("TIANYE_DATA", &self.data)
            .env("TIANYE_LANGUAGE", language)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|why| format!("cannot start {}: {why}", driver.to_string_lossy()))?;
        self.driver = Some(child);
        let mut wanted = Capabilities::new();
        wanted.insert("tauri:options".into(), json!({ "application": program("tianye-desk")? }));
        let address = format!("http://127.0.0.1:{port}");
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let client = loop {
            // tauri-driver says nothing when it starts to listen, so it is asked until it answers.
            match ClientBuilder::new(HttpConnector::new()).capabilities(wanted.clone()).connect(&address).await {
                Ok(client) => break client,
                Err(why) if tokio::time::Instant::now() > deadline => return Err(why.into()),
                Err(_) => tokio::task::yield_now().await,
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
        self.css(&format!("[data-testid=\"{id}\"]")).await
    }

    /// The first element that fits a selector, when it is there.
    pub async fn css(&self, selector: &str) -> Outcome<Element> {
        let found = self.client()?.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        found.map_err(|why| format!("{}: expected an element {selector}, found none: {why}", self.name).into())
    }

    /// Whether an element with this test id is on the screen now.
    pub async fn shows(&self, id: &str) -> Outcome<bool> {
        Ok(!self.client()?.find_all(Locator::Css(&format!("[data-testid=\"{id}\"]"))).await?.is_empty())
    }

    /// Clicks an element.
    pub async fn click(&self, id: &str) -> Outcome {
        let element = self.find(id).await?;
        element.click().await.map_err(|why| format!("{}: cannot click {id}: {why}", self.name).into())
    }

    /// Replaces the text of a field.
    pub async fn fill(&self, id: &str, text: &str) -> Outcome {
        let element = self.find(id).await?;
        element.clear().await?;
        element.send_keys(text).await?;
        Ok(())
    }

    /// Presses keys wherever the focus is.
    pub async fn keys(&self, keys: &str) -> Outcome {
        self.client()?.active_element().await?.send_keys(keys).await?;
        Ok(())
    }

    /// Presses one named key wherever the focus is.
    pub async fn press(&self, key: Key) -> Outcome {
        self.keys(&char::from(key).to_string()).await
    }

    /// The text of an element.
    pub async fn text(&self, id: &str) -> Outcome<String> {
        Ok(self.find(id).await?.text().await?)
    }

    /// Waits until the page's own words contain a text.
    pub async fn until_says(&self, text: &str) -> Outcome {
        self.until(&format!("document.body.innerText.includes({})", json!(text)), text).await
    }

    /// Waits until an expression in the page is true.
    pub async fn until(&self, expression: &str, what: &str) -> Outcome {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let now = self.client()?.execute(&format!("return Boolean({expression})"), vec![]).await;
            if matches!(now, Ok(serde_json::Value::Bool(true))) {
                return Ok(());
            }
            if tokio::time::Instant::now() > deadline {
                let page = self.run("return document.body.innerText").await?;
                return Err(format!("{}: expected “{what}”, found the page:\n{page}", self.name).into());
            }
            tokio::task::yield_now().await;
        }
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str) -> Outcome<serde_json::Value> {
        Ok(self.client()?.execute(script, vec![]).await?)
    }

    /// Runs a script that calls back with its result.
    pub async fn run_async(&self, script: &str) -> Outcome<serde_json::Value> {
        Ok(self.client()?.execute_async(script, vec![]).await?)
    }

    /// The picture of the window as PNG.
    pub async fn picture(&self) -> Outcome<Vec<u8>> {
        Ok(self.client()?.screenshot().await?)
    }

    /// The process of the window.
    pub fn pid(&self) -> Outcome<u32> {
        let wanted = std::fs::canonicalize(program("tianye-desk")?)?;
        let mark = format!("TIANYE_DATA={}", self.data.display());
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
    pub async fn kill(&mut self) -> Outcome {
        let pid = self.pid()?;
        let status = Command::new("kill").args(["-9", &pid.to_string()]).status()?;
        if !status.success() {
            return Err(format!("{}: cannot kill {pid}", self.name).into());
        }
        self.client = None;
        self.end_driver();
        Ok(())
    }

    /// Closes the window.
    pub async fn close(&mut self) -> Outcome {
        if let Some(client) = self.client.take() {
            client.close().await?;
        }
        self.end_driver();
        Ok(())
    }

    fn end_driver(&mut self) {
        if let Some(mut driver) = self.driver.take() {
            let _ = driver.kill();
            let _ = driver.wait();
        }
    }
}

impl Drop for Laptop {
    fn drop(&mut self) {
        self.end_driver();
    }
}

fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

