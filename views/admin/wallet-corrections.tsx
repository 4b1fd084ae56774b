// Which correction does what to whom: they look alike on a wallet and differ in who bears them.
import { Table } from "../ui/index.ts"

const ROWS: readonly (readonly [act: string, person: string, developer: string, house: string])[] = [
  [
    "Give a bonus",
    "Gets promo credits, which may expire.",
    "Earns when they are spent.",
    "Pays for what is used of them.",
  ],
  [
    "Adjust, set balance",
    "Gets or loses credits; those that would be spent first go first.",
    "Keeps what was earned.",
    "Bears what is given, keeps what is taken.",
  ],
  ["Void a lot", "Loses what is left of that lot.", "Keeps what was earned.", "Keeps what was not used."],
  [
    "Refund a charge",
    "Gets it back into the lots that paid, with their expiry; the app’s limit of that day is free again.",
    "Loses their share of it while it is pending.",
    "Bears the provider’s price, and what the developer keeps.",
  ],
  [
    "Reverse a transaction",
    "Gets the exact opposite of what it did.",
    "The same: what it earned them is taken back.",
    "The same.",
  ],
]

export function WhichCorrection(): JSX.Element {
  return (
    <details class="change">
      <summary>Which one? What each does to the person, the developer and you</summary>
      <Table
        caption="Corrections side by side"
        hideCaption
        columns={[{ label: "Correction" }, { label: "The person" }, { label: "The developer" }, { label: "You" }]}
        rows={ROWS.map(([act, ...rest]) => [
          <span class="strong" safe>
            {act}
          </span>,
          ...rest.map((words) => <span safe>{words}</span>),
        ])}
      />
    </details>
  )
}
