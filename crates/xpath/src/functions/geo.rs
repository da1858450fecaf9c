//! Functions of places: points are `latitude longitude [altitude [accuracy]]` in degrees, traces and shapes are points
//! with semicolons between.

use super::function;
use crate::ast::Id;
use crate::context::Host;
use crate::error::EvalError;
use crate::evaluate::{Eval, Focus};
use crate::number::{parse_number, round_decimal};
use crate::tree::Tree;
use crate::value::Value;

/// The radius of the Earth in metres that the public engines reckon with.
const RADIUS: f64 = 6_378_100.0;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    latitude: f64,
    longitude: f64,
}

fn point(text: &str) -> Option<Point> {
    let mut parts = text.split_ascii_whitespace();
    let latitude = parse_number(parts.next()?);
    let longitude = parse_number(parts.next()?);
    let known = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
    (known && parts.count() <= 2).then_some(Point { latitude, longitude })
}

/// All points, or None if one of them is none.
fn points(text: &str) -> Option<Vec<Point>> {
    text.trim_ascii().trim_end_matches(';').split(';').map(point).collect()
}

/// The points of all arguments: of nodes all of them, one point or a whole trace each.
fn all_points<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    arguments: &'a [Id],
    focus: Focus<T::Node>,
) -> Result<Option<Vec<Point>>, EvalError> {
    let mut all = Vec::new();
    let mut good = true;
    let mut add = |text: &str| match points(text) {
        Some(points) => all.extend(points),
        None => good = false,
    };
    for argument in arguments {
        match eval.value(*argument, focus)? {
            Value::Nodes(nodes) => nodes.iter().for_each(|node| add(&eval.tree.string_value(node))),
            other => add(&eval.text(other)),
        }
    }
    Ok(good.then_some(all))
}

function! {
/// By the spherical law of cosines, to the centimetre.
distance(eval, arguments, focus) {
    let Some(points) = all_points(eval, arguments, focus)? else { return Ok(Value::Number(f64::NAN)) };
    let metres = points.windows(2).map(|pair| between(pair[0], pair[1])).sum();
    Ok(Value::Number(round_decimal(metres, 2)))
} }

fn between(a: Point, b: Point) -> f64 {
    let (a_north, b_north) = (a.latitude.to_radians(), b.latitude.to_radians());
    let east = (b.longitude - a.longitude).to_radians();
    let cosine = a_north.sin() * b_north.sin() + a_north.cos() * b_north.cos() * east.cos();
    cosine.clamp(-1.0, 1.0).acos() * RADIUS
}

function! {
/// On the sphere, to the square centimetre. What is no shape has no area.
area(eval, arguments, focus) {
    let points = all_points(eval, arguments, focus)?.unwrap_or_default();
    if points.len() < 3 {
        return Ok(Value::Number(0.0));
    }
    let mut sum = 0.0;
    for (at, here) in points.iter().enumerate() {
        let next = points[(at + 1) % points.len()];
        let east = (next.longitude - here.longitude).to_radians();
        sum += east * (2.0 + here.latitude.to_radians().sin() + next.latitude.to_radians().sin());
    }
    Ok(Value::Number(round_decimal((sum * RADIUS * RADIUS / 2.0).abs(), 2)))
} }

function! {
/// By counting the sides that a line from the point crosses.
geofence(eval, arguments, focus) {
    let bad = |expected| EvalError::BadArgument { what: "geofence()", expected };
    let place = eval.string(arguments[0], focus)?;
    let place = point(&place).ok_or_else(|| bad("a point: latitude and longitude"))?;
    let shape = eval.string(arguments[1], focus)?;
    let shape = points(&shape).filter(|points| points.len() >= 3);
    let shape = shape.ok_or_else(|| bad("a shape: three points or more, with ; between"))?;
    let mut inside = false;
    for (at, here) in shape.iter().enumerate() {
        let next = shape[(at + 1) % shape.len()];
        if (here.longitude > place.longitude) != (next.longitude > place.longitude) {
            let part = (place.longitude - here.longitude) / (next.longitude - here.longitude);
            if place.latitude < here.latitude + part * (next.latitude - here.latitude) {
                inside = !inside;
            }
        }
    }
    Ok(Value::Boolean(inside))
} }

function! { intersects(eval, arguments, focus) {
    let points = all_points(eval, arguments, focus)?.unwrap_or_default();
    let closed = points.len() > 2 && points.first() == points.last();
    let sides: Vec<_> = points.windows(2).map(|pair| (pair[0], pair[1])).collect();
    for (at, side) in sides.iter().enumerate() {
        for (other_at, other) in sides.iter().enumerate().skip(at + 2) {
            eval.work()?;
            let meet_at_the_end = closed && at == 0 && other_at == sides.len() - 1;
            if !meet_at_the_end && cross(*side, *other) {
                return Ok(Value::Boolean(true));
            }
        }
    }
    Ok(Value::Boolean(false))
} }

fn cross((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    let turn = |p: Point, q: Point, r: Point| {
        (q.longitude - p.longitude) * (r.latitude - p.latitude)
            - (q.latitude - p.latitude) * (r.longitude - p.longitude)
    };
    let between = |p: Point, q: Point, r: Point| {
        r.longitude >= p.longitude.min(q.longitude)
            && r.longitude <= p.longitude.max(q.longitude)
            && r.latitude >= p.latitude.min(q.latitude)
            && r.latitude <= p.latitude.max(q.latitude)
    };
    let (of_c, of_d, of_a, of_b) = (turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b));
    let apart = |x: f64, y: f64| (x > 0.0 && y < 0.0) || (x < 0.0 && y > 0.0);
    (apart(of_c, of_d) && apart(of_a, of_b))
        || (of_c == 0.0 && between(a, b, c))
        || (of_d == 0.0 && between(a, b, d))
        || (of_a == 0.0 && between(c, d, a))
        || (of_b == 0.0 && between(c, d, b))
}
