"""Pure parts of citations: numbers, clocks, money, the payment file. No Django models here."""
