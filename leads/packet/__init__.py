"""The packet: everything FR-14 discloses, from the records, by one template."""
