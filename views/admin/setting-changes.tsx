// What was changed of settings, by whom and why.
import { Timeline } from "../ui/index.ts"

export interface SettingChange {
  atMs: number
  by: string
  reason: string
  /** "Free credits: 30 days → 14 days". */
  words: string
}

export function SettingChanges({ now, changes }: { now: number; changes: readonly SettingChange[] }): JSX.Element {
  if (changes.length === 0) return ""
  return (
    <section aria-labelledby="changes-title">
      <h2 id="changes-title">Changes</h2>
      <Timeline
        now={now}
        events={changes.map(({ atMs, by, reason, words }) => ({ atMs, title: words, text: `${by}: ${reason}` }))}
      />
    </section>
  )
}
