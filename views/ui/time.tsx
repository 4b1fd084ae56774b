// Moments. They are the reader's where the zone is known (a cookie, or scripts), else UTC, and then they say so; the title always has UTC.
import { absoluteTime, dateText, relativeTime } from "./format.ts"
import { localTime } from "./zone.ts"

export interface TimeProps {
  ms: number
  /** The whole moment, its day, or its clock time where a heading has the day. Default "at". */
  kind?: "at" | "day" | "clock" | undefined
}

/** "14 Mar 2026, 10:05" to the reader, "14 Mar 2026, 09:05 UTC" where nobody knows the zone. */
export function Time({ ms, kind = "at" }: TimeProps): JSX.Element {
  const iso = new Date(ms).toISOString()
  const local = localTime(ms)
  const { day, clock } = local ?? { day: dateText(ms), clock: iso.slice(11, 16) }
  const words = kind === "day" ? day : kind === "clock" ? clock : `${day}, ${clock}`
  return (
    <time datetime={iso} title={absoluteTime(ms)} data-time={kind} safe>
      {local ? words : `${words} UTC`}
    </time>
  )
}

/** For titles: the reader's time where it is known, and UTC. */
export function timeTitle(ms: number): string {
  const local = localTime(ms)
  return local ? `${local.day}, ${local.clock} · ${absoluteTime(ms)}` : absoluteTime(ms)
}

const WEEK = 7 * 86_400_000

/** "3 min ago" with the absolute time in the title, kept true while the page is open; from a week on the date. `never` when there is none. */
export function When({ ms, now, never = "Never" }: { ms: number | null; now: number; never?: string }): JSX.Element {
  if (ms === null)
    return (
      <span class="quiet" safe>
        {never}
      </span>
    )
  const far = Math.abs(now - ms) >= WEEK ? localTime(ms)?.day : undefined
  return (
    <time datetime={new Date(ms).toISOString()} title={timeTitle(ms)} data-time="ago" data-ago={String(now - ms)} safe>
      {far ?? relativeTime(ms, now)}
    </time>
  )
}

export interface DayHeadingProps {
  /** Any moment of the day. Days of the books are UTC. */
  dayMs: number
  now: number
  /** What the day came to: a figure with its unit. */
  total?: JSX.Element | undefined
  /** Of the heading; default 3. */
  level?: 2 | 3 | 4 | undefined
  /** Unique on the page: rows of the day can name it. */
  id?: string | undefined
}

const DAY = 86_400_000

/** "Today", "Yesterday" or the date over the rows of one day, and what they add up to. */
export function DayHeading({ dayMs, now, total, level = 3, id }: DayHeadingProps): JSX.Element {
  const ago = Math.floor(now / DAY) - Math.floor(dayMs / DAY)
  const date = dateText(dayMs)
  const words = ago === 0 ? `Today, ${date}` : ago === 1 ? `Yesterday, ${date}` : date
  return (
    <div class="day-heading">
      <tag of={`h${level}`} id={id}>
        <time datetime={new Date(dayMs).toISOString().slice(0, 10)} safe>
          {words}
        </time>{" "}
        <abbr class="quiet" title="Days begin at midnight UTC">
          UTC
        </abbr>
      </tag>
      {total === undefined ? null : <p>{total}</p>}
    </div>
  )
}
