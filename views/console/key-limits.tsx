// How much a key may ask for and spend: what its owner set, and how much of it is used.
import { nano } from "../../src/app/units.ts"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { Count, Credits, type FormView, Notice, Table, When } from "../ui/index.ts"
import { keyPath } from "./keys.tsx"

export interface KeyUseRow {
  label: string
  unit: "credits" | "count"
  /** n$ where the unit is credits. */
  limit: number
  used: number
  /** When it starts anew; null = never. */
  endMs: number | null
  /** False: there is nothing to count of it. */
  isShown: boolean
}

export interface KeyLimitsProps {
  frame: Frame
  now: number
  apiKey: { id: string; name: string }
  used: readonly KeyUseRow[]
  /** What the operator allows this key at most: "60 requests a minute". */
  operator: readonly string[]
  form: FormView
}

export function KeyLimitsPage({ frame, now, apiKey, used, operator, form }: KeyLimitsProps): JSX.Element {
  const shown = used.filter((one) => one.isShown)
  return (
    <EditPage
      frame={frame}
      title={`Limits of ${apiKey.name}`}
      lead="They hold for the next call. An empty field is no limit; 0 lets nothing through. Days, weeks and months are UTC; what was spent in them before counts, too."
      up={{ href: keyPath(apiKey.id), label: apiKey.name }}
      form={form}
      heading="At most"
      cancelHref={keyPath(apiKey.id)}
      before={
        <>
          {operator.length > 0 ? (
            <Notice text={`The operator allows this key at most ${operator.join(", ")}.`} />
          ) : null}
          {shown.length > 0 ? <Used rows={shown} now={now} /> : null}
        </>
      }
    />
  )
}

function Used({ rows, now }: { rows: readonly KeyUseRow[]; now: number }): JSX.Element {
  return (
    <section aria-labelledby="used-title">
      <h2 id="used-title">Used so far</h2>
      <Table
        caption="Used so far"
        hideCaption
        columns={[
          { label: "Limit" },
          { label: "Used", numeric: true },
          { label: "At most", numeric: true },
          { label: "Starts anew" },
        ]}
        rows={rows.map(({ label, unit, used, limit, endMs }) => [
          <span safe>{label}</span>,
          <Amount unit={unit} value={used} />,
          <Amount unit={unit} value={limit} />,
          endMs === null ? <span class="quiet">–</span> : <When ms={endMs} now={now} />,
        ])}
      />
    </section>
  )
}

function Amount({ unit, value }: { unit: KeyUseRow["unit"]; value: number }): JSX.Element {
  return unit === "credits" ? <Credits amount={nano(value)} /> : <Count value={value} />
}
