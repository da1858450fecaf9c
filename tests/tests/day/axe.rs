//! Automatic accessibility rules (WCAG 2.2 AA) on every screen of the day, in both languages.

use tianye_tests::gallery::{Gallery, axe_file};
use tianye_tests::laptop::Laptop;

use crate::day;

#[test]
fn no_screen_breaks_a_serious_rule() {
    let gallery = &day().gallery;
    assert!(
        gallery.has_axe(),
        "expected {}, found nothing: axe-core is a development dependency of the window (`npm ci` in ui)",
        axe_file().display()
    );
    let grave: Vec<String> = gallery.findings.iter().filter(|one| one.is_grave()).map(ToString::to_string).collect();
    assert!(grave.is_empty(), "serious or critical:\n{}", grave.join("\n"));
}

#[test]
fn a_broken_screen_is_found() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let found = runtime.block_on(async {
        let mut laptop = Laptop::new("broken", folder.path())?;
        laptop.open("en").await?;
        laptop.until_shows("page-first-run").await?;
        laptop.run("document.querySelector('main').append(document.createElement('button'))").await?;
        let mut gallery = Gallery::new(None)?;
        gallery.one(&laptop, "broken").await?;
        laptop.close().await?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(gallery.findings)
    });
    let found = found.unwrap();
    assert!(found.iter().any(|one| one.rule == "button-name" && one.is_grave()), "a button without a name: {found:?}");
}
