// What `tls` contributes: the renewal, and how long the certificate lasts.
import { type Clock, type Config, HOUR_MS, hostNames, MINUTE_MS } from "../app/index.ts"
import type { Check, Part } from "../part/index.ts"
import type { Tls } from "./index.ts"
import { daysLeft, isDue } from "./rules.ts"
import { SEALED_CERTIFICATES } from "./store.ts"

interface Works {
  tls: Tls
  clock: Clock
  config: Pick<Config, "acme" | "hosts">
}

export const tlsPart: Part<Works> = {
  name: "tls",
  sealed: [SEALED_CERTIFICATES],
  run: ({ tls, clock, config }) => ({
    jobs: config.acme
      ? [
          {
            name: "renew-certificate",
            goesOn: true,
            everyMs: 6 * HOUR_MS,
            atStart: true,
            // Authorities count failures: five an hour for one host.
            retryMs: 15 * MINUTE_MS,
            run: () => tls.renewIfDue().then(() => false),
          },
        ]
      : [],
    checks: [() => lineOf(tls, hostNames(config.hosts), clock.now())],
    metrics: [
      {
        kind: "gauge",
        name: "certificate_expires_timestamp_seconds",
        help: "When the certificate that is served ends; no line without TLS.",
        read: () => (tls.current ? tls.current.untilMs / 1_000 : []),
      },
    ],
  }),
}

/** Nothing when this server speaks plain HTTP. */
function lineOf(tls: Tls, hosts: readonly string[], nowMs: number): Check[] {
  const { current, isTemporary, refused } = tls
  if (current === null) return []
  const base = { label: "Certificate", href: "/admin/jobs" }
  if (isTemporary) {
    const remedy = `Jobs shows why renew-certificate failed: ${hosts.join(" and ")} must lead here, and port 80 must be reachable.`
    return [{ ...base, state: "bad", text: "not issued yet; browsers warn", remedy }]
  }
  const days = daysLeft(current, nowMs)
  const left = days < 0 ? "has ended" : days === 1 ? "1 day left" : `${days} days left`
  if (refused !== null)
    return [{ ...base, state: "warn", text: `${left}; the new files are not used`, remedy: `${refused}.` }]
  const host = hosts.find((each) => !current.isFor(each))
  if (host !== undefined) {
    const setting = host === hosts[0] ? "the host of PURSER_BASE_URL" : "which a part of this server has for itself"
    const remedy = `Browsers refuse it. Give one for ${host}, ${setting}.`
    return [{ ...base, state: "bad", text: `is not for ${host}`, remedy }]
  }
  if (days < 0)
    return [{ ...base, state: "bad", text: left, remedy: "Replace the files, or see Jobs for what failed." }]
  // Renewal had the time of two tries a day by then.
  if (days < 7 && isDue(current, nowMs))
    return [{ ...base, state: "warn", text: left, remedy: "Replace the files, or see Jobs for what failed." }]
  return [{ ...base, state: "ok", text: left }]
}
