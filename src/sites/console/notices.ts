// /notices: what a person was told. /settings/notices: what of it they want, and by which way.
import { NoticeChoicePage, NoticesPage, type Way } from "../../../views/console/notices.tsx"
import { button, field, form } from "../../http/index.ts"
import { type Channel, comesBy, isOptional, KINDS, TOPICS } from "../../notices/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "clock" | "notices">

const CHANNELS = ["mail", "console", "webhook"] as const satisfies readonly Channel[]
const optionsOf = (channel: Channel) =>
  [...KINDS].filter(([kind]) => isOptional(kind, channel)).map(([value, { label }]) => ({ value, label }))

const CHOICE = form(
  {
    mail: field.choices({ label: "By mail", options: optionsOf("mail") }),
    console: field.choices({ label: "Here", options: optionsOf("console") }),
    webhook: field.choices({ label: "By webhook", options: optionsOf("webhook") }),
  },
  { submit: "Save" },
)

/** Kinds by what they are about, in the order of the registry. */
const GROUPS = TOPICS.map((topic) => ({
  ...topic,
  kinds: [...KINDS]
    .filter(([, kind]) => kind.topic === topic.topic)
    .map(([kind, { label }]) => ({ kind, label, ways: CHANNELS.map((channel) => wayOf(kind, channel)) })),
}))

function wayOf(kind: string, channel: Channel): Way {
  if (!comesBy(kind, channel)) return "never"
  return isOptional(kind, channel) ? "choice" : "always"
}

export function noticeRoutes(site: ConsoleSite, { clock, notices }: Deps): void {
  site.get("/notices", (page) => {
    const asked = Number(new URL(page.request.url).searchParams.get("before"))
    const before = Number.isSafeInteger(asked) && asked > 0 ? asked : null
    const { rows, next } = notices.page(page.session.userId, before)
    return page.render((frame) =>
      NoticesPage({
        frame,
        now: clock.now(),
        rows: rows.map((row) => ({ ...row, label: KINDS.get(row.kind)?.label ?? "" })),
        isFirst: before === null,
        olderHref: next === null ? undefined : `/notices?before=${next}`,
      }),
    )
  })
  site.post("/notices/:notice/opening", {
    load: (page, { notice }) => notices.one(page.session.userId, notice),
    form: button("Open"),
    async act(page, _, notice) {
      await notices.read(page.ctx("read a notice"), page.session.userId, notice.publicId)
      return { to: notice.path ?? "/notices" }
    },
    back: () => "/notices",
  })
  site.post("/notices/reading", {
    form: button("Mark all as read"),
    async act(page) {
      await notices.readAll(page.ctx("read all notices"), page.session.userId)
      return { to: "/notices" }
    },
    back: () => "/notices",
  })
  site.form("/settings/notices", {
    form: CHOICE,
    load: (page) => page.session,
    present({ userId }) {
      const wanted = notices.wanted(userId)
      const kinds = (channel: Channel) => [...wanted[channel]].filter((kind) => isOptional(kind, channel))
      return { mail: kinds("mail"), console: kinds("console"), webhook: kinds("webhook") }
    },
    async act(page, chosen, { userId, publicId: userPublicId }) {
      const wanted = {
        mail: new Set(chosen.mail),
        console: new Set(chosen.console),
        webhook: new Set(chosen.webhook),
      }
      await notices.choose(page.ctx("chose which notices they get"), { userId, userPublicId, wanted })
      return { to: "/settings/notices", say: "Your choice is saved." }
    },
    show: (page, sent, _, status) =>
      page.render((frame) => NoticeChoicePage({ frame, form: sent, groups: GROUPS }), status),
  })
}
