// The door of `store`: one SQLite file, one writer, group commit.

export { ControlError, type ControlVerbs, callControl, serveControl } from "./control.ts"
export { type Copier, createCopier } from "./copier.ts"

export { freshToLend, openTestStore, placeFresh, testCtx, testFolder } from "./fresh.ts"
export { fixIssuer, issuerIn, knownIssuer, lastCommitMs, requireIssuer } from "./issuer.ts"
export { type Keyset, type KeysetPage, keyset, type Order, type Place, pageOf, placeText, readPlace } from "./keyset.ts"
export { loadMigrations, MigrationError, UpgradeError } from "./migrate.ts"
export {
  AlreadyRunningError,
  lockFolder,
  OpenError,
  type OpenOptions,
  openReadOnly,
  openStore,
} from "./open.ts"
export { giveToOwner } from "./owner.ts"
export type { HeavyStreams, Moment } from "./read-streams.ts"
export { answerReads, createReadWorker, type HeavyReads, type ReadWorker } from "./read-worker.ts"
export { type Memory, remember } from "./remember.ts"
export { columnsOf, findRow, inserter, insertRow } from "./rows.ts"
export { checkWhole, readSchema, type Schema } from "./schema.ts"
export { firstIdSince } from "./since.ts"
export {
  copyDatabase,
  PutBackError,
  putBack,
  putInPlace,
  requireKeepable,
  type Snapshot,
  snapshotsOf,
} from "./snapshots.ts"
export { deleteSome, updateSome } from "./some.ts"
export type {
  Kept,
  Lane,
  NotPromise,
  OrmReader,
  Reader,
  SnapshotReader,
  SqlValue,
  Store,
  StoreFaults,
  StoreStats,
  Tx,
  WriteContext,
} from "./types.ts"
