// What Litestream is told, as a file without secrets: keys come to it by the environment. JSON is YAML.
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { type Config, LIMITS, type ReplicaTarget } from "../app/index.ts"
import type { Family } from "./binary.ts"
import { folderOf } from "./marker.ts"

export interface Task {
  family: Family
  databasePath: string
  target: ReplicaTarget
  epoch: number
  /** Where 0.5 is asked. */
  socketPath: string
  /** …and 0.3, on loopback. */
  metricsPort: number
}

export function writeLitestreamConfig(dataDir: string, name: string, task: Task): string {
  const path = join(dataDir, name)
  writeFileSync(path, JSON.stringify(task.family === "0.5" ? config05(task) : config03(task), null, 1), { mode: 0o600 })
  return path
}

const SYNC = `${LIMITS.replicaSyncMs}ms`
/** 0.3 cannot be told to send, so that whoever waits for it waits for its next looks. */
const SYNC_03 = `${LIMITS.replicaSyncMs / 4}ms`
const LOGGING = { level: "info", type: "json", stderr: true }
/** As many pages as our own checkpoints wait for; fewer would be a write lock and a foreign commit many times a second. */
const pages = (): number => LIMITS.checkpointPages

const config05 = ({ databasePath, target, epoch, socketPath }: Task) => ({
  logging: LOGGING,
  socket: { enabled: true, path: socketPath, permissions: 0o600 },
  // A day is what a restore reads at most after the snapshot; what is older than a month nobody goes back to.
  snapshot: { interval: "24h", retention: `${LIMITS.replicaKeptHours}h` },
  // Each look is a LIST: 5,760 a day by default.
  "l0-retention-check-interval": "5m",
  "shutdown-sync-timeout": `${LIMITS.replicaStopMs}ms`,
  dbs: [
    {
      path: databasePath,
      "monitor-interval": SYNC,
      "min-checkpoint-page-count": pages(),
      replica: { ...placeOf(target, epoch), "sync-interval": SYNC },
    },
  ],
})

const config03 = ({ databasePath, target, epoch, metricsPort }: Task) => ({
  logging: LOGGING,
  addr: `127.0.0.1:${metricsPort}`,
  dbs: [
    {
      path: databasePath,
      "monitor-interval": SYNC_03,
      "min-checkpoint-page-count": pages(),
      "max-checkpoint-page-count": LIMITS.checkpointPagesMax,
      replicas: [
        {
          ...placeOf(target, epoch),
          "sync-interval": SYNC_03,
          "snapshot-interval": "24h",
          retention: `${LIMITS.replicaKeptHours}h`,
        },
      ],
    },
  ],
})

function placeOf(target: ReplicaTarget, epoch: number): Record<string, unknown> {
  if (target.kind === "file") return { type: "file", path: join(target.folder, folderOf(epoch)) }
  const { bucket, prefix, endpoint, region } = target
  return {
    type: "s3",
    bucket,
    path: `${prefix}/${folderOf(epoch)}`,
    region,
    ...(endpoint ? { endpoint, "force-path-style": true } : {}),
  }
}

/** Its environment: ours without our own secrets, with the keys under the names that it reads. */
export function litestreamEnv(
  config: Pick<Config, "replicaAccessKeyId" | "replicaSecretAccessKey">,
): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && !/^(PURSER|LITESTREAM|BUN)_|^LOG_LEVEL$/.test(name)) env[name] = value
  // 0.5 cannot start with Amazon's name for it (its client is its own); Go reads the other.
  if (env.AWS_CA_BUNDLE) env.SSL_CERT_FILE ??= env.AWS_CA_BUNDLE
  delete env.AWS_CA_BUNDLE
  if (config.replicaAccessKeyId) env.AWS_ACCESS_KEY_ID = config.replicaAccessKeyId
  if (config.replicaSecretAccessKey) env.AWS_SECRET_ACCESS_KEY = config.replicaSecretAccessKey
  return env
}
