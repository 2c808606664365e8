mod cancel_view;
mod own;
mod view;
mod waiting;

pub use cancel_view::cancel_view;
pub use own::own;
pub use view::view;
pub use waiting::waiting;
