//! The same lines judged by another implementation; see `data/README.md`.

use verify::mrz::Field;

use crate::read;

#[test]
fn another_implementation_judges_every_check_digit_alike() {
    let cases = include_str!("../data/oracle.tsv");
    let mut count = 0;
    for case in cases.lines() {
        let columns: Vec<_> = case.split('\t').collect();
        let [format, lines, verdicts, surname, given, number] = columns[..] else {
            panic!("{case}")
        };
        let lines: Vec<_> = lines.split('/').collect();
        let reading = read(&lines);
        assert_eq!(reading.format().as_str(), format);

        let fields = [
            Field::Number,
            Field::BirthDate,
            Field::ExpiryDate,
            Field::OptionalData,
            Field::Composite,
        ];
        for (field, expected) in fields.into_iter().zip(verdicts.chars()) {
            let check = reading.check_digits().find(|check| check.field == field);
            let found = match check.map(|check| check.agrees) {
                Some(true) => '1',
                Some(false) => '0',
                // A filler in place of the check digit begins a long number, which the other
                // implementation does not know.
                None if field == Field::Number => '0',
                None => '-',
            };
            assert_eq!(found, expected, "{field} of {case}");
        }
        let names = reading.names().value.unwrap();
        assert_eq!(
            (names.primary().expose(), names.secondary().expose()),
            (surname, given)
        );
        let read_number = reading.number().value.unwrap();
        if !read_number.is_long() {
            assert_eq!(read_number.text().expose().trim_matches('<'), number);
        }
        // Every other document is unchanged.
        if count % 2 == 0 {
            assert!(reading.is_consistent(), "{:?} of {case}", reading.problems());
        }
        count += 1;
    }
    assert_eq!(count, 800);
}
