//! The families of the other stories: children, disability, work, land, flood, overlap and school.

use jiff::civil::date;

use super::super::disability::{CertificateStatus, Disability, Impairment};
use super::super::person::Language::{Ar, En, Es, Fr, Pt};
use super::super::person::Role::{Child, Head, Spouse};
use super::super::places::Community;
use super::super::work::Employment::{Employee, OwnAccount, Unemployed};
use super::super::work::Trade;
use super::kin::{Family, Vow, man, woman};

/// Lost a leg at work; certified severe.
const DANIEL: Disability = Disability {
    impairment: Impairment::Mobility,
    level: 2,
    cause: 5,
    onset: 2,
    status: CertificateStatus::Approved,
    registered: date(2025, 9, 15),
    review: date(2028, 9, 15),
};

const NADIA: Disability = Disability {
    impairment: Impairment::Vision,
    level: 2,
    cause: 2,
    onset: 2,
    status: CertificateStatus::Approved,
    registered: date(2026, 3, 9),
    review: date(2029, 3, 9),
};

pub(super) static FAMILIES: &[Family] = &[
    Family {
        number: 11,
        community: Community::of(1, 1, 2),
        score: 443,
        language: Fr,
        people: &[
            man("milan_ortal", ("Milan", "Ortal"), date(1995, 10, 30), Head)
                .works(Employee, Trade::Technician, 4)
                .account(),
            woman("lena", ("Lena", "Ortal"), date(1998, 6, 12), Spouse)
                .works(Employee, Trade::Clerk, 3)
                .wallet(),
        ],
        vows: &[Vow { husband: "milan_ortal", wife: "lena", on: date(2023, 5, 20), until: None }],
    },
    Family {
        number: 12,
        community: Community::of(4, 4, 1),
        score: 315,
        language: En,
        people: &[
            man("daniel", ("Daniel", "Sefu"), date(1995, 7, 14), Head)
                .works(Unemployed, Trade::Builder, 2)
                .wallet()
                .certified(DANIEL),
            woman("zoe_sefu", ("Zoe", "Sefu"), date(1997, 1, 5), Spouse)
                .works(OwnAccount, Trade::Trader, 2)
                .wallet(),
            man("noah_sefu", ("Noah", "Sefu"), date(2019, 8, 22), Child)
                .of(Some("zoe_sefu"), Some("daniel")),
            woman("tala_sefu", ("Tala", "Sefu"), date(2022, 4, 3), Child)
                .of(Some("zoe_sefu"), Some("daniel")),
        ],
        vows: &[Vow { husband: "daniel", wife: "zoe_sefu", on: date(2018, 6, 2), until: None }],
    },
    Family {
        number: 13,
        community: Community::of(2, 2, 8),
        score: 467,
        language: En,
        people: &[
            man("ravi", ("Ravi", "Coman"), date(1988, 2, 19), Head)
                .works(Unemployed, Trade::Packer, 2)
                .account(),
            woman("sara_coman", ("Sara", "Coman"), date(1990, 9, 25), Spouse).wallet(),
            woman("mira_coman", ("Mira", "Coman"), date(2015, 12, 11), Child)
                .of(Some("sara_coman"), Some("ravi")),
        ],
        vows: &[Vow { husband: "ravi", wife: "sara_coman", on: date(2013, 10, 5), until: None }],
    },
    Family {
        number: 14,
        community: Community::of(3, 2, 3),
        score: 329,
        language: Pt,
        people: &[
            woman("ama", ("Ama", "Belloc"), date(1982, 5, 6), Head)
                .works(OwnAccount, Trade::Farmer, 1)
                .wallet(),
            man("yusuf_belloc", ("Yusuf", "Belloc"), date(1979, 2, 14), Spouse).works(
                OwnAccount,
                Trade::Farmer,
                1,
            ),
            man("karim_belloc", ("Karim", "Belloc"), date(2009, 3, 30), Child)
                .of(Some("ama"), Some("yusuf_belloc")),
            woman("nora_belloc", ("Nora", "Belloc"), date(2012, 7, 18), Child)
                .of(Some("ama"), Some("yusuf_belloc")),
        ],
        vows: &[Vow { husband: "yusuf_belloc", wife: "ama", on: date(2007, 9, 15), until: None }],
    },
    Family {
        number: 15,
        community: Community::of(2, 1, 4),
        score: 382,
        language: Ar,
        people: &[
            woman("yara", ("Yara", "Nimri"), date(1990, 5, 12), Head)
                .works(OwnAccount, Trade::Trader, 2)
                .wallet(),
            man("karim_nimri", ("Karim", "Nimri"), date(1987, 11, 8), Spouse)
                .works(Employee, Trade::Builder, 2)
                .wallet(),
            woman("amina_nimri", ("Amina", "Nimri"), date(2013, 2, 24), Child)
                .of(Some("yara"), Some("karim_nimri")),
            man("farid_nimri", ("Farid", "Nimri"), date(2016, 6, 9), Child)
                .of(Some("yara"), Some("karim_nimri")),
            woman("hana_nimri", ("Hana", "Nimri"), date(2021, 10, 28), Child)
                .of(Some("yara"), Some("karim_nimri")),
        ],
        vows: &[Vow { husband: "karim_nimri", wife: "yara", on: date(2011, 4, 16), until: None }],
    },
    Family {
        number: 19,
        community: Community::of(1, 3, 6),
        score: 246,
        language: Fr,
        people: &[
            woman("nadia", ("Nadia", "Kerim"), date(1991, 4, 2), Head)
                .works(Unemployed, Trade::Tailor, 2)
                .wallet()
                .certified(NADIA),
            woman("lina_kerim", ("Lina", "Kerim"), date(2014, 9, 16), Child)
                .of(Some("nadia"), None),
            man("omar_kerim", ("Omar", "Kerim"), date(2018, 1, 7), Child).of(Some("nadia"), None),
        ],
        vows: &[],
    },
    Family {
        number: 20,
        community: Community::of(3, 4, 5),
        score: 318,
        language: Es,
        people: &[
            woman("sofia_volpi", ("Sofia", "Volpi"), date(1984, 8, 8), Head)
                .works(OwnAccount, Trade::Trader, 2)
                .wallet(),
            man("anton_volpi", ("Anton", "Volpi"), date(1981, 12, 20), Spouse).works(
                Employee,
                Trade::FarmHand,
                1,
            ),
            woman("hana", ("Hana", "Volpi"), date(2013, 5, 19), Child)
                .of(Some("sofia_volpi"), Some("anton_volpi")),
            man("noah_volpi", ("Noah", "Volpi"), date(2017, 4, 14), Child)
                .of(Some("sofia_volpi"), Some("anton_volpi")),
        ],
        vows: &[Vow {
            husband: "anton_volpi",
            wife: "sofia_volpi",
            on: date(2010, 2, 13),
            until: None,
        }],
    },
    Family {
        number: 21,
        community: Community::of(4, 1, 6),
        score: 588,
        language: En,
        people: &[
            man("luca_lindo", ("Luca", "Lindo"), date(1994, 3, 3), Head)
                .works(Employee, Trade::Driver, 3)
                .wallet(),
            woman("sara", ("Sara", "Lindo"), date(1997, 3, 11), Spouse)
                .works(Employee, Trade::Clerk, 4)
                .account(),
        ],
        vows: &[Vow { husband: "luca_lindo", wife: "sara", on: date(2024, 7, 6), until: None }],
    },
    Family {
        number: 22,
        community: Community::of(2, 3, 1),
        score: 284,
        language: En,
        people: &[
            woman("marta", ("Marta", "Silvan"), date(1975, 12, 1), Head)
                .works(Employee, Trade::Cleaner, 1)
                .wallet(),
            man("leo_silvan", ("Leo", "Silvan"), date(2011, 5, 26), Child).of(Some("marta"), None),
        ],
        vows: &[],
    },
    Family {
        number: 23,
        community: Community::of(3, 1, 7),
        score: 291,
        language: En,
        people: &[woman("martha", ("Martha", "Sylvan"), date(1975, 12, 1), Head)
            .works(Employee, Trade::Cleaner, 1)
            .wallet()],
        vows: &[],
    },
];
