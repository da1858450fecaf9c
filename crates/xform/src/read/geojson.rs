//! GeoJSON files as tables: one row per feature (ODK documentation, “Selects from GeoJSON files”).

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

/// The columns of one feature, in order: `geometry`, the feature's own `id` if its properties have none, the properties.
pub(super) type Row = Vec<(String, String)>;

/// The features of a collection.
///
/// # Errors
/// In English, if the file is no JSON or no collection of features with geometries that the form language knows.
pub(super) fn rows(bytes: &[u8]) -> Result<Vec<Row>, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let collection: Collection = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if collection.kind != "FeatureCollection" {
        return Err("expected a GeoJSON object of the type FeatureCollection".to_owned());
    }
    let features = collection.features.iter().enumerate();
    features.map(|(index, feature)| row(feature).map_err(|why| format!("feature {}: {why}", index + 1))).collect()
}

fn row(feature: &Feature) -> Result<Row, String> {
    if feature.kind != "Feature" {
        return Err("expected the type Feature".to_owned());
    }
    let mut columns = vec![("geometry".to_owned(), geometry(&feature.geometry)?)];
    if let Some(id) = &feature.id
        && !feature.properties.0.iter().any(|(name, _)| name == "id")
    {
        columns.push(("id".to_owned(), text(id)));
    }
    columns.extend(feature.properties.0.iter().map(|(name, value)| (name.clone(), text(value))));
    Ok(columns)
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A geometry as the form language writes it: `latitude longitude altitude accuracy`, points separated by `; `.
fn geometry(geometry: &Value) -> Result<String, String> {
    let points = match geometry["type"].as_str() {
        Some("Point") => vec![point(&geometry["coordinates"])?],
        Some("LineString") => points(&geometry["coordinates"])?,
        // The outer line of the area; the form language has no holes.
        Some("Polygon") => points(&geometry["coordinates"][0])?,
        None if geometry.is_null() => return Ok(String::new()),
        _ => return Err("expected a geometry of the type Point, LineString or Polygon".to_owned()),
    };
    Ok(points.join("; "))
}

fn points(coordinates: &Value) -> Result<Vec<String>, String> {
    coordinates.as_array().ok_or("expected an array of coordinates")?.iter().map(point).collect()
}

fn point(coordinates: &Value) -> Result<String, String> {
    match (&coordinates[0], &coordinates[1]) {
        (Value::Number(longitude), Value::Number(latitude)) => Ok(format!("{latitude} {longitude} 0 0")),
        _ => Err("expected coordinates [longitude, latitude]".to_owned()),
    }
}

#[derive(Deserialize)]
struct Collection {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(rename = "type")]
    kind: String,
    id: Option<Value>,
    #[serde(default)]
    geometry: Value,
    #[serde(default)]
    properties: Members,
}

/// An object's members in the order of the file.
#[derive(Default)]
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }

            fn visit_unit<E>(self) -> Result<Members, E> {
                Ok(Members(Vec::new()))
            }
        }
        deserializer.deserialize_any(Collect)
    }
}
