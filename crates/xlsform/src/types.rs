//! The question types of XLSForm: what stands in the bind and in the body for each.

/// What a type becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TypeRule {
    /// Element in the body; empty for none.
    pub tag: &'static str,
    pub media_type: &'static str,
    pub bind: &'static [(&'static str, &'static str)],
    pub hint: &'static str,
}

/// Types that [`rule`] knows and authors write; the older spellings are accepted and not offered.
pub const OFFERED: &[&str] = &[
    "text",
    "integer",
    "decimal",
    "range",
    "barcode",
    "note",
    "acknowledge",
    "calculate",
    "hidden",
    "date",
    "time",
    "dateTime",
    "select_one",
    "select_multiple",
    "rank",
    "select_one_from_file",
    "select_multiple_from_file",
    "select_one_external",
    "geopoint",
    "geotrace",
    "geoshape",
    "start-geopoint",
    "background-geopoint",
    "image",
    "audio",
    "video",
    "file",
    "background-audio",
    "begin_group",
    "end_group",
    "begin_repeat",
    "end_repeat",
    "csv-external",
    "xml-external",
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "phonenumber",
    "email",
    "audit",
    "osm",
];

/// Older names for media types.
pub(crate) fn canonical(name: &str) -> &str {
    match name {
        "imei" => "deviceid",
        "image" | "add image prompt" | "add photo prompt" => "photo",
        "add audio prompt" => "audio",
        "add video prompt" => "video",
        "add file prompt" => "file",
        _ => name,
    }
}

const fn shown(tag: &'static str, bind: &'static [(&'static str, &'static str)]) -> TypeRule {
    TypeRule { tag, media_type: "", bind, hint: "" }
}

const fn upload(media_type: &'static str) -> TypeRule {
    TypeRule { tag: "upload", media_type, bind: &[("type", "binary")], hint: "" }
}

const fn hinted(bind: &'static [(&'static str, &'static str)], hint: &'static str) -> TypeRule {
    TypeRule { tag: "input", media_type: "", bind, hint }
}

macro_rules! property {
    ($name:literal) => {
        shown("", &[("jr:preload", "property"), ("type", "string"), ("jr:preloadParams", $name)])
    };
}

const STRING: &[(&str, &str)] = &[("type", "string")];

/// The rule of a canonical type, or `None` for a type nobody knows.
pub(crate) fn rule(name: &str) -> Option<TypeRule> {
    Some(match name {
        "text" | "string" | "q string" | "add text prompt" | "select one external" => shown("input", STRING),
        "integer" | "int" | "q int" | "add integer prompt" => shown("input", &[("type", "int")]),
        "decimal" | "q decimal" | "add decimal prompt" => shown("input", &[("type", "decimal")]),
        "range" => shown("range", &[("type", "int")]),
        "barcode" | "q barcode" | "add barcode prompt" => shown("input", &[("type", "barcode")]),
        "note" | "q note" | "add note prompt" => shown("input", &[("readonly", "true()"), ("type", "string")]),
        "acknowledge" | "q acknowledge" | "add acknowledge prompt" => shown("trigger", STRING),
        "trigger" => shown("trigger", &[]),
        "calculate" | "q calculate" | "add calculate prompt" | "hidden" => shown("", STRING),
        "date" | "q date" | "add date prompt" => shown("input", &[("type", "date")]),
        "time" => shown("input", &[("type", "time")]),
        "dateTime"
        | "datetime"
        | "date time"
        | "q date time"
        | "q dateTime"
        | "add date time prompt"
        | "add dateTime prompt" => shown("input", &[("type", "dateTime")]),
        "select one" | "add select one prompt using" | "select one using" | "q select1" => shown("select1", STRING),
        "select all that apply"
        | "add select multiple prompt using"
        | "select all that apply from"
        | "select multiple from"
        | "select multiple using"
        | "q select" => shown("select", STRING),
        "rank" => shown("odk:rank", &[("type", "odk:rank")]),
        "geopoint" | "location" | "gps" | "q location" | "q geopoint" | "add location prompt" => {
            shown("input", &[("type", "geopoint")])
        }
        "geotrace" | "q geotrace" => shown("input", &[("type", "geotrace")]),
        "geoshape" | "q geoshape" => shown("input", &[("type", "geoshape")]),
        "start-geopoint" => shown("", &[("type", "geopoint")]),
        "background-geopoint" => shown("trigger", &[("type", "geopoint")]),
        "background-audio" | "audit" => shown("", &[("type", "binary")]),
        "photo" | "image" | "q picture" | "q image" | "add image prompt" => upload("image/*"),
        "audio" | "q audio" | "add audio prompt" => upload("audio/*"),
        "video" | "q video" | "add video prompt" => upload("video/*"),
        "file" | "add file prompt" => upload("application/*"),
        "osm" => upload("osm/*"),
        "start" | "start time" | "get start time" => {
            shown("", &[("jr:preload", "timestamp"), ("type", "dateTime"), ("jr:preloadParams", "start")])
        }
        "end" | "end time" | "get end time" => {
            shown("", &[("jr:preload", "timestamp"), ("type", "dateTime"), ("jr:preloadParams", "end")])
        }
        "today" | "get today" => shown("", &[("jr:preload", "date"), ("type", "date"), ("jr:preloadParams", "today")]),
        "deviceid" | "imei" | "device id" | "get device id" => property!("deviceid"),
        "username" => property!("username"),
        "email" => property!("email"),
        "phonenumber" | "get phone number" => property!("phonenumber"),
        "simserial" | "sim id" | "get sim id" => property!("simserial"),
        "subscriberid" | "subscriber id" | "get subscriber id" => property!("subscriberid"),
        "uri:deviceid" => property!("uri:deviceid"),
        "uri:username" => property!("uri:username"),
        "uri:email" => property!("uri:email"),
        "uri:phonenumber" => property!("uri:phonenumber"),
        "uri:simserial" => property!("uri:simserial"),
        "uri:subscriberid" => property!("uri:subscriberid"),
        "percentage" => shown("input", &[("type", "int"), ("constraint", "0 <= . and . <= 100")]),
        "phone number" => hinted(&[("type", "string"), ("constraint", "regex(., '^\\d*$')")], "Enter numbers only."),
        "number of days in last month" => {
            hinted(&[("type", "int"), ("constraint", "0 <= . and . <= 31")], "Enter a number 0-31.")
        }
        "number of days in last six months" => {
            hinted(&[("type", "int"), ("constraint", "0 <= . and . <= 183")], "Enter a number 0-183.")
        }
        "number of days in last year" => {
            hinted(&[("type", "int"), ("constraint", "0 <= . and . <= 365")], "Enter a number 0-365.")
        }
        _ => return None,
    })
}

