// Is everything well? One line of truth, then a few figures, then what waits for somebody.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import { Count, DayChart, type DayPoint, Icon, type IconName, Stat, Usd } from "../ui/index.ts"

export interface Check {
  /** "Service", "Upstreams", "Books", "Jobs". */
  label: string
  state: "ok" | "warn" | "bad"
  /** In a few words: "verified 3 min ago". */
  text: string
  href?: string | undefined
}

export interface AdminHomeProps {
  frame: Frame
  checks: readonly Check[]
  metrics: {
    users: number
    newUsersToday: number
    apps: number
    callsToday: number
    failedCallsToday: number
    /** What all charges of the UTC day came to. */
    chargedToday: Nano
    /** What of it goes to upstreams. */
    upstreamCostToday: Nano
    /** What of it is the platform's. */
    revenueToday: Nano
  }
  /** Credits used over all users, last 30 UTC days, oldest first. */
  days: readonly DayPoint[]
  /** Work that waits, such as unpriced models; those with a count of 0 are left out. */
  queues: readonly { label: string; count: number; href: string }[]
}

const STATE: Record<Check["state"], { icon: IconName; word: string }> = {
  ok: { icon: "check", word: "well" },
  warn: { icon: "alert", word: "needs a look" },
  bad: { icon: "cross", word: "failing" },
}

export function AdminHomePage({ frame, checks, metrics, days, queues }: AdminHomeProps): JSX.Element {
  const worst = checks.some((check) => check.state === "bad")
    ? "bad"
    : checks.some((check) => check.state === "warn")
      ? "warn"
      : "ok"
  const waiting = queues.filter((queue) => queue.count > 0)
  return (
    <ConsoleLayout
      frame={frame}
      title="Overview"
      section="Admin"
      lead="Whether all is well, and what today looks like."
    >
      <section class={`truth ${worst}`} aria-labelledby="truth-title">
        <h2 id="truth-title">
          {worst === "ok" ? "All is well" : worst === "warn" ? "Something needs a look" : "Something is failing"}
        </h2>
        <ul class="plain">
          {checks.map((check) => (
            <li class={check.state}>
              <Icon name={STATE[check.state].icon} />
              <span>
                <span class="sr" safe>{`${STATE[check.state].word}: `}</span>
                {check.href ? (
                  <a href={check.href} safe>
                    {check.label}
                  </a>
                ) : (
                  <span class="strong" safe>
                    {check.label}
                  </span>
                )}
                <span class="quiet" safe>
                  {check.text}
                </span>
              </span>
            </li>
          ))}
        </ul>
      </section>
      {waiting.length > 0 ? (
        <section aria-labelledby="queues-title">
          <h2 id="queues-title">Waiting for you</h2>
          <ul class="plain queues">
            {waiting.map((queue) => (
              <li>
                <a href={queue.href} safe>
                  {queue.label}
                </a>
                <Count value={queue.count} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <section aria-labelledby="today-title">
        <h2 id="today-title">Today (UTC)</h2>
        <dl class="stats">
          <Stat label="Calls" note={plural(metrics.failedCallsToday, "failed", "failed")}>
            <Count value={metrics.callsToday} />
          </Stat>
          <Stat label="Charged">
            <Usd amount={metrics.chargedToday} />
          </Stat>
          <Stat label="Upstream cost">
            <Usd amount={metrics.upstreamCostToday} />
          </Stat>
          <Stat label="Our share">
            <Usd amount={metrics.revenueToday} />
          </Stat>
          <Stat label="Users" note={`${plural(metrics.newUsersToday, "new", "new")} today`}>
            <Count value={metrics.users} />
          </Stat>
          <Stat label="Apps">
            <Count value={metrics.apps} />
          </Stat>
        </dl>
      </section>
      <section aria-labelledby="days-title">
        <h2 id="days-title">Credits used, last 30 days</h2>
        <DayChart title="Credits used per day by everybody, last 30 days" days={days} />
      </section>
    </ConsoleLayout>
  )
}
