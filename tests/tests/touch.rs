//! An interview by touch alone, in the real window.

use tianye_tests::Outcome;
use tianye_tests::gallery::Gallery;
use tianye_tests::touch::{Touched, show};

#[test]
fn consent_answers_and_stopping_go_by_touch_alone_and_what_is_touched_is_large_enough() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::Builder::new().prefix("tianye-touch").tempdir().unwrap();
    let pictures = std::env::var_os("TIANYE_PICTURES").map(std::path::PathBuf::from);
    let lived: Outcome<Touched> = runtime.block_on(async {
        let mut gallery = Gallery::new(pictures.as_deref())?;
        show(folder.path(), &mut gallery).await
    });
    let touched = lived.unwrap();
    // The driver takes touches; the web view of Linux hands them to the page as those of a mouse. Other web views say touch.
    assert!(
        !touched.pointers.is_empty() && touched.pointers.iter().all(|one| one == "touch" || one == "mouse"),
        "{touched:?}"
    );
    assert!(touched.measured > 200, "{} things were measured", touched.measured);
    assert_eq!(touched.small, Vec::<String>::new(), "smaller than a finger needs");
}
