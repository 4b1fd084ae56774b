// A verb that writes asks the running server; when none runs it opens the data folder itself, under its lock.
import { existsSync } from "node:fs"
import { join } from "node:path"
import { type Config, silentLog } from "../app/index.ts"
import { type App, compose } from "../compose.ts"
import { callControl, lockFolder, OpenError } from "../store/index.ts"
import { type ControlInput, type ControlVerb, controlVerbs } from "./control.ts"

export interface Answered {
  result: unknown
  /** The server answered; else it was done here, and a server has yet to start. */
  isRunning: boolean
}

/** @throws AppError or Error with the words of whoever refused, OpenError when there is no database, AlreadyRunningError */
export async function askPurser(config: Config, verb: ControlVerb, input: ControlInput = {}): Promise<Answered> {
  const asked = await callControl(config.dataDir, verb, input)
  if (asked) return { result: asked.result, isRunning: true }
  return { result: await withApp(config, (app) => controlVerbs(app)[verb](input)), isRunning: false }
}

async function withApp<T>(config: Config, work: (app: App) => Promise<T>): Promise<T> {
  // A mistyped folder must not become a new, empty Purser; the first start prints a link by itself.
  if (!existsSync(join(config.dataDir, "purser.db")))
    throw new OpenError(`there is no database in ${config.dataDir}; check --data-dir, or start the server first`)
  const lock = lockFolder(config.dataDir)
  try {
    const app = await compose(config, { log: silentLog })
    try {
      return await work(app)
    } finally {
      await app.stop()
    }
  } finally {
    lock.release()
  }
}
