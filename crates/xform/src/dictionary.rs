//! The form as a dictionary: what questions, repeats and choices it has. For exports, checks and lists.

use std::collections::BTreeSet;

use crate::form::{ActionValue, Def, DefId, FixedOption, Form, OptionsDef, Part, Shape, TextDef, TextId};
use crate::graph::Aspect;
use crate::settings::{About, Audit, EntityDef, Submission};
use crate::{Check, Control, NonAnswer, Origin, ValueKind};

/// A text in each language: `(language, text)`. A form without languages has one entry with the language `""`.
pub type Labels = Vec<(String, String)>;

/// A node with a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// Template path: `/family/roster/age`.
    pub path: String,
    /// The last step of the path.
    pub name: String,
    /// How it is asked; [`Control::None`] for what is calculated or hidden.
    pub control: Control,
    /// What it takes.
    pub kind: ValueKind,
    /// Where its values come from.
    pub origin: Origin,
    /// The template path of the innermost repeat around it: its table.
    pub repeat: Option<String>,
    /// Template paths of the groups and repeats around it, outermost first.
    pub groups: Vec<String>,
    /// Its label in each language. Inserted values stand as `{…}` with their expression.
    pub labels: Labels,
    /// Its hint in each language.
    pub hints: Labels,
    /// Its choices, if they are known from the form alone (choice filters are not applied).
    pub choices: Vec<Choice>,
    /// The expression of relevance, as written.
    pub relevant: Option<String>,
    /// The expression of the constraint, as written.
    pub constraint: Option<String>,
    /// The calculation, as written.
    pub calculate: Option<String>,
    /// The expression that makes it required, as written.
    pub required: Option<String>,
    /// The words of the appearance attribute.
    pub appearance: Vec<String>,
    /// The soft check, as written.
    pub soft_constraint: Option<String>,
    /// When its answer carries risk, as written.
    pub risk: Option<String>,
    /// The non-answers that it takes.
    pub non_answers: Vec<NonAnswer>,
    /// So many seconds should pass before it is left.
    pub min_seconds: Option<u32>,
    /// The named check of its text.
    pub check: Option<Check>,
    /// What it was called in earlier versions, the last one first.
    pub renamed_from: Vec<String>,
    /// Attributes of its bind and control that the engine does not use itself (`tianye:section_code`, …).
    pub attributes: Vec<(String, String)>,
}

impl Question {
    /// A question of which nothing but its address is known: it takes text.
    #[must_use]
    pub fn unknown(path: &str, repeat: Option<String>) -> Self {
        Self {
            path: path.to_owned(),
            name: path.rsplit('/').next().unwrap_or_default().to_owned(),
            control: Control::None,
            kind: ValueKind::Text,
            origin: Origin::Answered,
            repeat,
            groups: Vec::new(),
            labels: Vec::new(),
            hints: Vec::new(),
            choices: Vec::new(),
            relevant: None,
            constraint: None,
            calculate: None,
            required: None,
            appearance: Vec::new(),
            soft_constraint: None,
            risk: None,
            non_answers: Vec::new(),
            min_seconds: None,
            check: None,
            renamed_from: Vec::new(),
            attributes: Vec::new(),
        }
    }
}

/// A choice of a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// The stored value.
    pub value: String,
    /// Its label in each language.
    pub labels: Labels,
    /// Its stored values in earlier versions.
    pub renamed_from: Vec<String>,
}

/// A repeat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Repeat {
    /// Template path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// The template path of the repeat around it.
    pub parent: Option<String>,
    /// Its label in each language.
    pub labels: Labels,
    /// The number of rows is computed.
    pub counted: bool,
    /// What its rows are tied to by the codes of the choices, as written.
    pub over: Option<String>,
}

impl Form {
    /// The form's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The template path of a node of the meta block, by its local name: `instanceID`, `deprecatedID`, …
    #[must_use]
    pub fn meta_path(&self, local: &str) -> Option<&str> {
        self.meta_def(local).map(|def| self.def(def).path.as_str())
    }

    /// The form's version, empty if it has none.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The form's title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The name of the root of its instance: `data`.
    #[must_use]
    pub fn root_name(&self) -> &str {
        &self.def(DefId(0)).name
    }

    /// The words of the body's class attribute (`pages`, `theme-grid`, …).
    #[must_use]
    pub fn style(&self) -> &str {
        &self.style
    }

