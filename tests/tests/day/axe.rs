//! Automatic accessibility rules (WCAG 2.2 AA) on every screen of the day, in both languages.

use tianye_tests::gallery::axe_file;

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
