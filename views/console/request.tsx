// One request of a person: what it came to, and each part of it with its tokens and its price. What was said is kept nowhere.
import type { Nano } from "../../src/app/units.ts"
import { type CallEnded, CallResult } from "../calls/result.tsx"
import { DetailPage } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { count, creditsExact, plural } from "../ui/format.ts"
import { Badge, Count, CreditsUsed, Empty, Id, Table, Time, When } from "../ui/index.ts"
import { type Movement, madeWords, priceWords } from "./movement.tsx"

export interface RequestPart extends CallEnded, Pick<Movement, "made" | "price"> {
  id: string
  isTool: boolean
  /** The model, or the tool and its group. */
  what: string
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  reasoningTokens: number
  latencyMs: number
  /** n$: what it came to, and what of it left the wallet. */
  charge: Nano
  collected: Nano
  /** The answer came from the cache: basis points of what the first one cost. */
  fromCache: { bp: number; ofNano: Nano } | null
}

export interface RequestProps {
  frame: Frame
  id: string
  atMs: number
  app: string | null
  isTest: boolean
  /** n$ of it that the app paid. */
  sponsored: Nano
  endpoint: string
  stream: boolean
  firstTokenMs: number | null
  /** Of an error, what it is. */
  why: string
  /** Older than calls are kept: only what it cost is known. */
  isForgotten: boolean
  /** The person's own keys that were asked, each with what it said. */
  ownKeys: readonly string[]
  parts: readonly RequestPart[]
}

export const requestPath = (id: string): string => `/usage/requests/${encodeURIComponent(id)}`

const sumOf = (parts: readonly RequestPart[], of: "charge" | "collected" | "inputTokens" | "outputTokens"): number =>
  parts.reduce((sum, part) => sum + part[of], 0)

export function RequestPage(props: RequestProps): JSX.Element {
  const { frame, id, atMs, app, isTest, sponsored, endpoint, stream, firstTokenMs, why, isForgotten, ownKeys, parts } =
    props
  const [first] = parts
  const tools = parts.filter(({ isTool }) => isTool).length
  const tokens = { in: sumOf(parts, "inputTokens"), out: sumOf(parts, "outputTokens") }
  const left = sumOf(parts, "charge") - sumOf(parts, "collected")
  return (
    <DetailPage
      frame={frame}
      title="One request"
      lead="What it cost, part by part. What was asked and answered is not kept."
      up={{ href: "/usage", label: "Usage" }}
      state={isTest ? <Badge text="Test credits" /> : undefined}
      stats={[
        { label: "Charged", text: creditsExact((sumOf(parts, "collected") - sponsored) as Nano) },
        { label: "Tokens in", value: <Count value={tokens.in} /> },
        { label: "Tokens out", value: <Count value={tokens.out} /> },
        { label: "Tools", value: <Count value={tools} /> },
      ]}
      facts={{
        heading: "What it was",
        list: [
          { label: "Request", value: <Id text={id} /> },
          { label: "When", value: <Time ms={atMs} /> },
          { label: "Through", text: app ?? "Your own key" },
          { label: "Endpoint", text: isForgotten ? "No longer kept" : `${endpoint}${stream ? ", streamed" : ""}` },
          ...(ownKeys.length > 0 ? [{ label: "Your provider keys", text: `${ownKeys.join("; then ")}.` }] : []),
          ...(first ? [{ label: "Result", value: <CallResult call={first} /> }] : []),
          ...(why === "" ? [] : [{ label: "Why", text: why }]),
          ...(firstTokenMs === null ? [] : [{ label: "To the first word", text: `${count(firstTokenMs)} ms` }]),
          ...(sponsored > 0 ? [{ label: "Paid by the app", text: creditsExact(sponsored) }] : []),
          ...(left > 0 ? [{ label: "Not charged to you", text: creditsExact(left as Nano) }] : []),
        ],
      }}
    >
      <section aria-labelledby="parts-title">
        <h2 id="parts-title">{parts.length > 1 ? "Its parts" : "What it is made of"}</h2>
        <Parts parts={parts} />
        <p class="quiet">
          {"A round is one answer of the model; tools it called are charged by the call. The same charges stand in "}
          <a href="/credits?kind=charges#history">Credits</a>
          {"."}
        </p>
      </section>
    </DetailPage>
  )
}

