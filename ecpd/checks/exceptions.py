"""What no CHECK is derived for, or a cheaper one, each with its reason. A test holds every line against the models."""

# Required text that is empty for a while, or was never meant for people.
MAY_BE_EMPTY = {
    "audit.AuditEvent.action": "An entry repeats what its row says, also one from before there were checks.",
    "audit.AuditEvent.actor_label": "A row that a migration or the owner wrote is nobody's act.",
    "audit.Conduct.actor_label": "The database writes the account's name itself, or takes one of a few (au_01_by_their_name).",
    "accounts.User.password": "An account without one cannot be entered by one.",
    "accounts.PasswordLock.source": "Programs write it: an address, or `*` for every source.",
}

# Required JSON that may hold nothing, or that programs write by the second.
MAY_HOLD_NOTHING = {
    "audit.RowShape.columns": "The database's own triggers write it, from its catalog.",
    "leads.GalleryFace.box": "Measured, some hundred faces a second.",
    "leads.GalleryFace.landmarks": "Measured, some hundred faces a second.",
    "policy.Amendment.changes": "A switch is neither text nor a number; that something changes is the amendment's own guard.",
    "policy.Decision.verdicts": "An act that no rule asks about has none.",
    "policy.ManualVersion.parameters": "AU-04's guard works out every setting itself.",
    "policy.ReleaseDefault.bounds": "The owner's, written with the release.",
    "policy.ReleaseDefault.value": "A setting may be empty at first.",
    "parking.Finding.content": "Made while the next reads are looked at.",
}

# Tables that programs write, some of them hundreds of rows a second: a plain expression instead of a function.
WRITTEN_BY_MACHINES = {
    "audit.AuditEvent": "Every row that is written makes one.",
    "audit.ChainSeal": "Every entry of the log gets one.",
    "audit.ChainCheck": "The sealer's, a role that may call nothing of ours.",
    "audit.ChainHead": "The sealer's, a role that may call nothing of ours.",
    "audit.Stamp": "The sealer's, a role that may call nothing of ours.",
    "parking.Read": "A car sends 500 a second after a dead zone.",
    "parking.PlateImage": "Up to three for each read.",
    "parking.Stay": "Changes with each read.",
    "parking.Track": "Changes with each read.",
    "parking.Finding": "Made while the next reads are looked at.",
}

# Text that may be longer than `plain.LONGEST_TEXT`.
MAY_BE_LONG: dict[str, str] = {
    "audit.Stamp.certificates": "An authority's chain, as long as it is; the sealer's role writes it.",
}

# Text that a guard makes of other columns, whatever is written; these are held themselves.
MADE_BY_A_GUARD: dict[str, str] = {
    "accounts.User.name_key": "Made of the user name.",
    "accounts.User.person_key": "Made of rank, name and badge number.",
}

# JSON values whose shape no CHECK holds.
UNSHAPED: dict[str, str] = {
    "audit.AuditEvent.detail": "The database writes it from rows that are held themselves.",
    "audit.ChainCheck.findings": "The sealer's, a role that may call nothing of ours.",
    "audit.ChainCheck.foreign": "The sealer's, a role that may call nothing of ours.",
    "audit.ChainCheck.hands": "The sealer's, a role that may call nothing of ours.",
    "audit.RowShape.by_hash": "The database's own triggers write it, from its catalog.",
    "audit.RowShape.columns": "The database's own triggers write it, from its catalog.",
    "policy.ReleaseDefault.bounds": "The owner's, written with the release.",
    "policy.ReleaseDefault.value": "The owner's; a setting may be anything.",
}

# JSON values and lists of any size, and those that may have another size than `plain.LARGEST_JSON`, in characters.
MAY_BE_LARGE: dict[str, str] = {
    "audit.AuditEvent.detail": "The database writes it from rows that are held themselves.",
    "audit.ChainCheck.findings": "The sealer's, a role that may call nothing of ours; it names every finding.",
    "audit.RowShape.columns": "The database's own triggers write it, from its catalog.",
    "audit.RowShape.by_hash": "The database's own triggers write it, from its catalog.",
}
OF_ANOTHER_SIZE: dict[str, int] = {
    "leads.Corroboration.details": 5_000,  # seven lines of a form; every link of a matter is compared with every other
    "leads.WarrantStep.sections": 5_000_000,  # a packet of 250 searches has 600,000; a captain's decision fits in any case
    "parking.IngestBatch.raw": 20_000_000,  # the batch as a reader sent it, for three days
}
