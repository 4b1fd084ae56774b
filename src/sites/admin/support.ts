// /admin/support: questions of people, those with priority first, then those that wait longest. An admin answers, closes, opens again.
import { AdminSupportPage, AdminSupportThreadPage } from "../../../views/admin/support.tsx"
import { field, form } from "../../http/index.ts"
import { type Act, SUPPORT_LIMITS as L, type State, type SupportThread, topicWords } from "../../support/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "support" | "identity" | "plans" | "clock">

const LIST = "/admin/support"
const STATES: readonly State[] = ["waiting", "answered", "closed"]

const DECIDE = form(
  {
    act: field.choice<Act>({
      label: "What to do",
      control: "radios",
      wrong: "Choose one of the four.",
      options: [
        { value: "answer", label: "Answer" },
        { value: "answer_close", label: "Answer and close", help: "A new message of theirs opens it again." },
        { value: "close", label: "Close without a word" },
        { value: "reopen", label: "Open it again" },
      ],
    }),
    text: field.area({
      label: "What they read",
      optional: true,
      rows: 6,
      help: `At most ${L.textChars.toLocaleString("en-US")} characters. Your name does not stand there.`,
    }),
    read: field.hidden({ label: "What was read", optional: true }),
  },
  { submit: "Send" },
)

const SAID: Readonly<Record<Act, string>> = {
  answer: "Answered. They get a mail.",
  answer_close: "Answered and closed. They get a mail.",
  close: "Closed.",
  reopen: "It waits for an answer again.",
}

export function supportRoutes(site: AdminSite, deps: Deps): void {
  const { support, clock } = deps
  site.get(LIST, (page) => {
    const query = new URL(page.request.url).searchParams
    const state = STATES.find((one) => one === query.get("show")) ?? "waiting"
    const number = Number(/^\d{1,4}$/.exec(query.get("page") ?? "")?.[0] ?? 0)
    const { rows, hasNext } = support.queue(state, number)
    const props = { now: clock.now(), state, counts: support.counts(), page: number, hasNext }
    return page.render((frame) => AdminSupportPage({ frame, ...props, rows: rows.map((row) => rowOf(deps, row)) }))
  })
  site.form(`${LIST}/:ticket`, {
    summary: "Answer a question, close it, or open it again",
    load: (_page, { ticket }) => support.one(ticket),
    form: DECIDE,
    present: ({ id, state }) => ({
      act: state === "closed" ? ("reopen" as const) : ("answer" as const),
      read: String(support.messages(id).at(-1)?.id ?? 0),
    }),
    async act(page, { act, text, read }, { publicId }) {
      const state = await support.decide(page.ctx("looked at a question"), {
        publicId,
        act,
        text,
        read: /^\d+$/.test(read) ? Number(read) : null,
      })
      return { to: act === "close" ? LIST : `${LIST}/${publicId}`, say: SAID[act], result: { state } }
    },
    show: (page, view, thread, status) =>
      page.render(
        (frame) =>
          AdminSupportThreadPage({
            frame,
            now: clock.now(),
            thread: rowOf(deps, thread),
            messages: support.messages(thread.id),
            form: view,
          }),
        status,
      ),
  })
}

function rowOf({ identity, plans }: Deps, thread: SupportThread) {
  const { publicId, topic, subject, state, isPriority, sinceMs, createdMs, userId } = thread
  const person = identity.userById(userId)
  return {
    id: publicId,
    topic: topicWords(topic),
    subject,
    state,
    isPriority,
    sinceMs,
    createdMs,
    person: person?.name ?? person?.email ?? "Somebody who is gone",
    personHref: person && `/admin/users/${person.publicId}`,
    plan: plans.entitlementsOf(userId).planName,
  }
}
