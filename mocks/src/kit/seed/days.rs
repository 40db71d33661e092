//! Days counted from the first day of every story, which is cheaper to reckon with than calendar dates.

use jiff::ToSpan;
use jiff::civil::Date;
use standards::age::full_years;

/// The day every story starts on; ages are computed on it.
pub const TODAY: Date = jiff::civil::date(2026, 10, 1);

/// Days after [`TODAY`]; the past is negative.
pub(super) type Day = i32;

/// Eighteen years are never longer than this.
pub(super) const ADULT: Day = 6_575;

/// About so many days.
pub(super) const fn years(count: i32) -> Day {
    count * 1461 / 4
}

pub(super) fn date_of(day: Day) -> Date {
    TODAY.saturating_add(day.days())
}

pub(super) fn day_of(date: Date) -> Day {
    Day::try_from(date.duration_since(TODAY).as_hours() / 24).unwrap_or(0)
}

/// Full years from `birth` to `on`; zero before the first birthday.
pub fn age_on(birth: Date, on: Date) -> u8 {
    u8::try_from(full_years(birth, on).max(0)).unwrap_or(u8::MAX)
}
