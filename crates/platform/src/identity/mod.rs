//! Who the people at the console are, and how they prove it: the first person's set-up, signing
//! in with a passkey (WebAuthn Level 3; discoverable, user verification required) or with a
//! password and a code, and confirming a dangerous action anew.
//!
//! A ceremony's state stays on the server, is used once and lives five minutes.
//!
//! **Invariant**: no password and no code comes into an event, a log line or a row in clear.

mod aaguid;
mod ceremony;
mod doors;
mod enrol;
mod factor;
mod manage;
mod methods;
mod passkey;
mod password;
mod reseal;
mod second_way;
mod setup;
mod sign_in;
mod step_up;
mod store;
mod strongest;
pub mod totp;
mod with_password;

pub use crate::sessions::NewSession;
pub use ceremony::PasskeyCeremony;
pub(crate) use ceremony::sweep;
pub use doors::{Entered, PasswordForm, enter_with_password};
pub(crate) use doors::{Guest, Means, make_user, user_by_email};
pub use enrol::{PasswordTotp, begin_totp, check_password_totp, enrol_password_totp, totp_uri};
pub(crate) use factor::disable_password;
pub use manage::{
    passkey_add_begin, passkey_add_finish, passkey_remove, passkey_rename, password_change,
    password_totp_remove, password_totp_set, recovery_codes_make, totp_replace,
};
pub use methods::sign_in_methods;
pub(crate) use password::Hasher;
pub use password::{PasswordCost, Whose};
pub(crate) use reseal::reseal;
pub(crate) use second_way::{is_code, is_password, was_wrong};
pub use setup::{SetupForm, enrolment_link, setup_begin, setup_finish, setup_link, setup_open, setup_view};
pub use sign_in::{sign_in_begin, sign_in_finish, sign_out};
pub use step_up::{Confirmed, step_up_begin, step_up_finish, step_up_with_code};
pub(crate) use store::{UserRow, insert_user, means, remove_credentials, user};
pub(crate) use strongest::strongest_in;
pub use with_password::sign_in_with_password;
