// Work that repeats, and effects that leave the house: what ran, what waits, what failed, and what can be done about it.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { count, plural } from "../ui/format.ts"
import {
  Badge,
  Button,
  Count,
  Empty,
  Form,
  type FormView,
  Notice,
  Pager,
  Segments,
  Table,
  When,
  withQuery,
} from "../ui/index.ts"
import { everyText, tookText } from "./bytes.ts"
import { type KeepingRow, Keepings } from "./keeping.tsx"

export interface JobRow {
  name: string
  everyMs: number
  nextRunMs: number | null
  lastRunMs: number | null
  lastError: string | null
  tookMs: number | null
  isRunning: boolean
  /** It waits until somebody has looked at what a restore lost. */
  isPaused: boolean
}

export interface MessageRow {
  id: string
  /** What handles it: "mail". */
  topic: string
  /** Whom it is about. */
  subject: string
  tries: number
  createdMs: number
  dueMs: number
  lastError: string | null
}

export const MESSAGE_STATES = ["waiting", "dead", "done"] as const
export type MessageState = (typeof MESSAGE_STATES)[number]

export interface AdminJobsProps {
  frame: Frame
  now: number
  jobs: readonly JobRow[]
  keeps: readonly KeepingRow[]
  state: MessageState
  counts: Readonly<Record<MessageState, number>>
  messages: readonly MessageRow[]
  /** Address of the page after this one. */
  olderHref: string | undefined
  isFirst: boolean
}

const PATH = "/admin/jobs"
const STATE_WORDS = { waiting: "Waiting", dead: "Given up", done: "Delivered" } as const

/** GET /admin/jobs?messages=&before=. POST /admin/jobs/:job/run: csrf. POST /admin/outbox/:message/retry: csrf. */
export function AdminJobsPage(props: AdminJobsProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={props.frame}
      title="Jobs"
      section="Admin"
      lead="What runs by itself, and what is on its way out of the house."
      live
    >
      {props.jobs.some(({ isPaused }) => isPaused) ? (
        <Notice tone="warn" text="This house was restored: jobs and messages wait until an admin has looked.">
          <a href="/admin/restore">See what was lost</a>
        </Notice>
      ) : null}
      <JobList {...props} />
      <Keepings rows={props.keeps} now={props.now} />
      <Messages {...props} />
    </ConsoleLayout>
  )
}

function JobList({ frame, now, jobs }: AdminJobsProps): JSX.Element {
  const [failed, fine] = [jobs.filter(({ lastError }) => lastError), jobs.filter(({ lastError }) => !lastError)]
  return (
    <section aria-labelledby="jobs-title">
      <h2 id="jobs-title">Repeating work</h2>
      <p class="quiet" safe>
        {`${plural(jobs.length, "job")}, ${failed.length === 0 ? "none failed" : `${count(failed.length)} failed`} when it ran last. What fails is tried again by itself, later each time it fails in a row.`}
      </p>
      <Table
        caption="Repeating work"
        hideCaption
        columns={[
          { label: "Job" },
          { label: "Last run" },
          { label: "Result" },
          { label: "Took", numeric: true, minor: true },
          { label: "Next run" },
          { label: "Run", silent: true },
        ]}
        rows={[...failed, ...fine].map((job) => [
          <span class="person">
            <code safe>{job.name}</code>
            <span class="quiet" safe>
              {everyText(job.everyMs)}
            </span>
          </span>,
          <When ms={job.lastRunMs} now={now} never="Not yet" />,
          <Result error={job.lastError} hasRun={job.lastRunMs !== null} />,
          <span class="num" safe>
            {job.tookMs === null ? "" : tookText(job.tookMs)}
          </span>,
          job.isRunning ? (
            <Badge tone="accent" text="Running" />
          ) : job.isPaused ? (
            <Badge tone="warn" text="Waits" />
          ) : (
            <Next ms={job.nextRunMs} now={now} />
          ),
          <Form action={`${PATH}/${encodeURIComponent(job.name)}/run`} csrf={frame.csrf} class="cell-form">
            <Button small label="Run now" />
          </Form>,
        ])}
      />
    </section>
  )
}

