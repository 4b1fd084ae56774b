// A table of what apps did, parted by app, endpoint, model or kind.
import { Latency } from "../console/figures.tsx"
import { Count, Table, Usd } from "../ui/index.ts"
import type { PartRow } from "./analytics.tsx"

interface PartsProps {
  id: string
  title: string
  head: string
  rows: readonly PartRow[]
}

export function Parts({ id, title, head, rows }: PartsProps): JSX.Element {
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} safe>
        {title}
      </h2>
      <Table
        caption={title}
        hideCaption
        columns={[
          { label: head },
          { label: "Calls", numeric: true },
          { label: "Failed", numeric: true },
          { label: "Active users", numeric: true, minor: true },
          { label: "Mean time", numeric: true, minor: true },
          { label: "Earned", numeric: true },
        ]}
        rows={rows.map((row) => [
          <bdi safe>{row.name}</bdi>,
          <Count value={row.calls} />,
          <Count value={row.errors} />,
          <Count value={row.activeUsers} />,
          <Latency ms={row.latencyMs} />,
          <Usd amount={row.earned} />,
        ])}
      />
    </section>
  )
}
