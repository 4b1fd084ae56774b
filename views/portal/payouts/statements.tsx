// Statements of earnings: which there are, and one, whose lines lead from the beginning to the end.
import type { Nano } from "../../../src/app/units.ts"
import { nano } from "../../../src/app/units.ts"
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { Button, Table, Usd } from "../../ui/index.ts"
import { apportion, usdPlaces, usdStep } from "../../ui/together.ts"

const PATH = "/developer/payouts"

interface Period {
  /** `2026-11` or `2026` */
  period: string
  text: string
}

export interface StatementsProps {
  frame: Frame
  months: readonly Period[]
  years: readonly Period[]
}

export function StatementsPage({ frame, months, years }: StatementsProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Statements"
      section="Developer"
      lead="What you earned and were paid, month by month and year by year (UTC)."
      up={{ href: PATH, label: "Payouts" }}
    >
      <Periods id="years" title="Years" periods={years} />
      <Periods id="months" title="Months" periods={months} />
    </ConsoleLayout>
  )
}

function Periods({ id, title, periods }: { id: string; title: string; periods: readonly Period[] }): JSX.Element {
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} safe>
        {title}
      </h2>
      <Table
        caption={title}
        hideCaption
        compact
        columns={[{ label: "Period" }, { label: "Paper" }]}
        rows={periods.map(({ period, text }) => [
          <a href={`${PATH}/statements/${period}`} safe>
            {text}
          </a>,
          <a href={`${PATH}/statements/${period}/pdf`} aria-label={`${text} as PDF`}>
            PDF
          </a>,
        ])}
      />
    </section>
  )
}

interface Row {
  text: string
  pending: Nano
  available: Nano
}

export interface StatementProps {
  frame: Frame
  period: string
  /** "November 2026" */
  title: string
  /** "VAT ID of Germany ending in 6789" */
  taxNumber: string | null
  /** The period is not over. */
  isRunning: boolean
  opening: Row
  /** They lead from `opening` to `closing`. */
  rows: readonly Row[]
  closing: Row
}

export function StatementPage(props: StatementProps): JSX.Element {
  const { frame, period, title, taxNumber, isRunning, opening, rows, closing } = props
  const all = [opening, ...rows, closing]
  const places = usdPlaces(all.flatMap(({ pending, available }) => [pending, available]))
  return (
    <ConsoleLayout
      frame={frame}
      title={title}
      section="Developer"
      lead={
        isRunning
          ? "So far: this period is not over."
          : "Whole days, UTC. The lines lead from the beginning to the end."
      }
      up={{ href: `${PATH}/statements`, label: "Statements" }}
      action={<Button href={`${PATH}/statements/${period}/pdf`} icon="download" label="PDF" />}
    >
      {taxNumber === null ? null : (
        <p class="quiet page-form" safe>
          {taxNumber}
        </p>
      )}
      <section aria-labelledby="lines-title">
        <h2 id="lines-title" class="sr">
          Lines
        </h2>
        <Table
          caption={title}
          hideCaption
          columns={[{ label: "What" }, { label: "Pending", numeric: true }, { label: "Available", numeric: true }]}
          rows={cells(all, places)}
        />
      </section>
    </ConsoleLayout>
  )
}

/** What stands below each other adds up to the eye, too: the last line is what the ones above it come to. */
function cells(all: readonly Row[], places: number): JSX.Element[][] {
  const moved = (of: (row: Row) => Nano) => {
    const shown = apportion(all.slice(0, -1).map(of), usdStep(places))
    return [...shown, nano(shown.reduce<number>((sum, one) => sum + one, 0))]
  }
  const [pending, available] = [moved((row) => row.pending), moved((row) => row.available)]
  return all.map((row, index) => [
    <span safe>{row.text}</span>,
    <Usd amount={row.pending} places={places} shown={pending[index]} />,
    <Usd amount={row.available} places={places} shown={available[index]} />,
  ])
}
