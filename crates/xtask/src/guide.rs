//! The pictures of the guides: taken by the tests in the real window, made small, and put beside the pages.
//!
//! A page of [`PAGES`] names a picture as `pictures/zh/NAME.png`; some test shows a screen of that name to its gallery.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::setup;
use crate::step::{Outcome, cargo, program, root, say, step, target};

/// The guides; each is a page in English and one ending in `.zh-CN.md`.
const PAGES: [&str; 2] = ["INTERVIEWERS", "LEADS"];
/// Languages of pictures, with the ending of their pages.
const LANGUAGES: [(&str, &str); 2] = [("en", ".md"), ("zh", ".zh-CN.md")];
/// Tests that show screens, and where in `tests/src` they do.
const TESTS: &[(&str, &[&str])] = &[
    ("consent", &["consent.rs"]),
    ("care", &["care.rs"]),
    ("people", &["people.rs"]),
    ("erasing", &["erasing.rs"]),
    ("withdrawing", &["withdrawing.rs"]),
    ("duplicates", &["duplicates.rs"]),
    ("carrying", &["carrying.rs"]),
    ("day", &["day/interviewing.rs", "day/leading.rs", "team.rs"]),
];

/// Takes the pictures of the guides anew, all or those of one test. What a test shows stays in the build folder.
pub fn guide(args: &[&str]) -> Outcome {
    let wanted = wanted()?;
    let sources = sources()?;
    let tests: Vec<&str> = match args {
        [] => {
            let names: BTreeSet<&str> = wanted.iter().map(|(_, name)| name.as_str()).collect();
            let shows = |test: &&str| names.iter().any(|name| sources.get(*name) == Some(test));
            TESTS.iter().map(|(test, _)| *test).filter(shows).collect()
        }
        ["--taken"] => Vec::new(),
        [one] => TESTS.iter().map(|(test, _)| *test).filter(|test| test == one).collect(),
        _ => return Err("expected one test, --taken, or nothing after `guide`".into()),
    };
    setup::everything()?;
    setup::debian(setup::PICTURES)?;
    let shown = target().join("guide");
    if !tests.is_empty() {
        setup::pages()?;
        setup::programs()?;
    }
    for test in tests {
        step(&format!("Live `{test}` in the real window and keep its pictures"), &mut show(test, &shown))?;
    }
    let taken = taken(&shown)?;
    let mut missing = Vec::new();
    for (language, name) in &wanted {
        match taken.get(&(language.clone(), name.clone())) {
            Some(picture) => small(picture, &place(language, name))?,
            None => missing.push(format!("{language}/{name}")),
        }
    }
    if !missing.is_empty() {
        return Err(format!("no test has shown {}; expected them in {}", missing.join(", "), shown.display()));
    }
    say(&format!("{} pictures are in forms/guide/pictures. Look at them before you commit them.", wanted.len()));
    Ok(())
}

fn show(test: &str, shown: &Path) -> std::process::Command {
    let mut command = program("xvfb-run");
    command.args(["-a", "-s", "-screen 0 1366x768x24", "dbus-run-session", "--"]);
    command.arg(cargo().get_program()).args(["test", "-p", "tianye-tests", "--test", test]);
    command.env("TIANYE_DRIVER", setup::tauri_driver_path()).env("TIANYE_PICTURES", shown).env("NO_AT_BRIDGE", "1");
    command
}

fn small(from: &Path, to: &Path) -> Outcome {
    let folder = to.parent().unwrap_or(to);
    std::fs::create_dir_all(folder).map_err(|why| format!("cannot make {}: {why}", folder.display()))?;
    let mut command = program("pngquant");
    command.args(["--force", "--strip", "--speed", "1", "--quality", "30-80", "--output"]).arg(to).arg(from);
    step(&format!("Make {} small", to.display()), &mut command)
}

fn folder() -> PathBuf {
    root().join("forms/guide")
}

fn place(language: &str, name: &str) -> PathBuf {
    folder().join("pictures").join(language).join(format!("{name}.png"))
}

/// The pictures that the pages name, by language and name.
fn wanted() -> Outcome<BTreeSet<(String, String)>> {
    let mut wanted = BTreeSet::new();
    for page in PAGES {
        for (_, ending) in LANGUAGES {
            let text = page_of(page, ending)?;
            wanted.extend(text.lines().filter_map(picture));
        }
    }
    Ok(wanted)
}

