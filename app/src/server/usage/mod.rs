mod report;
mod request;
mod requests;

pub use report::report;
pub use request::request;
pub use requests::requests;
