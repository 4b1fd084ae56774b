// What is deleted by itself and when, and what stays: one line a kind, with the setting that says so and the job that does it.
import { RowLink, Table, When } from "../ui/index.ts"

export interface KeepingRow {
  what: string
  /** What goes then, and what stays. */
  goes: string
  /** With its unit: "90 days". */
  kept: string
  /** Of the setting; null = it is not set. */
  settingKey: string | null
  /** null = nothing deletes it. */
  job: { name: string; lastRunMs: number | null } | null
}

export function Keepings({ rows, now }: { rows: readonly KeepingRow[]; now: number }): JSX.Element {
  return (
    <section aria-labelledby="keeping-title">
      <h2 id="keeping-title">What is deleted, and when</h2>
      <p class="quiet">Counted in days. A longer time brings nothing back; a shorter one counts from the next run.</p>
      <Table
        caption="What is deleted, and when"
        hideCaption
        columns={[{ label: "Kind" }, { label: "Kept" }, { label: "Deleted by" }, { label: "Last run" }]}
        rows={rows.map(({ what, goes, kept, settingKey, job }) => [
          <span class="person">
            <span safe>{what}</span>
            <span class="quiet" safe>
              {goes}
            </span>
          </span>,
          settingKey === null ? (
            <bdi safe>{kept}</bdi>
          ) : (
            <RowLink href={`/admin/settings/${encodeURIComponent(settingKey)}`} label={kept} />
          ),
          job === null ? "" : <code safe>{job.name}</code>,
          job === null ? "" : <When ms={job.lastRunMs} now={now} never="Not yet" />,
        ])}
      />
    </section>
  )
}
