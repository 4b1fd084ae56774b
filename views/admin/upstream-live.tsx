// How one upstream does in this moment: figures that follow the server.
import type { Frame } from "../layout/frame.ts"
import { count } from "../ui/format.ts"
import { Badge, Chips, Count, Countdown, Stat, Table, Usd, When, withQuery } from "../ui/index.ts"
import { type AttemptRow, AttemptTable } from "./upstream-attempts.tsx"
import { FAILURE_LABEL } from "./upstream-words.ts"
import {
  Answered,
  FirstToken,
  LastErrorWords,
  type LiveRow,
  State,
  type UpstreamRow,
  upstreamPath,
} from "./upstreams.tsx"

export interface ModelHealthRow {
  model: string
  /** Its circuit. */
  state: "closed" | "open" | "half-open"
  live: LiveRow
}

export interface UpstreamLivePart {
  frame: Frame
  now: number
  /** Changes with what is shown. */
  stamp: string
  upstream: UpstreamRow
  /** Failures of the last minute, most frequent first. */
  errors: readonly { kind: keyof typeof FAILURE_LABEL; count: number }[]
  /** Models that were called lately, failing ones first. */
  health: readonly ModelHealthRow[]
  /** Of the account in a minute; null = unknown. */
  grants: { requests: number | null; tokens: number | null; usedRequests: number; usedTokens: number }
  /** Newest first. */
  failed: readonly AttemptRow[]
}

/** GET …/figures answers this alone; GET /admin/upstreams/events says when. */
export function UpstreamFigures(props: UpstreamLivePart): JSX.Element {
  const { now, stamp, upstream, failed } = props
  const { lastTest, health, live, spend } = upstream
  return (
    <div
      id="upstream-live"
      class="live-part"
      hx-get={`${upstreamPath(upstream.id)}/figures`}
      hx-trigger="moved"
      hx-swap="outerMorph"
      hx-sync="this:queue last"
      data-live={withQuery("/admin/upstreams/events", { since: stamp })}
    >
      <State now={now} upstream={upstream} />
      <dl class="stats">
        <Stat label="Answered, 1 min">
          <Answered {...live} />
        </Stat>
        <Stat label="First token" note="Half · 95% of the last minute">
          <FirstToken value={live.firstToken} />
        </Stat>
        <Stat label="Running">
          <Count value={live.running} />
        </Stat>
        <Stat label="Calls, 24 h" note={errorsText(health?.errors ?? 0)}>
          <Count value={health?.calls ?? 0} />
        </Stat>
        <Stat label="Spent today">
          <Usd amount={spend.today} />
        </Stat>
        <Stat label="Spent this month">
          <Usd amount={spend.month} />
        </Stat>
        <Stat label="Last test" note={lastTest?.ok ? lastTest.message : undefined}>
          <When ms={lastTest?.atMs ?? null} now={now} />
        </Stat>
      </dl>
      <Failures {...props} />
      {failed.length === 0 ? null : (
        <section aria-labelledby="failed-title">
          <h2 id="failed-title">Failed lately</h2>
          <AttemptTable attempts={failed} caption="Attempts that failed, newest first" />
        </section>
      )}
    </div>
  )
}

const errorsText = (errors: number): string => (errors === 1 ? "1 error" : `${count(errors)} errors`)

/** The last minute: what failed, and which models rest. */
function Failures({ now, errors, health }: UpstreamLivePart): JSX.Element {
  if (errors.length === 0 && health.length === 0) return ""
  return (
    <section aria-labelledby="minute-title">
      <h2 id="minute-title">The last minute</h2>
      {errors.length === 0 ? null : (
        <Chips
          label="Failures by kind"
          chips={errors.map(({ kind, count: times }) => ({ label: FAILURE_LABEL[kind], count: count(times) }))}
        />
      )}
      {health.length === 0 ? null : (
        <Table
          caption="Models that were called lately"
          hideCaption
          columns={[
            { label: "Model" },
            { label: "State" },
            { label: "Answered, 1 min", numeric: true },
            { label: "First token", numeric: true },
          ]}
          rows={health.map(({ model, state, live }) => [
            <code safe>{model}</code>,
            <ModelState now={now} state={state} live={live} />,
            <Answered {...live} />,
            <FirstToken value={live.firstToken} />,
          ])}
        />
      )}
    </section>
  )
}

const MODEL_STATE = {
  closed: { tone: "ok", text: "Answers" },
  open: { tone: "bad", text: "Rests" },
  "half-open": { tone: "warn", text: "Being tried" },
} as const

function ModelState({ now, state, live }: Pick<ModelHealthRow, "state" | "live"> & { now: number }): JSX.Element {
  return (
    <span class="upstream-state">
      <Badge {...MODEL_STATE[state]} />
      {live.untilMs === null ? null : (
        <span class="quiet">
          {"tried again in "}
          <Countdown ms={live.untilMs} now={now} />
        </span>
      )}
      {live.lastError ? <LastErrorWords now={now} error={live.lastError} /> : null}
    </span>
  )
}
