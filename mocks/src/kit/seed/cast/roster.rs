//! The families of the pension stories: S01 to S03, S09 and S11.

use jiff::civil::date;

use super::super::person::Language::{Ar, En, Es, Fr, Pt};
use super::super::person::Role::{Child, Grandchild, Head, Spouse};
use super::super::places::Community;
use super::super::work::Employment::{Employee, OwnAccount, Retired, Student, Unemployed};
use super::super::work::Trade;
use super::kin::{Family, Vow, man, woman};

pub(super) static FAMILIES: &[Family] = &[
    Family {
        number: 1,
        community: Community::of(4, 1, 3),
        score: 340,
        language: Es,
        people: &[
            man("tomas", ("Tomas", "Amaro"), date(1959, 2, 11), Head)
                .works(Retired, Trade::Fisher, 1)
                .wallet(),
            woman("grace", ("Grace", "Amaro"), date(1962, 6, 30), Spouse).wallet(),
            woman("mira_amaro", ("Mira", "Amaro"), date(2014, 3, 8), Grandchild)
                .of(Some("lina_amaro"), Some("marco_amaro")),
            man("luca_amaro", ("Luca", "Amaro"), date(2017, 9, 21), Grandchild)
                .of(Some("lina_amaro"), Some("marco_amaro")),
        ],
        vows: &[Vow { husband: "tomas", wife: "grace", on: date(1983, 5, 14), until: None }],
    },
    Family {
        number: 2,
        community: Community::of(1, 4, 1),
        score: 412,
        language: Es,
        people: &[
            man("marco_amaro", ("Marco", "Amaro"), date(1985, 11, 2), Head)
                .of(Some("grace"), Some("tomas"))
                .works(Employee, Trade::Driver, 3)
                .wallet(),
            woman("lina_amaro", ("Lina", "Amaro"), date(1988, 1, 27), Spouse)
                .died(date(2021, 6, 19)),
        ],
        vows: &[Vow {
            husband: "marco_amaro",
            wife: "lina_amaro",
            on: date(2012, 10, 6),
            until: Some(date(2021, 6, 19)),
        }],
    },
    Family {
        number: 3,
        community: Community::of(1, 3, 2),
        score: 448,
        language: En,
        people: &[
            woman("oda", ("Oda", "Brandt"), date(1961, 10, 1), Head)
                .works(Retired, Trade::Tailor, 1)
                .wallet(),
            woman("nora_brandt", ("Nora", "Brandt"), date(1990, 4, 12), Child)
                .of(Some("oda"), None)
                .works(Employee, Trade::ShopAssistant, 3)
                .wallet(),
        ],
        vows: &[],
    },
    Family {
        number: 4,
        community: Community::of(1, 2, 5),
        score: 436,
        language: En,
        people: &[
            man("elia", ("Elia", "Brandt"), date(1961, 10, 2), Head)
                .works(OwnAccount, Trade::Farmer, 1)
                .wallet(),
            woman("amina_brandt", ("Amina", "Brandt"), date(1964, 8, 15), Spouse),
        ],
        vows: &[Vow { husband: "elia", wife: "amina_brandt", on: date(1986, 9, 20), until: None }],
    },
    Family {
        number: 5,
        community: Community::of(4, 2, 6),
        score: 371,
        language: Pt,
        people: &[
            man("pavel", ("Pavel", "Oran"), date(1955, 4, 20), Head)
                .works(Retired, Trade::Carpenter, 1)
                .wallet(),
            woman("sofia_oran", ("Sofia", "Oran"), date(1958, 12, 9), Spouse).wallet(),
            man("sami_oran", ("Sami", "Oran"), date(1984, 7, 3), Child)
                .of(Some("sofia_oran"), Some("pavel"))
                .works(OwnAccount, Trade::Fisher, 2)
                .wallet(),
        ],
        vows: &[Vow { husband: "pavel", wife: "sofia_oran", on: date(1981, 2, 28), until: None }],
    },
    Family {
        number: 6,
        community: Community::of(3, 1, 1),
        score: 685,
        language: Fr,
        people: &[
            man("otto", ("Otto", "Reyn"), date(1957, 1, 9), Head)
                .works(Retired, Trade::Accountant, 6)
                .account(),
            woman("rosa_reyn", ("Rosa", "Reyn"), date(1963, 5, 5), Spouse).account(),
        ],
        vows: &[Vow { husband: "otto", wife: "rosa_reyn", on: date(1988, 6, 11), until: None }],
    },
    Family {
        number: 7,
        community: Community::of(2, 4, 4),
        score: 393,
        language: Ar,
        people: &[
            man("kemal", ("Kemal", "Torres"), date(1958, 5, 7), Head)
                .works(Retired, Trade::Driver, 2)
                .wallet(),
            woman("hana_torres", ("Hana", "Torres"), date(1962, 2, 2), Spouse),
        ],
        vows: &[Vow { husband: "kemal", wife: "hana_torres", on: date(1985, 4, 27), until: None }],
    },
    Family {
        number: 8,
        community: Community::of(1, 4, 7),
        score: 268,
        language: Pt,
        people: &[man("ivo", ("Ivo", "Mensal"), date(1953, 9, 30), Head)
            .works(Retired, Trade::FarmHand, 0)
            .wallet()],
        vows: &[],
    },
    Family {
        number: 9,
        community: Community::of(3, 3, 2),
        score: 402,
        language: Fr,
        people: &[
            woman("dina", ("Dina", "Prat"), date(1956, 11, 23), Head)
                .works(Retired, Trade::Teacher, 5)
                .account(),
            woman("zoe_prat", ("Zoe", "Prat"), date(1988, 3, 17), Child)
                .of(Some("dina"), None)
                .works(Employee, Trade::Nurse, 5)
                .account(),
        ],
        vows: &[],
    },
    Family {
        number: 10,
        community: Community::of(4, 2, 2),
        score: 357,
        language: Es,
        people: &[
            woman("rosa", ("Rosa", "Elling"), date(1960, 3, 2), Head)
                .works(Retired, Trade::Trader, 1)
                .closed_account(),
            man("omar_elling", ("Omar", "Elling"), date(1962, 10, 19), Spouse)
                .works(OwnAccount, Trade::Fisher, 1)
                .wallet(),
        ],
        vows: &[Vow { husband: "omar_elling", wife: "rosa", on: date(1987, 1, 31), until: None }],
    },
    Family {
        number: 16,
        community: Community::of(1, 4, 2),
        score: 322,
        language: En,
        people: &[
            woman("ines", ("Ines", "Falk"), date(1944, 8, 3), Head)
                .works(Retired, Trade::Cook, 1)
                .account(),
            man("milan_falk", ("Milan", "Falk"), date(1941, 3, 22), Spouse).died(date(2017, 2, 8)),
        ],
        vows: &[Vow {
            husband: "milan_falk",
            wife: "ines",
            on: date(1966, 7, 16),
            until: Some(date(2017, 2, 8)),
        }],
    },
    Family {
        number: 17,
        community: Community::of(1, 4, 3),
        score: 351,
        language: En,
        people: &[
            man("marco_falk", ("Marco", "Falk"), date(1971, 4, 16), Head)
                .of(Some("ines"), Some("milan_falk"))
                .works(Employee, Trade::Builder, 2)
                .wallet(),
            woman("mira_falk", ("Mira", "Falk"), date(1976, 9, 1), Spouse).works(
                Employee,
                Trade::Cleaner,
                2,
            ),
            man("leo", ("Leo", "Falk"), date(2007, 1, 25), Child)
                .of(Some("mira_falk"), Some("marco_falk"))
                .works(Unemployed, Trade::Packer, 3)
                .wallet(),
            woman("tala_falk", ("Tala", "Falk"), date(2010, 11, 13), Child)
                .of(Some("mira_falk"), Some("marco_falk")),
        ],
        vows: &[Vow {
            husband: "marco_falk",
            wife: "mira_falk",
            on: date(2003, 8, 9),
            until: None,
        }],
    },
    Family {
        number: 18,
        community: Community::of(4, 3, 5),
        score: 388,
        language: Ar,
        people: &[
            man("josef", ("Josef", "Adani"), date(1956, 6, 18), Head)
                .works(Retired, Trade::Fisher, 1)
                .wallet(),
            woman("amina_adani", ("Amina", "Adani"), date(1960, 1, 24), Spouse),
        ],
        vows: &[Vow { husband: "josef", wife: "amina_adani", on: date(1982, 11, 6), until: None }],
    },
    Family {
        number: 24,
        community: Community::of(1, 2, 3),
        score: 521,
        language: Pt,
        people: &[
            man("tomas_norra", ("Tomas", "Amaro"), date(1959, 2, 11), Head)
                .works(Retired, Trade::Builder, 2)
                .wallet(),
            woman("nora_amaro", ("Nora", "Amaro"), date(1961, 7, 29), Spouse),
        ],
        vows: &[Vow {
            husband: "tomas_norra",
            wife: "nora_amaro",
            on: date(1984, 3, 10),
            until: None,
        }],
    },
    Family {
        number: 25,
        community: Community::of(3, 2, 6),
        score: 476,
        language: Es,
        people: &[
            man("tomas_altena", ("Tomas", "Amaro"), date(1959, 2, 11), Head)
                .works(OwnAccount, Trade::Farmer, 1)
                .wallet(),
            man("anton_amaro", ("Anton", "Amaro"), date(2008, 6, 6), Grandchild).works(
                Student,
                Trade::FarmHand,
                3,
            ),
        ],
        vows: &[],
    },
];
