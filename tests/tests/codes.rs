//! Bar codes and what else is opened in a question, in the real window.

mod common;

use std::path::Path;

use common::lived;
use tianye_tests::codes::{TEXTS, live};
use tianye_tests::gallery::Gallery;

#[test]
fn bar_codes_are_typed_scanned_and_read_from_a_picture_by_keyboard_alone() {
    let read = lived("codes", async |root: &Path, gallery: &mut Gallery| {
        let mut read = Vec::new();
        for language in ["zh-CN", "en"] {
            let folder = root.join(language);
            std::fs::create_dir_all(&folder)?;
            read.push(live(&folder, language, gallery).await?);
        }
        Ok(read)
    });
    for read in read {
        assert_eq!(read, TEXTS);
    }
}
