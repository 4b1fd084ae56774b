// Models of the house: names that the operator sells at prices of its own, and what is kept of each.
import type { Nano } from "../../src/app/units.ts"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { usdText } from "../ui/format.ts"
import { Badge, Button, Empty, type FormView, RowLink } from "../ui/index.ts"

export interface HouseRow {
  id: string
  name: string
  /** What answers. */
  model: string
  active: boolean
  input1k: Nano
  output1k: Nano
  fee: Nano
  /** A million tokens, three in for one out. */
  sold: Nano
  /** The same as the provider takes it; null = nobody serves it now. */
  cost: Nano | null
  /** Of what is paid, before developers' shares; null where it cannot be told. */
  keptPercent: number | null
}

export function AdminHouseModelsPage({ frame, models }: { frame: Frame; models: readonly HouseRow[] }): JSX.Element {
  const hasSome = models.length > 0
  const add = <Button kind="primary" icon="plus" href="/admin/models/new" label="Add a model" />
  return (
    <ListPage
      frame={frame}
      title="House models"
      section="Admin"
      lead="Names that you sell at prices of your own. Callers never see which model answers, and a model that no longer covers its cost is not sold."
      action={hasSome ? add : undefined}
      table={{
        caption: "House models",
        columns: [
          { label: "Name" },
          { label: "Answered by" },
          { label: "1,000 in", numeric: true },
          { label: "1,000 out", numeric: true },
          { label: "A call", numeric: true },
          { label: "Kept", numeric: true },
        ],
        rows: models.map((one) => [
          <>
            <RowLink href={`/admin/models/${encodeURIComponent(one.id)}`} label={one.name} />
            {one.active ? null : <Badge tone="neutral" text="Off sale" />}
          </>,
          <bdi safe>{one.model}</bdi>,
          <span safe>{usdText(one.input1k)}</span>,
          <span safe>{usdText(one.output1k)}</span>,
          <span safe>{usdText(one.fee)}</span>,
          <Kept row={one} />,
        ]),
        empty: (
          <Empty
            title="You sell no model under a name of your own"
            text="Give a model a name and a price, and apps can ask for it like any other."
            action={add}
          />
        ),
      }}
      after={
        hasSome ? (
          <p class="quiet">
            “Kept” compares the price with what the provider takes for a million tokens, three in for one out. The
            developer’s share of an app comes out of it.
          </p>
        ) : undefined
      }
    />
  )
}

function Kept({ row }: { row: HouseRow }): JSX.Element {
  if (row.cost === null) return <Badge tone="bad" text="Nobody serves it" />
  if (row.keptPercent === null) return <span class="quiet">Free</span>
  return row.keptPercent < 0 ? <Badge tone="bad" text="Below cost" /> : <span safe>{`${row.keptPercent}%`}</span>
}

export interface HouseModelProps {
  frame: Frame
  /** Null = a new one. */
  name: string | null
  form: FormView
}

export function AdminHouseModelPage({ frame, name, form }: HouseModelProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title={name ?? "Add a house model"}
      section="Admin"
      lead="The price is all that callers pay, through apps and with keys alike."
      up={{ href: "/admin/models", label: "House models" }}
      form={form}
      cancelHref="/admin/models"
    />
  )
}
