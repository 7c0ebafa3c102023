//! The presets and the rates as Markdown tables, for the terminal and for the harness's page alike.

use super::{Preset, Rates};

/// Every preset with what differs from the defaults, and every rate with its default.
pub fn tables() -> String {
    let presets = Preset::ALL.into_iter().map(preset_row);
    let rates = Rates::ALL
        .iter()
        .map(|(name, default, says)| format!("| `{name}` | {default} | {says} |"));
    let presets = [
        "| Preset | What it is | Rates that differ |",
        "|---|---|---|",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain(presets);
    let rates = [
        "",
        "| Rate | Default | A share, from 0 to 1, unless it says otherwise: of |",
        "|---|---|---|",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain(rates);
    presets.chain(rates).map(|line| line + "\n").collect()
}

fn preset_row(preset: Preset) -> String {
    let (name, says) = preset.about();
    let (usual, rates) = (Rates::default(), preset.rates());
    let differing = usual.values().zip(rates.values());
    let differing = differing.filter(|((_, usual), (_, rate))| usual != rate);
    let written: Vec<String> = differing
        .map(|(_, (name, rate))| format!("`{name}={rate}`"))
        .collect();
    format!("| `{name}` | {says} | {} |", written.join(" "))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_has_these_tables() {
        let page = include_str!("../../README.md");
        let tables = super::tables();
        let hint = "put the tables of `twinfold generate --list` into harness/README.md";
        assert!(page.contains(&tables), "{hint}:\n{tables}");
    }
}
