// The calls of an API, for its publisher: by endpoint, one by one, and signs of unusual use. Nothing of payment, no address of a consumer.
import type { Frame } from "../../layout/frame.ts"
import { plural } from "../../ui/format.ts"
import { Badge, Button, Count, Empty, Form, Id, Notice, Pager, Segments, Table, When } from "../../ui/index.ts"
import { type CallSums, Milliseconds, Sums } from "./home-figures.tsx"
import { ProductFrame, type ProductHead, productPath } from "./product-frame.tsx"

/** As a publisher sees a consumer. */
export interface CallerShown {
  href: string
  /** As they call themselves; may be empty. */
  name: string
}

export interface ProductCallRow {
  requestId: string
  atMs: number
  method: string
  /** The template, or the path that fitted none. */
  path: string
  status: number
  /** Why the gateway refused it, or what failed; null = it was answered. */
  error: string | null
  latencyMs: number
  units: number
  /** "hidden": who reads it may not know who the consumers are. Null: nobody knows. */
  caller: CallerShown | "hidden" | null
}

export interface SignRow {
  id: number
  rule: "networks" | "refusals" | "surge" | "url"
  seen: number
  usual: number
  lastMs: number
  /** "hidden": who reads it may not know who the consumers are. Null: nobody knows. */
  caller: CallerShown | "hidden" | null
}

export interface ProductCallsProps {
  frame: Frame
  now: number
  product: ProductHead
  /** Its server does not answer. */
  isDown: boolean
  sums: CallSums
  /** In the last 30 days; what was refused never reached its server. */
  refused: number
  endpoints: readonly { label: string; sums: CallSums }[]
  signs: readonly SignRow[]
  only: "all" | "errors"
  calls: readonly ProductCallRow[]
  firstHref?: string | undefined
  nextHref?: string | undefined
  keptDays: number
}

export function ProductCallsPage(props: ProductCallsProps): JSX.Element {
  const { frame, product, isDown, sums, refused } = props
  return (
    <ProductFrame frame={frame} product={product} current="calls">
      {isDown ? <Notice tone="bad" text="Its server does not answer. Calls fail, and use no units." /> : null}
      <section aria-labelledby="sums-title">
        <h2 id="sums-title">Last 30 days</h2>
        <Sums sums={sums} />
        {refused === 0 ? null : (
          <p class="quiet" safe>
            {`${plural(refused, "more call")} ${refused === 1 ? "was" : "were"} refused before your server: wrong keys, plans, rates and quotas.`}
          </p>
        )}
      </section>
      <Endpoints {...props} />
      <Signs {...props} />
      <Log {...props} />
    </ProductFrame>
  )
}

function Endpoints({ endpoints }: ProductCallsProps): JSX.Element {
  return (
    <section aria-labelledby="by-endpoint-title">
      <h2 id="by-endpoint-title">By endpoint</h2>
      <Table
        caption="Calls by endpoint"
        hideCaption
        columns={[
          { label: "Endpoint" },
          { label: "Calls", numeric: true },
          { label: "4xx", numeric: true },
          { label: "5xx", numeric: true },
          { label: "p95", numeric: true, minor: true },
        ]}
        rows={endpoints.map(({ label, sums }) => [
          <code safe>{label}</code>,
          <Count value={sums.calls} />,
          <Count value={sums.status4xx} />,
          <Count value={sums.status5xx} />,
          <Milliseconds ms={sums.p95} />,
        ])}
        empty={<Empty title="No call in 30 days" text="Each endpoint that was called stands here." />}
      />
    </section>
  )
}

type Seen = Pick<SignRow, "rule" | "seen" | "usual">

const RULES: Readonly<Record<SignRow["rule"], (sign: Seen) => string>> = {
  networks: ({ seen, usual }) =>
    `One key was used from ${plural(seen, "network")} in an hour; up to ${usual} are usual.`,
  refusals: ({ seen }) => `One key was refused ${plural(seen, "time")} in a minute.`,
  surge: ({ seen, usual }) => `${plural(seen, "call")} in a day; ${usual} are usual.`,
  url: ({ seen }) => `A key stood in the address of ${plural(seen, "call")}, where logs keep it.`,
}

export const signWords = (sign: Seen): string => RULES[sign.rule](sign)

function Caller({ caller }: Pick<SignRow, "caller">): JSX.Element {
  if (caller === "hidden") return <span class="quiet">A consumer</span>
  if (caller === null) return <span class="quiet">Nobody known</span>
  return (
    <a href={caller.href}>
      <bdi safe>{caller.name || "Without a name"}</bdi>
    </a>
  )
}

function Signs({ frame, now, product, signs }: ProductCallsProps): JSX.Element {
  return (
    <section id="signs" aria-labelledby="signs-title">
      <h2 id="signs-title">Signs of unusual use</h2>
      {signs.length === 0 ? (
        <p class="quiet">Nothing to look at. Keys used from many places, and sudden surges, stand here.</p>
      ) : (
        <Table
          caption="Signs of unusual use"
          hideCaption
          columns={[
            { label: "What" },
            { label: "Who" },
            { label: "Last seen", minor: true },
            { label: "Act", silent: true },
          ]}
          rows={signs.map((sign) => [
            <span safe>{signWords(sign)}</span>,
            <Caller caller={sign.caller} />,
            <When ms={sign.lastMs} now={now} />,
            <Form
              action={`${productPath(product)}/signs/closing`}
              csrf={frame.csrf}
              class="inline"
              hidden={{ sign: String(sign.id) }}
            >
              <Button small label="Close" />
            </Form>,
          ])}
        />
      )}
    </section>
  )
}

function Result({ call }: { call: ProductCallRow }): JSX.Element {
  const tone = call.status < 400 ? "ok" : call.status < 500 ? "warn" : "bad"
  return (
    <>
      <Badge tone={tone} text={String(call.status)} />
      {call.error === null ? null : (
        <>
          {" "}
          <code safe>{call.error}</code>
        </>
      )}
    </>
  )
}

function Log({ now, product, only, calls, firstHref, nextHref, keptDays }: ProductCallsProps): JSX.Element {
  const path = `${productPath(product)}/calls`
  return (
    <section aria-labelledby="log-title">
      <h2 id="log-title">One by one</h2>
      <Segments
        label="Which calls"
        links={[
          { label: "All", href: path, current: only === "all" },
          { label: "Failed and refused", href: `${path}?only=errors`, current: only === "errors" },
        ]}
      />
      <Table
        caption="Calls"
        hideCaption
        columns={[
          { label: "When" },
          { label: "Call" },
          { label: "Result" },
          { label: "Who" },
          { label: "Time", numeric: true, minor: true },
          { label: "Units", numeric: true, minor: true },
          { label: "Request", minor: true },
        ]}
        rows={calls.map((call) => [
          <When ms={call.atMs} now={now} />,
          <code safe>{`${call.method} ${call.path}`}</code>,
          <Result call={call} />,
          <Caller caller={call.caller} />,
          <Milliseconds ms={call.latencyMs} />,
          <Count value={call.units} />,
          <Id text={call.requestId} />,
        ])}
        empty={<Empty title="No such call" text="Each call with a key of a consumer stands here, newest first." />}
      />
      <Pager
        label="Older calls"
        firstHref={firstHref}
        nextHref={nextHref}
        summary={`Calls are kept for ${plural(keptDays, "day")}.`}
      />
    </section>
  )
}
