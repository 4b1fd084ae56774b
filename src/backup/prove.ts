// The proof of a backup: the newest copy is restored into a folder of its own and tried there. It never touches what serves.
import { join } from "node:path"
import type { Config, Log } from "../app/index.ts"
import { type Copy, type Elsewhere, instanceOf, openElsewhere, ReplicaError } from "../replica/index.ts"
import { BackupError } from "./error.ts"
import { BACKUP_LIMITS as L } from "./limits.ts"
import { bytesLike, requireRoom } from "./room.ts"
import { withScratch } from "./scratch.ts"
import { keyringOf, type Tried, tryCopy } from "./try-copy.ts"
import { tryFile } from "./try-file.ts"
import type { Proof } from "./types.ts"

export interface Prove {
  config: Config
  log: Log
  /** A folder on a disk with room. Default: the data folder. */
  in?: string | undefined
  /** A copy that `backup now FILE` made, in place of the replica. */
  file?: string | undefined
  signal?: AbortSignal
  /** Of the disk; for tests. */
  free?: (folder: string) => number
}

/** Never rejects but for the signal's reason: what went wrong is the finding. */
export async function prove(ask: Prove): Promise<Proof> {
  const startedMs = performance.now()
  const source = ask.file ?? ask.config.replica?.url ?? "nowhere"
  const finding = (tried: Tried | null, why: string | null): Proof => ({
    ok: why === null,
    source,
    tookMs: Math.round(performance.now() - startedMs),
    lastMs: tried?.lastMs ?? null,
    bytes: tried?.bytes ?? null,
    transactions: tried?.transactions ?? null,
    why: why?.slice(0, L.whyCharsMax) ?? null,
  })
  try {
    const tried = await (ask.file === undefined ? ofReplica(ask) : ofFile(ask, ask.file))
    if (tried.keyOpens) return finding(tried, null)
    return finding(
      tried,
      "it restores and its books verify, but there is no secret key here that could be tried on it; put secret.key into the data folder, " +
        "or set PURSER_SECRET_KEY",
    )
  } catch (error) {
    ask.signal?.throwIfAborted()
    return finding(null, (error as Error).message)
  }
}

async function ofReplica(ask: Prove): Promise<Tried> {
  const { config, log, signal } = ask
  const elsewhere = openElsewhere(config, log)
  if (!elsewhere) throw new BackupError("no replica is set (PURSER_REPLICA_URL), so there is nothing to prove")
  const { copy, instance, heldMs } = await newestOf(elsewhere)
  const here = join(config.dataDir, "purser.db")
  const base = ask.in ?? config.dataDir
  const free = ask.free ? { free: ask.free } : {}
  requireRoom(base, bytesLike(here) ?? copy.snapshotBytes * L.unpacked, { leave: L.roomLeftBytes, ...free })
  const keyring = keyringOf(config)
  return withScratch(base, async (folder) => {
    const to = join(folder, "purser.db")
    await bringTwice(elsewhere, { from: copy, to, until: { kind: "latest" }, ...(signal ? { signal } : {}) })
    const expected = { instance: instanceOf(here) ?? instance, heldMs, source: elsewhere.url, keyring }
    return tryCopy(to, expected, signal)
  })
}

/** What a start on an empty disk would restore. @throws BackupError, ReplicaError, RemoteError */
export async function newestOf(elsewhere: Elsewhere): Promise<{ copy: Copy; instance: string; heldMs: number }> {
  const { url } = elsewhere
  const found = await elsewhere.mark()
  if (!found) throw new BackupError(`there is no backup at ${url}: nothing of Purser's stands there`)
  const { whole, instance } = found.marker
  if (!whole) throw new BackupError(`the replica at ${url} was begun, but holds no whole copy yet; wait until it does`)
  const copy = (await elsewhere.copies()).find(({ epoch }) => epoch === whole.epoch)
  if (!copy)
    throw new ReplicaError(`the replica at ${url} has lost its newest copy (folder e${whole.epoch}); look for it there`)
  return { copy, instance, heldMs: whole.heldMs }
}

/** Litestream tidies while we read: what it planned may be gone, and the next plan is another. */
async function bringTwice(elsewhere: Elsewhere, bring: Parameters<Elsewhere["bring"]>[0]): Promise<void> {
  try {
    await elsewhere.bring(bring)
  } catch (error) {
    if (!(error instanceof ReplicaError)) throw error
    await elsewhere.bring(bring)
  }
}

const ofFile = ({ config, signal, in: base, free }: Prove, file: string): Promise<Tried> =>
  tryFile({ config, file, in: base, leave: L.roomLeftBytes, free, signal })
