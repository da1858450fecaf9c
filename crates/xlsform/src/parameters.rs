//! The parameters column: `start=0 end=10`, and which keys each type takes.

use crate::codes::Code;
use crate::lex::{Kind, tokens};
use crate::names::{has_reference, is_reference, is_xml_name};
use crate::problem::{Place, Problem, Report};
use crate::tree::{Node, Text};

pub(crate) type Parameters = Vec<(String, String)>;

/// Keys and values; both in lower case, but for values that name columns of a file or questions. `None` when the text is
/// no list of `key=value`.
pub(crate) fn parse(text: &str) -> Option<Parameters> {
    let is_gap = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    let mut words: Vec<&str> = Vec::new();
    for chunk in text.split(is_gap).filter(|c| !c.is_empty()) {
        for (index, part) in chunk.split('=').enumerate() {
            if index > 0 {
                words.push("=");
            }
            if !part.is_empty() {
                words.push(part);
            }
        }
    }
    let mut pairs = Parameters::new();
    for chunk in words.chunks(3) {
        let [key, "=", value] = chunk else { return None };
        if *key == "=" || *value == "=" {
            return None;
        }
        let key = key.to_lowercase();
        let keep = matches!(key.as_str(), "label" | "value") || has_reference(value);
        let value = if keep { (*value).to_owned() } else { value.to_lowercase() };
        // The last of several counts.
        pairs.retain(|(k, _)| *k != key);
        pairs.push((key, value));
    }
    Some(pairs)
}

fn get<'a>(parameters: &'a Parameters, key: &str) -> Option<&'a str> {
    parameters.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
}

/// Keys that a canonical type takes; `None` for types whose parameters are not looked at.
pub(crate) fn accepted(question_type: &str, from_file: bool) -> Option<&'static [&'static str]> {
    Some(match question_type {
        "text" => &["rows"],
        "photo" => &["app", "max-pixels"],
        "audio" | "background-audio" => &["quality"],
        "geopoint" => &["allow-mock-accuracy", "capture-accuracy", "reference-geometry", "warning-accuracy"],
        "geotrace" | "geoshape" => &["allow-mock-accuracy", "incremental", "reference-geometry"],
        "range" => &["end", "placeholder", "start", "step", "tick_interval", "tick_labelset"],
        "audit" => &[
            "identify-user",
            "location-max-age",
            "location-min-interval",
            "location-priority",
            "track-changes",
            "track-changes-reasons",
        ],
        "select one" | "select all that apply" | "rank" | "select one external" if from_file => {
            &["label", "randomize", "seed", "value"]
        }
        "select one" | "select all that apply" | "rank" | "select one external" => &["randomize", "seed"],
        _ => return None,
    })
}

/// Reads the parameters of a row; unknown keys are problems.
pub(crate) fn read(
    text: Option<&str>,
    question_type: &str,
    from_file: bool,
    place: &Place,
    report: &mut Report,
) -> Parameters {
    let Some(text) = text else { return Vec::new() };
    let Some(parameters) = parse(text) else {
        report.add(Problem::error(Code::ParametersNotPairs).at(place).arg("found", text));
        return Vec::new();
    };
    if let Some(accepted) = accepted(question_type, from_file) {
        for (key, _) in parameters.iter().filter(|(k, _)| !accepted.contains(&k.as_str())) {
            let problem = Problem::error(Code::UnknownParameter)
                .at(place)
                .arg("found", key)
                .arg("expected", accepted.join(", "))
                .maybe_near(crate::near::nearest(key, accepted.iter().copied()));
            report.add(problem);
        }
    }
    parameters
}

struct Check<'a> {
    parameters: &'a Parameters,
    place: &'a Place,
    report: &'a mut Report,
}

