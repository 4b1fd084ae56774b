// The AI provider accounts of this server: how each does in this moment, what it costs, and its test.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { count } from "../ui/format.ts"
import { Badge, Button, Count, Countdown, Empty, Form, RowLink, Table, Usd, When, withQuery } from "../ui/index.ts"
import { msText, type Outcome, outcomeText, successText, UPSTREAM_STATE, type UpstreamState } from "./upstream-words.ts"

export interface LastError {
  atMs: number
  kind: Outcome
  status: number | null
}

/** The last minute, from memory. */
export interface LiveRow {
  calls: number
  failures: number
  /** ms. */
  firstToken: { p50: number; p95: number } | null
  lastError: LastError | null
  /** When it may be called again; null = now, or nobody knows. */
  untilMs: number | null
  running: number
}

export interface UpstreamRow {
  id: string
  name: string
  /** Built in: no address, no key. */
  isLocal: boolean
  baseUrl: string | null
  state: UpstreamState
  models: number
  lastTest: { atMs: number; ok: boolean; message: string } | null
  /** The last 24 hours; null without a call. */
  health: { calls: number; errors: number; answerMs: number | null } | null
  live: LiveRow
  /** What its answers cost upstream, UTC day and month. */
  spend: { today: Nano; month: Nano }
  weight: number
  priority: number
}

export interface AdminUpstreamsProps {
  frame: Frame
  now: number
  /** Changes with what is shown. */
  stamp: string
  upstreams: readonly UpstreamRow[]
}

export const upstreamPath = (id: string): string => `/admin/upstreams/${encodeURIComponent(id)}`

export function AdminUpstreamsPage(props: AdminUpstreamsProps): JSX.Element {
  const { frame, upstreams } = props
  const add = <Button kind="primary" icon="plus" href="/admin/upstreams/new" label="Add an upstream" />
  return (
    <ConsoleLayout
      frame={frame}
      title="Upstreams"
      section="Admin"
      lead="The AI provider accounts that answer calls."
      action={upstreams.length === 0 ? undefined : add}
      live={upstreams.length > 0}
    >
      {upstreams.length === 0 ? (
        <Empty
          title="No upstream yet"
          text="Without one, every call is refused. Add a provider with its key, or the sandbox to try things out."
          action={add}
        />
      ) : (
        <UpstreamsFigures {...props} />
      )}
    </ConsoleLayout>
  )
}

/** GET /admin/upstreams/figures answers this alone; GET /admin/upstreams/events says when. */
export function UpstreamsFigures({ frame, now, stamp, upstreams }: AdminUpstreamsProps): JSX.Element {
  return (
    <div
      id="upstreams"
      class="live-part"
      hx-get="/admin/upstreams/figures"
      hx-trigger="moved"
      hx-swap="outerMorph"
      hx-sync="this:queue last"
      data-live={withQuery("/admin/upstreams/events", { since: stamp })}
    >
      <Table
        caption="Upstreams: the last minute, the last 24 hours, and what they cost"
        hideCaption
        columns={[
          { label: "Name" },
          { label: "State" },
          { label: "Answered, 1 min", numeric: true },
          { label: "First token", numeric: true },
          { label: "Errors, 24 h", numeric: true },
          { label: "Spent today", numeric: true },
          { label: "This month", numeric: true },
          { label: "Action", silent: true },
        ]}
        rows={upstreams.map((upstream) => [
          <span class="person">
            <RowLink href={upstreamPath(upstream.id)} label={upstream.name} />
            <span class="quiet" safe>
              {upstream.baseUrl?.replace(/^https?:\/\//, "") ?? "Built in"}
            </span>
          </span>,
          <State now={now} upstream={upstream} />,
          <Answered {...upstream.live} />,
          <FirstToken value={upstream.live.firstToken} />,
          <Count value={upstream.health?.errors ?? 0} />,
          <Usd amount={upstream.spend.today} />,
          <Usd amount={upstream.spend.month} />,
          <TestForm csrf={frame.csrf} id={upstream.id} />,
        ])}
      />
    </div>
  )
}

/** A word, and what explains it: when it comes back, what runs, the last error or test. */
export function State({ now, upstream }: { now: number; upstream: UpstreamRow }): JSX.Element {
  const { state, live } = upstream
  const isWell = state === "healthy" || state === "untested" || state === "disabled"
  return (
    <span class="upstream-state">
      <Badge {...UPSTREAM_STATE[state]} />
      {live.untilMs === null ? null : (
        <span class="quiet">
          {"tried again in "}
          <Countdown ms={live.untilMs} now={now} />
        </span>
      )}
      {state === "draining" ? (
        <span class="quiet" safe>
          {runningText(live.running)}
        </span>
      ) : null}
      {state === "failing" && upstream.lastTest ? (
        <span class="quiet">
          <bdi safe>{upstream.lastTest.message}</bdi> <When ms={upstream.lastTest.atMs} now={now} />
        </span>
      ) : null}
      {live.lastError && !isWell && state !== "failing" ? <LastErrorWords now={now} error={live.lastError} /> : null}
    </span>
  )
}

const runningText = (running: number): string => {
  if (running === 0) return "nothing runs any more"
  return running === 1 ? "1 call still runs" : `${running} calls still run`
}

export function LastErrorWords({ now, error }: { now: number; error: LastError }): JSX.Element {
  return (
    <span class="quiet">
      <span safe>{`${outcomeText(error.kind, error.status)}, `}</span>
      <When ms={error.atMs} now={now} />
    </span>
  )
}

export function Answered({ calls, failures }: Pick<LiveRow, "calls" | "failures">): JSX.Element {
  if (calls === 0) return <span class="quiet">–</span>
  return (
    <span class="num" safe>
      {`${successText(calls, failures)} of ${count(calls)}`}
    </span>
  )
}

/** Half of them came within the first figure, nineteen of twenty within the second. */
export function FirstToken({ value }: { value: LiveRow["firstToken"] }): JSX.Element {
  if (value === null) return <span class="quiet">–</span>
  return (
    <span class="num" title="Half within the first, 95% within the second" safe>
      {`${msText(value.p50)} · ${msText(value.p95)}`}
    </span>
  )
}

export function Latency({ ms }: { ms: number | null }): JSX.Element {
  if (ms === null) return <span class="quiet">–</span>
  return (
    <span class="num" safe>
      {msText(ms)}
    </span>
  )
}

export function TestForm({ csrf, id, from }: { csrf: string; id: string; from?: "page" }): JSX.Element {
  return (
    <Form action={`${upstreamPath(id)}/test`} csrf={csrf} hidden={{ from }} class="cell-form">
      <Button small label="Test" />
    </Form>
  )
}
