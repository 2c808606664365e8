//! Where an address is, by a file in the MaxMind DB format that the operator gives. It is a
//! guess: a database of addresses knows the owner's office or the city at best.

use std::{collections::BTreeMap, net::IpAddr, path::Path};

use maxminddb::Reader;
use serde::{Deserialize, Serialize};

use super::distance::Point;
use crate::{Error, Result};

/// The file, read whole at start.
pub(crate) struct Geo(Reader<Vec<u8>>);

/// Where an address is, as far as the file tells.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Spot {
    /// ISO 3166-1 alpha-2.
    pub(super) country: Option<String>,
    /// The country's name in English.
    pub(super) country_name: Option<String>,
    pub(super) city: Option<String>,
    pub(super) point: Option<Point>,
}

#[derive(Deserialize)]
struct Record {
    country: Option<Country>,
    city: Option<City>,
    location: Option<Location>,
}

#[derive(Deserialize)]
struct Country {
    iso_code: Option<String>,
    names: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct City {
    names: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Location {
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl Geo {
    /// # Errors
    /// `Unavailable` if there is no such file, or it is not of this format.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        Reader::open_readfile(path).map(Self).map_err(|error| {
            Error::Unavailable(format!(
                "The file {} of geo.database cannot be used: {error}. Give a MaxMind DB file with \
                 cities or countries, or leave the setting out.",
                path.display()
            ))
        })
    }

    /// Where the address is; nothing where the file does not say, or is damaged there.
    pub(super) fn spot(&self, address: IpAddr) -> Spot {
        let found = self.0.lookup(address.to_canonical()).ok();
        let record = found.and_then(|found| found.decode::<Record>().ok().flatten());
        record.map_or_else(Spot::default, Spot::from)
    }
}

impl From<Record> for Spot {
    fn from(record: Record) -> Self {
        let english = |names: Option<BTreeMap<String, String>>| names?.remove("en");
        let (country, names) = record
            .country
            .map_or((None, None), |one| (one.iso_code, one.names));
        let location = record.location.and_then(|at| at.latitude.zip(at.longitude));
        Self {
            country_name: english(names).or_else(|| country.clone()),
            country,
            city: record.city.and_then(|city| english(city.names)),
            point: location.map(|(latitude, longitude)| Point { latitude, longitude }),
        }
    }
}
