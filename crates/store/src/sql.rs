//! Statements live in `sql/*.sql`, one file for a table; Rust names them.
//!
//! What is asked of the own entries begins at the own chains (`CROSS JOIN` keeps the order): SQLite would else read every entry
//! of a lead's laptop to find its few own ones.

/// The statement after the line `-- name` and before the next such line, found while compiling: a name that is not
/// there does not compile.
pub(crate) const fn named(file: &'static str, name: &str) -> &'static str {
    let (bytes, name) = (file.as_bytes(), name.as_bytes());
    let mut at = 0;
    while at < bytes.len() {
        if starts_line(bytes, at) && is_heading(bytes, at, name) {
            let mut start = at + 3 + name.len();
            while start < bytes.len() && bytes[start] != b'\n' {
                start += 1;
            }
            let mut end = start;
            while end < bytes.len() && !(starts_line(bytes, end) && is_comment(bytes, end)) {
                end += 1;
            }
            let (_, rest) = file.split_at(start);
            return rest.split_at(end - start).0;
        }
        at += 1;
    }
    panic!("no statement of this name in the file")
}

const fn starts_line(bytes: &[u8], at: usize) -> bool {
    at == 0 || bytes[at - 1] == b'\n'
}

const fn is_comment(bytes: &[u8], at: usize) -> bool {
    at + 2 < bytes.len() && bytes[at] == b'-' && bytes[at + 1] == b'-' && bytes[at + 2] == b' '
}

const fn is_heading(bytes: &[u8], at: usize, name: &[u8]) -> bool {
    if !is_comment(bytes, at) || at + 3 + name.len() > bytes.len() {
        return false;
    }
    let mut i = 0;
    while i < name.len() {
        if bytes[at + 3 + i] != name[i] {
            return false;
        }
        i += 1;
    }
    let after = at + 3 + name.len();
    after == bytes.len() || bytes[after] == b'\n' || bytes[after] == b'\r'
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "-- put\nINSERT 1;\n-- put_all\r\nINSERT\n  2;\n-- get\nSELECT 3;";

    #[test]
    fn finds_whole_names_only() {
        #[track_caller]
        fn check(name: &str, expect: &str) {
            assert_eq!(named(FILE, name).trim(), expect);
        }
        check("put", "INSERT 1;");
        check("put_all", "INSERT\n  2;");
        check("get", "SELECT 3;");
    }

    #[test]
    #[should_panic(expected = "no statement of this name")]
    fn an_unknown_name_is_refused() {
        named(FILE, "pu");
    }
}
