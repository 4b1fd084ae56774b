// Limits of backups, each with its unit and reason.
import { DAY_MS, HOUR_MS } from "../app/index.ts"

export const BACKUP_LIMITS = {
  /** A week: what Litestream keeps reaches back for four. */
  proveEveryMs: 7 * DAY_MS,
  /** The first one: once the first whole copy has surely been sent. */
  proveFirstMs: HOUR_MS,
  /** A proof restores everything; one that fails is not tried again at once. */
  proveRetryMs: HOUR_MS,
  /** A proof that is older is said as a warning: two were missed. */
  proofOldMs: 15 * DAY_MS,
  /** A database of some hundred gigabytes; what takes longer hangs. */
  proveMsMax: 12 * HOUR_MS,
  /** A proof that is asked to end gets this long to clear up, ms. */
  endMs: 2_000,
  /** Rows of proofs: two years of weekly ones. */
  proofsKept: 104,
  /** Bytes that stay free for the server while a copy is tried: it writes its log meanwhile. */
  roomLeftBytes: 512 * 1024 * 1024,
  /** Bytes a restore needs beside the database itself: the newest log, drafts. */
  roomBesideBytes: 64 * 1024 * 1024,
  /** How many times larger than its compressed copy a database is taken to be where nobody knows its size. */
  unpacked: 4,
  /** `backup now` waits so long for the replica, ms. */
  nowWaitMs: 60_000,
  /** Of a message about what is wrong. */
  whyCharsMax: 1_000,
} as const
