// `purser standby`: follows the replica of another server, shows its pages, and becomes the first when it is told to.
import { createLog, type Log, readConfig, within } from "../app/index.ts"
import { compose, createStandby } from "../compose.ts"
import { RemoteError, ReplicaError, standbyStart } from "../replica/index.ts"
import { type ControlVerbs, lockFolder, serveControl } from "../store/index.ts"
import { controlVerbs } from "./control.ts"
import { serveHere, stopSignal } from "./serve.ts"
import type { Verb } from "./verb.ts"

/** A replica that is away says nothing about whose turn it is. */
const AGAIN_MS = 5_000

export const standby: Verb = {
  words: "standby",
  help: "stand by for another server: follow its replica, and take over when told to",
  about: [
    "Reads the replica of the first server again and again, and shows its pages as they were: read-only, and every page says so. Calls, sign-ins and changes are refused with 503. It needs the settings of the first server and its secret key, and writes nothing into the replica.",
    "`purser promote` makes it the first; it goes on as `purser serve` would, also after a restart. A data folder whose server was replaced is set aside, never deleted, and followed from then on.",
  ],
  examples: [
    {
      run: "standby --replica-url s3://my-bucket/purser --base-url https://ai.example.com --data-dir /var/lib/purser",
      does: "on a second machine, with the key of the first in /var/lib/purser/secret.key",
    },
  ],
  exits: {
    1: "the key, the replica's settings or the port cannot be used",
    3: "another Purser runs on this data folder",
    5: "it had taken over, and another server has taken over from it",
  },
  async run(args) {
    const config = readConfig(args.flags, process.env)
    if (!config.replica)
      throw new ReplicaError("a standby follows a replica: set PURSER_REPLICA_URL as on the first server")
    const log = createLog({ level: config.logLevel, format: config.logFormat })
    const lock = lockFolder(config.dataDir)
    try {
      const asked = stopSignal()
      const begin = await startOf({ config, log, onReplaced: () => {}, onShut: () => {} }, asked)
      if (!begin) return 0
      if (begin === "first") return await serveHere(config, await compose(config, { log }), asked)
      return await standBy(createStandby({ config, log }), config.dataDir, asked)
    } finally {
      lock.release()
    }
  },
}

/** @returns null when it is asked to stop meanwhile */
async function startOf(
  deps: Parameters<typeof standbyStart>[0] & { log: Log },
  asked: Promise<void>,
): Promise<"first" | "follow" | null> {
  let isAsked = false
  void asked.then(() => {
    isAsked = true
  })
  while (!isAsked) {
    try {
      return await standbyStart(deps)
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error
      deps.log.error("standby.waits", { why: error.message, againMs: AGAIN_MS })
      await within(asked, AGAIN_MS)
    }
  }
  return null
}

async function standBy(
  standby: ReturnType<typeof createStandby>,
  dataDir: string,
  asked: Promise<void>,
): Promise<number> {
  const verbs: ControlVerbs = {
    standby: async () => standby.status(),
    checks: async () => standby.checks(),
    promote: ({ force, firstIsOff }) => standby.promote({ force: force === true, firstIsOff: firstIsOff === true }),
  }
  const control = serveControl(dataDir, verbs)
  try {
    await standby.start()
    const app = await Promise.race([asked, standby.promoted])
    if (!app) {
      await standby.stop()
      return 0
    }
    Object.assign(verbs, controlVerbs(app))
    await asked
    app.log.info("stopping", {})
    await app.stop()
    return 0
  } finally {
    await control.stop()
  }
}
