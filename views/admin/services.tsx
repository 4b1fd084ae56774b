// Metered services: what runs elsewhere and is charged here, what one unit costs, and how much it was used.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { group, plural, usdText } from "../ui/format.ts"
import { Badge, Button, Count, Empty, Id, RowLink, Usd } from "../ui/index.ts"

export interface ServiceRow {
  slug: string
  name: string
  unit: string
  active: boolean
  /** Dollars of one unit, exact. */
  price: string
  quantityMin: number
  quantityMax: number
  /** Of the days that the page names. */
  calls: number
  charged: Nano
}

export interface AdminServicesProps {
  frame: Frame
  services: readonly ServiceRow[]
  days: number
  /** No more can be added. */
  isFull: boolean
}

export const servicePath = (slug: string): string => `/admin/services/${encodeURIComponent(slug)}`

const boundsWords = ({ quantityMin, quantityMax }: ServiceRow): string =>
  quantityMin === quantityMax
    ? `${group(String(quantityMin))}`
    : `${group(String(quantityMin))} to ${group(String(quantityMax))}`

export function AdminServicesPage({ frame, services, days, isFull }: AdminServicesProps): JSX.Element {
  const add = <Button kind="primary" icon="plus" href="/admin/services/new" label="Add a service" />
  const head = {
    frame,
    title: "Services",
    section: "Admin" as const,
    lead: "What your own servers do and Purser charges for, by the piece.",
  }
  if (services.length === 0) {
    return (
      <ConsoleLayout {...head}>
        <Empty
          title="No service yet"
          text="A service is work of your own, such as a search or a voice, with a price for each unit. Add one, then report each use of it by the API."
          action={add}
        />
      </ConsoleLayout>
    )
  }
  return (
    <ListPage
      {...head}
      action={isFull ? undefined : add}
      table={{
        caption: `Services, with the calls of the last ${days} days`,
        columns: [
          { label: "Service" },
          { label: "State" },
          { label: "Price of a unit", numeric: true },
          { label: "Units a call", numeric: true, minor: true },
          { label: `Calls, ${days} d`, numeric: true },
          { label: `Charged, ${days} d`, numeric: true },
        ],
        rows: services.map((service) => [
          <span class="person">
            <RowLink href={servicePath(service.slug)} label={service.name} />
            <span class="quiet">
              <Id text={service.slug} />
            </span>
          </span>,
          service.active ? <Badge tone="ok" text="On" /> : <Badge tone="warn" text="Off" />,
          <span class="person">
            <span class="num" safe>{`$${service.price}`}</span>
            <span class="quiet">
              a <bdi safe>{service.unit}</bdi>
            </span>
          </span>,
          <span class="num" safe>
            {boundsWords(service)}
          </span>,
          <Count value={service.calls} />,
          <Usd amount={service.charged} />,
        ]),
      }}
    />
  )
}

export function usedWords({ calls, charged }: Pick<ServiceRow, "calls" | "charged">, days: number): string {
  if (calls === 0) return `Not used in the last ${days} days.`
  return `${plural(calls, "call")} in the last ${days} days, ${usdText(charged)} charged.`
}
