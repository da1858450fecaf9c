//! Names of the files that tables are written to.

use std::collections::HashSet;

use crate::Table;

/// The longest part of a file name in bytes. A mark, two parts and an ending stay below the 255 that file systems take.
const MAX_PART_BYTES: usize = 96;

/// A file name for each table, no two alike on any system: the mark, the name of the first table (the form), for the
/// others their own name too, `.csv`.
///
/// The mark is that of a practice project ([`crate::Words::file_mark`]) or empty.
#[must_use]
pub fn file_names(tables: &[Table], mark: &str) -> Vec<String> {
    let Some(form) = tables.first() else { return Vec::new() };
    let form = file_name(&form.name);
    let mut taken = HashSet::new();
    let mut names = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let stem = if at == 0 { format!("{mark}{form}") } else { format!("{mark}{form}_{}", file_name(&table.name)) };
        let mut free = stem.clone();
        let mut number = 2;
        while !taken.insert(free.to_lowercase()) {
            free = format!("{stem}_{number}");
            number += 1;
        }
        names.push(format!("{free}.csv"));
    }
    names
}

/// The folder beside the tables for the files that answers name: photographs, recordings.
#[must_use]
pub fn files_folder(form: &str, mark: &str) -> String {
    format!("{mark}{}_files", file_name(form))
}

/// Whether the name that an answer gives its file can be written as it is: it came from another laptop, so it must lead
/// nowhere and be no program.
#[must_use]
pub fn is_file_name(name: &str) -> bool {
    const PROGRAMS: &[&str] =
        &["exe", "com", "bat", "cmd", "scr", "lnk", "js", "vbs", "ps1", "msi", "hta", "jar", "url"];
    let Some((stem, ending)) = name.split_once('.') else { return false };
    let plain = |part: &str| !part.is_empty() && part.len() <= 64 && part.bytes().all(|b| b.is_ascii_alphanumeric());
    // Other programs of the family write `drawing-10_23_45.png`.
    let joined = |part: &str| part.split(['-', '_']).all(plain) && part.len() <= 64;
    let program = PROGRAMS.contains(&ending.to_ascii_lowercase().as_str());
    joined(stem) && plain(ending) && !program && !is_device(stem)
}

/// A file name that every system takes: letters and digits of any script, `-` and `_`, not too long, none of the names
/// that Windows keeps for devices.
#[must_use]
pub fn file_name(name: &str) -> String {
    let mut kept = String::new();
    for c in name.chars() {
        let c = if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '_' };
        if kept.len() + c.len_utf8() > MAX_PART_BYTES {
            break;
        }
        kept.push(c);
    }
    if kept.is_empty() || is_device(&kept) { format!("table_{kept}") } else { kept }
}

/// A name that Windows keeps for a device, whatever its ending.
fn is_device(name: &str) -> bool {
    let name = name.to_lowercase();
    let numbered = name.strip_prefix("com").or_else(|| name.strip_prefix("lpt"));
    let port = numbered.is_some_and(|port| {
        let mut letters = port.chars();
        letters.next().is_some_and(|c| "0123456789¹²³".contains(c)) && letters.next().is_none()
    });
    port || ["con", "prn", "aux", "nul"].contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expect: &str) {
        assert_eq!(file_name(name), expect);
    }

    #[test]
    fn files_have_names_that_every_system_takes() {
        check("pupil_2017-4", "pupil_2017-4");
        check("留守儿童/学生 问卷", "留守儿童_学生_问卷");
        check("../../etc/passwd", "______etc_passwd");
        check(r"a\b:c*d?e<f>g|h.", "a_b_c_d_e_f_g_h_");
        check("CON", "table_CON");
        check("Aux", "table_Aux");
        check("com1", "table_com1");
        check("LPT³", "table_LPT³");
        check("com", "com");
        check("com12", "com12");
        check("", "table_");
    }

    #[test]
    fn a_long_name_is_cut_between_letters() {
        check(&"字".repeat(100), &"字".repeat(32));
        check(&format!("a{}", "字".repeat(100)), &format!("a{}", "字".repeat(31)));
    }

    #[test]
    fn the_name_of_an_answer_s_file_leads_nowhere() {
        for name in ["0f3c.jpg", "A1.WEBM", "7.docx", "drawing-10_23_45.png"] {
            assert!(is_file_name(name), "{name}");
        }
        for name in [
            "",
            "a",
            ".jpg",
            "a.",
            "../a.jpg",
            "a/b.jpg",
            r"a\b.jpg",
            "a.tar.gz",
            "a b.jpg",
            "照片.jpg",
            "con.jpg",
            "-a.jpg",
            "a-.jpg",
            "a.exe",
            "a.JS",
        ] {
            assert!(!is_file_name(name), "{name}");
        }
        assert_eq!(files_folder("学生 问卷", "练习_"), "练习_学生_问卷_files");
    }

    #[track_caller]
    fn check_all(names: &[&str], mark: &str, expect: &[&str]) {
        let table = |name: &&str| Table { name: (*name).to_owned(), head: Vec::new(), rows: Vec::new() };
        assert_eq!(file_names(&names.iter().map(table).collect::<Vec<_>>(), mark), expect);
    }

    #[test]
    fn each_table_has_its_file() {
        check_all(&["pupil", "家庭成员"], "练习_", &["练习_pupil.csv", "练习_pupil_家庭成员.csv"]);
        check_all(&["pupil"], "", &["pupil.csv"]);
        check_all(&[], "", &[]);
    }

    #[test]
    fn no_file_takes_the_place_of_another() {
        check_all(&["p", "a b", "a/b", "A_B"], "", &["p.csv", "p_a_b.csv", "p_a_b_2.csv", "p_A_B_3.csv"]);
        let [one, two] = ["一", "二"].map(|end| format!("{}{end}", "长".repeat(40)));
        let names = file_names(
            &["p", &one, &two].map(|name| Table { name: name.to_owned(), head: Vec::new(), rows: Vec::new() }),
            "practice_",
        );
        assert_ne!(names[1], names[2]);
        assert!(names.iter().all(|name| name.len() < 255));
    }
}
