//! Plots as SVG, drawn by hand because a page must load nothing: points of two measures, and lines over a swept rate.
//! A strategy has the same number and colour everywhere.

use maud::{Markup, html as page};

/// The field of a plot and its margins.
const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 46.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 46.0;

/// Labels nearer than this would lie on each other.
const LABEL_HEIGHT: f64 = 12.0;
const LABEL_WIDTH: f64 = 40.0;

/// What differs only behind so many digits is the same to a reader.
const DIGITS_MAX: usize = 9;

/// A measure along a side of a plot.
pub(super) struct Axis {
    pub(super) name: String,
    pub(super) scale: Scale,
}

/// How values are laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    Even,
    /// For values that differ by orders of magnitude.
    Logarithmic,
}

/// One strategy in a plot: its number, its name, its points in order.
pub(super) struct Series {
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
}

/// The least and the greatest value.
#[derive(Clone, Copy)]
struct Span {
    low: f64,
    high: f64,
    scale: Scale,
}

impl Span {
    fn of(values: impl Iterator<Item = f64>, scale: Scale) -> Self {
        let laid = values.map(|value| lay(value, scale));
        let (low, high) = laid.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let room = if high > low { (high - low) * 0.05 } else { 0.5 };
        // No measure is below 0, and what is a share does not end beyond 1.
        let end = if scale == Scale::Even && high <= 1.0 {
            1.0
        } else {
            f64::INFINITY
        };
        Self {
            low: (low - room).max(0.0),
            high: (high + room).min(end),
            scale,
        }
    }

    /// From 0 at the least to 1 at the greatest.
    fn place(self, value: f64) -> f64 {
        (lay(value, self.scale) - self.low) / (self.high - self.low)
    }

    /// Four values between both ends and where they stand, with so many digits that they differ.
    fn ticks(self) -> [(f64, String); 4] {
        let shares = [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0];
        let values = shares.map(|share| {
            let laid = self.low + share * (self.high - self.low);
            match self.scale {
                Scale::Even => laid,
                Scale::Logarithmic => laid.exp2() - 1.0,
            }
        });
        let differ = |texts: &[String; 4]| texts.windows(2).all(|pair| pair[0] != pair[1]);
        let longer = (1..=DIGITS_MAX).map(|digits| values.map(|value| with_digits(value, digits)));
        let mut shown = [values.map(rounded)].into_iter().chain(longer);
        let texts = shown.find(differ).unwrap_or_else(|| values.map(rounded));
        let mut places = shares.into_iter();
        texts.map(|text| (places.next().unwrap_or(1.0), text))
    }
}

fn lay(value: f64, scale: Scale) -> f64 {
    match scale {
        Scale::Even => value,
        // One more, so that nothing has a place too.
        Scale::Logarithmic => (value.max(0.0) + 1.0).log2(),
    }
}

fn rounded(value: f64) -> String {
    with_digits(value, digits(value))
}

/// Digits behind the point, enough for a reader.
fn digits(value: f64) -> usize {
    match value.abs() {
        1000.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    }
}

fn with_digits(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    // A rounded nothing has no sign.
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|digit| "0.".contains(digit)) => rest.to_owned(),
        _ => text,
    }
}

/// Points and the lines between them, each strategy with its number at its last point.
pub(super) fn plot(title: &str, x: &Axis, y: &Axis, series: &[Series]) -> Markup {
    let points = || series.iter().flat_map(|one| &one.points);
    if points().next().is_none() {
        return page! { p { (title) ": does not apply to any of these strategies." } };
    }
    let across = Span::of(points().map(|point| point.0), x.scale);
    let up = Span::of(points().map(|point| point.1), y.scale);
    let at = |(x, y): (f64, f64)| {
        let (right, high) = (across.place(x) * WIDTH, up.place(y) * HEIGHT);
        (LEFT + right, TOP + HEIGHT - high)
    };
    let (width, height) = (LEFT + WIDTH + RIGHT, TOP + HEIGHT + BOTTOM);
    page! {
        figure {
            figcaption { (title) }
            svg viewBox=(format!("0 0 {width} {height}")) role="img" aria-label=(title) {
                rect.field x=(LEFT) y=(TOP) width=(WIDTH) height=(HEIGHT) {}
                @for (share, tick) in across.ticks() {
                    text.faint x=(round(LEFT + share * WIDTH)) y=(TOP + HEIGHT + 16.0) text-anchor="middle" { (tick) }
                }
                @for (share, tick) in up.ticks() {
                    text.faint x=(LEFT - 6.0) y=(round(TOP + HEIGHT - share * HEIGHT + 4.0)) text-anchor="end" { (tick) }
                }
                text x=(LEFT + WIDTH / 2.0) y=(height - 8.0) text-anchor="middle" { (x.name) }
                text x="12" y=(TOP + HEIGHT / 2.0) text-anchor="middle"
                    transform=(format!("rotate(-90 12 {})", TOP + HEIGHT / 2.0)) { (y.name) }
                @for one in series { (line(one, at)) }
                (labels(series, at))
            }
        }
    }
}

