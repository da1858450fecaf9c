//! The tables of an export, as an analyst finds them.

use std::path::Path;

use super::expect;
use crate::Outcome;

/// The tables of an export.
pub(super) struct Tables {
    head: Vec<String>,
    pub(super) form: Vec<Vec<String>>,
    pub(super) roster: Vec<Vec<String>>,
    names: Vec<String>,
}

impl Tables {
    pub(super) fn read(folder: &Path) -> Outcome<Self> {
        let mut tables = Self { head: Vec::new(), form: Vec::new(), roster: Vec::new(), names: Vec::new() };
        for file in std::fs::read_dir(folder)?.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if !name.ends_with(".csv") || name.starts_with("practice") || name.ends_with("编码本.csv") {
                continue;
            }
            let bytes = std::fs::read(file.path())?;
            expect(bytes.starts_with(b"\xEF\xBB\xBF"), &format!("a byte order mark in {name}"), "none")?;
            expect(bytes.ends_with(b"\r\n"), &format!("lines that end with CRLF in {name}"), "others")?;
            let mut reader = csv::ReaderBuilder::new().from_reader(&bytes[3..]);
            let head: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
            let rows: Result<Vec<Vec<String>>, _> =
                reader.records().map(|row| row.map(|row| row.iter().map(str::to_owned).collect())).collect();
            expect(name.contains("练习"), "the practice mark in the file's name", &name)?;
            expect(head.iter().any(|one| one == "练习"), "a practice column", &head.join(" "))?;
            if head.iter().any(|one| one.starts_with("行号")) {
                tables.roster = rows?;
            } else {
                tables.form = rows?;
                tables.head = head;
            }
            tables.names.push(name);
        }
        Ok(tables)
    }

    pub(super) fn check(&self) -> Outcome {
        expect(self.names.len() == 2, "one table for the form and one for the roster", &self.names.join(", "))?;
        let rows: Vec<String> = self.form.iter().map(|row| row.join(" | ")).collect();
        let row = rows.iter().find(|row| row.contains("101") && row.contains("不太喜欢"));
        expect(row.is_some(), "interview 101 with the decided answer in Chinese", &rows.join("\n"))?;
        expect(
            self.head.iter().any(|head| head.contains("你喜欢上学吗")),
            "headings in Chinese",
            &self.head.join(" | "),
        )?;
        expect(rows.iter().any(|row| row.contains("201")), "interview 201", &rows.join("\n"))?;
        // What the scans must not find elsewhere was really written.
        for word in ["白鹭77飞过水库", "山雀88的纸船", "Kingfisher-93", "戴胜46"] {
            expect(rows.iter().any(|row| row.contains(word)), &format!("the planted “{word}”"), &rows.join("\n"))?;
        }
        let family: Vec<String> = self.roster.iter().map(|row| row.join(" | ")).collect();
        for words in [["1", "爷爷", "63"], ["2", "奶奶", "61"], ["3", "妹妹", "6"]] {
            let there = self.roster.iter().any(|row| words.iter().all(|word| row.iter().any(|cell| cell == word)));
            expect(there, &format!("a row of the roster with {}", words.join(", ")), &family.join("\n"))?;
        }
        expect(rows.iter().all(|row| !row.contains("小穗")), "no names of respondents", "小穗")
    }
}
