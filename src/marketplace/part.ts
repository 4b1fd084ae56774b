// What the marketplace contributes: one part, put together from those of its folders.
import { type Erase, type Hook, type Leaving, type Part, type Person, type Running, takeSteps } from "../part/index.ts"
import type { Tx } from "../store/index.ts"
import { callsPart } from "./calls/contributes.ts"
import { catalogPart } from "./catalog/contributes.ts"
import { hostingPart } from "./hosting/contributes.ts"
import type { Marketplace } from "./index.ts"
import { plansPart } from "./plans/contributes.ts"
import { showcasePart } from "./showcase/contributes.ts"
import { MARKETPLACE_PERSONAL } from "./store-personal.ts"
import { subscriptionsPart } from "./subscriptions/contributes.ts"
import type { MarketHooks, MarketPart, MarketWorks } from "./types.ts"

/** In the order in which they build on each other. */
const PARTS: readonly MarketPart<Marketplace>[] = [
  catalogPart,
  plansPart,
  subscriptionsPart,
  callsPart,
  showcasePart,
  hostingPart,
]

type Lists = "letters" | "settings" | "keeps" | "sealed"
const all = <Name extends Lists>(name: Name) =>
  PARTS.flatMap((part): readonly unknown[] => part[name] ?? []) as unknown as NonNullable<Part[Name]>

export const marketplacePart: Part<MarketWorks<Marketplace>> = {
  name: "marketplace",
  letters: all("letters"),
  settings: all("settings"),
  keeps: all("keeps"),
  sealed: all("sealed"),
  personal: MARKETPLACE_PERSONAL,
  sentences: Object.assign({}, ...PARTS.map(({ sentences }) => sentences)),
  reads: Object.assign({}, ...PARTS.map(({ reads }) => reads)),
  streams: Object.assign({}, ...PARTS.map(({ streams }) => streams)),
  run: (works) => together(PARTS.map((part) => part.run?.(works) ?? {})),
}

function together(parts: readonly (Omit<Running, "lifecycle"> & { lifecycle?: MarketHooks })[]): Running {
  const each = <Name extends "jobs" | "checks" | "system" | "metrics" | "ready" | "firstRun">(name: Name) =>
    parts.flatMap((part): readonly unknown[] => part[name] ?? []) as unknown as NonNullable<Running[Name]>
  const inTurn = (name: "recover" | "catchUp" | "closed") => async () => {
    for (const part of parts) await part[name]?.()
  }
  return {
    jobs: each("jobs"),
    checks: each("checks"),
    system: each("system"),
    metrics: each("metrics"),
    ready: each("ready"),
    firstRun: each("firstRun"),
    handlers: Object.assign({}, ...parts.map(({ handlers }) => handlers)),
    vitals: () => Object.assign({}, ...parts.map((part) => part.vitals?.())),
    recover: inTurn("recover"),
    catchUp: inTurn("catchUp"),
    closed: inTurn("closed"),
    lifecycle: {
      suspended: told("suspended", parts),
      reinstated: told("reinstated", parts),
      passwordChanged: { nothing: "product keys are given to programs, and no password made them" },
      erased: erasedBy(parts),
      leaving: (person) => leavingOf(parts, person),
    },
  }
}

const told =
  (act: "suspended" | "reinstated", parts: readonly { lifecycle?: MarketHooks }[]): Hook & object =>
  (tx: Tx, person: Person) => {
    for (const { lifecycle } of parts) lifecycle?.[act]?.(tx, person)
  }

/** What hangs on rows of others goes before them. */
const erasedBy =
  (parts: readonly { lifecycle?: MarketHooks }[]): Erase =>
  (tx, person, rows) =>
    takeSteps(
      rows,
      parts.toReversed().map(
        ({ lifecycle }) =>
          (left: number) =>
            lifecycle?.erased?.(tx, person, left) ?? 0,
      ),
    )

function leavingOf(parts: readonly { lifecycle?: MarketHooks }[], person: Person): Leaving {
  const said = parts.map(({ lifecycle }) => lifecycle?.leaving?.(person) ?? {})
  return { ends: said.flatMap(({ ends }) => ends ?? []), first: said.flatMap(({ first }) => first ?? []) }
}
