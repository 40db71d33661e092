//! Every spelling of an amount, and that none of them loses a cent.

use super::*;
use proptest::prelude::*;

fn usd() -> Currency {
    "USD".parse().unwrap()
}

fn money(minor: i64) -> Money {
    Money::new(minor, usd())
}

#[test]
fn fspiop_amounts_have_no_zeros_that_say_nothing() {
    for (text, minor) in [
        ("0", 0),
        ("100", 10_000),
        ("100.5", 10_050),
        ("0.01", 1),
        ("9999999999999.99", 999_999_999_999_999),
    ] {
        assert_eq!(Money::from_fspiop(text, usd()), Ok(money(minor)), "{text}");
        assert_eq!(money(minor).to_fspiop().unwrap(), text);
    }
    for text in [
        "",
        "00",
        "01",
        "100.50",
        "100.00",
        "0.0",
        ".5",
        "5.",
        "1e3",
        "-1",
        "+1",
        " 1",
        "1,5",
        "1.23456",
        "1234567890123456789",
    ] {
        assert!(
            matches!(Money::from_fspiop(text, usd()), Err(MoneyError::Spelling { .. })),
            "{text}"
        );
    }
}

#[test]
fn round_hundreds_keep_their_zeros_before_the_point() {
    assert_eq!(money(10_000).to_fspiop().unwrap(), "100");
    assert_eq!(money(0).to_fspiop().unwrap(), "0");
    assert_eq!(money(1_000_000).to_fspiop().unwrap(), "10000");
}

#[test]
fn an_amount_finer_than_a_cent_is_refused_and_not_rounded() {
    assert!(matches!(Money::from_fspiop("1.001", usd()), Err(MoneyError::TooFine { .. })));
    assert!(matches!(
        Money::from_fspiop("100000000000000", usd()),
        Err(MoneyError::TooLarge { .. })
    ));
}

#[test]
fn g2p_amounts_need_their_decimals() {
    assert_eq!(Money::from_g2p("100.00", usd()), Ok(money(10_000)));
    assert_eq!(Money::from_g2p("100.5", usd()), Ok(money(10_050)));
    assert_eq!(money(10_050).to_g2p().unwrap(), "100.50");
    for text in ["100", "100.", "100.000", ".50", "-1.00", "12345678901234.00", "1.0e1"] {
        let error = Money::from_g2p(text, usd()).unwrap_err();
        assert!(error.to_string().contains("such as 100.00"), "{text}: {error}");
    }
}

#[test]
fn json_numbers_are_read_through_their_text() {
    let read = |json: &str| Money::from_json(&serde_json::from_str(json).unwrap(), usd());
    assert_eq!(read("100"), Ok(money(10_000)));
    assert_eq!(read("100.10"), Ok(money(10_010)));
    assert_eq!(read("0.29"), Ok(money(29)), "as a float times 100 this would be 28");
    assert_eq!(read("-3.5"), Ok(money(-350)));
    assert!(read("1e30").is_err());
    assert!(read("0.001").is_err());
    assert_eq!(serde_json::to_string(&money(10_010).to_json().unwrap()).unwrap(), "100.1");
    assert_eq!(serde_json::to_string(&money(-10_000).to_json().unwrap()).unwrap(), "-100");
}

#[test]
fn sums_are_checked() {
    let eur = Money::new(1, "EUR".parse().unwrap());
    assert_eq!(money(1).checked_add(money(2)), Ok(money(3)));
    assert_eq!(money(1).checked_sub(money(2)), Ok(money(-1)));
    assert_eq!(
        money(1).checked_add(eur).unwrap_err().to_string(),
        "USD and EUR are different currencies: convert one first"
    );
    assert!(matches!(money(i64::MAX).checked_add(money(1)), Err(MoneyError::Overflow(..))));
}

#[test]
fn debts_are_shown_with_a_sign_and_have_no_spelling_in_payments() {
    assert_eq!(money(-5).to_string(), "-0.05");
    assert_eq!(money(i64::MIN).to_string(), "-92233720368547758.08");
    assert!(matches!(money(-5).to_fspiop(), Err(MoneyError::Negative(_))));
}

#[test]
fn a_currency_is_three_capital_letters() {
    for text in ["usd", "US", "USDX", "U$D", "ÅÄ"] {
        assert!(text.parse::<Currency>().is_err(), "{text}");
    }
    assert_eq!(serde_json::to_string(&usd()).unwrap(), "\"USD\"");
    assert!(serde_json::from_str::<Currency>("\"usd\"").is_err());
}

proptest! {
    #[test]
    fn every_amount_survives_every_spelling(minor in 0_i64..999_999_999_999_999) {
        let money = money(minor);
        prop_assert_eq!(Money::from_fspiop(&money.to_fspiop().unwrap(), usd()), Ok(money));
        prop_assert_eq!(Money::from_g2p(&money.to_g2p().unwrap(), usd()), Ok(money));
        prop_assert_eq!(Money::from_decimal(&money.to_string(), usd()), Ok(money));
        prop_assert_eq!(Money::from_json(&money.to_json().unwrap(), usd()), Ok(money));
    }

    #[test]
    fn reading_an_amount_never_panics(text in ".{0,24}") {
        let _ignored = (Money::from_fspiop(&text, usd()), Money::from_g2p(&text, usd()), Money::from_decimal(&text, usd()));
    }
}
