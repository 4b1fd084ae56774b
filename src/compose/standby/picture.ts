// One picture: a copy of the data as it was, opened as a server that nobody starts. It listens nowhere, runs no job and delivers nothing;
// it is asked for pages alone.
import { rmSync } from "node:fs"
import type { Config, Log } from "../../app/index.ts"
import type { App, Overrides } from "../../compose.ts"
import type { Handler } from "../../http/index.ts"
import { type Follower, NO_REPLICA, type Replica, type Restored } from "../../replica/index.ts"
import { readOnly } from "./read-only.ts"
import { healthOf, noticeOf, onlyOfData } from "./words.ts"

export interface Picture {
  app: App
  handle: Handler
  restored: Restored
  close(): Promise<void>
}

interface Wanted {
  config: Config
  log: Log
  compose(config: Config, overrides: Overrides): Promise<App>
  /** Where the copy lies. */
  to: string
  secretKey: string
  follower: Follower
  restored: Restored
}

/** @throws whatever keeps a server from starting on such data */
export async function openPicture(wanted: Wanted): Promise<Picture> {
  const { config, compose, log, to, secretKey, follower, restored } = wanted
  const replica: Replica = { ...NO_REPLICA, restored: null, health: () => healthOf(follower) }
  const app = await compose(asPicture(config, to, secretKey), {
    log,
    replica,
    notice: () => noticeOf(follower, restored),
    checks: onlyOfData,
  })
  return {
    app,
    handle: app.handler(readOnly(config.baseUrl)),
    restored,
    async close() {
      await app.stop()
      rmSync(to, { recursive: true, force: true })
    },
  }
}

/** The same house without ways out. */
const asPicture = (config: Config, dataDir: string, secretKey: string): Config => ({
  ...config,
  dataDir,
  secretKey,
  replica: null,
  smtpUrl: null,
  adminEmails: [],
  httpListen: null,
  metricsListen: null,
  otlp: null,
})