function Result({ error, hasRun }: { error: string | null; hasRun: boolean }): JSX.Element {
  if (!hasRun) return ""
  if (error === null) return <Badge tone="ok" text="Went well" />
  return (
    <span class="person">
      <Badge tone="bad" text="Failed" />
      <span class="quiet">
        <bdi safe>{error}</bdi>
      </span>
    </span>
  )
}

/** Within a minute it is soon. */
const Next = ({ ms, now }: { ms: number | null; now: number }): JSX.Element =>
  ms !== null && ms - now < 60_000 ? <span class="quiet">within a minute</span> : <When ms={ms} now={now} never="" />

function Messages(props: AdminJobsProps): JSX.Element {
  const { state, counts, messages, olderHref, isFirst } = props
  return (
    <section aria-labelledby="messages-title">
      <h2 id="messages-title">Messages on their way out</h2>
      <p class="quiet">
        Mails and other effects, delivered at least once and in order. What they say is not shown: it may hold codes.
      </p>
      <Segments
        label="Messages"
        links={MESSAGE_STATES.map((one) => ({
          label: `${STATE_WORDS[one]} ${count(counts[one])}`,
          href: withQuery(PATH, { messages: one === "waiting" ? undefined : one }),
          current: one === state,
        }))}
      />
      {messages.length === 0 ? (
        <Empty title={EMPTY[state].title} text={EMPTY[state].text} />
      ) : (
        <MessageTable {...props} />
      )}
      <Pager
        label="Pages of messages"
        firstHref={isFirst ? undefined : withQuery(PATH, { messages: state })}
        nextHref={olderHref}
      />
    </section>
  )
}

const EMPTY: Record<MessageState, { title: string; text: string }> = {
  waiting: { title: "Nothing waits", text: "Messages stand here until they are delivered." },
  dead: { title: "Nothing was given up", text: "What failed for a day stands here, to be tried again." },
  done: { title: "Nothing was delivered lately", text: "What was delivered stands here for some days." },
}

function MessageTable({ frame, now, state, messages }: AdminJobsProps): JSX.Element {
  const isWaiting = state === "waiting"
  return (
    <Table
      caption={`Messages: ${STATE_WORDS[state]}`}
      hideCaption
      columns={[
        { label: "Message" },
        { label: "Made" },
        { label: "Tries", numeric: true },
        ...(isWaiting ? [{ label: "Next try" }] : []),
        { label: "Last error" },
        ...(state === "done" ? [] : [{ label: "Acts", silent: true }]),
      ]}
      rows={messages.map((message) => [
        <span class="person">
          <span>
            <bdi safe>{message.topic}</bdi>
          </span>
          <span class="quiet">
            <bdi safe>{message.subject}</bdi>
          </span>
        </span>,
        <When ms={message.createdMs} now={now} />,
        <Count value={message.tries} />,
        ...(isWaiting ? [<Next ms={message.dueMs} now={now} />] : []),
        <bdi safe>{message.lastError ?? ""}</bdi>,
        ...(state === "done" ? [] : [<Acts csrf={frame.csrf} id={message.id} isWaiting={isWaiting} />]),
      ])}
    />
  )
}

const messagePath = (id: string): string => `/admin/outbox/${encodeURIComponent(id)}`

function Acts({ csrf, id, isWaiting }: { csrf: string; id: string; isWaiting: boolean }): JSX.Element {
  return (
    <div class="badges">
      <Form action={`${messagePath(id)}/retry`} csrf={csrf} class="cell-form">
        <Button small label={isWaiting ? "Try now" : "Try again"} />
      </Form>
      {isWaiting ? <Button small dialog href={`${messagePath(id)}/removal`} label="Give up" /> : null}
    </div>
  )
}

export interface AdminMessageOffProps {
  frame: Frame
  message: Pick<MessageRow, "topic" | "subject">
  form: FormView
}

export function AdminMessageOffPage({ frame, message, form }: AdminMessageOffProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Give up this ${message.topic} to ${message.subject}?`}
      section="Admin"
      up={{ href: PATH, label: "Jobs" }}
      words={["It is not sent, unless somebody tries it again within a month. Messages behind it go on."]}
      form={form}
      cancelHref={PATH}
    />
  )
}
