mod load;

pub use load::{Shown, load};
