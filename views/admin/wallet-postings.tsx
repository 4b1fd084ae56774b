// Transactions as they stand in the books: a line each that opens to its entries, who did it and why, and what it is linked to.
import { Button, DayHeading, Id, Table, Time } from "../ui/index.ts"
import { creditPlaces, exactCredits } from "./exact.ts"
import { Fact } from "./fact.tsx"

export interface PostingRow {
  id: string
  atMs: number
  type: string
  /** "charge", "daily claim": what an act on it calls it. */
  noun: string
  /** "Charge of 1.9 credits". */
  title: string
  /** "Storyteller · Chat · gpt-5-mini", or the reason; empty where the type says it all. */
  words: string
  /** What it did to this person's wallet, n$; "0" when it did nothing there. */
  amount: string
  actor: string
  actorId: string
  onBehalfOf: string | null
  /** "Model" of a charge, else "Reason". */
  reasonLabel: string
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
    /** Null where a charge moved an account that many share. */
    balanceAfter: string | null
  }[]
  refundHref?: string | undefined
  reverseHref?: string | undefined
}

const DAY = 86_400_000

/** Newest first, under the UTC days that they are of. */
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
  const days = Map.groupBy(postings, ({ atMs }) => Math.floor(atMs / DAY) * DAY)
  return (
    <>
      {[...days].map(([dayMs, own]) => (
        <div>
          <DayHeading dayMs={dayMs} now={now} />
          <DayPostings postings={own} places={places} path={path} />
        </div>
      ))}
    </>
  )
}

function DayPostings({
  postings,
  places,
  path,
}: {
  postings: readonly PostingRow[]
  places: number
  path: string
}): JSX.Element {
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
                {posting.words ? (
                  <bdi class="quiet" safe>
                    {posting.words}
                  </bdi>
                ) : null}
              </span>
              <span class="amount num" safe>
                {signed(posting.amount, places)}
              </span>
              <Time ms={posting.atMs} kind="clock" />
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

/** The id of a transaction, with a link to it unless it is the one that is shown. */
function Reference({ label, id, path }: { label: string; id: string; path?: string | undefined }): JSX.Element {
  return (
    <div>
      <dt safe>{label}</dt>
      <dd>
        <Id text={id} href={path === undefined ? undefined : `${path}/transactions/${encodeURIComponent(id)}`} />
      </dd>
    </div>
  )
}

function Entries({ posting, caption }: { posting: PostingRow; caption: string }): JSX.Element {
  const amounts = creditPlaces(posting.entries.map((entry) => entry.amount))
  const balances = creditPlaces(posting.entries.flatMap((entry) => entry.balanceAfter ?? []))
  const isShared = posting.entries.some((entry) => entry.balanceAfter === null)
  return (
    <>
      <Table
        caption={caption}
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
          entry.lot ? <Id text={entry.lot} /> : <span class="quiet">none</span>,
          <span class="num" title={`n$ ${entry.amount}`} safe>
            {signed(entry.amount, amounts)}
          </span>,
          entry.balanceAfter === null ? (
            <span class="quiet">not kept</span>
          ) : (
            <span class="num" title={`n$ ${entry.balanceAfter}`} safe>
              {exactCredits(entry.balanceAfter, balances)}
            </span>
          ),
        ])}
      />
      {isShared ? (
        <p class="quiet">Calls move accounts that many share together: only the wallet says what it had after each.</p>
      ) : null}
    </>
  )
}

/** `alone`: on a page of its own. */
export function Posting(props: { posting: PostingRow; path: string; alone?: boolean }): JSX.Element {
  const { posting, path, alone } = props
  return (
    <div class="posting">
      <Entries posting={posting} caption={alone ? "Entries, in credits" : `Entries of ${posting.id}, in credits`} />
      <dl class="facts wide">
        <Fact label="When" value={<Time ms={posting.atMs} />} />
        <Fact label="Who" text={posting.actor} />
        {posting.actorId === posting.actor ? null : <Fact label="As" text={posting.actorId} code />}
        {posting.onBehalfOf ? <Fact label="On behalf of" text={posting.onBehalfOf} /> : null}
        <Fact label={posting.reasonLabel} text={posting.reason} />
        <Fact label="Request" text={posting.requestId} code />
        {posting.links.map((link) => (
          <Reference label={link.label} id={link.id} path={path} />
        ))}
        {posting.key ? <Fact label="Key" text={posting.key} code /> : null}
        <Reference label="Reference" id={posting.id} path={alone ? undefined : path} />
        <Fact label="Hash" text={posting.hash} code />
      </dl>
      {posting.refundHref || posting.reverseHref ? (
        <div class="actions">
          {posting.refundHref ? <Button small dialog href={posting.refundHref} label="Refund this charge" /> : null}
          {posting.reverseHref ? (
            <Button small dialog href={posting.reverseHref} label={`Reverse this ${posting.noun}`} />
          ) : null}
        </div>
      ) : null}
    </div>
  )
}
