//! What asking for a permission costs, on one core: `cargo xtask bench permission` runs it.
//!
//! One line a figure, `name nanoseconds`. `call` is the same loop around an empty function that
//! is not inlined, so that machines can be compared.
#![expect(
    clippy::print_stdout,
    reason = "its figures are read from its standard output"
)]

use platform::{Actor, Standing};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;
use types::{OrganisationId, Permission, Role, SessionId, StaffRole, UserId};

const ROUNDS: u32 = 2_000_000;

#[inline(never)]
fn nothing(actor: &Actor, permission: Permission) -> bool {
    black_box((actor, permission));
    true
}

/// Somebody with everything that can be looked through: a role of the organisation's own with
/// all permissions, a staff role, and an elevation.
fn somebody(custom: bool) -> Actor {
    let standing = Standing {
        custom: custom.then(|| Role::Owner.permissions().to_vec()),
        elevated: Some(StaffRole::OperatorAdmin),
        ..Standing::default()
    };
    Actor::User {
        id: UserId::from_u128(1),
        session: SessionId::from_u128(2),
        organisation: OrganisationId::from_u128(3),
        role: Role::Owner,
        staff_role: Some(StaffRole::Billing),
        standing: Arc::new(standing),
    }
}

fn main() {
    let (built_in, custom) = (somebody(false), somebody(true));
    println!(
        "call {:.2}",
        each(|permission| nothing(black_box(&built_in), permission))
    );
    println!(
        "built_in {:.2}",
        each(|permission| black_box(&built_in).may(permission))
    );
    println!(
        "custom {:.2}",
        each(|permission| black_box(&custom).may(permission))
    );
}

/// Nanoseconds a check, over every permission in turn.
#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
fn each(check: impl Fn(Permission) -> bool) -> f64 {
    let start = Instant::now();
    for _ in 0..ROUNDS {
        for permission in Permission::ALL {
            black_box(check(black_box(*permission)));
        }
    }
    let checks = f64::from(ROUNDS) * f64::from(u32::try_from(Permission::ALL.len()).unwrap_or(u32::MAX));
    start.elapsed().as_secs_f64() * 1e9 / checks
}
