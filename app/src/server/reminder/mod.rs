mod choices;

pub use choices::choices;
