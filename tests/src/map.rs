//! A map of a place that does not exist, as an MBTiles file: a river, two roads, hills and some houses.

use std::f64::consts::PI;
use std::path::Path;

use rusqlite::Connection;

use crate::Outcome;

/// Its middle: latitude, longitude.
pub const MIDDLE: (f64, f64) = (28.4512, 119.9241);
/// Degrees from the middle to an edge.
const REACH: f64 = 0.05;
const ZOOMS: std::ops::RangeInclusive<u8> = 12..=14;
const SIDE: u32 = 256;

/// Writes the map.
pub fn write(file: &Path) -> Outcome {
    let mut map = Connection::open(file)?;
    map.execute_batch(
        "CREATE TABLE metadata (name TEXT, value TEXT);
         CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);
         CREATE UNIQUE INDEX tile ON tiles (zoom_level, tile_column, tile_row);",
    )?;
    let (latitude, longitude) = MIDDLE;
    let edges = [longitude - REACH, latitude - REACH, longitude + REACH, latitude + REACH];
    let bounds = edges.map(|edge| format!("{edge:.4}")).join(",");
    let at_once = map.transaction()?;
    for (name, value) in [("name", "示例地图"), ("format", "png"), ("bounds", &bounds)] {
        at_once.execute("INSERT INTO metadata VALUES (?1, ?2)", (name, value))?;
    }
    for zoom in ZOOMS {
        let count = f64::from(1_u32 << zoom);
        let [west, south, east, north] = edges;
        let column = |longitude: f64| ((longitude + 180.0) / 360.0 * count) as u32;
        let row = |latitude: f64| ((1.0 - latitude.to_radians().tan().asinh() / PI) / 2.0 * count) as u32;
        for column in column(west)..=column(east) {
            for row in row(north)..=row(south) {
                let tile = picture(zoom, column, row)?;
                let from_south = (1_u32 << zoom) - 1 - row;
                at_once.execute("INSERT INTO tiles VALUES (?1, ?2, ?3, ?4)", (zoom, column, from_south, tile))?;
            }
        }
    }
    at_once.commit()?;
    Ok(())
}

fn picture(zoom: u8, column: u32, row: u32) -> Outcome<Vec<u8>> {
    let world = f64::from(SIDE) * f64::from(1_u32 << zoom);
    let mut pixels = Vec::with_capacity((SIDE * SIDE) as usize);
    for y in 0..SIDE {
        let down = f64::from(row * SIDE + y) / world;
        let latitude = (PI * (1.0 - 2.0 * down)).sinh().atan().to_degrees();
        for x in 0..SIDE {
            let longitude = f64::from(column * SIDE + x) / world * 360.0 - 180.0;
            pixels.push(colour(latitude, longitude));
        }
    }
    let mut bytes = Vec::new();
    let mut png = png::Encoder::new(&mut bytes, SIDE, SIDE);
    png.set_color(png::ColorType::Indexed);
    png.set_depth(png::BitDepth::Eight);
    png.set_palette(PALETTE.concat());
    png.write_header()?.write_image_data(&pixels)?;
    Ok(bytes)
}

/// Ground, hill, water, road, house.
const PALETTE: [[u8; 3]; 5] = [[243, 239, 228], [222, 230, 209], [160, 186, 199], [208, 191, 150], [138, 130, 114]];

/// What lies at a place, as an index of the palette.
fn colour(latitude: f64, longitude: f64) -> u8 {
    // Units of about a hundred metres.
    let (x, y) = ((longitude - MIDDLE.1) * 1000.0, (latitude - MIDDLE.0) * 1000.0);
    let river = (y + 6.0 - 5.0 * (x / 9.0).sin()).abs();
    let house = x.abs() < 6.0 && (1.0..6.0).contains(&y) && x.rem_euclid(1.2) < 0.5 && y.rem_euclid(1.0) < 0.45;
    if river < 0.9 {
        2
    } else if (x - 0.4 * y).abs() < 0.22 || (y - 0.6 * (x / 20.0).cos()).abs() < 0.2 {
        3
    } else if house {
        4
    } else {
        u8::from((x / 5.0).sin() + (y / 7.0).cos() > 1.1 && y > 8.0 || (x / 11.0).cos() * (y / 9.0).sin() < -0.6)
    }
}
