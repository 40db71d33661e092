//! How old somebody is. A pension hangs on it, so there is one way to count.

use jiff::civil::Date;

/// Full years from `birth` to `on`; negative before the birth. Who is born on 29 February comes of age on 1 March.
///
/// ```
/// use jiff::civil::date;
/// use standards::age::full_years;
///
/// assert_eq!(full_years(date(1960, 2, 29), date(2026, 2, 28)), 65);
/// assert_eq!(full_years(date(1960, 2, 29), date(2026, 3, 1)), 66);
/// ```
pub fn full_years(birth: Date, on: Date) -> i16 {
    let had_birthday = (on.month(), on.day()) >= (birth.month(), birth.day());
    on.year() - birth.year() - i16::from(!had_birthday)
}
