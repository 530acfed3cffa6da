"""What a refusal says of a register that is not whole (FR-18)."""

NOT_ALL_ENTERED = "What the records of the matter say against this person is not all in the register."
