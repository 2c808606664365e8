mod access;
mod organisations;
mod person;

pub use access::access;
pub use organisations::organisations;
pub use person::person;
