// Settings of the replica: where it is, the word that begins a new one, and how long it is waited for.
import { DAY_MS } from "./clock.ts"
import type { Setting, SettingsReader } from "./settings-reader.ts"

export type ReplicaTarget =
  /** A folder on another disk. */
  | { kind: "file"; folder: string }
  /** `endpoint` null = Amazon's own of that region. `prefix` has no slash at either end. */
  | { kind: "s3"; bucket: string; prefix: string; endpoint: string | null; region: string }

/** No secret stands in it: it is logged and shown. */
export interface ReplicaConfig {
  /** As it was given. */
  url: string
  target: ReplicaTarget
  /** The day (UTC) on which an empty replica may be begun: `2026-11-27`. It is the word for "this is a first run", and ends by itself. */
  newOn: string | null
  /** What the database must be called; null = whatever the replica says. */
  instanceId: string | null
  /** The Litestream to run; null = it is looked for. */
  litestream: string | null
  /** How long an answer waits for the replica. */
  waitMs: number
  /** Who has not been heard of for so long is dead. */
  leaseMs: number
  /** What may wait on this disk while the replica is away; more is given up, and a whole copy sent later. */
  backlogBytesMax: number
  /** Nothing is answered once no sign of life could be left for the lease: somebody else may have taken over. */
  fence: boolean
  /** The end, ms, that an operator takes for the whole though more was known to be held; null = such a replica is refused. */
  acceptedMs: number | null
  /** Folders of earlier epochs are deleted once a newer whole one was served from for so long; null = never. */
  oldMs: number | null
  /** How often a standby reads the replica. */
  followMs: number
}

export const REPLICA_SETTINGS = {
  replicaUrl: {
    flag: "replica-url",
    env: "PURSER_REPLICA_URL",
    help: "where a copy of every change goes: s3://bucket/path or file:///folder",
    fallback: "",
  },
  replicaEndpoint: {
    flag: "replica-endpoint",
    env: "PURSER_REPLICA_ENDPOINT",
    help: "address of an S3-compatible store; empty = Amazon's",
    fallback: "",
  },
  replicaRegion: {
    flag: "replica-region",
    env: "PURSER_REPLICA_REGION",
    help: "region of the bucket",
    fallback: "us-east-1",
  },
  replicaAccessKeyId: {
    flag: "",
    env: "PURSER_REPLICA_ACCESS_KEY_ID",
    help: "S3 access key; AWS_ACCESS_KEY_ID counts too",
    fallback: "",
    secret: true,
  },
  replicaSecretAccessKey: {
    flag: "",
    env: "PURSER_REPLICA_SECRET_ACCESS_KEY",
    help: "S3 secret key; AWS_SECRET_ACCESS_KEY counts too",
    fallback: "",
    secret: true,
  },
  replicaNew: {
    flag: "replica-new",
    env: "PURSER_REPLICA_NEW",
    help: "today's date: an empty replica is begun with an empty data folder",
    fallback: "",
  },
  instanceId: {
    flag: "instance-id",
    env: "PURSER_INSTANCE_ID",
    help: "the database that this server belongs to; any other is refused",
    fallback: "",
  },
  litestream: {
    flag: "litestream",
    env: "PURSER_LITESTREAM",
    help: "path of the Litestream to run; empty = beside the executable, then PATH",
    fallback: "",
  },
  replicaWaitSeconds: {
    flag: "replica-wait-seconds",
    env: "PURSER_REPLICA_WAIT_SECONDS",
    help: "how long the answer to money that came in waits for the replica",
    fallback: "5",
  },
  replicaLeaseSeconds: {
    flag: "replica-lease-seconds",
    env: "PURSER_REPLICA_LEASE_SECONDS",
    help: "a server not heard of for so long is taken for dead",
    fallback: "30",
  },
  replicaBacklogMb: {
    flag: "replica-backlog-mb",
    env: "PURSER_REPLICA_BACKLOG_MB",
    help: "what may wait on this disk while the replica is away",
    fallback: "2048",
  },
  replicaFence: {
    flag: "replica-fence",
    env: "PURSER_REPLICA_FENCE",
    help: "on: answer nothing while the replica cannot be reached for the lease; for a house with a standby",
    fallback: "off",
  },
  replicaAccept: {
    flag: "replica-accept",
    env: "PURSER_REPLICA_ACCEPT",
    help: "the moment at which a replica without its end may end, as the refused start names it",
    fallback: "",
  },
  replicaOldDays: {
    flag: "replica-old-days",
    env: "PURSER_REPLICA_OLD_DAYS",
    help: "days of service after which folders of earlier epochs are deleted; 0 = never",
    fallback: "30",
  },
  standbySeconds: {
    flag: "standby-seconds",
    env: "PURSER_STANDBY_SECONDS",
    help: "how often a standby reads the replica",
    fallback: "60",
  },
} as const satisfies Record<string, Setting>

