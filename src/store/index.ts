// The door of `store`: one SQLite file, one writer, group commit.
export { appliedMigrations, loadMigrations, MigrationError } from "./migrate.ts"
export {
  AlreadyRunningError,
  lockFolder,
  OpenError,
  type OpenOptions,
  openStore,
  openTestStore,
  testCtx,
} from "./open.ts"
export type { Lane, Reader, SqlValue, Store, StoreFaults, StoreStats, Tx, WriteContext } from "./types.ts"
export { OutcomeUnknownError } from "./writer.ts"
