//! Maps for pointing at a place without a network.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tianye_store::{MapError, MapLayer};

use crate::refusal::{Result, refuse};
use crate::view::{FormFile, MapView, Refusal};

/// The maps of a laptop; those that were looked at stay open.
#[derive(Debug, Default)]
pub struct Maps {
    data: PathBuf,
    open: Mutex<BTreeMap<String, MapLayer>>,
}

impl Maps {
    /// The maps in the data folder of a laptop.
    #[must_use]
    pub fn of(data: &Path) -> Self {
        Self { data: data.to_owned(), open: Mutex::default() }
    }

    /// The maps that can be shown, by the names of their files.
    #[must_use]
    pub fn list(&self) -> Vec<MapView> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = Vec::new();
        for path in tianye_store::maps(&self.data) {
            let Some(file) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
            if !open.contains_key(&file) {
                let Ok(layer) = MapLayer::open(&path) else { continue };
                open.insert(file.clone(), layer);
            }
            found.extend(open.get(&file).map(|layer| told(&file, layer)));
        }
        found
    }

    /// A tile of a map; none where it has none.
    ///
    /// # Errors
    /// `map-gone` for a map that was not listed; a damaged file.
    pub fn tile(&self, file: &str, zoom: u8, column: u32, row: u32) -> Result<Option<FormFile>> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let layer = open
            .get(file)
            .ok_or_else(|| refuse("map-gone", "expected a map of this laptop, found none").with("file", file))?;
        let tile = layer.tile(zoom, column, row).map_err(|why| refused(&why, file))?;
        let shown = |(media_type, bytes): (&str, Vec<u8>)| FormFile {
            media_type: media_type.to_owned(),
            base64: BASE64.encode(bytes),
        };
        Ok(tile.map(shown))
    }

    /// Puts a copy of a map on this laptop.
    ///
    /// # Errors
    /// `map-not-mbtiles`, `map-not-pictures`, the disk.
    pub fn add(&self, path: &Path) -> Result<()> {
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // A file that is open cannot be replaced everywhere.
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&file);
        tianye_store::add_map(&self.data, path).map_err(|why| refused(&why, &file))
    }
}

fn refused(why: &MapError, file: &str) -> Refusal {
    refuse(why.code(), why.to_string()).with("file", file)
}

fn told(file: &str, layer: &MapLayer) -> MapView {
    let (bounds, (least, most)) = (layer.bounds(), layer.zooms());
    #[allow(clippy::cast_possible_truncation, reason = "at most 180 million")]
    let millionths = |degrees: f64| (degrees * 1e6).round() as i32;
    MapView {
        file: file.to_owned(),
        name: layer.name().to_owned(),
        min_zoom: least,
        max_zoom: most,
        west: millionths(bounds.west),
        south: millionths(bounds.south),
        east: millionths(bounds.east),
        north: millionths(bounds.north),
    }
}
