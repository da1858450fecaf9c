//! The order keys of rows.

use std::fmt;

/// Binary places after the point.
const PLACES: u32 = 12;

/// Where a row stands among its siblings: a number with a fraction, so that a row put between two others changes
/// neither of them, on no laptop. The end of a repeat counts on in whole numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Order(u64);

impl Order {
    pub(crate) const FIRST: Self = Self::whole(0);
    /// Of a row whose key was lost: behind all.
    pub(crate) const UNKNOWN: Self = Self::whole(u32::MAX / 2);

    pub(crate) const fn whole(number: u32) -> Self {
        Self((number as u64) << PLACES)
    }

    /// The next whole number.
    pub(crate) fn next(self) -> Self {
        Self(((self.0 >> PLACES) + 1) << PLACES)
    }

    /// A key between the two; None if they stand too close.
    pub(crate) fn between(self, above: Self) -> Option<Self> {
        let middle = Self(self.0 + above.0.saturating_sub(self.0) / 2);
        (middle > self && middle < above).then_some(middle)
    }

    /// Reads what `Display` writes; further digits are cut off.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let fraction = fraction.get(..fraction.len().min(PLACES as usize))?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return None;
        }
        let parts: u64 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
        let scale = 10_u64.pow(u32::try_from(fraction.len()).ok()?);
        Some(Self((u64::from(whole.parse::<u32>().ok()?) << PLACES) + (parts << PLACES) / scale))
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0 >> PLACES)?;
        let mut rest = self.0 & ((1 << PLACES) - 1);
        if rest > 0 {
            f.write_str(".")?;
        }
        while rest > 0 {
            write!(f, "{}", (rest * 10) >> PLACES)?;
            rest = (rest * 10) & ((1 << PLACES) - 1);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        for raw in (0..3 << PLACES).step_by(7).chain([1, (1 << PLACES) - 1, 1 << 40]) {
            let order = Order(raw);
            assert_eq!(Order::parse(&order.to_string()), Some(order), "{order}");
        }
        for bad in ["", ".5", "-1", "1e3", "x", "99999999999", "1.x"] {
            assert_eq!(Order::parse(bad), None, "{bad}");
        }
        assert_eq!(Order::parse("3"), Some(Order::whole(3)));
    }

    #[test]
    fn there_is_room_between_two_keys_a_dozen_times() {
        let (low, mut high) = (Order::whole(1), Order::whole(2));
        let mut times = 0;
        while let Some(middle) = low.between(high) {
            assert!(low < middle && middle < high);
            (high, times) = (middle, times + 1);
        }
        assert_eq!(times, PLACES);
        assert_eq!(Order::whole(1).between(Order::whole(2)).unwrap().to_string(), "1.5");
        assert_eq!(Order::parse("1.5").unwrap().next(), Order::whole(2));
    }
}
