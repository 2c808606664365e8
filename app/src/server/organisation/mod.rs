mod settings;

pub use settings::settings;
