//! From counts to places on the plot.

/// The plot's height in pixels, from the baseline to the top of the scale.
pub(super) const HEIGHT: u32 = 152;
/// Room above the top of the scale, for a label.
pub(super) const HEAD: u32 = 16;

/// The top of the scale: the next of 1, 2, 4, 5, 6, 8 times a power of ten, even and at least 4,
/// so that its half is a whole number.
pub(super) fn ceiling(highest: u64) -> u64 {
    let mut power: u64 = 1;
    loop {
        for step in [1, 2, 4, 5, 6, 8] {
            let top = power.saturating_mul(step);
            if top >= highest.max(4) && top.is_multiple_of(2) {
                return top;
            }
        }
        let Some(next) = power.checked_mul(10) else {
            return highest;
        };
        power = next;
    }
}

/// A count as pixels above the baseline.
pub(super) fn pixels(count: u64, top: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a pixel is coarser than 2^-52")]
    let share = count as f64 / top.max(1) as f64;
    share * f64::from(HEIGHT)
}

/// Where a count stands on the plot, from its top edge.
pub(super) fn height_of(count: u64, top: u64) -> f64 {
    f64::from(HEIGHT + HEAD) - pixels(count, top)
}

/// Where the nth of `count` slots begins, and its width, in percent.
pub(super) fn slot(index: usize, count: usize) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "a month has few days")]
    let (index, count) = (index as f64, count.max(1) as f64);
    (100.0 * index / count, 100.0 / count)
}

#[cfg(test)]
mod tests {
    use super::{HEIGHT, ceiling, pixels, slot};

    #[test]
    fn scales_end_on_round_figures_with_a_whole_half() {
        let tops = [0, 4, 5, 7, 11, 21, 51, 101, 999].map(ceiling);
        assert_eq!(tops, [4, 4, 6, 8, 20, 40, 60, 200, 1000]);
        assert_eq!(ceiling(u64::MAX), u64::MAX);
    }

    #[test]
    fn bars_stand_on_zero_and_fill_the_width() {
        assert!(pixels(0, 10).abs() < f64::EPSILON);
        assert!((pixels(10, 10) - f64::from(HEIGHT)).abs() < f64::EPSILON);
        let (x, width) = slot(29, 30);
        assert!((x + width - 100.0).abs() < 1e-9);
    }
}