fn page_of(page: &str, ending: &str) -> Outcome<String> {
    let path = folder().join(format!("{page}{ending}"));
    std::fs::read_to_string(&path).map_err(|why| format!("cannot read {}: {why}", path.display()))
}

/// `![words](pictures/zh/NAME.png)`: language and name.
fn picture(line: &str) -> Option<(String, String)> {
    let inner = line.strip_prefix("![")?.split_once("](pictures/")?.1;
    let (language, name) = inner.strip_suffix(".png)")?.split_once('/')?;
    Some((language.to_owned(), name.to_owned()))
}

/// Which test shows the screen of a name.
fn sources() -> Outcome<BTreeMap<String, &'static str>> {
    let mut sources = BTreeMap::new();
    for (test, files) in TESTS {
        for file in *files {
            let path = root().join("tests/src").join(file);
            let text =
                std::fs::read_to_string(&path).map_err(|why| format!("cannot read {}: {why}", path.display()))?;
            let parts = text.split("gallery.").skip(1).filter_map(|part| part.split_once(").await"));
            for call in parts.map(|(call, _)| call).filter(|call| call.starts_with("one(") || call.starts_with("both("))
            {
                sources.extend(call.split('"').skip(1).step_by(2).map(|name| (name.to_owned(), *test)));
            }
        }
    }
    Ok(sources)
}

/// The pictures that were kept, `LANGUAGE/NN-NAME.png`.
fn taken(shown: &Path) -> Outcome<BTreeMap<(String, String), PathBuf>> {
    let mut taken = BTreeMap::new();
    for (language, _) in LANGUAGES {
        let folder = shown.join(language);
        let entries = std::fs::read_dir(&folder).map_err(|why| format!("cannot read {}: {why}", folder.display()))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            let name = path.file_stem().and_then(|name| name.to_str()).and_then(|name| name.split_once('-'));
            if let Some((_, name)) = name {
                taken.insert((language.to_owned(), name.to_owned()), path.clone());
            }
        }
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All pictures together, in bytes: they are in everybody's copy of the project for ever.
    const MOST_BYTES: u64 = 3 << 20;

    /// The sections of a page, each with its pictures.
    fn sections(text: &str) -> Vec<Vec<String>> {
        let mut sections = vec![Vec::new()];
        for line in text.lines() {
            if line.starts_with("## ") {
                sections.push(Vec::new());
            }
            sections.last_mut().expect("there is a first").extend(picture(line).map(|(_, name)| name));
        }
        sections
    }

    #[test]
    fn both_languages_have_the_same_sections_and_pictures() {
        for page in PAGES {
            let [english, chinese] = LANGUAGES.map(|(language, ending)| {
                let text = page_of(page, ending).unwrap();
                let foreign = text.lines().filter_map(picture).find(|(of, _)| of != language);
                assert_eq!(foreign, None, "{page}{ending}: a picture in the other language");
                sections(&text)
            });
            assert_eq!(english, chinese, "{page}");
            assert!(english.len() > 5, "{page} has {} sections", english.len());
        }
    }

    #[test]
    fn every_picture_is_shown_by_a_test_and_lies_beside_the_pages() {
        let (wanted, sources) = (wanted().unwrap(), sources().unwrap());
        assert!(!wanted.is_empty());
        let mut bytes = 0;
        for (language, name) in &wanted {
            assert!(sources.contains_key(name), "no test shows {name}");
            let path = place(language, name);
            let picture = std::fs::read(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
            assert!(picture.starts_with(b"\x89PNG"), "{} is no PNG", path.display());
            bytes += picture.len() as u64;
        }
        assert!(bytes < MOST_BYTES, "the pictures have {bytes} bytes");
        for (language, _) in LANGUAGES {
            for entry in std::fs::read_dir(folder().join("pictures").join(language)).unwrap().flatten() {
                let name = entry.path().file_stem().unwrap().to_string_lossy().into_owned();
                assert!(wanted.contains(&(language.to_owned(), name.clone())), "no page names {language}/{name}");
            }
        }
    }

    #[test]
    fn pictures_are_told_from_other_lines() {
        let named = |language: &str, name: &str| Some((language.to_owned(), name.to_owned()));
        assert_eq!(picture("![今天](pictures/zh/today.png)"), named("zh", "today"));
        assert_eq!(picture("[今天](pictures/zh/today.png)"), None);
        assert_eq!(picture("![x](other/today.png)"), None);
    }
}
