// What is missing between a server that runs and a service that works: people, providers, prices, books, jobs, the replica.
import { existsSync } from "node:fs"
import { HOUR_MS } from "../../app/index.ts"
import { ReplicaError } from "../../replica/index.ts"
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