fn line(series: &Series, at: impl Fn((f64, f64)) -> (f64, f64)) -> Markup {
    let placed: Vec<(f64, f64)> = series.points.iter().map(|point| at(*point)).collect();
    let path = placed.iter().enumerate().map(|(place, (x, y))| {
        let letter = if place == 0 { 'M' } else { 'L' };
        format!("{letter}{} {}", round(*x), round(*y))
    });
    page! {
        g style=(format!("color:{}", colour(series.number))) {
            @if placed.len() > 1 { path.course d=(path.collect::<String>()) {} }
            @for ((x, y), (across, up)) in placed.iter().zip(&series.points) {
                circle.point cx=(round(*x)) cy=(round(*y)) r="4" {
                    title { (series.name) ": " (rounded(*across)) ", " (rounded(*up)) }
                }
            }
        }
    }
}

/// Numbers beside the last points: those of one place together, and those that are near below each other.
fn labels(series: &[Series], at: impl Fn((f64, f64)) -> (f64, f64)) -> Markup {
    let mut places: Vec<((f64, f64), Vec<String>)> = Vec::new();
    for one in series {
        let Some((x, y)) = one.points.last().map(|point| at(*point)) else {
            continue;
        };
        let is_here = |place: &&mut ((f64, f64), Vec<String>)| {
            (place.0.0 - x).abs() < 4.0 && (place.0.1 - y).abs() < 4.0
        };
        match places.iter_mut().find(is_here) {
            Some((_, numbers)) => numbers.push(one.number.to_string()),
            None => places.push(((x, y), vec![one.number.to_string()])),
        }
    }
    places.sort_by(|(one, _), (other, _)| one.1.total_cmp(&other.1));
    let mut placed: Vec<(f64, f64, String)> = Vec::new();
    for ((x, y), numbers) in places {
        let mut y = y + 4.0;
        let is_near = |other: &&(f64, f64, String)| (other.0 - x).abs() < LABEL_WIDTH;
        for (_, taken, _) in placed.iter().filter(is_near) {
            if (taken - y).abs() < LABEL_HEIGHT {
                y = taken + LABEL_HEIGHT;
            }
        }
        placed.push((x, y, numbers.join(" ")));
    }
    page! {
        @for (x, y, numbers) in placed {
            @if x > LEFT + WIDTH - LABEL_WIDTH && numbers.contains(' ') {
                text x=(round(x - 7.0)) y=(round(y)) text-anchor="end" { (numbers) }
            } @else {
                text x=(round(x + 7.0)) y=(round(y)) { (numbers) }
            }
        }
    }
}

/// Readable on light and on dark; neighbours in the list are far apart on the wheel.
pub(super) fn colour(number: usize) -> String {
    format!("hsl({} 70% 50%)", number * 137 % 360)
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_least_stands_left_and_low_and_nothing_is_said_in_words() {
        let axis = || Axis {
            name: "axis".into(),
            scale: Scale::Even,
        };
        let series = [Series {
            number: 1,
            name: "one".into(),
            points: vec![(0.0, 0.0), (1.0, 1.0)],
        }];
        let drawn = plot("title", &axis(), &axis(), &series).into_string();
        assert!(drawn.contains("M70 320L630 20"), "{drawn}");
        let nothing = plot("title", &axis(), &axis(), &[]).into_string();
        assert!(nothing.contains("does not apply"));
    }

    #[test]
    fn ticks_differ_however_near_the_values_are() {
        let ticks = |values: [f64; 2], scale| Span::of(values.into_iter(), scale).ticks();
        let shown = |values, scale| ticks(values, scale).map(|(_, tick)| tick);
        assert_eq!(
            shown([0.0, 1.0], Scale::Even),
            ["0.000", "0.333", "0.667", "1.00"]
        );
        assert_eq!(
            shown([0.9998, 1.0], Scale::Even),
            ["0.99979", "0.99986", "0.99993", "1.00000"]
        );
        assert_eq!(
            shown([1000.0, 1000.5], Scale::Even),
            ["1000.0", "1000.2", "1000.3", "1000.5"]
        );
        for scale in [Scale::Even, Scale::Logarithmic] {
            for values in [[0.5, 0.5], [0.0, 0.0], [0.3, 0.300_01], [7.0, 9000.0]] {
                let shown = shown(values, scale);
                let differing: BTreeSet<&String> = shown.iter().collect();
                assert_eq!(differing.len(), 4, "{shown:?}");
            }
        }
    }

    #[test]
    fn values_as_they_are_read() {
        for (value, says) in [
            (0.1234, "0.123"),
            (12.34, "12.3"),
            (1234.5, "1234"),
            (-0.0001, "0.000"),
        ] {
            assert_eq!(rounded(value), says);
        }
    }
}
