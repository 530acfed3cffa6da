"""An invented city to try parking with: curbs, streets. No row here is anybody's."""
