// What `gateway` contributes: the end of calls that lost their process or their person, and whether providers answer.
import { type Clock, type Config, DAY_MS, HOUR_MS, type Log, MINUTE_MS } from "../app/index.ts"
import type { Ledger } from "../ledger/index.ts"
import type { Limits } from "../limits/index.ts"
import { type Check, type Job, type Part, takeSteps } from "../part/index.ts"
import type { Pricing } from "../pricing/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Store, WriteContext } from "../store/index.ts"
import { SEALED_CACHED } from "./cache/keep.ts"
import { CACHE_PERCENT } from "./cache/settings.ts"
import { SEALED_REPEATS } from "./charge/once.ts"
import { gatewayMetrics } from "./figures.ts"
import { LENT_DELETE, LENT_MAKE, SEALED_LENT_KEYS } from "./lent/accounts.ts"
import { LENT_AT_SIGN_UP, LENT_FREE_LIMIT } from "./lent/settings.ts"
import { SEALED_PROVIDER_KEYS } from "./personal/ring.ts"
import { refreshDueLists } from "./refresh-lists.ts"
import { GATEWAY_SENTENCES } from "./sentences.ts"
import { ATTEMPTS_DAYS, GATEWAY_KEEPS } from "./settings.ts"
import { eraseChoices, GATEWAY_PERSONAL } from "./store-personal.ts"
import type { AnswerAlarm, Gateway } from "./types.ts"
import { SEALED_UPSTREAM_KEYS } from "./upstreams/registry.ts"

interface Works {
  gateway: Gateway
  ledger: Pick<Ledger, "recoverHolds" | "sweep">
  limits: Pick<Limits, "noteDead" | "recover">
  log: Log
  store: Pick<Store, "write">
  pricing: Pick<Pricing, "catalogue">
  settings: Pick<Settings, "get" | "byKey">
  clock: Clock
  config: Pick<Config, "demo">
}

const FORGET: WriteContext = {
  actor: "system:forget-attempts",
  requestId: "job_forget-attempts",
  reason: "older than they are kept",
}

/** What is kept for a while, each for its own. */
const forgetting = (store: Works["store"], gateway: Gateway, settings: Pick<Settings, "get">): Job[] => [
  {
    name: "forget-attempts",
    everyMs: HOUR_MS,
    async run({ rows }) {
      const keptMs = settings.get(ATTEMPTS_DAYS) * DAY_MS
      return (await store.write(FORGET, (tx) => gateway.forgetOldAttemptsIn(tx, tx.now - keptMs, rows))) === rows
    },
  },
  {
    name: "forget-items",
    everyMs: MINUTE_MS,
    async run() {
      gateway.forgetItems()
      return false
    },
  },
  {
    name: "forget-idempotency-keys",
    everyMs: HOUR_MS,
    atStart: true,
    run: async ({ rows }) => (await gateway.forgetKeys(rows)) >= rows,
  },
  {
    name: "forget-cached-answers",
    everyMs: HOUR_MS,
    atStart: true,
    run: async ({ rows }) => (await gateway.forgetCached(rows)) >= rows,
  },
  {
    name: "forget-videos",
    everyMs: HOUR_MS,
    run: async ({ rows }) => (await gateway.videos.forget(rows)) >= rows,
  },
]

/** Whoever signed up since it was turned on, once their address is confirmed. */
const lendingJob = (gateway: Gateway, settings: Pick<Settings, "get" | "byKey">): Job => ({
  name: "make-openrouter-accounts",
  everyMs: MINUTE_MS,
  async run({ rows }) {
    if (settings.get(LENT_AT_SIGN_UP) === "off") return false
    const { changedMs } = settings.byKey(LENT_AT_SIGN_UP.key)!
    return (await gateway.openrouter.createDue(changedMs, rows)) >= rows
  },
})

const limitingJob = (gateway: Gateway): Job => ({
  name: "limit-openrouter-accounts",
  everyMs: 5 * MINUTE_MS,
  run: ({ rows }) => gateway.openrouter.limitDue(rows),
})

/** What goes on by itself: prices that are a day old, holds whose call is gone, videos that are made. */
const lookingAfter = ({ gateway, ledger, ...lists }: Omit<Works, "log" | "store" | "limits">): Job[] => [
  {
    name: "refresh-prices",
    // Hourly, for what a day is old: a restart neither repeats nor forgets a read.
    everyMs: HOUR_MS,
    async run({ signal }) {
      await refreshDueLists({ gateway, ...lists }, signal)
      return false
    },
  },
  {
    name: "sweep-holds",
    goesOn: true,
    everyMs: MINUTE_MS / 2,
    // A hold a write; there are no more of them than calls.
    async run() {
      await ledger.sweep(gateway.isAlive)
      return false
    },
  },
  {
    name: "look-after-videos",
    everyMs: MINUTE_MS / 2,
    atStart: true,
    run: () => gateway.videos.lookAfter(),
  },
]

