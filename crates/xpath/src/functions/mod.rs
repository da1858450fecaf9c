//! The function library: one table, one file per family.

mod aggregates;
mod booleans;
mod dates;
mod digests;
mod forms;
mod geo;
mod math;
mod nodes;
mod patterns;
mod random;
mod selects;
mod strings;

pub use patterns::{MAX_BACKTRACKS, MAX_PATTERN};
pub use strings::MAX_TEXT;

use crate::ast::Id;
use crate::context::Host;
use crate::evaluate::{Answer, Eval, Focus};
use crate::tree::Tree;

pub(crate) use patterns::problem as pattern_problem;

/// One function of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// Its name as written, with prefix.
    pub name: &'static str,
    /// The fewest arguments.
    pub min: usize,
    /// The most arguments; None for any number.
    pub max: Option<usize>,
    /// What it gives, in a line.
    pub doc: &'static str,
}

impl Function {
    /// May it be called with so many arguments?
    pub fn takes(&self, count: usize) -> bool {
        count >= self.min && self.max.is_none_or(|max| count <= max)
    }

    /// How many arguments it takes, in words.
    pub fn arity(&self) -> String {
        match self.max {
            None => format!("{} or more", self.min),
            Some(max) if max == self.min => max.to_string(),
            Some(max) => format!("{} to {max}", self.min),
        }
    }
}

type Call<'a, T, H> = fn(&Eval<'a, T, H>, &'a [Id], Focus<<T as Tree>::Node>) -> Answer<'a, T>;

/// Writes a function of the library without its generics.
macro_rules! function {
    ($(#[$meta:meta])* $name:ident($eval:ident, $arguments:ident, $focus:ident) $body:block) => {
        $(#[$meta])*
        pub(crate) fn $name<'a, T, H>(
            $eval: &crate::evaluate::Eval<'a, T, H>,
            $arguments: &'a [crate::ast::Id],
            $focus: crate::evaluate::Focus<T::Node>,
        ) -> crate::evaluate::Answer<'a, T>
        where
            T: crate::tree::Tree + ?Sized,
            H: crate::context::Host<T> + ?Sized,
        $body
    };
}
pub(crate) use function;

macro_rules! table {
    ($($name:literal $min:literal $max:tt $doc:literal $path:path;)*) => {
        static TABLE: &[Function] = &[$(Function { name: $name, min: $min, max: table!(@max $max), doc: $doc }),*];

        /// Calls a function by its place in the table.
        pub(crate) fn call<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
            index: u16,
            eval: &Eval<'a, T, H>,
            arguments: &'a [Id],
            focus: Focus<T::Node>,
        ) -> Answer<'a, T> {
            let calls: &[Call<'a, T, H>] = &[$($path as Call<'a, T, H>),*];
            calls[usize::from(index)](eval, arguments, focus)
        }
    };
    (@max any) => { None };
    (@max $max:literal) => { Some($max) };
}