impl Check<'_> {
    fn bad(&mut self, key: &str, expected: &str) {
        let found = get(self.parameters, key).unwrap_or_default();
        let problem = Problem::error(Code::ParameterValue)
            .at(self.place)
            .arg("parameter", key)
            .arg("expected", expected)
            .arg("found", found);
        self.report.add(problem);
    }

    /// The value when it passes; a problem when it does not.
    fn value(&mut self, key: &str, expected: &str, passes: impl Fn(&str) -> bool) -> Option<String> {
        let value = get(self.parameters, key)?.to_owned();
        if passes(&value) {
            return Some(value);
        }
        self.bad(key, expected);
        None
    }

    fn one_of(&mut self, key: &str, allowed: &[&str]) -> Option<String> {
        self.value(key, &allowed.join(", "), |v| allowed.contains(&v))
    }

    fn whole(&mut self, key: &str) -> Option<String> {
        self.value(key, "a whole number", |v| v.parse::<i64>().is_ok())
    }
}

/// Writes what the parameters mean into the node, for all types but ranges and selects.
pub(crate) fn apply(node: &mut Node, parameters: &Parameters, place: &Place, report: &mut Report) {
    let mut check = Check { parameters, place, report };
    match node.question_type.as_str() {
        "text" => {
            if let Some(rows) = check.whole("rows") {
                node.set_control("rows", rows);
            }
        }
        "photo" => {
            if let Some(pixels) = check.whole("max-pixels") {
                node.set_bind("orx:max-pixels", pixels);
            }
            if matches!(node.control_text("appearance"), None | Some("annotate")) {
                let expected = "an Android package name like com.example.app";
                if let Some(app) = check.value("app", expected, is_package_name) {
                    node.set_control("intent", app);
                }
            }
        }
        "audio" => {
            if let Some(quality) = check.one_of("quality", &["voice-only", "low", "normal", "external"]) {
                node.set_bind("odk:quality", quality);
            }
        }
        "background-audio" => {
            if let Some(quality) = check.one_of("quality", &["voice-only", "low", "normal"])
                && let Some(action) = node.actions.last_mut()
            {
                action.quality = Some(quality);
            }
        }
        "geopoint" | "geotrace" | "geoshape" => apply_place(node, &mut check),
        "audit" => apply_audit(node, &mut check),
        _ => {}
    }
}

fn is_package_name(name: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    name.contains('.') && name.split('.').all(is_part)
}

fn apply_place(node: &mut Node, check: &mut Check<'_>) {
    let is_number = |v: &str| v.parse::<f64>().is_ok();
    if let Some(value) = check.value("capture-accuracy", "a number of metres", is_number) {
        node.set_control("accuracyThreshold", value);
    }
    if let Some(value) = check.value("warning-accuracy", "a number of metres", is_number) {
        node.set_control("unacceptableAccuracyThreshold", value);
    }
    if check.value("incremental", "true", |v| crate::read_settings::yes(v) == Some(true)).is_some() {
        node.set_control("incremental", "true");
    }
    if let Some(value) = check.one_of("allow-mock-accuracy", &["true", "false"]) {
        node.set_bind("odk:allow-mock-accuracy", value);
    }
    node.itemset = get(check.parameters, "reference-geometry").map(str::to_owned);
}

fn apply_audit(node: &mut Node, check: &mut Check<'_>) {
    for key in ["track-changes", "identify-user"] {
        if let Some(value) = check.one_of(key, &["true", "false"]) {
            node.set_bind(&format!("odk:{key}"), value);
        }
    }
    if let Some(value) = check.one_of("track-changes-reasons", &["on-form-edit"]) {
        node.set_bind("odk:track-changes-reasons", value);
    }
    let keys = ["location-priority", "location-min-interval", "location-max-age"];
    if keys.iter().all(|k| get(check.parameters, k).is_none()) {
        return;
    }
    for key in keys {
        if get(check.parameters, key).is_none() {
            check.bad(key, "a value, since the audit is to hold places");
        }
    }
    let seconds = |v: &str| v.parse::<u32>().is_ok();
    let values = [
        check.one_of(keys[0], &["no-power", "low-power", "balanced", "high-accuracy"]),
        check.value(keys[1], "whole seconds, 0 or more", seconds),
        check.value(keys[2], "whole seconds, 0 or more", seconds),
    ];
    let number = |i: usize| values[i].as_deref().and_then(|v| v.parse::<u32>().ok());
    if number(2) < number(1) && number(2).is_some() {
        check.bad(keys[2], "at least location-min-interval");
    }
    for (key, value) in keys.iter().zip(values) {
        if let Some(value) = value {
            node.set_bind(&format!("odk:{key}"), value);
        }
    }
}

