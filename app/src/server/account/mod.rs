//! One's own account, and signing up for one.

mod email_change;
mod profile;
mod sign_up_offer;
mod sign_up_offered;

pub use email_change::email_change;
pub use profile::profile;
pub use sign_up_offer::sign_up_offer;
pub use sign_up_offered::sign_up_offered;
