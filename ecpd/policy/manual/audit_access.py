"""Audit and access."""

from ecpd.policy.manual.types import Rule

RULES = (
    Rule("AU-01", "The audit log is append-only and hash-chained.", "Department rule", "every entry", database=True),
    Rule(
        "AU-02",
        "An auditor reads everything about conduct and changes nothing of what others recorded.",
        "Announcement to the council",
        "every action",
    ),
    Rule(
        "AU-03",
        "Every policy decision, allowed or denied, is recorded. What a page showed is part of what was decided on it: "
        "when something changed since the page was opened, the decision is refused and the person is told what.",
        "Announcement to the council",
        "every action",
        database=True,
    ),
    Rule(
        "AU-04",
        "Parameters change only by an amendment that one person proposes and the chief approves. It takes effect on its "
        "day whatever else waits, in its own settings only, and not when they changed since it was proposed. Loosening a "
        "rule that stands on the announcement needs the council item's number and 14 public days; tightening is "
        "immediate; each setting says which direction loosens it. A release's new settings come as a release amendment: "
        "its defaults count, marked, until approved.",
        "Department rule",
        "amendments",
        database=True,
    ),
    Rule(
        "AU-05",
        "No generated prose in reports or packets; if that ever changes, Pen. Code 13663 applies.",
        "Pen. Code 13663",
        "packets",
        note="By construction: packets, notices and reports are built from records by fixed templates, no program that writes "
        "text is installed, and a test asks both. What a person writes is that person's word.",
    ),
    Rule(
        "AU-06",
        "The log is kept for ever. Its head is stamped by an outside time-stamp authority where the department has set "
        "one up; every sealed row is recomputed, and an outsider can verify an export without this software.",
        "Department rule",
        "every entry",
        note="In the database: no entry is changed or deleted (AU-01). Recomputing and stamping are the software's.",
    ),
    Rule(
        "AU-07",
        "Outlier and repeat-target alerts (one person searched again and again, one user far above peers, "
        "off-hours, own name or address) are on by default and go to the auditor.",
        "Department rule",
        "scheduled",
        enforced=False,
    ),
    Rule(
        "AC-01",
        "A second factor for every staff and guest account, with recovery codes and a rescue from the shell; no second "
        "way around it.",
        "CJIS Security Policy",
        "sign-in",
        database=True,
        note="In the database: the last factor of an account stays, a first one is set up once, a recovery code counts "
        "once. That a session has passed one is asked before every page.",
    ),
    Rule(
        "AC-02",
        "After 5 wrong passwords in 15 minutes no more are taken for that account from that source, until an "
        "administrator or the shell releases it; after 20 in a day from any source its password way is slowed, never "
        "locked. A passkey still opens, live sessions stay.",
        "CJIS Security Policy AC-7",
        "sign-in",
        database=True,
        note="In the database: the way is closed by counted failures alone, no longer than the pages close it. That no "
        "password is taken meanwhile is asked at the sign-in.",
    ),
    Rule("AC-03", "A session is locked after 30 idle minutes.", "CJIS Security Policy", "every page"),
    Rule(
        "AC-04",
        "Sealed cases, and what was decided about them, are open to people by name only, and to the auditor. Sealing a "
        "case leaves its captain and who is assigned; whoever loses a case loses its permissions.",
        "Department rule",
        "every case",
        database=True,
        note="In the database: in a sealed case nobody adds evidence, people, notes, leads or what stands on a lead in the "
        "name of who is not named on it (the auditor apart, and who examines second), withdraws, clears, assigns or decides "
        "in such a name, or changes the case on such a person's decision, and sealing and unsealing say why. "
        "Who may look is asked before every page.",
    ),
    Rule(
        "AC-05",
        "Accounts unused for 90 days are disabled; an administrator enables them again. The last administrator stays.",
        "CJIS Security Policy AC-2(3)",
        "every night",
        database=True,
        note="In the database: when an account was last used is never set back, one is disabled without a decision only after "
        "those 90 days, and the last administrator stays.",
    ),
    Rule(
        "AC-06",
        "Data is encrypted in transit with 128 bits or more, and at rest with 256 bits by a module under FIPS 140-3 or an "
        "algorithm under FIPS 197.",
        "CJIS Security Policy SC-13, SC-28",
        "installation",
        enforced=False,
        note="A matter of installation: TLS in front, disk encryption beneath.",
    ),
    Rule(
        "AC-07",
        "No role deletes: records are withdrawn with a reason. What was measured or said stays as it was written; a "
        "record's state changes along its listed steps, and what is set once is set for good.",
        "Department rule",
        "every record",
        database=True,
    ),
    Rule(
        "AC-08",
        "A role starts only the actions that the role table names for it.",
        "Department rule",
        "every action",
        database=True,
        note="In the database: a decision that allows names an account in use with a role that opens the act, by a copy of "
        "the role table that only its owner writes.",
    ),
    Rule(
        "AC-09",
        "A case is open to those it is assigned to, its captain, and roles that read every unsealed case; "
        "only people with that permission on the case add to it or manage it.",
        "Department rule",
        "every case",
        database=True,
        note="In the database: what a row of a case names is of the same case; who enters something into a case, makes a "
        "lead, links evidence or applies may add to the case; access is given, to who works cases, and taken with a decision "
        "on the case; and a search gets a result only while who asked for it may add to its case. Who may look at an "
        "unsealed case is asked before every page and act.",
    ),
    Rule(
        "AC-10",
        "Roles that exclude each other in one account: administrator, auditor, captain or chief, investigator; a guest "
        "of a partner agency has no other role. No account has power beside its roles, and no administrator changes "
        "the own account.",
        "Department rule",
        "accounts",
        database=True,
        note="In the database: also that accounts, roles, names and badge numbers come from another administrator's decision, "
        "and that no name is taken for another's.",
    ),
    Rule(
        "AC-11",
        "Re-authentication every 12 hours; sessions end with the account or role, for good. People see and end their "
        "own.",
        "CJIS Security Policy",
        "every page",
        database=True,
    ),
    Rule(
        "AC-12",
        "The notice of use is acknowledged at each sign-in, on the record.",
        "CJIS Security Policy AC-8",
        "sign-in",
    ),
)
