//! Who there is: invented organisations, people and keys.

use types::{
    Environment::{self, Live, Test},
    Role, StaffRole,
};

/// An organisation and what is special about it.
pub(super) struct Company {
    pub(super) name: &'static str,
    /// Of its people's addresses.
    pub(super) domain: &'static str,
    pub(super) zone: &'static str,
    /// Of all verifications.
    pub(super) share: f64,
    /// How many days ago it came.
    pub(super) age: u16,
    pub(super) rhythm: Rhythm,
    pub(super) people: &'static [Person],
    pub(super) keys: &'static [Key],
    pub(super) life: Life,
}

/// How its days differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rhythm {
    /// Slowly more, with evenings and Saturdays.
    Steady,
    /// Office hours, and twice as many every three weeks.
    Growing,
    /// A few tries.
    Trying,
    /// As steady, until it stopped a month ago.
    Stopped,
}

/// What becomes of its verifications: parts of 1, the rest is approved.
pub(super) struct Life {
    /// Started with a live key.
    pub(super) live: f64,
    /// Answered by the business itself, not on the person's page.
    pub(super) direct: f64,
    pub(super) expired_document: f64,
    pub(super) underage: f64,
    pub(super) declined: f64,
    pub(super) ran_out: f64,
    pub(super) too_many_tries: f64,
    /// Half of the decisions take at most so many seconds.
    pub(super) seconds: f64,
    /// Asked for, in years; none, if 0.
    pub(super) minimum_age: u8,
    /// Before the number in a reference; without one, none is given.
    pub(super) reference: &'static str,
}

pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) role: Role,
    pub(super) staff: Option<StaffRole>,
}

/// An API key; days are counted back from today.
#[derive(Clone, Copy)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) environment: Environment,
    pub(super) made: u16,
    /// When it was used last; 0 is now.
    pub(super) used: Option<u16>,
    pub(super) revoked: Option<u16>,
    /// Days from its making to its rotation, if one is planned.
    pub(super) rotate: Option<u32>,
}

const fn person(name: &'static str, role: Role) -> Person {
    Person {
        name,
        role,
        staff: None,
    }
}

const fn staff(name: &'static str, role: Role, staff: StaffRole) -> Person {
    Person {
        name,
        role,
        staff: Some(staff),
    }
}

const fn key(name: &'static str, environment: Environment, made: u16, used: Option<u16>) -> Key {
    Key {
        name,
        environment,
        made,
        used,
        revoked: None,
        rotate: None,
    }
}

const fn revoked(name: &'static str, environment: Environment, made: u16, revoked: u16) -> Key {
    Key {
        name,
        environment,
        made,
        used: Some(revoked),
        revoked: Some(revoked),
        rotate: None,
    }
}

/// To be rotated after so many days.
const fn planned(rotate: u32, key: Key) -> Key {
    Key {
        rotate: Some(rotate),
        ..key
    }
}

