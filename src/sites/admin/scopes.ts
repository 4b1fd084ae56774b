// Which permission an admin's API key needs for which part of these pages. What stands in no row is for people alone.
import type { AdminScope } from "../../keys/index.ts"

/** The first that fits counts. */
const SCOPES: readonly [prefix: RegExp, scope: AdminScope | null][] = [
  // It holds acts of several kinds.
  [/^\/admin\/users\/bulk\b/, null],
  [/^\/admin\/users\/:user\/(wallet|lots)\b/, "admin:credits"],
  [/^\/admin\/users\/:user\/plan\b/, "admin:plans"],
  [/^\/admin\/users\b/, "admin:users"],
  [/^\/admin\/plans\b/, "admin:plans"],
  [/^\/admin\/(prices|services)\b/, "admin:prices"],
  [/^\/admin\/upstreams\b/, "admin:upstreams"],
  [/^\/admin\/(settings|earnings)\b/, "admin:settings"],
]

export const adminScopeOf = (path: string): AdminScope | null =>
  SCOPES.find(([prefix]) => prefix.test(path))?.[1] ?? null
