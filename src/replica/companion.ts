// Litestream as it is needed here: told what to copy and where to, asked how far it is, and what it keeps beside the database.
import { existsSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { Config, Log, ReplicaConfig } from "../app/index.ts"
import type { Litestream } from "./binary.ts"
import { Child, endOrphan } from "./child.ts"
import { litestreamEnv, writeLitestreamConfig } from "./litestream-config.ts"
import { createProbe03, createProbe05, type Probe } from "./probe.ts"

export interface CompanionDeps {
  config: Config
  replica: ReplicaConfig
  litestream: Litestream
  log: Log
}

export interface Companion {
  child: Child
  probe: Probe
}

/** Its own folder beside the database; without it, it begins anew. */
export const metaFolderOf = ({ config }: Pick<CompanionDeps, "config">): string =>
  join(config.dataDir, ".purser.db-litestream")

export const forgetMeta = (deps: CompanionDeps): void => rmSync(metaFolderOf(deps), { recursive: true, force: true })

/**
 * Something was sent to the folder of that epoch, and Litestream does not know of it any more: this may be another database under the same
 * name, as after the way back, and what was sent of the one before is no part of it.
 * @param sentTo epochs whose folders have something
 */
export const isForgotten = (deps: CompanionDeps, epoch: number, sentTo: readonly (number | undefined)[]): boolean =>
  sentTo.includes(epoch) && !existsSync(metaFolderOf(deps))

/** What a server that was killed left running. */
export const endLeftover = (deps: CompanionDeps): Promise<void> => endOrphan(childOptions(deps))

/** Starts copying to the folder of that epoch. */
export async function startCompanion(deps: CompanionDeps, databasePath: string, epoch: number): Promise<Companion> {
  const { config, replica, litestream } = deps
  const { family } = litestream
  const socketPath = join(config.dataDir, "litestream.sock")
  const metricsPort = family === "0.3" ? freePort() : 0
  const task = { family, databasePath, target: replica.target, epoch, socketPath, metricsPort }
  writeLitestreamConfig(config.dataDir, SETTINGS, task)
  const child = new Child(childOptions(deps))
  await child.start()
  return { child, probe: family === "0.5" ? createProbe05(socketPath, databasePath) : createProbe03(metricsPort) }
}

const SETTINGS = "litestream.yml"

function childOptions({ config, litestream, log }: CompanionDeps) {
  const settings = join(config.dataDir, SETTINGS)
  const command = [litestream.path, "replicate", "-no-expand-env", "-config", settings]
  return { command, env: litestreamEnv(config), dataDir: config.dataDir, log }
}

function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() })
  const port = server.port!
  server.stop(true)
  return port
}