type Name = keyof typeof REPLICA_SETTINGS

type Reader = SettingsReader<Name>

export interface ReplicaPart {
  /** null = no replica. */
  replica: ReplicaConfig | null
  replicaAccessKeyId: string
  replicaSecretAccessKey: string
}

export function readReplica(read: Reader, env: Record<string, string | undefined>): ReplicaPart {
  const raw = (name: Name) => read.raw(name)
  const { problems } = read
  const replicaAccessKeyId = raw("replicaAccessKeyId") || (env.AWS_ACCESS_KEY_ID ?? "")
  const replicaSecretAccessKey = raw("replicaSecretAccessKey") || (env.AWS_SECRET_ACCESS_KEY ?? "")
  const url = raw("replicaUrl")
  const rest = {
    newOn: day(raw("replicaNew"), problems),
    instanceId: raw("instanceId") || null,
    litestream: raw("litestream") || null,
    waitMs: read.whole("replicaWaitSeconds", 0, 60) * 1_000,
    leaseMs: read.whole("replicaLeaseSeconds", 2, 600) * 1_000,
    backlogBytesMax: read.whole("replicaBacklogMb", 64, 1_000_000) * 1_000_000,
    fence: read.oneOf("replicaFence", ["on", "off"], "off") === "on",
    acceptedMs: moment(raw("replicaAccept"), problems),
    oldMs: read.whole("replicaOldDays", 0, 3_650) * DAY_MS || null,
    followMs: read.whole("standbySeconds", 1, 86_400) * 1_000,
  }
  if (!url) return { replica: null, replicaAccessKeyId, replicaSecretAccessKey }
  const target = targetOf(url, raw("replicaEndpoint"), raw("replicaRegion"), problems)
  if (target.kind === "s3" && !(replicaAccessKeyId && replicaSecretAccessKey))
    problems.push(
      "PURSER_REPLICA_ACCESS_KEY_ID and PURSER_REPLICA_SECRET_ACCESS_KEY: an S3 replica needs both (a file: add _FILE to the name)",
    )
  return { replica: { url, target, ...rest }, replicaAccessKeyId, replicaSecretAccessKey }
}

const NOWHERE: ReplicaTarget = { kind: "file", folder: "" }

function targetOf(text: string, endpoint: string, region: string, problems: string[]): ReplicaTarget {
  const wrong = (why: string): ReplicaTarget => {
    problems.push(`PURSER_REPLICA_URL: ${why}; it looks like s3://bucket/path or file:///folder`)
    return NOWHERE
  }
  if (!URL.canParse(text)) return wrong("this is not a URL")
  const url = new URL(text)
  if (url.username || url.password) return wrong("keys do not belong in it, set PURSER_REPLICA_ACCESS_KEY_ID instead")
  if (url.search || url.hash) return wrong("leave out what follows ? or #")
  const path = decodeURIComponent(url.pathname).split("/").filter(Boolean).join("/")
  if (url.protocol === "file:")
    return path && !url.host ? { kind: "file", folder: `/${path}` } : wrong("give a whole path")
  if (url.protocol !== "s3:") return wrong(`"${url.protocol}" is not known`)
  if (!url.host || !path) return wrong("give a bucket and a path")
  if (endpoint && !/^https?:$/.test(URL.canParse(endpoint) ? new URL(endpoint).protocol : ""))
    problems.push(`PURSER_REPLICA_ENDPOINT: "${endpoint}" is not a URL such as https://s3.example.com`)
  return { kind: "s3", bucket: url.host, prefix: path, endpoint: endpoint || null, region }
}

function day(text: string, problems: string[]): string | null {
  if (!text) return null
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))) return text
  problems.push(`PURSER_REPLICA_NEW: "${text}" is not a date such as ${new Date().toISOString().slice(0, 10)}`)
  return null
}

function moment(text: string, problems: string[]): number | null {
  if (!text) return null
  const ms = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(ms)) return ms
  problems.push(`PURSER_REPLICA_ACCEPT: "${text}" is not a moment such as ${new Date().toISOString()}`)
  return null
}
