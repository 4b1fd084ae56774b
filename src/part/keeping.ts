// Keeping: how long a kind of rows is kept, as its domain declares it: one line of the admin's list of what is deleted, and when.
import type { Setting } from "./setting.ts"

export interface Keeping {
  /** In words, such as "Answered calls, one by one". */
  what: string
  /** What goes then and what stays: one sentence. */
  goes: string
  /** Days that an admin sets, or in words why and how long: "24 hours". */
  kept: Setting<number> | string
  /** Who deletes it; null = nobody, it stays. */
  job: string | null
}

/** Heading of the settings that say so. */
export const KEEPING_GROUP = "How long things are kept"

/** @param daysMax the most that may be set */
export const daysBetween =
  (daysMin: number, daysMax: number) =>
  (value: number): string | null =>
    value >= daysMin && value <= daysMax ? null : `Give ${daysMin} to ${daysMax} days.`
