// Signs of unusual use of APIs: what was seen, and what whoever looked found.
import { plural } from "../ui/format.ts"
import { Badge, Button, RowLink, Table, When } from "../ui/index.ts"

export interface AdminSign {
  id: number
  product: { id: string; title: string }
  /** What was seen, as a sentence. */
  words: string
  lastMs: number
  times: number
  /** Null = nobody looked yet. */
  closedMs: number | null
  /** What an admin found. */
  note: string | null
}

const pathOf = (id: string): string => `/admin/products/${encodeURIComponent(id)}`

export interface SignsProps {
  signs: readonly AdminSign[]
  now: number
  /** Of one product: its name need not stand there. */
  isOne?: boolean
}

export function Signs({ signs, now, isOne }: SignsProps): JSX.Element {
  return (
    <section id="signs" aria-labelledby="signs-title">
      <h2 id="signs-title">Signs of unusual use</h2>
      {signs.length === 0 ? (
        <p class="quiet">None. Keys used from many places, and sudden surges, stand here; they block nothing.</p>
      ) : (
        <Table
          caption="Signs of unusual use"
          hideCaption
          columns={[
            ...(isOne ? [] : [{ label: "Product" }]),
            { label: "What" },
            { label: "Last seen", minor: true },
            { label: "State" },
          ]}
          rows={signs.map((sign) => [
            ...(isOne ? [] : [<RowLink href={`${pathOf(sign.product.id)}#signs`} label={sign.product.title} />]),
            <What sign={sign} />,
            <When ms={sign.lastMs} now={now} />,
            sign.closedMs === null ? (
              <Button small dialog href={`${pathOf(sign.product.id)}/signs/${sign.id}/closing`} label="Close" />
            ) : (
              <Badge tone="neutral" text="Closed" />
            ),
          ])}
        />
      )}
    </section>
  )
}

function What({ sign }: { sign: AdminSign }): JSX.Element {
  return (
    <>
      <span safe>{sign.words}</span>
      {sign.times > 1 ? <span class="quiet" safe>{` Seen ${plural(sign.times, "time")}.`}</span> : null}
      {sign.note === null ? null : (
        <p class="quiet">
          <bdi safe>{sign.note}</bdi>
        </p>
      )}
    </>
  )
}
