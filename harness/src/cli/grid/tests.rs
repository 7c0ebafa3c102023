//! Populations as they are asked for, and what is refused.

use super::*;

#[test]
fn sweeps_as_they_are_written() {
    let sweep = "shared_device=0,0.05".parse::<Sweep>().unwrap();
    assert_eq!(sweep.values, [0.0, 0.05]);
    for (written, says) in [
        (
            "shared_device",
            "write NAME=VALUE,VALUE, such as `shared_device=0,0.1`",
        ),
        (
            "shared_device=",
            "`shared_device` has no value to take; write `shared_device=0,0.1`",
        ),
        (
            "shared_device=0,2",
            "the rate `shared_device` is 0 or a share from 0.000001 to 1, and `2` is not",
        ),
        (
            "shared_device=0,x",
            "the rate `shared_device` is 0 or a share from 0.000001 to 1, and `x` is not",
        ),
        (
            "shared_devise=0",
            "there is no rate `shared_devise`; did you mean `shared_device`?",
        ),
        (
            "visits_per_person=0",
            "the rate `visits_per_person` is a number from 1 to 1000, and `0` is not",
        ),
        (
            "shared_device=-1",
            "the rate `shared_device` is 0 or a share from 0.000001 to 1, and `-1` is not",
        ),
        (
            "shared_device=0.1,0.10",
            "`shared_device` takes `0.1` twice",
        ),
        (
            "shoes=1",
            "there is no rate `shoes`; `twinfold generate --list` names them",
        ),
    ] {
        assert_eq!(written.parse::<Sweep>().unwrap_err(), says);
    }
    assert!("visits_per_person=2,20".parse::<Sweep>().is_ok());
}

fn grid() -> Grid {
    Grid {
        preset: vec![Preset::SmallShop],
        people: 10,
        seed: vec![1],
        rate: Vec::new(),
        sweep: Vec::new(),
    }
}

#[test]
fn what_would_distort_a_comparison_is_refused() {
    let slow = |households: f64| vec![("new_households_per_day".to_owned(), households)];
    for (grid, says) in [
        (
            Grid {
                preset: vec![Preset::Clean, Preset::Clean],
                ..grid()
            },
            "`--preset` takes `clean` twice",
        ),
        (
            Grid {
                seed: vec![1, 2, 1],
                ..grid()
            },
            "`--seed` takes `1` twice",
        ),
        (
            Grid {
                rate: [slow(2.0), slow(3.0)].concat(),
                ..grid()
            },
            "`--rate` takes `new_households_per_day` twice",
        ),
        (
            Grid {
                people: 60_000,
                rate: slow(1.0),
                ..grid()
            },
            "60000 people at 1 new households a day may still call after 2106-02-07, and no later time is kept; ask for fewer `--people`, more `new_households_per_day` or fewer `active_days`",
        ),
        (
            Grid {
                people: u64::MAX,
                ..grid()
            },
            "18446744073709551615 people at 300 new households a day may still call after 2106-02-07, and no later time is kept; ask for fewer `--people`, more `new_households_per_day` or fewer `active_days`",
        ),
    ] {
        assert_eq!(grid.settings().unwrap_err(), says);
    }
    let lasting = Grid {
        people: 60_000,
        rate: slow(2.0),
        ..grid()
    };
    assert!(lasting.settings().is_ok());
}

#[test]
fn all_combinations_in_the_order_in_which_they_are_asked_for() {
    let grid = Grid {
        preset: vec![Preset::SmallShop, Preset::CallCentre],
        people: 10,
        seed: vec![1, 2],
        rate: vec![("late".into(), 0.5)],
        sweep: vec![
            "typo=0,0.1".parse().unwrap(),
            "family=0.2,0.3".parse().unwrap(),
        ],
    };
    let settings = grid.settings().unwrap();
    assert_eq!(settings.len(), 16);
    let rates = settings.iter().map(|one| {
        let population = one.people.made_up().unwrap();
        let rates = &population.rates;
        (
            one.name.as_str(),
            population.seed,
            rates.typo,
            rates.family,
            rates.late,
        )
    });
    let rates: Vec<_> = rates.take(5).collect();
    assert_eq!(rates[1], ("small-shop", 1, 0.0, 0.3, 0.5));
    assert_eq!(rates[4], ("small-shop", 2, 0.0, 0.2, 0.5));
    assert_eq!(
        grid.written(),
        "--preset small-shop,call-centre --people 10 --seed 1,2 --rate late=0.5 --sweep typo=0,0.1 --sweep family=0.2,0.3"
    );
}
