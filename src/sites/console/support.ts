// /support: a person asks the operator, reads the answers, and goes on from there.
import { SupportPage, SupportThreadPage } from "../../../views/console/support.tsx"
import { button, field, form } from "../../http/index.ts"
import { SUPPORT_LIMITS as L, type SupportThread, TOPICS, topicWords } from "../../support/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "support" | "plans" | "clock">

const TEXT = {
  rows: 6,
  help: `At most ${L.textChars.toLocaleString("en-US")} characters. Leave passwords and keys out.`,
}
const ASK = form(
  {
    topic: field.choice({ label: "What it is about", options: TOPICS, wrong: "Choose one of the list." }),
    subject: field.text({
      label: "In a few words",
      max: L.subjectChars,
      missing: "Say in a few words what it is about.",
    }),
    text: field.area({ ...TEXT, label: "Your question", missing: "Write a message." }),
  },
  { submit: "Send question" },
)
const WRITE = form(
  { text: field.area({ ...TEXT, label: "Message", missing: "Write a message." }) },
  { submit: "Send message" },
)

const pathOf = (publicId: string): string => `/support/${publicId}`

export function supportRoutes(site: ConsoleSite, { support, plans, clock }: Deps): void {
  site.form("/support", {
    form: ASK,
    async act(page, question) {
      const { userId } = page.session
      const publicId = await support.ask(page.ctx("asked support"), { userId, ...question })
      return { to: pathOf(publicId), say: "Sent. You get a mail when somebody has answered." }
    },
    show: (page, view, _, status) =>
      page.render(
        (frame) =>
          SupportPage({
            frame,
            now: clock.now(),
            isPriority: plans.entitlementsOf(page.session.userId).prioritySupport,
            rows: support.of(page.session.userId).map(rowOf),
            form: view,
          }),
        status,
      ),
  })
  site.form("/support/:ticket", {
    load: (page, { ticket }) => support.own(page.session.userId, ticket),
    form: WRITE,
    async act(page, { text }, { publicId }) {
      await support.write(page.ctx("wrote to support"), { userId: page.session.userId, publicId, text })
      return { to: pathOf(publicId), say: "Sent." }
    },
    show: (page, view, thread, status) =>
      page.render(
        (frame) =>
          SupportThreadPage({
            frame,
            now: clock.now(),
            thread: rowOf(thread),
            messages: support.messages(thread.id),
            form: view,
          }),
        status,
      ),
  })
  site.post("/support/:ticket/closing", {
    load: (page, { ticket }) => support.own(page.session.userId, ticket),
    form: button("It is settled"),
    async act(page, _, { publicId }) {
      await support.settle(page.ctx("settled a question"), { userId: page.session.userId, publicId })
      return { to: pathOf(publicId), say: "Closed. Write again to open it." }
    },
    back: ({ publicId }) => pathOf(publicId),
  })
}

const rowOf = ({ publicId, topic, subject, state, sinceMs, createdMs }: SupportThread) => ({
  id: publicId,
  topic: topicWords(topic),
  subject,
  state,
  sinceMs,
  createdMs,
})
