//! Says hello, starts a child, panics.
fn main() {
    println!("hello");
    let status = std::process::Command::new("sh").args(["-c", "echo child; exit 4"]).status();
    println!("{:?}", status.unwrap().code());
    std::process::exit(5);
}