function Parts({ parts }: { parts: readonly RequestPart[] }): JSX.Element {
  let [rounds, tools] = [0, 0]
  const names = parts.map(({ isTool }) => (isTool ? `Tool ${++tools}` : `Round ${++rounds}`))
  return (
    <Table
      caption="Parts of this request"
      hideCaption
      columns={[
        { label: "Part" },
        { label: "What" },
        { label: "Result" },
        { label: "Tokens in", numeric: true },
        { label: "Tokens out", numeric: true },
        { label: "Price" },
        { label: "Time", numeric: true },
        { label: "Charged", numeric: true },
      ]}
      rows={parts.map((part, at) => [
        <span safe>{names[at]!}</span>,
        <bdi safe>{part.what || "–"}</bdi>,
        <CallResult call={part} />,
        <Tokens all={part.inputTokens} of={part.cachedTokens} words="cached" none={part.isTool} />,
        <Tokens all={part.outputTokens} of={part.reasoningTokens} words="thinking" none={part.isTool} />,
        <span safe>{priceOf(part)}</span>,
        <span class="num" safe>
          {`${count(part.latencyMs)} ms`}
        </span>,
        <span class="num" title={creditsExact(part.collected)} safe>
          {creditsExact(part.charge)}
        </span>,
      ])}
    />
  )
}

function priceOf({ isTool, price, made, charge, fromCache }: RequestPart): string {
  if (fromCache) return `from the cache: ${fromCache.bp / 100}% of ${creditsExact(fromCache.ofNano)}`
  if (isTool) return charge > 0 ? "by the call" : "free when it fails"
  if (made) return made.each === null ? madeWords(made) : `${madeWords(made)}, ${creditsExact(made.each)} each`
  return price ? `${priceWords(price)} a million tokens` : "–"
}

const Tokens = ({ all, of, words, none }: { all: number; of: number; words: string; none: boolean }): JSX.Element => (
  <span class="num" safe>
    {none ? "–" : of === 0 ? count(all) : `${count(all)} (${count(of)} ${words})`}
  </span>
)

export interface RequestRow extends CallEnded {
  id: string
  atMs: number
  app: string | null
  what: string
  /** The app paid. */
  isSponsored: boolean
  /** More than one where tools ran. */
  parts: number
  /** The person's own account at a provider answered. */
  isOwnKey: boolean
  charged: Nano
}

/** The newest, one by one: a section of /usage. */
export function LatestRequests({ rows, now }: { rows: readonly RequestRow[]; now: number }): JSX.Element {
  return (
    <section id="latest" aria-labelledby="latest-title">
      <h2 id="latest-title">Latest requests</h2>
      <Table
        caption="Latest requests"
        hideCaption
        columns={[
          { label: "When" },
          { label: "Through" },
          { label: "What" },
          { label: "Result" },
          { label: "Charged", numeric: true },
        ]}
        rows={rows.map((row) => [
          <a href={requestPath(row.id)}>
            <When ms={row.atMs} now={now} />
          </a>,
          <bdi safe>{row.app ?? "Your own key"}</bdi>,
          <>
            <bdi safe>{row.what || "–"}</bdi>
            {row.parts > 1 ? <span class="quiet" safe>{` · ${plural(row.parts, "part")}`}</span> : null}
            {row.isOwnKey ? <span class="quiet"> · your provider key</span> : null}
          </>,
          <CallResult call={row} />,
          row.isSponsored ? <span class="quiet">Paid by the app</span> : <CreditsUsed amount={row.charged} />,
        ])}
        empty={<Empty title="No request yet" text="Each call of your apps and keys stands here." />}
      />
    </section>
  )
}