    /// The languages, as the form names them: `中文 (zh)`, `English (en)`. Empty if it has one language without name.
    #[must_use]
    pub fn languages(&self) -> &[String] {
        &self.languages
    }

    /// The language that a session starts in, empty if the form has one language without name.
    #[must_use]
    pub fn default_language(&self) -> &str {
        self.languages.get(self.default_language).map_or("", String::as_str)
    }

    /// All nodes with a value in form order, whether asked, calculated or metadata.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        (0..self.defs.len() as u32)
            .map(DefId)
            .filter(|id| id.0 != 0 && self.def(*id).is_question())
            .map(|id| self.describe(id))
            .collect()
    }

    /// The template paths of what the form fills in from these fields (template paths), straight or by way of others: by
    /// calculations, and by actions that one of them sets off or whose value reads one. It may repeat what they say.
    #[must_use]
    pub fn filled_in_from<'a>(&self, templates: impl IntoIterator<Item = &'a str>) -> BTreeSet<&str> {
        let mut todo: Vec<DefId> = templates.into_iter().filter_map(|template| self.find_def(template)).collect();
        let mut found: BTreeSet<DefId> = BTreeSet::new();
        while let Some(def) = todo.pop() {
            let cells = self.graph.on_value[def.0 as usize].iter().map(|trigger| self.graph.cell(trigger.cell));
            let calculated = cells.filter(|cell| cell.aspect == Aspect::Calculate).map(|cell| cell.def);
            let reads = |value: &ActionValue| match value {
                ActionValue::Expr(expr) => self.exprs[expr.0 as usize].refs.iter().any(|read| read.target == def),
                ActionValue::Literal(_) | ActionValue::Wish(_) => false,
            };
            let actions = self.actions.iter().filter(|action| action.changed == Some(def) || reads(&action.value));
            let set = actions.filter_map(|action| self.exprs[action.target.0 as usize].nodes_of_form());
            let next: Vec<DefId> = calculated.chain(set).filter(|next| !found.contains(next)).collect();
            found.extend(&next);
            todo.extend(next);
        }
        found.into_iter().map(|def| self.def(def).path.as_str()).collect()
    }

    /// The question at a template path.
    #[must_use]
    pub fn question(&self, template: &str) -> Option<Question> {
        let id = self.find_def(template)?;
        (self.def(id).shape == Shape::Leaf).then(|| self.describe(id))
    }

    /// Whether a question, group or repeat stands at a template path.
    #[must_use]
    pub fn has(&self, template: &str) -> bool {
        self.find_def(template).is_some()
    }

    /// Whether a repeat stands at a template path.
    #[must_use]
    pub fn is_repeat(&self, template: &str) -> bool {
        self.find_def(template).is_some_and(|id| self.def(id).shape == Shape::Repeat)
    }

    /// All repeats in form order.
    #[must_use]
    pub fn repeats(&self) -> Vec<Repeat> {
        let mut repeats = Vec::new();
        for def in self.defs.iter().filter(|def| def.shape == Shape::Repeat) {
            let id = self.find_def(&def.path).unwrap_or(DefId(0));
            repeats.push(Repeat {
                path: def.path.clone(),
                name: def.name.clone(),
                parent: def.parent.and_then(|parent| self.def(parent).repeat).map(|id| self.def(id).path.clone()),
                labels: self.labels(self.label_control(id).and_then(|control| control.label)),
                counted: self.repeat_control(id).is_some_and(|control| control.count.is_some())
                    || def.bind.beyond.over.is_some(),
                over: def.bind.beyond.over.map(|expr| self.exprs[expr.0 as usize].source.trim().to_owned()),
            });
        }
        repeats
    }

    /// Where and how the form wants to be sent, and the key of an encrypted one.
    #[must_use]
    pub fn submission(&self) -> Option<&Submission> {
        self.submission.as_ref()
    }

    /// The purposes of consent that the form asks for (`tianye:purpose` of the model), as it says them; none if it says nothing.
    #[must_use]
    pub fn purposes(&self) -> &[String] {
        &self.purposes
    }

    /// What the form is about (`tianye:about` of the model): a person, where it says nothing.
    #[must_use]
    pub fn about(&self) -> About {
        self.about
    }

    /// How many minutes the form says that it takes (`tianye:minutes` of the model).
    #[must_use]
    pub fn minutes(&self) -> Option<u32> {
        self.minutes
    }

    /// What the form wants to be logged.
    #[must_use]
    pub fn audit(&self) -> Option<&Audit> {
        self.audit.as_ref()
    }

    /// The entities that fillings of the form create or update.
    #[must_use]
    pub fn entities(&self) -> &[EntityDef] {
        &self.entities
    }

    fn describe(&self, id: DefId) -> Question {
        let def = self.def(id);
        let control = self.question_control(id);
        let mut groups = Vec::new();
        let mut at = def.parent;
        while let Some(parent) = at.filter(|parent| parent.0 != 0) {
            groups.push(self.def(parent).path.clone());
            at = self.def(parent).parent;
        }
        groups.reverse();
        let mut attributes = def.bind.other.clone();
        attributes.extend(control.iter().flat_map(|control| control.attributes.iter().cloned()));
        let source = |expr: Option<crate::expression::ExprId>| expr.map(|id| self.exprs[id.0 as usize].source.clone());
        Question {
            path: def.path.clone(),
            name: def.name.clone(),
            control: control.map_or(Control::None, |control| control.control.clone()),
            kind: def.kind,
            origin: self.origin_of(def),
            repeat: def.repeat.map(|repeat| self.def(repeat).path.clone()),
            groups,
            labels: self.labels(control.and_then(|control| control.label)),
            hints: self.labels(control.and_then(|control| control.hint)),
            choices: control.map_or_else(Vec::new, |control| self.choices(&control.options)),
            relevant: source(def.bind.relevant),
            constraint: source(def.bind.constraint),
            calculate: source(def.bind.calculate),
            required: source(def.bind.required),
            appearance: control.map_or_else(Vec::new, |control| control.appearance.clone()),
            soft_constraint: source(def.bind.beyond.soft),
            risk: source(def.bind.beyond.risk),
            non_answers: def.bind.beyond.non_answers.clone(),
            min_seconds: def.bind.beyond.min_seconds,
            check: def.bind.beyond.check,
            renamed_from: def.bind.beyond.renamed_from.clone(),
            attributes,
        }
    }

    /// Where the values of a node come from when nobody has touched it.
    pub(crate) fn origin_of(&self, def: &Def) -> Origin {
        if def.bind.preload.is_some() || def.attribute || def.is_meta() {
            Origin::Metadata
        } else if def.bind.calculate.is_some() {
            Origin::Calculated
        } else {
            Origin::Answered
        }
    }

    fn choices(&self, options: &OptionsDef) -> Vec<Choice> {
        match options {
            OptionsDef::None => Vec::new(),
            OptionsDef::Fixed(options) => options.iter().map(|option| self.fixed_choice(option)).collect(),
            OptionsDef::Itemset(itemset) => {
                let before = itemset.before.iter().map(|option| self.fixed_choice(option));
                before.chain(self.itemset_choices(itemset)).collect()
            }
        }
    }

    fn fixed_choice(&self, option: &FixedOption) -> Choice {
        Choice { value: option.value.to_string(), labels: self.labels(option.label), renamed_from: Vec::new() }
    }

    pub(crate) fn labels(&self, text: Option<TextId>) -> Labels {
        let Some(text) = text else { return Vec::new() };
        let TextDef::Fixed(by_language) = &self.texts[text.0 as usize] else { return Vec::new() };
        by_language
            .iter()
            .enumerate()
            .filter_map(|(index, text)| {
                let text = text.as_ref()?;
                let language = self.languages.get(index).cloned().unwrap_or_default();
                Some((language, self.written(&text.plain)))
            })
            .collect()
    }

    fn written(&self, parts: &[Part]) -> String {
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Output(expr) => {
                    text.push('{');
                    text.push_str(self.exprs[expr.0 as usize].source.trim());
                    text.push('}');
                }
            }
        }
        text
    }
}

impl Def {
    /// True for what takes part in tables: a value of an element that the form itself has.
    fn is_question(&self) -> bool {
        self.shape == Shape::Leaf && !self.attribute && !self.quiet
    }

    /// True for what stands in the form's `meta` block.
    pub(crate) fn is_meta(&self) -> bool {
        let mut steps = self.path.split('/').filter(|step| !step.is_empty());
        steps.next().is_some_and(|first| first == "meta" || first.ends_with(":meta"))
    }
}
