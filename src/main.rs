//! The `loomwire` program.

fn main() -> std::process::ExitCode {
    loomwire::cli::main()
}