/// The parameters of a select, checked.
pub(crate) fn apply_select(node: &mut Node, parameters: &Parameters, place: &Place, report: &mut Report) {
    let mut check = Check { parameters, place, report };
    let randomize = check.one_of("randomize", &["true", "false"]);
    let is_seed = |v: &str| is_reference(v) || v.parse::<f64>().is_ok();
    check.value("seed", "a number or a question in ${…}", is_seed);
    if randomize.is_none() && get(parameters, "seed").is_some() {
        check.bad("seed", "randomize=true beside it");
    }
    for key in ["value", "label"] {
        check.value(key, "the name of a column or element", is_xml_name);
    }
    node.parameters.clone_from(parameters);
}

/// A finite decimal as a fraction of a power of ten, so that steps divide exactly.
fn decimal(text: &str) -> Option<i128> {
    const PLACES: i32 = 12;
    const LEAST_TOO_LARGE: i128 = 10_i128.pow(15 + PLACES.unsigned_abs());
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |t| (-1, t));
    let digits = if sign == 1 { digits.strip_prefix('+').unwrap_or(digits) } else { digits };
    let (digits, exponent) = match digits.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (digits, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if !numeric(whole) || !numeric(fraction) {
        return None;
    }
    let number: i128 = format!("{whole}{fraction}").parse().ok()?;
    let shift = exponent.checked_add(PLACES)?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let power = 10_i128.checked_pow(shift.unsigned_abs())?;
    let scaled = if shift >= 0 { number.checked_mul(power) } else { (number % power == 0).then(|| number / power) }?;
    (scaled < LEAST_TOO_LARGE).then_some(scaled * sign)
}

/// The parameters of a range: filled with their defaults, checked, and written into the control.
pub(crate) fn apply_range(
    node: &mut Node,
    mut parameters: Parameters,
    ticks: Option<&crate::read_choices::ChoiceList>,
    place: &Place,
    report: &mut Report,
) {
    for (key, value) in [("start", "1"), ("end", "10"), ("step", "1")] {
        if get(&parameters, key).is_none() {
            parameters.push((key.to_owned(), value.to_owned()));
        }
    }
    let mut check = Check { parameters: &parameters, place, report };
    let mut number = |key: &str| check.value(key, "a number", |v| decimal(v).is_some()).and_then(|v| decimal(&v));
    let (start, end, step) = (number("start"), number("end"), number("step"));
    let (interval, placeholder) = (number("tick_interval"), number("placeholder"));
    let appearance = node.control_text("appearance").unwrap_or_default().to_owned();
    let has_ticks = ["tick_interval", "placeholder", "tick_labelset"].iter().any(|k| get(&parameters, k).is_some());
    let vertical_or_bare = appearance.contains("vertical") || appearance.contains("no-ticks");
    let mut check = Check { parameters: &parameters, place, report };
    if has_ticks && !appearance.is_empty() && !vertical_or_bare {
        check.bad("appearance", "vertical, no-ticks or nothing beside tick_interval, placeholder and tick_labelset");
    }
    if let (Some(start), Some(end), Some(step)) = (start, end, step) {
        let (low, high) = (start.min(end), start.max(end));
        check_steps(&mut check, step, interval, high - low);
        if let Some(placeholder) = placeholder {
            if step != 0 && (placeholder - start) % step != 0 {
                check.bad("placeholder", "start plus some whole steps");
            } else if placeholder < low || placeholder > high {
                check.bad("placeholder", "a value between start and end");
            }
        }
        if get(&parameters, "tick_labelset").is_some() {
            check_ticks(&mut check, ticks, (start, end, step, interval), appearance.contains("no-ticks"));
        }
    }
    let one = decimal("1").unwrap_or(1);
    if [start, end, step, interval, placeholder].iter().flatten().any(|n| n % one != 0) {
        node.set_bind("type", "decimal");
    }
    for (key, value) in &parameters {
        match key.as_str() {
            "tick_interval" => node.set_control("odk:tick-interval", value),
            "placeholder" => node.set_control("odk:placeholder", value),
            "tick_labelset" => node.itemset = Some(value.clone()),
            _ => node.set_control(key, value),
        }
    }
}

