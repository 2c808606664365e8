//! Where a tile is found: `tile/<level>/<index>[.p/<width>]` (C2SP tlog-tiles).

use super::{Tile, WIDTH};
use crate::text;

/// The level of a tree of 2^64 leaves' root tile, and the highest that a path may name: 2^6 - 1
/// in C2SP's words, of which a 64-bit tree fills eight.
const HIGHEST: u64 = 63;

impl Tile {
    /// Its path under the log's prefix. The index stands in groups of three digits, all but the
    /// last behind an `x`; a tile that is not full says how wide it is.
    pub fn path(&self) -> String {
        let mut rest = self.index;
        let mut groups = format!("{:03}", rest % 1000);
        while rest >= 1000 {
            rest /= 1000;
            groups = format!("x{:03}/{groups}", rest % 1000);
        }
        let partial = if self.width == WIDTH {
            String::new()
        } else {
            format!(".p/{}", self.width)
        };
        format!("tile/{}/{groups}{partial}", self.level)
    }

    /// From a path: only the one spelling that [`Tile::path`] gives.
    pub fn parse(path: &str) -> Option<Self> {
        let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let level = text::from_decimal(level).filter(|level| *level <= HIGHEST)?;
        let (groups, width) = match rest.split_once(".p/") {
            Some((groups, width)) => (groups, text::from_decimal(width)?),
            None => (rest, u64::from(WIDTH)),
        };
        let mut index: u64 = 0;
        for group in groups.split('/') {
            let digits = group.strip_prefix('x').unwrap_or(group);
            let three = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
            let value: u64 = digits.parse().ok().filter(|_| three)?;
            index = index.checked_mul(1000)?.checked_add(value)?;
        }
        let tile = Self {
            level: level.try_into().ok()?,
            index,
            width: width
                .try_into()
                .ok()
                .filter(|width| (1..=WIDTH).contains(width))?,
        };
        (tile.path() == path).then_some(tile)
    }
}
