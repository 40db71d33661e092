//! Who is who and what is where across the faces: `GovStack` and Payment Hub name a payee, a modality, an address and a
//! bank; G2P Connect names an id and an fa. One person has one id, whichever door was used.

use standards::g2p_connect::FinancialAddress;

/// How somebody is paid (`PaymentModality` of `GovStack` Payments).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Modality {
    BankAccount,
    MobileMoney,
    Voucher,
    Wallet,
    Proxy,
}

impl Modality {
    const ALL: [(Self, &'static str, &'static str, &'static str); 5] = [
        (Self::BankAccount, "00", "account", "bank"),
        (Self::MobileMoney, "01", "msisdn", "mobile-money"),
        (Self::Voucher, "02", "voucher", "vouchers"),
        (Self::Wallet, "03", "wallet", "wallets"),
        (Self::Proxy, "04", "proxy", "proxies"),
    ];

    /// The modality with this code.
    pub(super) fn of(code: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|row| row.1 == code);
        found.map(|row| row.0).ok_or_else(|| {
            format!("PaymentModality `{code}` is none of 00 (bank account), 01 (mobile money), 02 (voucher), 03 (wallet), 04 (proxy)")
        })
    }

    fn row(self) -> (Self, &'static str, &'static str, &'static str) {
        Self::ALL.into_iter().find(|row| row.0 == self).unwrap_or(Self::ALL[0])
    }

    /// Its code.
    pub(super) fn code(self) -> &'static str {
        self.row().1
    }
}

/// What other faces call the payee with this id.
pub(super) fn payee_of(id: &str) -> String {
    id.parse::<FinancialAddress>().map_or_else(|_| id.to_owned(), |id| id.value().to_owned())
}

/// The account in the words of G2P Connect. Where no bank is named, the switch will have to say where it is.
pub(super) fn fa_of(modality: Modality, address: &str, institution: Option<&str>) -> String {
    if address.contains('@') {
        return address.to_owned();
    }
    let (_, _, token, nobody) = modality.row();
    let address =
        if modality == Modality::MobileMoney { address.trim_start_matches('+') } else { address };
    format!("{token}:{address}@{}", institution.unwrap_or(nobody))
}

/// An account in the words of `GovStack`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) modality: Modality,
    pub(super) address: String,
    /// The bank, where one was named.
    pub(super) institution: Option<String>,
}

/// Takes an account apart.
pub(super) fn parts_of(fa: &str) -> Parts {
    let whole = || Parts { modality: Modality::Proxy, address: fa.to_owned(), institution: None };
    let Ok(read) = fa.parse::<FinancialAddress>() else { return whole() };
    let token = read.token().unwrap_or("account");
    let row = Modality::ALL.into_iter().find(|row| row.2 == token);
    let (modality, _, _, nobody) = match (row, token) {
        (Some(row), _) => row,
        (None, "iban") => Modality::ALL[0],
        (None, _) => return whole(),
    };
    let institution = Some(read.provider().to_owned()).filter(|bank| bank != nobody);
    Parts { modality, address: read.value().to_owned(), institution }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_the_same_there_and_back() {
        for (code, address, bank, fa) in [
            ("00", "0012345", Some("pinkbank"), "account:0012345@pinkbank"),
            ("01", "99912345678", Some("greenbank"), "msisdn:99912345678@greenbank"),
            ("01", "99912345678", None, "msisdn:99912345678@mobile-money"),
            ("02", "V-17", None, "voucher:V-17@vouchers"),
        ] {
            let modality = Modality::of(code).unwrap();
            assert_eq!(fa_of(modality, address, bank), fa);
            let parts = parts_of(fa);
            assert_eq!((parts.modality.code(), parts.address.as_str()), (code, address));
            assert_eq!(parts.institution.as_deref(), bank);
        }
        assert_eq!(fa_of(Modality::MobileMoney, "+999", Some("b")), "msisdn:999@b");
        assert!(Modality::of("09").unwrap_err().contains("04 (proxy)"));
    }

    #[test]
    fn a_payee_is_what_his_id_says_before_who_issued_it() {
        assert_eq!(payee_of("functional:A-1@SOCIAL"), "A-1");
        assert_eq!(parts_of("email:a.b@mail").modality, Modality::Proxy);
    }
}
