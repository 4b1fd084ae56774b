// What `replica` contributes: its line of truth, its figures, what /readyz tells of it, and the last sync of a stop. Without a replica it
// says so: one disk is one copy. A replica that is away never turns readiness red: the service goes on without it.
import type { Config } from "../app/index.ts"
import type { Check, Metric, Part } from "../part/index.ts"
import type { Replica } from "./index.ts"

type Kept = Pick<Replica, "health" | "stop" | "mayAnswer">

export const replicaPart: Part<{ replica: Kept; config: Pick<Config, "demo"> }> = {
  name: "replica",
  run: ({ replica, config }) => ({
    checks: [() => lineOf(replica, config.demo)],
    system: [() => lineOf(replica, config.demo)],
    metrics: metricsOf(replica),
    ready: [() => (replica.mayAnswer ? null : FENCED)],
    vitals() {
      const health = replica.health()
      return health ? { replica: health.state, replica_lag_seconds: seconds(health.lagMs) } : {}
    },
    closed: () => replica.stop(),
  }),
}

const FENCED = {
  name: "fenced",
  text: "The replica cannot be reached, and a standby may have taken over: nobody is answered until it can.",
}

function lineOf(replica: Kept, isDemo: boolean): Check[] {
  const health = replica.health()
  if (health) return [{ label: "Replica", state: health.state, text: health.text, remedy: health.remedy }]
  // What is tried in a sandbox is thrown away.
  if (isDemo) return []
  const remedy = "Set PURSER_REPLICA_URL: a lost disk is lost data until then."
  return [{ label: "Replica", state: "warn", text: "none", remedy }]
}

const metricsOf = (replica: Kept): Metric[] => [
  {
    kind: "gauge",
    name: "replica_ok",
    help: "1 while the replica is well; no line without one.",
    read: () => of(replica, ({ state }) => (state === "ok" ? 1 : 0)),
  },
  {
    kind: "gauge",
    name: "replica_lag_seconds",
    help: "How long the oldest change waits that the replica is not known to have; no line without one.",
    read: () => of(replica, ({ lagMs }) => seconds(lagMs)),
  },
]

function of(replica: Kept, value: (health: NonNullable<ReturnType<Kept["health"]>>) => number) {
  const health = replica.health()
  return health ? value(health) : []
}

const seconds = (ms: number): number => Math.round(ms) / 1_000
