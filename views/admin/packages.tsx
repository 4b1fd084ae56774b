// Credits for sale: packages with their price and what is on top.
import type { Nano } from "../../src/app/units.ts"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { creditsText, plural, usdText } from "../ui/format.ts"
import { Badge, Button, Id, Notice, RowLink, Usd } from "../ui/index.ts"

export interface PackageRow {
  slug: string
  name: string
  priceNano: Nano
  bonusNano: Nano
  bonusDays: number | null
  active: boolean
}

export interface AdminPackagesProps {
  frame: Frame
  packages: readonly PackageRow[]
  /** Whether a key of the payment service is set. */
  isOn: boolean
  /** No more can be added. */
  isFull: boolean
}

export const packagePath = (slug: string): string => `/admin/packages/${encodeURIComponent(slug)}`

export const bonusWords = ({ bonusNano, bonusDays }: Pick<PackageRow, "bonusNano" | "bonusDays">): string =>
  bonusNano === 0 ? "none" : `${creditsText(bonusNano)}${bonusDays === null ? "" : ` for ${plural(bonusDays, "day")}`}`

export function AdminPackagesPage({ frame, packages, isOn, isFull }: AdminPackagesProps): JSX.Element {
  return (
    <ListPage
      frame={frame}
      title="Packages"
      section="Admin"
      lead="Credits that people buy. What they pay comes as credits of the same worth, and what you give on top beside it."
      action={
        isFull ? undefined : <Button kind="primary" icon="plus" href="/admin/packages/new" label="Add a package" />
      }
      filters={
        isOn ? undefined : (
          <Notice tone="warn" text="Nothing can be bought yet: there is no key of Stripe.">
            <Button href="/admin/billing/setup" label="Set up payments" />
          </Notice>
        )
      }
      table={{
        caption: "Packages of credits",
        columns: [
          { label: "Package" },
          { label: "State" },
          { label: "Price", numeric: true },
          { label: "Credits", numeric: true },
          { label: "On top", minor: true },
        ],
        rows: packages.map((one) => [
          <span class="person">
            <RowLink href={packagePath(one.slug)} label={one.name} />
            <span class="quiet">
              <Id text={one.slug} />
            </span>
          </span>,
          one.active ? <Badge tone="ok" text="On sale" /> : <Badge tone="warn" text="Off" />,
          <Usd amount={one.priceNano} />,
          <span class="num" safe>
            {creditsText(one.priceNano)}
          </span>,
          <span safe>{bonusWords(one)}</span>,
        ]),
      }}
    />
  )
}

export const soldWords = ({ priceNano }: Pick<PackageRow, "priceNano">): string =>
  `${usdText(priceNano)} for ${creditsText(priceNano)}`