export const gatewayPart: Part<Works> = {
  name: "gateway",
  personal: GATEWAY_PERSONAL,
  sealed: [SEALED_UPSTREAM_KEYS, SEALED_PROVIDER_KEYS, SEALED_LENT_KEYS, SEALED_REPEATS, SEALED_CACHED],
  sentences: GATEWAY_SENTENCES,
  settings: [ATTEMPTS_DAYS, CACHE_PERCENT, LENT_AT_SIGN_UP, LENT_FREE_LIMIT],
  keeps: GATEWAY_KEEPS,
  run: ({ gateway, ledger, limits, log, store, ...lists }) => ({
    handlers: {
      [LENT_MAKE]: (delivery) => gateway.openrouter.make(delivery),
      [LENT_DELETE]: (delivery) => gateway.openrouter.unmake(delivery),
    },
    jobs: [
      lendingJob(gateway, lists.settings),
      limitingJob(gateway),
      ...lookingAfter({ gateway, ledger, ...lists }),
      ...forgetting(store, gateway, lists.settings),
    ],
    lifecycle: {
      suspended: (tx, person) => tx.afterCommit(() => gateway.cutUser(person.id)),
      reinstated: { nothing: "calls that were cut are not taken up again" },
      passwordChanged: { nothing: "a call that runs was allowed when it began" },
      closed: (tx, { id }) => gateway.videos.letGoIn(tx, id),
      erased: (tx, { id }, rows) =>
        takeSteps(rows, [
          (left) => gateway.videos.eraseIn(tx, id, left),
          (left) => eraseChoices(tx, id, left),
          (left) => gateway.providerKeys.eraseIn(tx, id, left),
          () => gateway.openrouter.eraseIn(tx, id),
        ]),
    },
    metrics: gatewayMetrics(gateway),
    checks: [() => service(gateway), () => upstreams(gateway), () => answers(gateway)],
    firstRun: [
      {
        key: "upstream",
        order: 30,
        label: "An AI provider answers",
        isDone: () => gateway.upstreams().some((one) => one.enabled && one.test?.ok),
        remedy: "Add one under Upstreams, test it and turn it on.",
        way: { href: "/admin/upstreams/new", label: "Add a provider" },
      },
    ],
    async recover() {
      await limits.noteDead()
      const { resolved, ...rest } = await ledger.recoverHolds()
      if (resolved > 0) log.warn("ledger.recovered", { resolved, ...rest })
      // After the books: they say what calls that lost their process came to.
      await limits.recover()
    },
  }),
}

function service({ callsInFlight }: Pick<Gateway, "callsInFlight">): Check {
  const running = callsInFlight === 1 ? "1 call running" : `${callsInFlight} calls running`
  return { label: "Service", state: "ok", text: callsInFlight === 0 ? "answering" : `answering, ${running}` }
}

const byAnother = (asked: string, got: string): string => `answered ${asked} by ${got}`
const WORDS: Readonly<Record<AnswerAlarm["what"], (asked: string, got: string) => string>> = {
  "other-model": byAnother,
  "unknown-model": byAnother,
  "over-maximum": (asked) => `went past the maximum of ${asked}`,
  "odd-cost": (asked, got) => `says it took ${got} for ${asked}, and was charged by its prices instead`,
  "below-cost": (asked, got) => `cost more for ${got} than ${asked} is sold for`,
}

/** Answers since the server started that were not what was asked for; nothing when there are none. */
function answers(gateway: Pick<Gateway, "alarms">): Check[] {
  const alarms = gateway.alarms()
  const [first, ...rest] = alarms
  if (!first) return []
  const { upstream, asked, got, count, what } = first
  const words = WORDS[what](asked, got)
  const times = count > 1 ? `, ${count} times` : ""
  const more = rest.length > 0 ? ", and more of the kind" : ""
  return [
    {
      label: "Answers",
      href: "/admin/audit",
      // A server may have a name of its own for a model; only a price would tell.
      state: alarms.every((alarm) => alarm.what === "unknown-model") ? "warn" : "bad",
      text: `${upstream} ${words}${times}${more}`,
      remedy: "Ask the provider why, or turn it off: such calls were charged at no less than what answered costs.",
    },
  ]
}

/** Accounts that calls found out of service: what the test says of them may be older. */
function outOfService(
  gateway: Pick<Gateway, "health">,
  enabled: readonly { name: string; publicId: string }[],
): Pick<Check, "state" | "text" | "remedy"> | null {
  const out = enabled.flatMap(({ name, publicId }) => {
    const why = gateway.health(publicId)?.out ?? null
    return why === null ? [] : [`${name} ${why === "key" ? "refuses its key" : "is out of credit"}`]
  })
  if (out.length === 0) return null
  const remedy = "Mend the account at its provider, or enter another key, then test it: it gets no calls until then."
  return { state: "bad", text: out.join(", "), remedy }
}

function upstreams(gateway: Pick<Gateway, "upstreams" | "health">): Check {
  const known = gateway.upstreams()
  const enabled = known.filter((one) => one.enabled)
  const failing = enabled.filter((one) => one.test && !one.test.ok)
  const base = { label: "Upstreams", href: "/admin/upstreams" }
  if (known.length === 0)
    return {
      ...base,
      href: "/admin/upstreams/new",
      state: "warn",
      text: "none yet: add one",
      remedy: "Without a provider no call can be answered.",
    }
  if (enabled.length === 0)
    return { ...base, state: "warn", text: "all turned off", remedy: "Turn one on under Upstreams." }
  const out = outOfService(gateway, enabled)
  if (out) return { ...base, ...out }
  if (failing.length > 0) {
    const remedy = "Open it to see what it answered; check its key and its address, then test it again."
    return { ...base, state: "bad", text: `${failing.map((one) => one.name).join(", ")} failing`, remedy }
  }
  return { ...base, state: "ok", text: enabled.length === 1 ? "1 answering" : `${enabled.length} answering` }
}
