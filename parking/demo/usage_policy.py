"""The demo city's usage policy, in seven parts. Invented; a city's own comes from its council and counsel."""

PARTS = {
    "purposes": "Enforcing time limits and permits on city streets, finding stored and abandoned vehicles, and finding "
    "vehicles on a hotlist that dispatch keeps current. Never: immigration enforcement, face search, following a "
    "person's movements, or any ground that is a protected trait or lawful association.",
    "people": "Parking officers, the parking manager, investigators with a case, captains, and the auditor. Each is "
    "trained in this policy, in misreads, and in the law before the first access, and again every year.",
    "monitoring": "Every access records date, time, query, person, organization and purpose. The auditor reviews the "
    "log every month and reports in numbers; a suspected misuse goes to the chief within a day.",
    "sharing": "Only with a public agency of California, on a written request that names its purpose, decided by a "
    "captain. Never sold, pooled, or given to a federal, out-of-state or private body.",
    "custodian": "Parking manager of the police department.",
    "accuracy": "A read is a guess. A person compares plate, state and vehicle with the pictures before anything "
    "follows. Look-alike letters may stop a citation and never make one. A wrong read is dismissed with its reason, "
    "which counts in the report on each reader.",
    "retention": "Reads that nothing came of are deleted after 30 days under a council resolution; without one nothing "
    "is deleted. Evidence and data on hold stay until they are released. Each deletion leaves a proof.",
}
