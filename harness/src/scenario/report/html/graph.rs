//! The identity graph of a case as SVG: time runs down, each customer is a lane.
//! IDs stand where they join a lane, a merge flows into the survivor, a moved ID is a dashed arrow.

use std::collections::BTreeMap;

use maud::{Markup, html as page};
use serde_json::Value;

const LEFT: usize = 50;
const LANE_WIDTH: usize = 190;
const TOP: usize = 40;
/// From a dot to the next, without the IDs between them.
const STEP: usize = 32;
const LINE: usize = 15;
const SHOWN_CHARACTERS_MAX: usize = 26;
/// A taller drawing is not read; the timeline holds everything.
const ROWS_MAX: usize = 120;

/// A decided command, as far as it is drawn.
struct Row<'e> {
    seq: u64,
    y: usize,
    survivor: u64,
    absorbed: Vec<u64>,
    ids: Vec<OfId>,
    kind: &'e str,
}

/// What happened to an ID, as `added cookie=a`, whence it came, and where it went if not to the survivor.
struct OfId {
    says: String,
    from: Option<u64>,
    to: Option<u64>,
}

/// The lane of a customer.
struct Lane {
    x: usize,
    from: usize,
    to: Option<usize>,
}

/// The drawing; nothing decided makes a sentence instead.
pub(crate) fn graph(entries: &[Value]) -> Markup {
    let decided = entries.iter().filter(|entry| entry["decision"].is_object());
    let count = decided.clone().count();
    if count == 0 {
        return page! { p { "No command reached a customer." } };
    }
    let (rows, height) = rows(decided.take(ROWS_MAX));
    let lanes = lanes(&rows);
    page! {
        @if count > ROWS_MAX {
            p { "The first " (ROWS_MAX) " of " (count) " commands; the timeline has all." }
        }
        div.wide { (drawing(&rows, &lanes, height)) }
        p { small {
            "Down: time. A lane is a customer, a dot a command; lanes that flow together are a merge; "
            "a dashed arrow is an ID moved from one customer to another."
        } }
    }
}

fn drawing(rows: &[Row<'_>], lanes: &BTreeMap<u64, Lane>, height: usize) -> Markup {
    let width = LEFT + lanes.len() * LANE_WIDTH;
    page! {
        svg role="img" xmlns="http://www.w3.org/2000/svg" width=(width) height=(height)
            viewBox=(format!("0 0 {width} {height}")) {
            title { "Identity graph" }
            desc { @for row in rows { (sentence(row)) " " } }
            @for (number, lane) in lanes {
                text x=(lane.x.saturating_sub(6)) y=(lane.from.saturating_sub(12)) { "#" (number) }
                path.lane d=(format!("M{} {}V{}", lane.x, lane.from, lane.to.unwrap_or(height))) {}
            }
            @for row in rows { (drawn(row, lanes)) }
        }
    }
}

fn drawn(row: &Row<'_>, lanes: &BTreeMap<u64, Lane>) -> Markup {
    let x_of = |number: &u64| lanes.get(number).map_or(LEFT, |lane| lane.x);
    let (x, y) = (x_of(&row.survivor), row.y);
    let merges = row.absorbed.iter().map(&x_of);
    let moves = row
        .ids
        .iter()
        .filter(|id| id.to.is_some() || id.says.starts_with("moved"));
    let moves = moves.filter_map(|id| Some((x_of(&id.from?), id.to.map_or(x, |to| x_of(&to)))));
    page! {
        text.faint x="4" y=(y + 4) { (row.seq) }
        @for from in merges {
            path.merge d=(format!("M{from} {}C{from} {y} {from} {y} {x} {y}", y - STEP / 2)) {}
        }
        @for (from, to) in moves {
            @let (tip, back) = if from < to { (to - 6, to - 14) } else { (to + 6, to + 14) };
            path.moved d=(format!("M{from} {y}H{back}")) {}
            path.head d=(format!("M{tip} {y}L{back} {}V{}Z", y - 4, y + 4)) {}
        }
        circle.dot cx=(x) cy=(y) r="5" { title { (sentence(row)) } }
        @for (line, id) in row.ids.iter().enumerate() {
            text x=(x + 10) y=(y + LINE * (line + 1)) { title { (id.says) } (shortened(&id.says)) }
        }
    }
}

fn sentence(row: &Row<'_>) -> String {
    let absorbed = row
        .absorbed
        .iter()
        .map(|number| format!(", absorbs #{number}"));
    let ids = row.ids.iter().map(|id| {
        let place = |word: &str, number: Option<u64>| {
            number.map_or_else(String::new, |number| format!(" {word} #{number}"))
        };
        format!(
            ", {}{}{}",
            id.says,
            place("from", id.from),
            place("to", id.to)
        )
    });
    let rest: String = absorbed.chain(ids).collect();
    format!("{} {}: #{}{rest}.", row.seq, row.kind, row.survivor)
}

fn shortened(says: &str) -> String {
    if says.chars().count() <= SHOWN_CHARACTERS_MAX {
        return says.to_owned();
    }
    let kept: String = says.chars().take(SHOWN_CHARACTERS_MAX - 1).collect();
    kept + "…"
}

/// The rows from top to bottom, and where the drawing ends.
fn rows<'e>(entries: impl Iterator<Item = &'e Value>) -> (Vec<Row<'e>>, usize) {
    let (mut rows, mut y) = (Vec::new(), TOP);
    for entry in entries {
        let decision = &entry["decision"];
        let effects = decision["effects"].as_array().into_iter().flatten();
        let absorbed = decision["absorbed"].as_array().into_iter().flatten();
        let row = Row {
            seq: entry["seq"].as_u64().unwrap_or_default(),
            y,
            survivor: decision["survivor"].as_u64().unwrap_or_default(),
            absorbed: absorbed.filter_map(Value::as_u64).collect(),
            ids: effects.map(effect).collect(),
            kind: entry["command"]["kind"].as_str().unwrap_or_default(),
        };
        y += STEP + LINE * row.ids.len();
        rows.push(row);
    }
    (rows, y)
}

fn effect(effect: &Value) -> OfId {
    let id = |of: &Value| {
        let text = |name: &str| of[name].as_str().unwrap_or_default();
        match text("id_type") {
            "" => String::new(),
            id_type => format!(" {id_type}={}", text("value")),
        }
    };
    let name = effect["effect"].as_str().unwrap_or_default();
    OfId {
        says: format!("{name}{}{}", id(effect), id(&effect["other"])),
        from: effect["from"].as_u64(),
        to: effect["to"].as_u64(),
    }
}

/// A lane begins where its customer is first seen and ends where it is absorbed.
fn lanes(rows: &[Row<'_>]) -> BTreeMap<u64, Lane> {
    let mut lanes = BTreeMap::new();
    for row in rows {
        let sources = row.ids.iter().flat_map(|id| [id.from, id.to]).flatten();
        let seen = row.absorbed.iter().copied().chain(sources);
        for number in seen.chain([row.survivor]) {
            let x = LEFT + lanes.len() * LANE_WIDTH;
            lanes.entry(number).or_insert(Lane {
                x,
                from: row.y,
                to: None,
            });
        }
        for number in &row.absorbed {
            if let Some(lane) = lanes.get_mut(number) {
                lane.to = Some(row.y - STEP / 2);
            }
        }
    }
    lanes
}
