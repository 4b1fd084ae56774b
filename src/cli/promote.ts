// `purser promote`: takes over from the first server, by the standby that runs on this folder, or here on an empty disk.
import { createLog, readConfig } from "../app/index.ts"
import { type Promoted, promotedOf, takeOverHere } from "../compose.ts"
import { ReplicaError } from "../replica/index.ts"
import { callControl, lockFolder } from "../store/index.ts"
import { UsageError } from "./args.ts"
import { serveHere, stopSignal } from "./serve.ts"
import { JSON_OPTION, type Verb } from "./verb.ts"

export const promote: Verb = {
  words: "promote",
  help: "take over from the first server, for good",
  about: [
    "Takes the right to write the replica, so that the first server can never write it again, restores what it holds, and serves. Where a standby runs on the data folder, that one takes over; else it is done here, on an empty disk, and this command goes on as the server.",
    "It waits for the lease first, to see that the first server gives no sign of life, and refuses when it does: stop that one in order, then nothing is waited for and nothing is lost.",
  ],
  options: [
    { name: "first-is-off", help: "you know that the first server is off: do not wait for its lease" },
    {
      name: "force",
      help: "also when it gives signs of life: it is shut out, and what it may still answer is waited out",
    },
    JSON_OPTION,
  ],
  examples: [
    { run: "promote", does: "when the first server is gone" },
    { run: "promote --first-is-off --json", does: "when you have turned its machine off, for a script" },
  ],
  exits: {
    1: "it did not take over: the first server lives, or the replica cannot be read; the first server can go on",
    5: "another server was quicker",
  },
  async run(args) {
    const config = readConfig(args.flags, process.env)
    const word = { force: args.switches.has("force"), firstIsOff: args.switches.has("first-is-off") }
    if (word.force && word.firstIsOff) throw new UsageError("--force and --first-is-off exclude each other")
    const isJson = args.switches.has("json")
    const asked = await callControl(config.dataDir, "promote", word)
    if (asked) {
      console.log(isJson ? JSON.stringify(asked.result) : sentence(asked.result as Answer))
      return 0
    }
    if (!config.replica) throw new ReplicaError("there is no replica to take over: set PURSER_REPLICA_URL")
    const lock = lockFolder(config.dataDir)
    try {
      const log = createLog({ level: config.logLevel, format: config.logFormat })
      const beganMs = performance.now()
      const stop = stopSignal()
      const { app, restored } = await takeOverHere(config, log, word)
      return await serveHere(config, app, stop, (url) => {
        const done = promotedOf(restored, { tookMs: Math.round(performance.now() - beganMs), url })
        console.log(isJson ? JSON.stringify(done) : sentence(done))
      })
    } finally {
      lock.release()
    }
  },
}

type Answer = Promoted | { isFirst: true }

const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23).replace("T", " ")} UTC`

function sentence(answer: Answer): string {
  if ("isFirst" in answer) return "This server is the first already; nothing was done."
  const { lastMs, heldMs, tookMs, restoreMs } = answer
  const missing =
    lastMs < heldMs
      ? ` The replica was known to hold changes up to ${moment(heldMs)}; you accepted that they are lost.`
      : ""
  return (
    `Taken over after ${(tookMs / 1_000).toFixed(1)} s, of which ${(restoreMs / 1_000).toFixed(1)} s to restore. ` +
    `Everything up to ${moment(lastMs)} is here.${missing}`
  )
}
