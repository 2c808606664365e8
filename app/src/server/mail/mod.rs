mod outbox;

pub use outbox::outbox;
