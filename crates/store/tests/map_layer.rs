//! Maps of MBTiles: what is read, what is refused, what is passed over.

#![allow(clippy::unwrap_used, reason = "helpers of tests may")]

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tianye_store::{Bounds, MAX_TILE, MapLayer, add_map, maps};

/// The first bytes of a PNG: enough to be known as one.
const PNG: &[u8] = &[0x89, b'P', b'N', b'G', 13, 10, 26, 10, 7];

fn map(folder: &Path, name: &str, metadata: &[(&str, &str)], tiles: &[(u8, u32, u32, &[u8])]) -> PathBuf {
    let path = folder.join(name);
    let db = Connection::open(&path).unwrap();
    db.execute_batch(
        "CREATE TABLE metadata (name TEXT, value TEXT);
         CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);",
    )
    .unwrap();
    for (name, value) in metadata {
        db.execute("INSERT INTO metadata VALUES (?1, ?2)", (name, value)).unwrap();
    }
    for (zoom, column, row, data) in tiles {
        db.execute("INSERT INTO tiles VALUES (?1, ?2, ?3, ?4)", (zoom, column, row, data)).unwrap();
    }
    path
}

#[track_caller]
fn check_refused(metadata: &[(&str, &str)], tiles: &[(u8, u32, u32, &[u8])], code: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = map(folder.path(), "a.mbtiles", metadata, tiles);
    assert_eq!(MapLayer::open(&path).unwrap_err().code(), code);
}

#[test]
fn a_map_is_read_with_rows_from_the_north() {
    let folder = tempfile::tempdir().unwrap();
    let said = [("name", "武义（示例）"), ("format", "png"), ("bounds", "119.4,28.5,119.9,29.1")];
    // In the file, rows count from the south: row 0 of zoom 1 is the southern half.
    let path = map(folder.path(), "wuyi.mbtiles", &said, &[(1, 1, 1, PNG), (3, 5, 2, &[0xff, 0xd8, 0xff, 0])]);
    let layer = MapLayer::open(&path).unwrap();
    assert_eq!((layer.name(), layer.zooms()), ("武义（示例）", (1, 3)));
    assert_eq!(layer.bounds(), Bounds { west: 119.4, south: 28.5, east: 119.9, north: 29.1 });
    assert_eq!(layer.tile(1, 1, 0).unwrap(), Some(("image/png", PNG.to_vec())));
    assert_eq!(layer.tile(3, 5, 5).unwrap().unwrap().0, "image/jpeg");
    assert_eq!(layer.tile(1, 0, 0).unwrap(), None);
    for (zoom, column, row) in [(1, 2, 0), (1, 0, 2), (40, 0, 0), (33, 0, 0), (1, u32::MAX, u32::MAX)] {
        assert_eq!(layer.tile(zoom, column, row).unwrap(), None, "{zoom}/{column}/{row}");
    }
}

#[test]
fn without_name_and_bounds_the_file_name_and_the_world_stand() {
    let folder = tempfile::tempdir().unwrap();
    let path = map(folder.path(), "温岭 1.mbtiles", &[("bounds", "5,5,1,1"), ("name", " ")], &[(0, 0, 0, PNG)]);
    let layer = MapLayer::open(&path).unwrap();
    assert_eq!((layer.name(), layer.bounds().west), ("温岭 1", -180.0));
}

#[test]
fn what_is_no_picture_or_too_large_is_no_tile() {
    let folder = tempfile::tempdir().unwrap();
    let mut large = PNG.to_vec();
    large.resize(MAX_TILE + 1, 0);
    let page: &[u8] = b"<svg onload=alert(1)>";
    let path = map(folder.path(), "a.mbtiles", &[], &[(1, 0, 0, &large), (1, 1, 0, page)]);
    let layer = MapLayer::open(&path).unwrap();
    assert_eq!(layer.tile(1, 0, 1).unwrap(), None);
    assert_eq!(layer.tile(1, 1, 1).unwrap(), None);
}

#[test]
fn what_is_no_map_is_refused() {
    check_refused(&[("format", "pbf")], &[(0, 0, 0, PNG)], "map-not-pictures");
    check_refused(&[], &[], "map-not-mbtiles");
    check_refused(&[], &[(200, 0, 0, PNG)], "map-not-mbtiles");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("words.mbtiles");
    fs::write(&path, "no database at all, only words").unwrap();
    assert_eq!(MapLayer::open(&path).unwrap_err().code(), "map-not-mbtiles");
}

#[test]
fn a_map_is_copied_beside_the_stores_and_a_bad_one_leaves_nothing() {
    let (from, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert_eq!(maps(data.path()), Vec::<PathBuf>::new());
    let good = map(from.path(), "武义 1.mbtiles", &[], &[(0, 0, 0, PNG)]);
    add_map(data.path(), &good).unwrap();
    let bad = from.path().join("bad.mbtiles");
    fs::write(&bad, "words").unwrap();
    add_map(data.path(), &bad).unwrap_err();
    let names: Vec<_> = maps(data.path()).iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert_eq!(names, ["武义 1.mbtiles"]);
    assert_eq!(fs::read_dir(data.path().join("maps")).unwrap().count(), 1);
}
