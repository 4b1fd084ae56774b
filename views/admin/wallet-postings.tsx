// Transactions as they stand in the books: a line each that opens to its entries, who did it and why, and what it is linked to.
import { absoluteTime } from "../ui/format.ts"
import { Button, Table, When } from "../ui/index.ts"
import { Fact } from "./audit.tsx"
import { creditPlaces, exactCredits } from "./exact.ts"

export interface PostingRow {
  id: string
  atMs: number
  type: string
  /** "Storyteller · llm", "gpt-5-mini", or the reason. */
  words: string
  /** What it did to this person's wallet, n$; "0" when it did nothing there. */
  amount: string
  actor: string
  actorId: string
  onBehalfOf: string | null
  reason: string
  requestId: string
  key: string | null
  hash: string
  links: readonly { label: string; id: string }[]
  entries: readonly {
    account: string
    /** Whose; null for the platform. */
    owner: string | null
    lot: string | null
    amount: string
    balanceAfter: string
  }[]
  refundHref?: string | undefined
  reverseHref?: string | undefined
}

export function Postings({
  postings,
  now,
  path,
}: {
  postings: readonly PostingRow[]
  now: number
  path: string
}): JSX.Element {
  const places = creditPlaces(postings.map((posting) => posting.amount))
  return (
    <ol class="postings plain">
      {postings.map((posting) => (
        <li id={posting.id}>
          <details>
            <summary>
              <span class="words">
                <span class="strong" safe>
                  {posting.type}
                </span>
                <bdi class="quiet" safe>
                  {posting.words}
                </bdi>
              </span>
              <span class="amount num" safe>
                {signed(posting.amount, places)}
              </span>
              <When ms={posting.atMs} now={now} />
            </summary>
            <Posting posting={posting} path={path} />
          </details>
        </li>
      ))}
    </ol>
  )
}

const signed = (nano: string, places: number): string =>
  nano === "0" ? "0" : `${nano.startsWith("-") ? "" : "+"}${exactCredits(nano, places)}`

function Posting({ posting, path }: { posting: PostingRow; path: string }): JSX.Element {
  const amounts = creditPlaces(posting.entries.map((entry) => entry.amount))
  const balances = creditPlaces(posting.entries.map((entry) => entry.balanceAfter))
  return (
    <div class="posting">
      <Table
        caption={`Entries of ${posting.id}, in credits`}
        scrolls
        columns={[
          { label: "Account" },
          { label: "Lot" },
          { label: "Amount", numeric: true },
          { label: "Balance after", numeric: true },
        ]}
        rows={posting.entries.map((entry) => [
          <span>
            <span safe>{entry.account}</span>
            {entry.owner === null ? null : <bdi class="quiet" safe>{` of ${entry.owner}`}</bdi>}
          </span>,
          entry.lot ? <code safe>{entry.lot}</code> : <span class="quiet">none</span>,
          <span class="num" title={`n$ ${entry.amount}`} safe>
            {signed(entry.amount, amounts)}
          </span>,
          <span class="num" title={`n$ ${entry.balanceAfter}`} safe>
            {exactCredits(entry.balanceAfter, balances)}
          </span>,
        ])}
      />
      <dl class="facts wide">
        <Fact label="When" text={absoluteTime(posting.atMs)} />
        <Fact label="Who" text={posting.actor} />
        {posting.actorId === posting.actor ? null : <Fact label="As" text={posting.actorId} code />}
        {posting.onBehalfOf ? <Fact label="On behalf of" text={posting.onBehalfOf} code /> : null}
        <Fact label="Reason" text={posting.reason} />
        <Fact label="Request" text={posting.requestId} code />
        {posting.links.map((link) => (
          <Fact label={link.label} text={link.id} href={`${path}/transactions/${encodeURIComponent(link.id)}`} />
        ))}
        {posting.key ? <Fact label="Key" text={posting.key} code /> : null}
        <Fact label="Reference" text={posting.id} href={`${path}/transactions/${encodeURIComponent(posting.id)}`} />
        <Fact label="Hash" text={posting.hash} code />
      </dl>
      {posting.refundHref || posting.reverseHref ? (
        <div class="actions">
          {posting.refundHref ? <Button small dialog href={posting.refundHref} label="Refund" /> : null}
          {posting.reverseHref ? <Button small dialog href={posting.reverseHref} label="Reverse" /> : null}
        </div>
      ) : null}
    </div>
  )
}

/** One of them, open; for links between them. */
export const PostingAlone = Posting
