//! The tree's tiles.

use db::{Conn, DbError, execute, on};
use ledger::{Hash, tile::Tile};

#[derive(sqlx::FromRow)]
pub(in crate::ledger) struct TileRow {
    pub(in crate::ledger) level: i64,
    pub(in crate::ledger) tile_index: i64,
    pub(in crate::ledger) hashes: Vec<u8>,
}

const SELECT: &str = "SELECT level, tile_index, hashes FROM ledger_tiles WHERE ";

/// The tiles at these places, as wide as they are now; those that are not there are not given.
pub(in crate::ledger) async fn tiles(conn: &mut Conn, wanted: &[Tile]) -> Result<Vec<TileRow>, DbError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    on!(conn, |c| {
        let mut query = sqlx::QueryBuilder::new(SELECT);
        for (place, tile) in wanted.iter().enumerate() {
            query.push(if place == 0 { "(level = " } else { " OR (level = " });
            query.push_bind(i64::from(tile.level));
            query.push(" AND tile_index = ");
            // No index of a tile comes near to 2^63.
            query.push_bind(i64::try_from(tile.index).unwrap_or(i64::MAX));
            query.push(")");
        }
        query.build_query_as::<TileRow>().fetch_all(c).await
    })
}

/// One tile, for somebody who asks for it by its path.
pub(in crate::ledger) async fn tile(conn: &mut Conn, wanted: Tile) -> Result<Option<TileRow>, DbError> {
    Ok(tiles(conn, &[wanted]).await?.pop())
}

/// Writes tiles that are new, and those that are wider now.
pub(in crate::ledger) async fn put_tiles(
    conn: &mut Conn,
    tiles: &[(Tile, Vec<Hash>)],
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new("INSERT INTO ledger_tiles (level, tile_index, width, hashes) ")
            .push_values(tiles, |mut values, (tile, hashes)| {
                values
                    .push_bind(i64::from(tile.level))
                    .push_bind(i64::try_from(tile.index).unwrap_or(i64::MAX))
                    .push_bind(i64::from(tile.width))
                    .push_bind(hashes.iter().flat_map(|hash| hash.0).collect::<Vec<u8>>());
            })
            .push(" ON CONFLICT (level, tile_index) DO UPDATE SET width = excluded.width, hashes = excluded.hashes")
            .build()
    )
    .map(|_| ())
}
