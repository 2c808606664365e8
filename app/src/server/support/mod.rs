mod access;
mod desk;
mod head;
mod timeline;

pub use access::access;
pub use desk::desk;
pub use head::head;
pub use timeline::timeline;