table! {
    // nodes
    "count" 1 1 "How many nodes." nodes::count;
    "count-non-empty" 1 1 "How many nodes have text." nodes::count_non_empty;
    "current" 0 0 "The context node, inside predicates too." nodes::current;
    "id" 1 1 "The elements with these ids." nodes::id;
    "indexed-repeat" 3 any "The node in the numbered row of each repeat: node, repeat, number, …" nodes::indexed_repeat;
    "instance" 1 1 "The root of a secondary instance." nodes::instance;
    "lang" 1 1 "Is the context node in that language?" nodes::lang;
    "last" 0 0 "How many candidates there are." nodes::last;
    "local-name" 0 1 "The name without its prefix." nodes::local_name;
    "name" 0 1 "The name." nodes::name;
    "namespace-uri" 0 1 "The namespace of the name." nodes::namespace_uri;
    "position" 0 1 "The number of the candidate, or of a node among its siblings of that name." nodes::position;
    "pulldata" 4 4 "instance, wanted column, key column, key: the wanted column of the row with that key." nodes::pulldata;
    "randomize" 1 2 "The nodes in random order, the same order for the same seed." random::randomize;
    // text
    "concat" 0 any "The texts joined; of nodes, all of them." strings::concat;
    "contains" 2 2 "Does the text contain the other?" strings::contains;
    "ends-with" 2 2 "Does the text end with the other?" strings::ends_with;
    "join" 1 any "The texts with a separator between them." strings::join;
    "normalize-space" 0 1 "The text with single spaces." strings::normalize_space;
    "regex" 2 2 "Does the whole text match the pattern?" patterns::regex;
    "starts-with" 2 2 "Does the text begin with the other?" strings::starts_with;
    "string" 0 1 "As text." strings::string;
    "string-length" 0 1 "How many characters." strings::string_length;
    "substr" 2 3 "Characters from a place, counted from 0 (from the end if negative), up to another." strings::substr;
    "substring" 2 3 "Characters from a place, counted from 1, so many." strings::substring;
    "substring-after" 2 2 "What follows the other text." strings::substring_after;
    "substring-before" 2 2 "What precedes the other text." strings::substring_before;
    "translate" 3 3 "Characters replaced one for one." strings::translate;
    // truth
    "boolean" 1 1 "As true or false." booleans::boolean;
    "boolean-from-string" 1 1 "True for 1 and true." booleans::boolean_from_string;
    "checklist" 2 any "min, max, …: are so many of them true? -1 is no bound." booleans::checklist;
    "coalesce" 2 2 "The first, or where it is empty the second." booleans::coalesce;
    "depend" 1 any "The first argument; the others only make the expression depend on them." booleans::depend;
    "false" 0 0 "False." booleans::no;
    "if" 3 3 "condition, then, else: only the one taken is evaluated." booleans::choose;
    "not" 1 1 "The opposite." booleans::not;
    "once" 1 1 "The own value, or where it is empty the argument." booleans::once;
    "true" 0 0 "True." booleans::yes;
    "weighted-checklist" 2 any "min, max, value, weight, …: is the weight of the true ones in the bounds?" booleans::weighted_checklist;
    // choices
    "count-selected" 1 1 "How many choices." selects::count_selected;
    "is-selected" 2 2 "The same as selected()." selects::selected;
    "jr:choice-name" 2 2 "The label of a choice: value, path of the question as text." forms::choice_name;
    "selected" 2 2 "Is the choice among those selected?" selects::selected;
    "selected-at" 2 2 "The choice at a place, counted from 0." selects::selected_at;
    // numbers
    "abs" 1 1 "Without its sign." math::abs;
    "acos" 1 1 "Arc cosine." math::acos;
    "asin" 1 1 "Arc sine." math::asin;
    "atan" 1 1 "Arc tangent." math::atan;
    "atan2" 2 2 "Arc tangent of y, x." math::atan2;
    "ceiling" 1 1 "The whole number at or above." math::ceiling;
    "cos" 1 1 "Cosine." math::cos;
    "exp" 1 1 "e to the power." math::exp;
    "exp10" 1 1 "Ten to the power." math::exp10;
    "floor" 1 1 "The whole number at or below." math::floor;
    "int" 1 1 "The whole part." math::int;
    "log" 1 1 "Natural logarithm." math::log;
    "log10" 1 1 "Logarithm to ten." math::log10;
    "max" 1 any "The greatest." aggregates::max;
    "min" 1 any "The least." aggregates::min;
    "number" 0 1 "As number." math::number;
    "pi" 0 0 "3.14159…" math::pi;
    "pow" 2 2 "To the power." math::pow;
    "random" 0 0 "A random number from 0 to below 1." random::random;
    "round" 1 2 "To the nearest whole number, or to so many places; halves go up." math::round;
    "sin" 1 1 "Sine." math::sin;
    "sqrt" 1 1 "Square root." math::sqrt;
    "sum" 1 1 "The sum of the nodes." aggregates::sum;
    "tan" 1 1 "Tangent." math::tan;
    // dates
    "date" 1 1 "As a day." dates::date;
    "date-time" 1 1 "As a moment." dates::date_time;
    "decimal-date-time" 1 1 "Days since 1970-01-01 in UTC, with fraction." dates::decimal_date_time;
    "decimal-time" 1 1 "The fraction of the local day." dates::decimal_time;
    "format-date" 2 2 "A date in the given form." dates::format_date;
    "format-date-time" 2 2 "A date and time in the given form." dates::format_date;
    "now" 0 0 "This moment." dates::now;
    "today" 0 0 "This day." dates::today;
    // places
    "area" 1 1 "The area in square metres inside points or a shape." geo::area;
    "distance" 1 any "The length in metres of points, a trace or a shape." geo::distance;
    "enclosed-area" 1 1 "The same as area()." geo::area;
    "geofence" 2 2 "Is the point inside the shape?" geo::geofence;
    "intersects" 1 1 "Does the line cross itself?" geo::intersects;
    // digests and chance
    "base64-decode" 1 1 "The text behind a base64 text." digests::base64_decode;
    "extract-signed" 2 2 "The message behind a signature, both in base64, if it was made with the key's other half." digests::extract_signed;
    "digest" 2 3 "text, algorithm, base64 or hex: a digest." digests::digest;
    "uuid" 0 1 "A random UUID, or so many random characters." random::uuid;
    // form
    "jr:itext" 1 1 "The text with that id in the active language." forms::itext;
    "property" 1 1 "A property of the device or user." forms::property;
    "version" 0 0 "The version of the form." forms::version;
}

/// All functions, in the order of their families.
pub fn functions() -> &'static [Function] {
    TABLE
}

/// The function of that name.
pub fn find_function(name: &str) -> Option<&'static Function> {
    TABLE.iter().find(|function| function.name == name)
}

pub(crate) fn index_of(name: &str) -> Option<u16> {
    TABLE.iter().position(|function| function.name == name).and_then(|at| u16::try_from(at).ok())
}

/// May the function, with so many arguments, give another value for another context node or position, or each time?
pub(crate) fn reads_context(function: u16, arguments: usize) -> bool {
    match TABLE[usize::from(function)].name {
        "last" | "lang" | "random" | "uuid" | "randomize" | "jr:choice-name" => true,
        "position" | "string" | "number" | "string-length" | "normalize-space" | "name" | "local-name"
        | "namespace-uri" => arguments == 0,
        _ => false,
    }
}