fn check_steps(check: &mut Check<'_>, step: i128, interval: Option<i128>, width: i128) {
    for (key, value) in [("step", Some(step)), ("tick_interval", interval)] {
        let Some(value) = value else { continue };
        if value == 0 {
            check.bad(key, "a number other than 0");
        } else if value > width {
            check.bad(key, "at most the distance from start to end");
        } else if key == "tick_interval" && step != 0 && value % step != 0 {
            check.bad(key, "a multiple of step");
        }
    }
}

fn check_ticks(
    check: &mut Check<'_>,
    ticks: Option<&crate::read_choices::ChoiceList>,
    (start, end, step, interval): (i128, i128, i128, Option<i128>),
    bare: bool,
) {
    let Some(ticks) = ticks else {
        check.bad("tick_labelset", "the name of a choice list");
        return;
    };
    let unit = interval.unwrap_or(step);
    let values: Option<Vec<i128>> = ticks.choices.iter().map(|c| decimal(&c.name)).collect();
    let Some(values) = values else {
        check.bad("tick_labelset", "a choice list whose names are numbers");
        return;
    };
    if values.iter().any(|v| *v < start.min(end) || *v > start.max(end)) {
        check.bad("tick_labelset", "choices between start and end");
    } else if unit != 0 && values.iter().any(|v| (v - start) % unit != 0) {
        check.bad("tick_labelset", "choices that stand on a step");
    } else if bare && !(values.len() == 2 && values.contains(&start) && values.contains(&end)) {
        check.bad("tick_labelset", "exactly the choices of start and end, since there are no ticks");
    }
}

/// The default of a picture is a file among the images.
pub(crate) fn image_default(node: &mut Node) {
    if let Some(default) = node.default.take_if(|d| !d.contains("jr://images/")) {
        let is_expression = tokens(&default).iter().any(|t| matches!(t.kind, Kind::Call | Kind::Reference));
        node.default = Some(if is_expression { default } else { format!("jr://images/{default}") });
    }
}

/// A text that is there, as a plain one.
pub(crate) fn plain(text: &str) -> Text {
    Text::Plain(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<&[(&str, &str)]>) {
        let found = parse(text);
        let found: Option<Vec<(&str, &str)>> =
            found.as_ref().map(|p| p.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect());
        assert_eq!(found.as_deref(), expect);
    }

    #[test]
    fn pairs() {
        check("start=0 end=10", Some(&[("start", "0"), ("end", "10")]));
        check("Randomize = TRUE; seed=${Q1}", Some(&[("randomize", "true"), ("seed", "${Q1}")]));
        check("rows=3, rows=4", Some(&[("rows", "4")]));
        check("value=Code", Some(&[("value", "Code")]));
        check("start", None);
        check("a=b=c", None);
        check("", Some(&[]));
    }

    #[test]
    fn decimals_divide_exactly() {
        assert_eq!(decimal("0.3").unwrap() % decimal("0.1").unwrap(), 0);
        for (same, other) in
            [("1e3", "1000"), ("1.5E+1", "15"), ("25e-1", "+2.5"), ("-.5", "-0.50"), ("10e-13", "1e-12")]
        {
            assert!(decimal(same).is_some(), "{same}");
            assert_eq!(decimal(same), decimal(other), "{same}");
        }
        for bad in ["", ".", "inf", "nan", "e3", "1e", "1e1.5", "1e15", "1e-13", "1e99999999999", "1_0", "a", "--1"] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
    }
}
