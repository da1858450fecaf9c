//! Which cells of an .xlsx file hold a date: the number formats of its styles (ECMA-376 part 1, 18.8.30).

use crate::workbook::ReadError;
use crate::xlsx_scan::{Piece, Scanner};
use std::collections::HashMap;

/// For every style of a cell, whether its number is shown as a date, a time or a span of time.
#[derive(Debug, Default)]
pub(crate) struct Formats {
    dates: Vec<bool>,
}

impl Formats {
    pub fn read(xml: &str) -> Result<Self, ReadError> {
        let mut own: HashMap<String, bool> = HashMap::new();
        let mut dates = Vec::new();
        let mut in_cells = false;
        let mut scanner = Scanner::new(xml);
        loop {
            match scanner.next()? {
                Piece::Start(tag) => match tag.name {
                    "numFmt" => {
                        if let (Some(id), Some(code)) = (tag.attribute("numFmtId")?, tag.attribute("formatCode")?) {
                            own.insert(id.into_owned(), is_date(&code));
                        }
                    }
                    "cellXfs" => in_cells = true,
                    "xf" if in_cells => {
                        let id = tag.attribute("numFmtId")?.unwrap_or_default();
                        dates.push(own.get(id.as_ref()).copied().unwrap_or_else(|| is_built_in_date(&id)));
                    }
                    _ => {}
                },
                Piece::End("cellXfs") => in_cells = false,
                Piece::End("styleSheet") => return Ok(Self { dates }),
                _ => {}
            }
        }
    }

    /// Whether a cell with this style (its `s` attribute) holds a date.
    pub fn is_date(&self, style: Option<&str>) -> bool {
        style.is_some_and(|style| self.dates.get(style.parse().unwrap_or(0)).copied().unwrap_or(false))
    }
}

/// 27 to 36 and 50 to 58 are dates in East Asian languages.
fn is_built_in_date(id: &str) -> bool {
    matches!(id.parse::<u32>(), Ok(14..=22 | 27..=36 | 45..=47 | 50..=58))
}

/// Whether the first section of a format code shows parts of a date or of a time.
fn is_date(code: &str) -> bool {
    let mut chars = code.chars();
    // Inside `[…]`: what stands in it so far.
    let mut bracket: Option<String> = None;
    let mut depth = 0_u32;
    // After the `A` of AM/PM letters are no parts of a date.
    let mut half_day = false;
    while let Some(c) = chars.next() {
        match c {
            // The next character is shown, or its width left free, or repeated.
            '\\' | '_' | '*' => {
                chars.next();
                bracket.iter_mut().for_each(|inside| inside.push(' '));
            }
            '"' => {
                chars.find(|c| *c == '"');
                bracket.iter_mut().for_each(|inside| inside.push(' '));
            }
            ';' => return false,
            '[' => {
                depth += 1;
                bracket = Some(String::new());
            }
            ']' => {
                if depth == 1 && bracket.as_deref().is_some_and(is_elapsed) {
                    return true;
                }
                depth = depth.saturating_sub(1);
                bracket = None;
            }
            _ if depth > 0 => bracket.iter_mut().for_each(|inside| inside.push(c)),
            'a' | 'A' if !half_day => half_day = true,
            'p' | 'P' | 'm' | 'M' | '/' if half_day => return true,
            'd' | 'D' | 'm' | 'M' | 'h' | 'H' | 'y' | 'Y' | 's' | 'S' if !half_day => return true,
            _ => {}
        }
    }
    false
}

/// `[h]`, `[mm]`, `[ss]`: hours, minutes or seconds counted on beyond a day.
fn is_elapsed(inside: &str) -> bool {
    let first = inside.chars().next().map(|c| c.to_ascii_lowercase());
    first
        .is_some_and(|first| matches!(first, 'h' | 'm' | 's') && inside.chars().all(|c| c.eq_ignore_ascii_case(&first)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: &str, expect: bool) {
        assert_eq!(is_date(code), expect, "{code}");
    }

    #[test]
    fn format_codes_tell_dates() {
        for date in
            ["yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\"", "[$-804]yyyy/m/d;@", "h:mm AM/PM", "[h]:mm", "[SS]", "*-yyyy"]
        {
            check(date, true);
        }
        for number in ["General", "0.00", "#,##0_d", "0\"d\"", "0\\d", "[Red]0", "0;yyyy", "#,##0*y", "[$€-407]0", ""]
        {
            check(number, false);
        }
    }

    #[test]
    fn styles_name_formats_of_their_own_and_built_in_ones() {
        let xml = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;\"/></numFmts>\
                   <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>\
                   <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"14\"><alignment/></xf></cellXfs></styleSheet>";
        let formats = Formats::read(xml).unwrap();
        let found = [None, Some("0"), Some("1"), Some("2"), Some("3")].map(|style| formats.is_date(style));
        assert_eq!(found, [false, false, true, true, false]);
    }
}
