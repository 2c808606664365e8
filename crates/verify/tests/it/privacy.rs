//! Nothing of the document comes out by accident.

use verify::mrz::{Birth, Document, Format, Personal};
use zeroize::ZeroizeOnDrop;

use crate::{current, read_document};

fn document(format: Format) -> Document {
    Document {
        primary: "Canaryname".to_owned(),
        secondary: "Secondcanary".to_owned(),
        number: "CN4RY7734".to_owned(),
        optional: if format == Format::MrvA {
            "OPTCAN77".to_owned()
        } else {
            "OPTCAN".to_owned()
        },
        nationality: "XOM".to_owned(),
        birth: "870613".to_owned(),
        expiry: "310829".to_owned(),
        ..current(format)
    }
}

#[test]
fn debug_output_shows_no_value() {
    for format in Format::ALL {
        let reading = read_document(&document(format));
        assert!(reading.is_consistent());
        let names = reading.names();
        let number = reading.number();
        let optional = reading.optional_data();
        let shown = format!(
            "{reading:?} {names:?} {number:?} {optional:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            names.value.unwrap().primary(),
            number.value.unwrap().text(),
            optional.value.unwrap().text(),
            reading.birth(),
            reading.expiry(),
            reading.nationality(),
            reading.check_digits().collect::<Vec<_>>(),
        );
        let values = [
            "CANARY", "Canary", "CN4RY", "OPTCAN", "XOM", "Malta", "870613", "1987", "06-13", "310829",
            "2031",
        ];
        for value in values {
            assert!(!shown.contains(value), "{value} in {shown}");
        }
    }
}

#[test]
fn problems_show_no_value() {
    let mut lines = verify::mrz::compose(&document(Format::Td3)).unwrap();
    lines[1].replace_range(9..10, "X");
    lines[1].replace_range(13..19, "871399");
    let reading = crate::read(&crate::borrow(&lines));
    for problem in reading.problems() {
        for value in ["CANARY", "CN4RY", "8713", "XOM"] {
            assert!(!problem.message.contains(value), "{}", problem.message);
        }
    }
}

#[test]
fn what_holds_a_value_is_wiped_when_dropped() {
    fn wiped<T: ZeroizeOnDrop>() {}
    wiped::<Personal>();
    wiped::<Birth>();
}
