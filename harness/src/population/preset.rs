//! Ready-made rates: shops as one meets them, and one in which every cause of duplicates happens.

use super::Rates;

/// A ready-made set of rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Identifies well; the usual slips.
    SmallShop,
    /// Many devices, many channels, late delivery.
    Marketplace,
    /// Most customers are written by people who type.
    CallCentre,
    /// Families on shared devices with shared addresses.
    FamilyDevices,
    /// Every cause of duplicates of the catalogue, often.
    EveryCause,
    /// Nothing goes wrong.
    Clean,
}

impl Preset {
    /// Every preset.
    pub const ALL: [Self; 6] = [
        Self::SmallShop,
        Self::Marketplace,
        Self::CallCentre,
        Self::FamilyDevices,
        Self::EveryCause,
        Self::Clean,
    ];

    /// Its name on the command line, and what it is.
    pub fn about(self) -> (&'static str, &'static str) {
        match self {
            Self::SmallShop => (
                "small-shop",
                "a shop that identifies well, with the usual slips",
            ),
            Self::Marketplace => (
                "marketplace",
                "many devices and channels, imports, late and repeated delivery",
            ),
            Self::CallCentre => ("call-centre", "customers are written by people who type"),
            Self::FamilyDevices => (
                "family-devices",
                "families on shared devices with shared addresses",
            ),
            Self::EveryCause => (
                "every-cause",
                "every cause of duplicates happens, in a project that does not trim",
            ),
            Self::Clean => (
                "clean",
                "people with several devices who lose cookies, and nothing goes wrong",
            ),
        }
    }

    /// Its rates.
    pub fn rates(self) -> Rates {
        let usual = Rates::default();
        match self {
            Self::SmallShop => usual,
            Self::Marketplace => Rates {
                new_households_per_day: 1000.0,
                visits_per_person: 12.0,
                views_per_visit: 3.0,
                second_device: 0.8,
                cookie_lost: 0.15,
                imported: 0.5,
                synced: 0.3,
                api_wrong_id: 0.05,
                late: 0.05,
                repeated: 0.05,
                ..usual
            },
            Self::CallCentre => Rates {
                calls_in: 0.5,
                caller_number_only: 0.3,
                channels_apart: 0.2,
                placeholder_address: 0.05,
                typo: 0.05,
                recycled_phone: 0.05,
                ..usual
            },
            Self::FamilyDevices => Rates {
                family: 0.9,
                shared_address: 0.4,
                shared_device: 0.8,
                log_out_forgotten: 0.6,
                ..usual
            },
            Self::EveryCause => Rates {
                shared_address: 0.5,
                update_instead_of_identify: 0.05,
                newsletter_sign_up: 0.05,
                double_opt_in: 0.05,
                case_variant: 0.05,
                white_space: 0.05,
                second_account: 0.05,
                import_address_as_property: 0.04,
                import_wrong_id: 0.04,
                channels_apart: 0.08,
                placeholder_address: 0.06,
                people_per_branch: 200.0,
                api_wrong_id: 0.05,
                repair_by_hand: 0.04,
                trims_ids: 0.0,
                ..usual
            },
            Self::Clean => Rates {
                shared_address: 0.0,
                log_out_forgotten: 0.0,
                update_instead_of_identify: 0.0,
                newsletter_sign_up: 0.0,
                double_opt_in: 0.0,
                case_variant: 0.0,
                placeholder_id: 0.0,
                typo: 0.0,
                second_account: 0.0,
                changed_address: 0.0,
                import_address_as_property: 0.0,
                import_wrong_id: 0.0,
                channels_apart: 0.0,
                placeholder_address: 0.0,
                api_wrong_id: 0.0,
                recycled_phone: 0.0,
                // Who never logs in would have a profile by telephone and another by address.
                calls_in: 0.0,
                caller_number_only: 0.0,
                late: 0.0,
                repeated: 0.0,
                ..usual
            },
        }
    }

    /// The preset of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.about().0 == name)
    }
}
