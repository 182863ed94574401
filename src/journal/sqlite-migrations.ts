// The journal's tables, as an ordered list of steps: what is in a released version is never changed, only added to.

/** Each takes a file from its place in the list to the next; `user_version` says how many a file has had. */
export const journalMigrations: readonly string[] = [
  `CREATE TABLE runs (
     number INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE
   );
   CREATE TABLE entries (
     -- Of all runs together, rising, never given twice.
     "offset" INTEGER PRIMARY KEY AUTOINCREMENT,
     run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
     -- Milliseconds since 1970.
     at REAL NOT NULL,
     json TEXT NOT NULL
   );
   CREATE INDEX entries_of_run ON entries (run, "offset");
   -- How far each writer has come, so that what is sent again is left out.
   CREATE TABLE writers (
     run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
     writer TEXT NOT NULL,
     seq INTEGER NOT NULL,
     PRIMARY KEY (run, writer)
   ) WITHOUT ROWID;`,
  // A row may hold many pieces of one text: their places, times and lengths (`packed.ts`). Null for a row that is one entry.
  'ALTER TABLE entries ADD COLUMN pieces TEXT',
  // Runs that were deleted for good, so that their programs do not bring them back. Not even a name of them stays.
  `CREATE TABLE deleted_runs (
     -- SHA-256 of the id, in hex.
     hash TEXT PRIMARY KEY,
     -- Milliseconds since 1970.
     at REAL NOT NULL
   ) WITHOUT ROWID;`,
]
