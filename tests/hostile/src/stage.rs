//! The world around a filling: a clock that stands, randomness that is the same in every run.

use std::cell::Cell;
use std::sync::Arc;

use chrono::DateTime;
use tianye_xform::{Context, FieldPath, Form, ItemKind, PageKind, Properties, Session, Why};

/// Does something in that world.
pub(crate) fn with<T>(act: impl FnOnce(&Context<'_>) -> T) -> T {
    let drawn = Cell::new(1_u64);
    let random = || {
        let next = drawn.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        drawn.set(next);
        next
    };
    let now = DateTime::parse_from_rfc3339("2017-06-01T09:00:00+08:00").unwrap();
    act(&Context { now, random: &random, properties: &Properties::default() })
}

/// Looks at everything that a screen, an export or a sync would ask of a filling.
pub(crate) fn look_at(session: &Session) {
    let places = Places::of(session);
    for path in places.all().take(200) {
        for why in [Why::Relevant, Why::Required, Why::Valid, Why::Value] {
            let _ = session.explain(path, why);
        }
    }
    seen(session, &places);
    let _ = (session.validate(), session.doubts(), session.entities(), session.wishes());
    let _ = session.instance_xml();
}

/// A filling of a form, begun and looked at.
pub(crate) fn live(form: Form) {
    let form = Arc::new(form);
    let _ = (form.questions().len(), form.repeats().len());
    let mut session = with(|context| Session::start(Arc::clone(&form), context));
    look_at(&session);
    for path in Places::of(&session).questions.iter().take(30) {
        let _ = with(|context| session.answer(path, "1", context));
    }
    look_at(&session);
    with(|context| session.finalise(context));
    let fields: Vec<_> = session.fields().into_iter().map(|field| (field.path, field.given)).collect();
    let (_, leftovers) = with(|context| Session::resume(form, fields, context));
    assert!(leftovers.is_empty(), "what was saved has a place: {leftovers:?}");
}

/// Addresses that there are now.
pub(crate) struct Places {
    pub questions: Vec<FieldPath>,
    pub repeats: Vec<FieldPath>,
    pub rows: Vec<FieldPath>,
}

impl Places {
    pub(crate) fn of(session: &Session) -> Self {
        let mut places = Self { questions: Vec::new(), repeats: Vec::new(), rows: Vec::new() };
        let mut open = Vec::new();
        for page in session.outline().pages() {
            if page.kind == PageKind::Roster {
                open.push(page.path.clone());
            }
            let questions = page.items.iter().filter(|item| item.kind == ItemKind::Question);
            places.questions.extend(questions.map(|item| item.path.clone()));
        }
        while let Some(repeat) = open.pop() {
            for row in session.roster(&repeat) {
                for item in &row.items {
                    match item.kind {
                        ItemKind::Question => places.questions.push(item.path.clone()),
                        ItemKind::Roster => open.push(item.path.clone()),
                        ItemKind::Heading => {}
                    }
                }
                places.rows.push(row.path);
            }
            places.repeats.push(repeat);
        }
        places
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &FieldPath> {
        self.questions.iter().chain(&self.repeats).chain(&self.rows)
    }
}

/// Everything that can be seen of a filling, as text.
pub(crate) fn seen(session: &Session, places: &Places) -> String {
    let mut text = String::new();
    for field in session.fields() {
        let given = field.given.non_answer().map_or_else(|| field.given.text(), |given| given.code());
        text += &format!("{} = {given} {}\n", field.path, field.counts);
    }
    for path in places.all() {
        let Some(node) = session.view(path) else { continue };
        let options: Vec<&str> = node.options.iter().map(|option| option.label.as_str()).collect();
        text += &format!(
            "{path} {} {} {} “{}” “{}” “{}” {options:?} {:?} {} {:?}\n",
            node.relevant,
            node.required,
            node.readonly,
            node.label,
            node.value,
            node.display,
            node.problem.map(|problem| problem.fault),
            node.doubt.is_some(),
            node.non_answer
        );
    }
    text
}

/// A form that must be whole.
pub(crate) fn form(xml: &str) -> Arc<Form> {
    let (form, problems) = Form::parse(xml, &tianye_xform::Media::none());
    Arc::new(form.unwrap_or_else(|| panic!("{problems:?}")))
}

/// An XForm of its instance, model and body.
pub(crate) fn xform(instance: &str, model: &str, body: &str) -> String {
    format!(
        r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" xmlns:tianye="https://tianye.cn/xforms/1"><h:head><h:title>t</h:title><model>
<instance><data id="hostile" version="1">{instance}<meta><instanceID/></meta></data></instance>{model}
</model></h:head><h:body>{body}</h:body></h:html>"#
    )
}
