mod access;
mod organisations;
mod person;
mod quota;

pub use access::access;
pub use organisations::organisations;
pub use person::person;
pub use quota::quota;
