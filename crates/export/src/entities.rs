//! A list of entities as a table, in the shape of the entity download of ODK Central.

use std::fmt;

use crate::table::Table;

/// An entity. Times are as that laptop's clock showed them, ISO 8601.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct EntityRow {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// A cell for each property.
    pub properties: Vec<String>,
    /// When it was created; empty for one of the list's file.
    pub created: String,
    /// The id of who created it.
    pub creator_id: String,
    /// Who created it.
    pub creator: String,
    /// How many interviews updated it.
    pub updates: u32,
    /// When it was updated last.
    pub updated: String,
    /// Its version.
    pub version: u32,
    /// The columns that two laptops changed differently, with spaces between.
    pub conflict: String,
}

/// Says which entity, and never what is known of it.
impl fmt::Debug for EntityRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntityRow({})", self.id)
    }
}

/// The table of a list. `properties` are its columns between `label` and Central's own; a last column `__conflict`, which
/// Central does not have, comes only where two laptops disagree.
#[must_use]
pub fn entity_table(list: &str, properties: &[String], rows: &[EntityRow]) -> Table {
    let torn = rows.iter().any(|row| !row.conflict.is_empty());
    let mut head = vec!["__id".to_owned(), "label".to_owned()];
    head.extend(properties.iter().cloned());
    head.extend(
        ["__createdAt", "__creatorId", "__creatorName", "__updates", "__updatedAt", "__version"].map(str::to_owned),
    );
    if torn {
        head.push("__conflict".to_owned());
    }
    let cells = |row: &EntityRow| {
        let mut cells = vec![row.id.clone(), row.label.clone()];
        cells.extend(row.properties.iter().cloned());
        cells.extend([row.created.clone(), row.creator_id.clone(), row.creator.clone()]);
        cells.extend([row.updates.to_string(), row.updated.clone(), row.version.to_string()]);
        if torn {
            cells.push(row.conflict.clone());
        }
        cells
    };
    Table { name: list.to_owned(), rows: rows.iter().map(cells).collect(), head }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(conflict: &str, head: &str, cells: &str) {
        let row = EntityRow {
            id: "t-1".into(),
            label: "老樟".into(),
            properties: vec!["31".into()],
            updates: 2,
            version: 3,
            conflict: conflict.into(),
            ..EntityRow::default()
        };
        let table = entity_table("trees", &["girth".to_owned()], &[row]);
        assert_eq!((table.head.join(","), table.rows[0].join(",")), (head.to_owned(), cells.to_owned()));
    }

    #[test]
    fn a_list_has_the_columns_of_central_and_tells_conflicts() {
        let head = "__id,label,girth,__createdAt,__creatorId,__creatorName,__updates,__updatedAt,__version";
        check("", head, "t-1,老樟,31,,,,2,,3");
        check("girth label", &format!("{head},__conflict"), "t-1,老樟,31,,,,2,,3,girth label");
    }
}
