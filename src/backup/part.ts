// What `backup` contributes: a weekly proof, its line of truth, and that a restored house waits for somebody.
import { type Clock, type Config, DAY_MS, HOUR_MS, MINUTE_MS } from "../app/index.ts"
import type { Check, Job, Part } from "../part/index.ts"
import { BackupError } from "./error.ts"
import { BACKUP_LIMITS as L } from "./limits.ts"
import { BACKUP_SENTENCES } from "./sentences.ts"
import type { Backup } from "./types.ts"

interface Works {
  backup: Backup
  config: Pick<Config, "replica">
  clock: Clock
}

const CTX = { actor: "system:verify-backup", requestId: "job_verify-backup", reason: "try the backup" }

export const backupPart: Part<Works> = {
  name: "backup",
  sentences: BACKUP_SENTENCES,
  run: ({ backup, config, clock }) => ({
    jobs: [askJob(backup), ...(config.replica ? [proveJob(backup)] : [])],
    checks: [() => waits(backup), () => (config.replica ? [lineOf(backup, clock.now())] : [])],
    system: [() => waits(backup), () => (config.replica ? [lineOf(backup, clock.now())] : [])],
    metrics: [
      {
        kind: "gauge",
        name: "backup_proof_ok",
        help: "1 when the last restore of the backup into a folder of its own was well; no line before the first.",
        read: () => last(backup, ({ ok }) => ok),
      },
      {
        kind: "gauge",
        name: "backup_proof_timestamp_seconds",
        help: "When the backup was last tried.",
        read: () => last(backup, ({ atMs }) => atMs / 1_000),
      },
    ],
    recover: () => backup.recover(),
  }),
}

const askJob = (backup: Backup): Job => ({
  name: "ask-after-restore",
  everyMs: MINUTE_MS,
  atStart: true,
  goesOn: true,
  run: () => backup.askPayments().then(() => false),
})

const proveJob = (backup: Backup): Job => ({
  name: "verify-backup",
  everyMs: L.proveEveryMs,
  firstMs: L.proveFirstMs,
  retryMs: L.proveRetryMs,
  goesOn: true,
  async run({ signal }) {
    const { ok, why } = await backup.prove(CTX, signal)
    if (!ok) throw new BackupError(why ?? "it is not well")
    return false
  },
})

function last(backup: Pick<Backup, "proofs">, of: (proof: ReturnType<Backup["proofs"]>[number]) => number) {
  const [proof] = backup.proofs(1)
  return proof ? of(proof) : []
}

/** Nothing unless the house was just restored. */
function waits(backup: Pick<Backup, "lastRestore">): Check[] {
  const restore = backup.lastRestore()
  if (!restore || restore.lookedMs !== null) return []
  return [
    {
      label: "Restore",
      href: "/admin/restore",
      state: "bad",
      text: "jobs and messages wait for you",
      remedy: "This house was restored from a backup. Look at what was lost, then let it go on.",
    },
  ]
}

function lineOf(backup: Pick<Backup, "proofs" | "provingSinceMs">, nowMs: number): Check {
  const base = { label: "Backup", href: "/admin/system" }
  const [proof] = backup.proofs(1)
  if (!proof && backup.provingSinceMs !== null) return { ...base, state: "ok", text: "being tried" }
  if (!proof)
    return {
      ...base,
      state: "warn",
      text: "never tried",
      remedy: "It is restored into a folder of its own within the first hours, and weekly; System tries it at once.",
    }
  if (!proof.ok)
    return {
      ...base,
      state: "bad",
      text: "did not restore",
      remedy: "System says what is wrong with it. Until it is mended, a lost disk may be lost data.",
    }
  const ageMs = nowMs - proof.atMs
  const text = `restored and verified ${ageMs < HOUR_MS ? "just now" : ageMs < DAY_MS ? `${Math.floor(ageMs / HOUR_MS)} h ago` : `${Math.floor(ageMs / DAY_MS)} d ago`}`
  if (ageMs <= L.proofOldMs) return { ...base, state: "ok", text }
  return {
    ...base,
    state: "warn",
    text,
    remedy: "System tries it at once; Jobs shows why the weekly one does not run.",
  }
}
