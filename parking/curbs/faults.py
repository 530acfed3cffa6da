"""What can be wrong with curb data: an import says every fault at once and yields nothing half done."""

from collections.abc import Sequence

from parking.curbs.types import Fault


class CurbFaults(ValueError):
    """A file cannot be imported; `faults` names each feature, its field and what is wrong."""

    code = "curb_faults"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        more = f", and {len(self.faults) - 1} more" if len(self.faults) > 1 else ""
        super().__init__(f"{first.feature}, {first.field}: {first.message}{more}")


class CurbLosses(ValueError):
    """An export would change what a rule means; `losses` names each rule and what the format cannot say."""

    code = "curb_losses"

    def __init__(self, losses: Sequence[Fault]) -> None:
        self.losses = tuple(losses)
        first = self.losses[0]
        super().__init__(f"{first.feature}, {first.field}: {first.message}")
