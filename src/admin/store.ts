// What the admin's first page counts over the whole house. Reads other domains only through the views they publish
// (DESIGN §2), and runs in the read worker: sums over every user would stop streams on the main thread.
import type { Reader } from "../store/index.ts"

export interface PlatformDay {
  day: number
  calls: number
  errors: number
  charge_nano: number
  upstream_nano: number
  developer_nano: number
}

export interface Overview {
  users: number
  newUsers: number
  apps: number
  days: PlatformDay[]
}

/** @param sinceDay first UTC day of the series; the last is today */
export function overview(reader: Reader, input: { sinceDay: number; todayMs: number }): Overview {
  const people = reader.get<{ users: number; fresh: number }>(
    "SELECT COUNT(*) AS users, COALESCE(SUM(created_ms >= ?), 0) AS fresh FROM v_identity_users",
    input.todayMs,
  )
  const apps = reader.get<{ n: number }>("SELECT COUNT(*) AS n FROM v_oauth_clients WHERE type <> 'first-party'")
  const days = reader.all<PlatformDay>(
    `SELECT day, calls, errors, charge_nano, upstream_nano, developer_nano FROM v_usage_days
     WHERE mode = 'live' AND day >= ? ORDER BY day`,
    input.sinceDay,
  )
  return { users: people?.users ?? 0, newUsers: people?.fresh ?? 0, apps: apps?.n ?? 0, days }
}