const SELECTS: &[(&str, &str)] = &[
    ("add select one prompt using", "select one"),
    ("add select multiple prompt using", "select all that apply"),
    ("select all that apply from", "select all that apply"),
    ("select one from", "select one"),
    ("select1", "select one"),
    ("select_one", "select one"),
    ("select one", "select one"),
    ("select_multiple", "select all that apply"),
    ("select all that apply", "select all that apply"),
    ("select_one_external", "select one external"),
    ("select_one_from_file", "select one"),
    ("select_multiple_from_file", "select all that apply"),
    ("select one from file", "select one"),
    ("select multiple from file", "select all that apply"),
    ("rank", "rank"),
];

/// A select as its type cell says: command, list, whether `or_other` follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Select<'a> {
    pub command: &'a str,
    pub question_type: &'static str,
    pub list: &'a str,
    pub or_other: bool,
}

impl Select<'_> {
    /// Whether the choices are in an attached file.
    pub fn is_from_file(&self) -> bool {
        self.command.ends_with("from_file") || self.command.ends_with("from file")
    }
}

pub(crate) fn parse_select(text: &str) -> Option<Select<'_>> {
    SELECTS.iter().find_map(|&(command, question_type)| {
        let rest = text.strip_prefix(command)?.strip_prefix(' ')?;
        let others = [" or specify other", " or_other", " or other"];
        let (list, or_other) = others.iter().find_map(|o| rest.strip_suffix(o)).map_or((rest, false), |l| (l, true));
        let one_word = !list.is_empty() && !list.contains(char::is_whitespace);
        one_word.then_some(Select { command, question_type, list, or_other })
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    Group,
    Repeat,
    Loop,
}

impl Control {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Repeat => "repeat",
            Self::Loop => "loop",
        }
    }
}

const CONTROLS: [(&str, Control); 5] = [
    ("group", Control::Group),
    ("lgroup", Control::Repeat),
    ("repeat", Control::Repeat),
    ("loop", Control::Loop),
    ("looped group", Control::Repeat),
];

/// `begin_group`, `begin repeat`, `begin_loop over list`: the control and its list.
pub(crate) fn parse_begin(text: &str) -> Option<(Control, Option<&str>)> {
    let rest = text.strip_prefix("begin")?.strip_prefix(['_', ' '])?;
    CONTROLS.iter().find_map(|&(name, control)| {
        let after = rest.strip_prefix(name)?;
        if after.is_empty() {
            return Some((control, None));
        }
        let list = after.strip_prefix(' ')?;
        let list = list.strip_prefix("over ").unwrap_or(list);
        (!list.is_empty() && !list.contains(char::is_whitespace)).then_some((control, Some(list)))
    })
}

pub(crate) fn parse_end(text: &str) -> Option<Control> {
    let rest = text.strip_prefix("end")?.strip_prefix(['_', ' '])?;
    CONTROLS.iter().find(|(name, _)| *name == rest).map(|(_, control)| *control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_select(text: &str, expect: Option<(&str, &str, bool)>) {
        assert_eq!(parse_select(text).map(|s| (s.question_type, s.list, s.or_other)), expect);
    }

    #[test]
    fn selects() {
        check_select("select_one place", Some(("select one", "place", false)));
        check_select("select_multiple place or_other", Some(("select all that apply", "place", true)));
        check_select("select one from place", Some(("select one", "place", false)));
        check_select("select_one ${q}", Some(("select one", "${q}", false)));
        check_select("select_one", None);
        check_select("select_one a b", None);
    }

    #[test]
    fn groups() {
        assert_eq!(parse_begin("begin group"), Some((Control::Group, None)));
        assert_eq!(parse_begin("begin_loop over c1"), Some((Control::Loop, Some("c1"))));
        assert_eq!(parse_end("end_repeat"), Some(Control::Repeat));
        assert_eq!(parse_end("end"), None);
    }

    #[test]
    fn offered_types_are_known() {
        for name in OFFERED {
            let list = format!("{name} x.csv");
            let known = rule(canonical(name)).is_some()
                || parse_select(&list).is_some()
                || parse_begin(name).is_some()
                || parse_end(name).is_some()
                || name.ends_with("-external");
            assert!(known, "{name}");
        }
    }
}
