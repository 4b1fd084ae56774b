// /marketplace/:product/calls: each call of the subscription with its request id; and one of them in full.
import type { Nano } from "../../../src/app/units.ts"
import { Facts } from "../../layout/detail-page.tsx"
import { count, plural } from "../../ui/format.ts"
import { Badge, Empty, Id, Pager, Ref, Segments, Table, Time, Usd, When } from "../../ui/index.ts"
import { Verb } from "./docs-frame.tsx"
import { ProductFrame } from "./frame.tsx"
import type { ProductPage } from "./types.ts"
import { keyPath, marketPath } from "./words.ts"

export interface MarketCall {
  requestId: string
  atMs: number
  method: string
  /** The template, or the path that fitted none. */
  path: string
  endpoint: { id: string; title: string } | null
  status: number
  /** Why the gateway refused it: a code, or null. */
  error: string | null
  latencyMs: number
  units: number
  /** Of overages and of priced calls. */
  cost: Nano
  key: { id: string; name: string } | null
  /** By Try-it. */
  isTry: boolean
}

export type CallsOnly = "all" | "errors"

export interface MarketCallsProps extends ProductPage {
  only: CallsOnly
  calls: readonly MarketCall[]
  nextHref?: string | undefined
  firstHref?: string | undefined
  /** How long calls are kept, days. */
  keptDays: number
}

const ONLY: readonly { only: CallsOnly; label: string }[] = [
  { only: "all", label: "All" },
  { only: "errors", label: "Failed and refused" },
]

export function CallResult({ call }: { call: Pick<MarketCall, "status" | "error"> }): JSX.Element {
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

/** GET /marketplace/:product/calls */
export function MarketCallsPage(props: MarketCallsProps): JSX.Element {
  const { product, now, calls, only, keptDays, nextHref, firstHref } = props
  const path = marketPath(product.slug, "calls")
  return (
    <ProductFrame {...props} tab="calls">
      <section aria-labelledby="calls-title">
        <h2 id="calls-title">Calls</h2>
        <Segments
          label="Which calls"
          links={ONLY.map((one) => ({
            label: one.label,
            href: one.only === "all" ? path : `${path}?only=${one.only}`,
            current: one.only === only,
          }))}
        />
        <Table
          caption="Calls"
          hideCaption
          columns={[
            { label: "When" },
            { label: "Call" },
            { label: "Result" },
            { label: "Time", numeric: true, minor: true },
            { label: "Units", numeric: true },
            { label: "Cost", numeric: true, minor: true },
            { label: "Request", minor: true },
          ]}
          rows={calls.map((call) => [
            <When ms={call.atMs} now={now} />,
            <span class="market-address">
              <Verb method={call.method} />
              <code safe>{call.path}</code>
            </span>,
            <CallResult call={call} />,
            <span class="num" safe>{`${count(call.latencyMs)} ms`}</span>,
            <span class="num" safe>
              {count(call.units)}
            </span>,
            <Usd amount={call.cost} />,
            <Id text={call.requestId} href={marketPath(product.slug, "calls", call.requestId)} />,
          ])}
          empty={<Empty title="No such call" text="Each call with one of your keys appears here, refused ones too." />}
        />
        <Pager
          label="Older calls"
          firstHref={firstHref}
          nextHref={nextHref}
          summary={`Calls are kept for ${plural(keptDays, "day")}.`}
        />
      </section>
    </ProductFrame>
  )
}

export interface MarketCallProps extends ProductPage {
  call: MarketCall
}

/** GET /marketplace/:product/calls/:call */
export function MarketCallPage({ call, ...rest }: MarketCallProps): JSX.Element {
  const { slug } = rest.product
  return (
    <ProductFrame {...rest} tab="calls" title="A call" up={[{ href: marketPath(slug, "calls"), label: "Calls" }]}>
      <section aria-labelledby="call-title">
        <h2 id="call-title" class="market-address">
          <Verb method={call.method} />
          <code safe>{call.path}</code>
        </h2>
        <Facts
          wide
          facts={[
            { label: "Result", value: <CallResult call={call} /> },
            { label: "When", value: <Time ms={call.atMs} /> },
            {
              label: "Endpoint",
              value: call.endpoint ? (
                <a href={marketPath(slug, "docs", call.endpoint.id)}>
                  <bdi safe>{call.endpoint.title}</bdi>
                </a>
              ) : (
                <span class="quiet">None of this product</span>
              ),
            },
            {
              label: "Key",
              value: call.key ? (
                <Ref href={keyPath(slug, call.key.id)} label={call.key.name} />
              ) : (
                <span class="quiet">None</span>
              ),
            },
            { label: "From", text: call.isTry ? "Try it, in the documentation" : "A program" },
            { label: "Time", text: `${count(call.latencyMs)} ms` },
            { label: "Units of quota", text: count(call.units) },
            { label: "Cost beside the plan", value: <Usd amount={call.cost} /> },
            { label: "Request", value: <Id text={call.requestId} /> },
          ]}
        />
        <p class="quiet">
          What was sent and answered is not kept. Name the request when you ask the publisher about it.
        </p>
      </section>
    </ProductFrame>
  )
}
