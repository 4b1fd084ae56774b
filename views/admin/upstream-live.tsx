// How one upstream does in this moment: figures that follow the server.
import type { Children } from "@kitajs/html"
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
      <News id="minute" title="The last minute">
        <Minute {...props} />
      </News>
      <News id="failed" title="Failed lately">
        {failed.length === 0 ? (
          <p class="quiet">Nothing failed in 30 days.</p>
        ) : (
          <AttemptTable attempts={failed} caption="Attempts that failed, newest first" />
        )}
      </News>
    </div>
  )
}

/** What comes by itself has room of its own, in which it scrolls: the page below stays where it is. */
function News({ id, title, children }: { id: string; title: string; children: Children }): JSX.Element {
  return (
    <section class="live-news" id={`${id}-news`} aria-labelledby={`${id}-title`} tabindex="0">
      <h2 id={`${id}-title`} safe>
        {title}
      </h2>
      {children}
    </section>
  )
}

const errorsText = (errors: number): string => (errors === 1 ? "1 error" : `${count(errors)} errors`)

/** What failed, and which models rest. */
function Minute({ now, errors, health }: UpstreamLivePart): JSX.Element {
  if (errors.length === 0 && health.length === 0) return <p class="quiet">No model was called.</p>
  return (
    <>
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
    </>
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