/// The busiest first: its first person is operator admin of the installation.
pub(super) const COMPANIES: &[Company] = &[
    Company {
        name: "Aldermoor Exchange",
        domain: "aldermoor.example",
        zone: "Europe/London",
        share: 0.60,
        age: 520,
        rhythm: Rhythm::Steady,
        people: &[
            staff("Imogen Farrow", Role::Owner, StaffRole::OperatorAdmin),
            staff("Tobias Wren", Role::Auditor, StaffRole::Security),
            staff("Maren Okafor", Role::Support, StaffRole::Support),
            staff("Caspian Holt", Role::Billing, StaffRole::Billing),
            person("Priya Lindqvist", Role::Admin),
            person("Jonah Castellan", Role::Developer),
            person("Beatrix Amsel", Role::Developer),
            person("Odile Marchetti", Role::Support),
            person("Rufus Tamblyn", Role::Auditor),
        ],
        keys: &[
            key("Website", Live, 410, Some(0)),
            planned(90, key("Mobile app", Live, 120, Some(0))),
            revoked("Checkout, first edition", Live, 505, 45),
            key("Partner portal", Live, 30, None),
            key("Staging", Test, 300, Some(0)),
            key("Monthly report", Test, 200, Some(110)),
        ],
        life: Life {
            live: 0.97,
            direct: 0.25,
            expired_document: 0.03,
            underage: 0.035,
            declined: 0.03,
            ran_out: 0.06,
            too_many_tries: 0.01,
            seconds: 96.0,
            minimum_age: 18,
            reference: "order",
        },
    },
    Company {
        name: "Brightkiln",
        domain: "brightkiln.example",
        zone: "Europe/Berlin",
        share: 0.12,
        age: 84,
        rhythm: Rhythm::Growing,
        people: &[
            person("Lotte Reinholm", Role::Owner),
            person("Anselm Kade", Role::Developer),
            person("Yara Feldmann", Role::Developer),
        ],
        keys: &[
            key("Production", Live, 70, Some(0)),
            key("Development", Test, 83, Some(0)),
            revoked("First try", Test, 84, 60),
        ],
        life: Life {
            live: 0.85,
            direct: 0.7,
            expired_document: 0.02,
            underage: 0.01,
            declined: 0.02,
            ran_out: 0.04,
            too_many_tries: 0.005,
            seconds: 41.0,
            minimum_age: 0,
            reference: "acct",
        },
    },
    Company {
        name: "Cinderpath Games",
        domain: "cinderpath.example",
        zone: "America/Sao_Paulo",
        share: 0.01,
        age: 6,
        rhythm: Rhythm::Trying,
        people: &[
            person("Rafael Quiroga", Role::Owner),
            person("Irene Valadares", Role::Developer),
        ],
        keys: &[key("First steps", Test, 6, Some(0))],
        life: Life {
            live: 0.0,
            direct: 0.5,
            expired_document: 0.1,
            underage: 0.1,
            declined: 0.05,
            ran_out: 0.15,
            too_many_tries: 0.05,
            seconds: 20.0,
            minimum_age: 18,
            reference: "",
        },
    },
    Company {
        name: "Dovetail Lettings",
        domain: "dovetail.example",
        zone: "Europe/London",
        share: 0.08,
        age: 300,
        rhythm: Rhythm::Stopped,
        people: &[
            person("Harriet Sloane", Role::Owner),
            person("Desmond Achterberg", Role::Admin),
            person("Nell Pargeter", Role::Billing),
        ],
        keys: &[
            key("Tenant check", Live, 280, Some(31)),
            key("Sandbox", Test, 290, Some(100)),
        ],
        life: Life {
            live: 1.0,
            direct: 0.1,
            expired_document: 0.04,
            underage: 0.0,
            declined: 0.05,
            ran_out: 0.1,
            too_many_tries: 0.01,
            seconds: 180.0,
            minimum_age: 0,
            reference: "tenancy",
        },
    },
    Company {
        name: "Emberline Vapour",
        domain: "emberline.example",
        zone: "America/New_York",
        share: 0.06,
        age: 200,
        rhythm: Rhythm::Steady,
        people: &[
            person("Marcus Delacroix", Role::Owner),
            person("Tessa Bright", Role::Support),
        ],
        keys: &[
            key("Shop", Live, 190, Some(0)),
            key("Shop, tests", Test, 195, None),
        ],
        life: Life {
            live: 1.0,
            direct: 0.0,
            expired_document: 0.08,
            underage: 0.38,
            declined: 0.12,
            ran_out: 0.16,
            too_many_tries: 0.06,
            seconds: 75.0,
            minimum_age: 21,
            reference: "basket",
        },
    },
    Company {
        name: "Fernhollow Clinics",
        domain: "fernhollow.example",
        zone: "Australia/Sydney",
        share: 0.13,
        age: 150,
        rhythm: Rhythm::Steady,
        people: &[
            person("Aroha Whitcombe", Role::Owner),
            person("Edmund Sayers", Role::Admin),
            person("Willa Nakamura", Role::Developer),
            person("Piers Oduya", Role::Support),
        ],
        keys: &[
            key("Booking", Live, 140, Some(0)),
            key("Kiosk", Live, 12, None),
            key("Rehearsal", Test, 145, Some(0)),
        ],
        life: Life {
            live: 0.94,
            direct: 0.05,
            expired_document: 0.05,
            underage: 0.01,
            declined: 0.02,
            ran_out: 0.05,
            too_many_tries: 0.015,
            seconds: 132.0,
            minimum_age: 16,
            reference: "visit",
        },
    },
];
