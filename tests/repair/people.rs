//! The people of the histories: what each is called by, on how many devices, and what others type in their place.
//! Few, so that addresses, numbers and devices are shared often.

/// One person's addresses, numbers and devices.
pub(crate) struct Person {
    /// The same address in several spellings.
    pub(crate) spellings: [&'static str; 5],
    /// An address that is no spelling of the first.
    pub(crate) second_address: &'static str,
    /// The customer number, where a shop sends one in the place of the address.
    pub(crate) number: &'static str,
    pub(crate) crm: [&'static str; 2],
    pub(crate) loyalty: &'static str,
    pub(crate) cookies: [&'static str; 4],
    pub(crate) devices: [&'static str; 2],
    pub(crate) first_name: &'static str,
}

pub(crate) const PEOPLE: [Person; 4] = [
    Person {
        spellings: [
            "ada@example.com",
            "Ada@Example.com",
            "ADA@EXAMPLE.COM",
            " ada@example.com ",
            "ada@example.com\t",
        ],
        second_address: "ada@work.example",
        number: "1001",
        crm: ["C1", "c1"],
        loyalty: "L-1",
        cookies: ["a1", "a2", "a3", "A1"],
        devices: ["phone a", "Phone A"],
        first_name: "Ada",
    },
    Person {
        spellings: [
            "bob@example.com",
            "Bob@example.com",
            "BOB@example.com",
            "bob@example.com ",
            "  Bob@Example.Com",
        ],
        second_address: "bob@work.example",
        number: "1002",
        crm: ["C2", " C2 "],
        loyalty: "L-2",
        cookies: ["b1", "b2", "b3", " b1 "],
        devices: ["phone b", " phone b"],
        first_name: "Bob",
    },
    Person {
        spellings: [
            "čeněk@example.com",
            "Čeněk@example.com",
            "ČENĚK@example.com",
            "\u{a0}čeněk@example.com",
            "čeněk@Example.com",
        ],
        second_address: "cenek@example.com",
        number: "1003",
        crm: ["C3", "C2"],
        loyalty: "L-3",
        cookies: ["c1", "c2", "c3", "c4"],
        devices: ["phone c", "phone d"],
        first_name: "Čeněk",
    },
    Person {
        spellings: [
            "dan@example.com",
            "Dan@example.com",
            "DAN@EXAMPLE.COM",
            " Dan@example.com",
            "dan@EXAMPLE.com",
        ],
        second_address: "ada@example.com",
        number: "1004",
        crm: ["C4", "C5"],
        loyalty: "L-4",
        cookies: ["d1", "d2", "d3", "d4"],
        devices: ["phone d", "Phone D"],
        first_name: "Dan",
    },
];

/// What is typed when nobody gives an address: placeholders, a family's address, and what is none.
/// `-@-` is shaped like an address, and no project takes it as an ID.
pub(crate) const NOBODYS: [&str; 9] = [
    "family@example.com",
    "Family@Example.com",
    "test@test.cz",
    "n/a",
    "ada[at]example.com",
    "ada@",
    "-@-",
    " -@- ",
    "",
];
