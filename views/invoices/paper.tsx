// An invoice or a credit note as it is printed, on a page.
import { Facts } from "../layout/detail-page.tsx"
import { Table } from "../ui/index.ts"

export interface PaperProps {
  facts: readonly { label: string; text: string }[]
  seller: readonly string[]
  buyer: readonly string[]
  lines: readonly { text: string; period: string | null; quantity: string; unit: string; amount: string }[]
  totals: readonly { label: string; amount: string; strong?: boolean }[]
  notes: readonly string[]
}

export function Paper({ paper }: { paper: PaperProps }): JSX.Element {
  return (
    <>
      <div class="columns">
        <Party heading="From" lines={paper.seller} />
        <Party heading="Billed to" lines={paper.buyer} />
        <section aria-labelledby="paper-facts">
          <h2 id="paper-facts">Dates</h2>
          <Facts facts={paper.facts} />
        </section>
      </div>
      <section aria-labelledby="paper-lines">
        <h2 id="paper-lines">What it is for</h2>
        <Table
          caption="What it is for"
          hideCaption
          columns={[
            { label: "What" },
            { label: "Quantity", numeric: true },
            { label: "Price", numeric: true },
            { label: "Amount", numeric: true },
          ]}
          rows={paper.lines.map((line) => [
            <>
              <bdi safe>{line.text}</bdi>
              {line.period === null ? null : (
                <span class="quiet" safe>
                  {` ${line.period}`}
                </span>
              )}
            </>,
            <Figure text={line.quantity} />,
            <Figure text={line.unit} />,
            <Figure text={line.amount} />,
          ])}
        />
        <dl class="paper-totals">
          {paper.totals.map(({ label, amount, strong }) => (
            <div class={strong ? "strong" : undefined}>
              <dt safe>{label}</dt>
              <dd class="num" safe>
                {amount}
              </dd>
            </div>
          ))}
        </dl>
        <p class="quiet">Amounts are US dollars.</p>
      </section>
      {paper.notes.map((text) => (
        <p dir="auto" safe>
          {text}
        </p>
      ))}
    </>
  )
}

function Figure({ text }: { text: string }): JSX.Element {
  return (
    <span class="num" safe>
      {text}
    </span>
  )
}

function Party({ heading, lines }: { heading: string; lines: readonly string[] }): JSX.Element {
  return (
    <section>
      <h2 safe>{heading}</h2>
      <address class="party">
        {lines.map((line) => (
          <bdi safe>{line}</bdi>
        ))}
      </address>
    </section>
  )
}
