//! A small database of addresses in the MaxMind DB format, version 2.0
//! (<https://maxmind.github.io/MaxMind-DB/>), for IPv4.

use std::net::Ipv4Addr;

/// Where a network of /16 is.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Its first two bytes.
    pub network: [u8; 2],
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// In English.
    pub name: &'static str,
    /// In English.
    pub city: &'static str,
    /// In degrees.
    pub latitude: f64,
    /// In degrees.
    pub longitude: f64,
}

enum Value {
    Text(&'static str),
    Double(f64),
    U16(u16),
    U32(u32),
    U64(u64),
    Map(Vec<(&'static str, Value)>),
    Array,
}

/// "Output Data Section": a control byte with type and size, then the value.
fn write(value: &Value, out: &mut Vec<u8>) {
    let control = |kind: u8, size: usize| (kind << 5) | u8::try_from(size).expect("a small value");
    match value {
        Value::Text(text) => {
            assert!(text.len() < 29, "longer texts need another form");
            out.push(control(2, text.len()));
            out.extend(text.as_bytes());
        }
        Value::Double(number) => {
            out.push(control(3, 8));
            out.extend(number.to_be_bytes());
        }
        Value::U16(number) => {
            out.push(control(5, 2));
            out.extend(number.to_be_bytes());
        }
        Value::U32(number) => {
            out.push(control(6, 4));
            out.extend(number.to_be_bytes());
        }
        // The extended types: 0, then the type less 7.
        Value::U64(number) => {
            out.extend([control(0, 8), 2]);
            out.extend(number.to_be_bytes());
        }
        Value::Array => out.extend([control(0, 0), 4]),
        Value::Map(pairs) => {
            out.push(control(7, pairs.len()));
            for (name, value) in pairs {
                write(&Value::Text(name), out);
                write(value, out);
            }
        }
    }
}

fn named(name: &'static str) -> Value {
    Value::Map(vec![("en", Value::Text(name))])
}

fn record(place: &Place) -> Value {
    Value::Map(vec![
        (
            "country",
            Value::Map(vec![
                ("iso_code", Value::Text(place.country)),
                ("names", named(place.name)),
            ]),
        ),
        ("city", Value::Map(vec![("names", named(place.city))])),
        (
            "location",
            Value::Map(vec![
                ("latitude", Value::Double(place.latitude)),
                ("longitude", Value::Double(place.longitude)),
            ]),
        ),
    ])
}

/// Where a branch of the search tree leads.
#[derive(Clone, Copy)]
enum Branch {
    Nothing,
    Node(usize),
    Data(usize),
}

/// The file's bytes.
pub fn database(places: &[Place]) -> Vec<u8> {
    let mut nodes = vec![[Branch::Nothing; 2]];
    let mut data = Vec::new();
    for place in places {
        let at = data.len();
        write(&record(place), &mut data);
        let [one, two] = place.network;
        let address = u32::from(Ipv4Addr::new(one, two, 0, 0));
        let mut here = 0;
        for depth in 0..16 {
            let bit = usize::from((address >> (31 - depth)) & 1 == 1);
            if depth == 15 {
                nodes[here][bit] = Branch::Data(at);
            } else if let Branch::Node(next) = nodes[here][bit] {
                here = next;
            } else {
                nodes.push([Branch::Nothing; 2]);
                let next = nodes.len() - 1;
                nodes[here][bit] = Branch::Node(next);
                here = next;
            }
        }
    }
    let count = nodes.len();
    let mut out = Vec::new();
    for branch in nodes.iter().flatten() {
        let value = match branch {
            Branch::Nothing => count,
            Branch::Node(next) => *next,
            Branch::Data(at) => count + 16 + at,
        };
        out.extend(u32::try_from(value).expect("a small file").to_be_bytes());
    }
    out.extend([0; 16]);
    out.extend(data);
    out.extend(b"\xab\xcd\xefMaxMind.com");
    let metadata = Value::Map(vec![
        ("binary_format_major_version", Value::U16(2)),
        ("binary_format_minor_version", Value::U16(0)),
        ("build_epoch", Value::U64(1_795_435_200)),
        ("database_type", Value::Text("Loomwire-Test-City")),
        ("description", Value::Map(Vec::new())),
        ("ip_version", Value::U16(4)),
        ("languages", Value::Array),
        (
            "node_count",
            Value::U32(u32::try_from(count).expect("a small file")),
        ),
        ("record_size", Value::U16(32)),
    ]);
    write(&metadata, &mut out);
    out
}
