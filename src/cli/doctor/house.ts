// What is missing between a server that runs and a service that works: people, providers, prices, books, jobs, the replica.
import { existsSync } from "node:fs"
import { HOUR_MS } from "../../app/index.ts"
import { lookAtReplica, ReplicaError } from "../../replica/index.ts"
import { openReadOnly, readSchema } from "../../store/index.ts"
import { factsOf, type HouseFacts } from "./store.ts"
import { type Examine, type Finding, said } from "./types.ts"

export const house: Examine = ({ path, nowMs }) => {
  // Tables of another schema are not asked.
  if (!existsSync(path) || !isCurrent(path)) return []
  const reader = openReadOnly(path)
  let facts: HouseFacts
  try {
    facts = reader.snapshot(() => factsOf(reader, nowMs))
  } finally {
    reader.close()
  }
  return [...people(facts), ...providers(facts), ...books(facts, nowMs), ...work(facts)]
}

function isCurrent(path: string): boolean {
  try {
    const { refused, pending } = readSchema(path)
    return refused === null && pending.length === 0
  } catch {
    return false
  }
}

const people = ({ admins }: HouseFacts): Finding[] =>
  admins > 0
    ? [said("admin", "Admin").ok(admins === 1 ? "1 person" : `${admins} people`)]
    : [said("admin-missing", "Admin").bad("nobody is the admin", "Run: purser setup-link, and open what it prints.")]

function providers({ upstreams, failing, unpriced }: HouseFacts): Finding[] {
  if (upstreams === 0)
    return [
      said("provider-missing", "Upstreams").warn(
        "no AI provider is on",
        "Add one under Admin, Upstreams; without it no call can be answered.",
      ),
    ]
  const found: Finding[] = []
  if (failing.length > 0)
    found.push(
      said("provider-failing", "Upstreams").bad(
        `${failing.join(", ")} failed their last test`,
        "Open it under Upstreams: it shows what was answered; check its key and address.",
      ),
    )
  if (unpriced.length > 0)
    found.push(
      said("models-unpriced", "Prices").warn(
        `without a price, and asked for this week: ${unpriced.join(", ")}`,
        "Set a price under Admin, Prices: such calls are refused.",
      ),
    )
  return found.length > 0 ? found : [said("providers", "Upstreams").ok(upstreams === 1 ? "1 on" : `${upstreams} on`)]
}

function books({ lastProof }: HouseFacts, nowMs: number): Finding[] {
  if (lastProof && !lastProof.ok)
    return [
      said("books-wrong", "Books").bad(
        "do not balance",
        "Run: purser ledger verify. It names what is wrong; keep a copy of the folder before anything else.",
      ),
    ]
  const hours = lastProof ? Math.floor((nowMs - lastProof.startedMs) / HOUR_MS) : null
  if (hours !== null && hours < 24) return [said("books", "Books").ok(`verified ${hours} h ago`)]
  const text = hours === null ? "were never verified" : `were verified ${hours} h ago`
  return [
    said("books-unverified", "Books").warn(
      text,
      "A running server verifies them by the hour; run: purser ledger verify.",
    ),
  ]
}

function work({ failingJobs, deadLetters }: HouseFacts): Finding[] {
  const found: Finding[] = []
  if (failingJobs.length > 0)
    found.push(
      said("jobs-failing", "Jobs").bad(
        `${failingJobs.join(", ")} failed`,
        "The error is in the server’s log; they are tried again at their next turn.",
      ),
    )
  if (deadLetters > 0)
    found.push(
      said("outbox-dead", "Mail").bad(
        `${deadLetters} messages were given up`,
        "Check PURSER_SMTP_URL and the server’s log for what the other side answered.",
      ),
    )
  return found
}

const REFUSALS: readonly (readonly [id: string, words: RegExp])[] = [
  ["replica-of-other-data", /belongs to/],
  ["replica-taken-over", /has taken over/],
  ["replica-doubtful", /the data folder is empty/],
]
/** Where a refusal begins to say what to do. */
const MEND = /[.;] (?=(?:Set|To|use|The address|If|Look)\b)(.*)$/

/** What another holder of the replica, a wrong address or a wrong key would do to the next start. A running server says so itself. */
export const replicaAway: Examine = async ({ config, server }) => {
  const found = server ? null : await lookAtReplica(config)
  if (!found) return []
  const { kind, text } = found
  if (kind === "well") return [said("replica-answers", "Replica").ok(text)]
  if (kind === "held")
    return [
      said("replica-held", "Replica").warn(
        text,
        "If that server still runs, stop it, or give this one a replica of its own (to stand by for it: purser standby); if it is gone, this one takes over at its start.",
      ),
    ]
  if (kind === "refused") {
    const [why = "", mend = "Set PURSER_REPLICA_URL right"] = text.split(MEND, 2)
    const [id] = REFUSALS.find(([, words]) => words.test(text)) ?? ["replica-refuses"]
    return [said(id, "Replica").bad(why, `${mend[0]!.toUpperCase()}${mend.slice(1)}.`)]
  }
  const isAccess = /AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|status 40[13]/.test(text)
  if (isAccess)
    return [
      said("replica-credentials", "Replica").bad(
        `it does not take our keys: ${text}`,
        "Set the access key and its secret as your provider shows them, with leave to read, write, list and delete in that bucket.",
      ),
    ]
  if (/NoSuchBucket/.test(text))
    return [said("replica-bucket", "Replica").bad(text, "Make that bucket, or correct its name in PURSER_REPLICA_URL.")]
  return [
    said("replica-unreachable", "Replica").bad(
      text,
      "Look at PURSER_REPLICA_URL, the endpoint, DNS and the firewall, or mount the disk.",
    ),
  ]
}

export const replica: Examine = ({ config, litestream }) => {
  if (!config.replica)
    return [
      said("replica-missing", "Replica").warn("none", "Set PURSER_REPLICA_URL: until then a lost disk is lost data."),
    ]
  try {
    const { version, unsafe } = litestream()
    if (unsafe === null) return [said("replica", "Replica").ok(`Litestream ${version}`)]
    const finding = said("litestream-unsafe", "Replica")
    return [finding.bad(`Litestream ${version} can lose data: ${unsafe}`, "Use 0.5.17 or newer.")]
  } catch (error) {
    if (!(error instanceof ReplicaError)) throw error
    const remedy = "Put litestream 0.5.17 or newer beside the executable or on PATH, or name it in PURSER_LITESTREAM."
    return [said("litestream-missing", "Replica").bad(error.message, remedy)]
  }
}
