// The calls of an app, for its developer: the log with its filters, and one call. Never what was said.
import type { Nano } from "../../src/app/units.ts"
import { CallResult } from "../calls/result.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { CreditsUsed, Empty, Id, Pager, Ref, SearchBox, Segments, Table, Usd, When } from "../ui/index.ts"
import { AppTabs, appPath } from "./app-tabs.tsx"

export interface AppCallRow {
  requestId: string
  atMs: number
  userId: string | null
  endpoint: string
  model: string
  status: number
  errorCode: string | null
  /** Whoever called closed the connection. */
  isGone: boolean
  isRefused: boolean
  latencyMs: number
  inputTokens: number
  outputTokens: number
  charge: Nano
}

export type CallsShown = "all" | "answered" | "failed" | "refused"

export interface AppOf {
  frame: Frame
  now: number
  app: { id: string; name: string }
}

export interface AppRequestsProps extends AppOf {
  only: CallsShown
  /** "" for every model. */
  model: string
  calls: readonly AppCallRow[]
  firstHref?: string | undefined
  nextHref?: string | undefined
  keptDays: number
}

const FILTERS: readonly (readonly [CallsShown, string])[] = [
  ["all", "All"],
  ["answered", "Answered"],
  ["failed", "Failed"],
  ["refused", "Refused"],
]

const number = (value: number): string => value.toLocaleString("en-US")

const requestsPath = (id: string): string => `${appPath(id)}/requests`

export function requestsHref(id: string, only: CallsShown, model: string): string {
  const query = new URLSearchParams({ ...(only === "all" ? {} : { only }), ...(model === "" ? {} : { model }) })
  return query.size === 0 ? requestsPath(id) : `${requestsPath(id)}?${query}`
}

export function AppRequestsPage(props: AppRequestsProps): JSX.Element {
  const { frame, now, app, only, model, calls, keptDays } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Requests"
      section="Developer"
      lead="Calls through your app, newest first. What people asked and what models answered is not kept."
      up={{ href: appPath(app.id), label: app.name }}
    >
      <AppTabs app={app} part="requests" />
      <Segments
        label="Which calls"
        links={FILTERS.map(([key, label]) => ({
          label,
          href: requestsHref(app.id, key, model),
          current: key === only,
        }))}
      />
      <SearchBox
        action={requestsPath(app.id)}
        label="Model"
        name="model"
        value={model}
        placeholder="Exact name of a model"
        keep={{ only: only === "all" ? undefined : only }}
      />
      <section aria-labelledby="list-title">
        <h2 id="list-title" class="sr">
          Calls
        </h2>
        <CallTable app={app} now={now} calls={calls} caption="Calls" />
        <Pager
          label="More calls"
          firstHref={props.firstHref}
          nextHref={props.nextHref}
          summary={`Calls are kept one by one for ${number(keptDays)} days`}
        />
      </section>
    </ConsoleLayout>
  )
}

interface CallTableProps {
  app: { id: string }
  now: number
  calls: readonly AppCallRow[]
  caption: string
}

export function CallTable({ app, now, calls, caption }: CallTableProps): JSX.Element {
  return (
    <Table
      caption={caption}
      hideCaption
      columns={[
        { label: "When" },
        { label: "Result" },
        { label: "Model" },
        { label: "Tokens in + out", numeric: true },
        { label: "Time", numeric: true },
        { label: "Credits", numeric: true },
      ]}
      rows={calls.map((call) => [
        <a href={`${requestsPath(app.id)}/${encodeURIComponent(call.requestId)}`}>
          <When ms={call.atMs} now={now} />
        </a>,
        <CallResult call={call} />,
        <>
          <bdi safe>{call.model || "–"}</bdi>{" "}
          <span class="quiet" safe>
            {call.endpoint}
          </span>
        </>,
        <span class="num" safe>
          {call.inputTokens + call.outputTokens === 0
            ? "–"
            : `${number(call.inputTokens)} + ${number(call.outputTokens)}`}
        </span>,
        <span class="num" safe>
          {`${number(call.latencyMs)} ms`}
        </span>,
        <CreditsUsed amount={call.charge} />,
      ])}
      empty={<Empty title="No such call" text="Calls of your app's users stand here a moment after they ended." />}
    />
  )
}

export interface AppRequestProps extends AppOf {
  call: AppCallRow & {
    scope: string
    stream: boolean
    firstTokenMs: number | null
    cachedTokens: number
    reasoningTokens: number
    earned: Nano
  }
}

export function AppRequestPage({ frame, now, app, call }: AppRequestProps): JSX.Element {
  const users = `${appPath(app.id)}/users`
  const facts: [string, JSX.Element | string][] = [
    ["Request", <Id text={call.requestId} />],
    ["When", <When ms={call.atMs} now={now} />],
    ["Result", <CallResult call={call} />],
    [
      "User",
      call.userId === null ? (
        <span class="quiet">Not known any more</span>
      ) : (
        <code>
          <Ref href={`${users}?q=${encodeURIComponent(call.userId)}`} label={call.userId} />
        </code>
      ),
    ],
    ["Endpoint", <code safe>{call.endpoint || "–"}</code>],
    ["Model", <bdi safe>{call.model || "–"}</bdi>],
    ["Scope", <code safe>{call.scope}</code>],
    ["Streamed", call.stream ? "Yes" : "No"],
    ["Tokens of the question", <Tokens all={call.inputTokens} part={call.cachedTokens} words="from the cache" />],
    ["Tokens of the answer", <Tokens all={call.outputTokens} part={call.reasoningTokens} words="of thinking" />],
    ["To the first word", <Ms ms={call.firstTokenMs} />],
    ["Whole time", <Ms ms={call.latencyMs} />],
    ["Charged", <CreditsUsed amount={call.charge} />],
    ["Your share", <Usd amount={call.earned} />],
  ]
  return (
    <ConsoleLayout
      frame={frame}
      title="One request"
      section="Developer"
      up={{ href: requestsPath(app.id), label: "Requests" }}
    >
      <dl class="facts wide">
        {facts.map(([label, value]) => (
          <div>
            <dt safe>{label}</dt>
            <dd>{value as "safe"}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">What was asked and answered is not kept, so that it is not shown here.</p>
    </ConsoleLayout>
  )
}

const Ms = ({ ms }: { ms: number | null }): JSX.Element => (
  <span class="num" safe>
    {ms === null ? "–" : `${number(ms)} ms`}
  </span>
)

const Tokens = ({ all, part, words }: { all: number; part: number; words: string }): JSX.Element => (
  <span class="num" safe>
    {part === 0 ? number(all) : `${number(all)}, ${number(part)} ${words}`}
  </span>
)
