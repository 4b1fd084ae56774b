// What each app used of a group of tools: a section of its page.
import type { Nano } from "../../src/app/units.ts"
import { Credits, Empty, Icon, Segments, Table } from "../ui/index.ts"
import { groupPath } from "./tools.tsx"

export interface ToolUseShown {
  days: number
  ranges: readonly number[]
  rows: readonly {
    /** Null: their own keys, and this page. */
    app: string | null
    calls: number
    failed: number
    spent: Nano
    /** UTC, as in the books. */
    lastDay: string
  }[]
}

export function ToolUse({ group, use }: { group: string; use: ToolUseShown }): JSX.Element {
  const { days, ranges, rows } = use
  return (
    <section id="use" aria-labelledby="use-title">
      <div class="section-head">
        <h2 id="use-title">What used it</h2>
        {rows.length === 0 ? null : (
          <a class="button plain small" href={`${groupPath(group)}/use.csv?days=${days}`} download="">
            <Icon name="download" />
            <span>Download CSV</span>
          </a>
        )}
      </div>
      <Segments
        label="Days shown"
        swap="use"
        links={ranges.map((range) => ({
          href: `${groupPath(group)}?days=${range}`,
          label: `${range} days`,
          current: range === days,
        }))}
      />
      <Table
        caption={`Calls of this group's tools in ${days} days`}
        hideCaption
        columns={[
          { label: "App" },
          { label: "Calls", numeric: true },
          { label: "Failed", numeric: true },
          { label: "Spent", numeric: true },
          { label: "Last day (UTC)" },
        ]}
        rows={rows.map(({ app, calls, failed, spent, lastDay }) => [
          app === null ? <span>Your keys, and you here</span> : <bdi safe>{app}</bdi>,
          <span safe>{calls.toLocaleString("en")}</span>,
          <span safe>{failed.toLocaleString("en")}</span>,
          <Credits amount={spent} />,
          <span safe>{lastDay}</span>,
        ])}
        empty={
          <Empty title={`No call in ${days} days`} text="Calls by apps, agents and your own keys are counted here." />
        }
      />
    </section>
  )
}
