//! Pictures of the screens in both languages, and what axe finds on each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fantoccini::key::Key;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Outcome;
use crate::laptop::Laptop;
use crate::programs::workspace;

/// A rule of axe that a screen breaks.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Name of the screen.
    pub screen: String,
    /// `zh` or `en`.
    pub language: String,
    /// Rule.
    pub rule: String,
    /// `minor`, `moderate`, `serious` or `critical`.
    pub impact: String,
    /// What is wrong, and the first elements with it.
    pub what: String,
}

impl Finding {
    /// Whether it keeps somebody from using the screen.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        matches!(self.impact.as_str(), "serious" | "critical")
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { screen, language, rule, impact, what } = self;
        write!(f, "{screen} ({language}): {impact} {rule}: {what}")
    }
}

/// Collects pictures and findings.
#[derive(Debug)]
pub struct Gallery {
    /// Where pictures go; none looks without keeping them.
    out: Option<PathBuf>,
    axe: Option<String>,
    /// Number of each screen, in the order of the day.
    screens: BTreeMap<String, usize>,
    /// Pictures by screen and language.
    pub shown: BTreeMap<(String, String), Size>,
    /// Broken rules.
    pub findings: Vec<Finding>,
}

/// Width and height of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub u32, pub u32);

#[derive(Deserialize)]
struct Violation {
    id: String,
    impact: Option<String>,
    help: String,
    nodes: Vec<Value>,
}

impl Gallery {
    /// A gallery. Without `out` no picture is kept; without axe in `ui/node_modules` no rule is checked, and
    /// [`Gallery::has_axe`] says so.
    pub fn new(out: Option<&Path>) -> Outcome<Self> {
        if let Some(out) = out {
            for language in ["zh", "en"] {
                std::fs::create_dir_all(out.join(language))?;
            }
        }
        Ok(Self {
            out: out.map(Path::to_owned),
            axe: std::fs::read_to_string(axe_file()).ok(),
            screens: BTreeMap::new(),
            shown: BTreeMap::new(),
            findings: Vec::new(),
        })
    }

    /// Whether axe was there to look.
    #[must_use]
    pub fn has_axe(&self) -> bool {
        self.axe.is_some()
    }

    /// Screens that were shown in one language only.
    #[must_use]
    pub fn halves(&self) -> Vec<String> {
        let missing = |screen: &&String| {
            ["zh", "en"].iter().any(|language| !self.shown.contains_key(&((*screen).clone(), (*language).to_owned())))
        };
        self.screens.keys().filter(missing).cloned().collect()
    }

    /// The screen as it stands, in the language it is in.
    pub async fn one(&mut self, laptop: &Laptop, name: &str) -> Outcome {
        let language = language_of(laptop).await?;
        laptop.until_quiet().await?;
        // What has just been drawn may still have to be painted.
        laptop.run_async("requestAnimationFrame(() => requestAnimationFrame(() => arguments[0](true)))").await?;
        let picture = laptop.picture().await?;
        let next = self.screens.len() + 1;
        let number = *self.screens.entry(name.to_owned()).or_insert(next);
        if let Some(out) = &self.out {
            std::fs::write(out.join(language).join(format!("{number:02}-{name}.png")), &picture)?;
        }
        self.shown.insert((name.to_owned(), language.to_owned()), size_of(&picture)?);
        self.check(laptop, name, language).await
    }

    /// The screen in both languages, by the key that switches them; it is left in the language it was in.
    pub async fn both(&mut self, laptop: &Laptop, name: &str) -> Outcome {
        self.one(laptop, name).await?;
        switch(laptop).await?;
        self.one(laptop, name).await?;
        switch(laptop).await
    }

    async fn check(&mut self, laptop: &Laptop, name: &str, language: &str) -> Outcome {
        let Some(axe) = &self.axe else { return Ok(()) };
        if laptop.run("return typeof window.axe === 'undefined'").await? == json!(true) {
            laptop.run(axe).await?;
        }
        let tags = json!(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
        let found = laptop
            .run_async(&format!(
                "const done = arguments[0]; window.axe.run(document, {{ runOnly: {tags}, resultTypes: ['violations'] }})
                   .then((all) => done(all.violations.map(({{ id, impact, help, nodes }}) =>
                     ({{ id, impact, help, nodes: nodes.slice(0, 3).map((node) => node.target.join(' ')) }}))),
                     (why) => done([{{ id: 'axe', impact: 'critical', help: String(why), nodes: [] }}]))"
            ))
            .await?;
        for violation in serde_json::from_value::<Vec<Violation>>(found)? {
            let places: Vec<&str> = violation.nodes.iter().filter_map(Value::as_str).collect();
            self.findings.push(Finding {
                screen: name.to_owned(),
                language: language.to_owned(),
                rule: violation.id,
                impact: violation.impact.unwrap_or_default(),
                what: format!("{}: {}", violation.help, places.join(", ")),
            });
        }
        Ok(())
    }
}

/// Where axe lies: a development dependency of the window.
#[must_use]
pub fn axe_file() -> PathBuf {
    workspace().join("ui/node_modules/axe-core/axe.min.js")
}

/// Presses the key that switches the language, and waits until it is done.
pub async fn switch(laptop: &Laptop) -> Outcome {
    let before = language_of(laptop).await?;
    laptop.press(Key::F4).await?;
    let other = if before == "zh" { "en" } else { "zh" };
    laptop.until(&format!("document.documentElement.lang.startsWith('{other}')"), other).await?;
    // Titles come from Rust again: until then the page is half in the old language.
    laptop.run_async("const done = arguments[0]; setTimeout(() => done(true), 150)").await?;
    Ok(())
}

async fn language_of(laptop: &Laptop) -> Outcome<&'static str> {
    let language = laptop.run("return document.documentElement.lang").await?;
    Ok(if language.as_str().is_some_and(|language| language.starts_with("en")) { "en" } else { "zh" })
}

/// Width and height, from the head of a PNG.
fn size_of(png: &[u8]) -> Outcome<Size> {
    let number = |at: usize| {
        let bytes = png.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes))
    };
    let size = number(16).zip(number(20)).filter(|_| png.starts_with(b"\x89PNG"));
    size.map(|(width, height)| Size(width, height)).ok_or_else(|| "expected a PNG, found something else".into())
}
