// /admin/announcements: what this house says to everybody, to developers, or to the people of one app.
import {
  AdminAnnouncementAskedPage,
  AdminAnnouncementEndPage,
  AdminAnnouncementNewPage,
  AdminAnnouncementPage,
  AdminAnnouncementsPage,
  type AnnouncementRow,
} from "../../../views/admin/announcements.tsx"
import { type Announcement, type Audience, isOpen, ANNOUNCEMENT_LIMITS as L } from "../../announcements/index.ts"
import { DAY_MS } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const LIST = "/admin/announcements"

const FORM = form(
  {
    title: field.text({
      label: "Title",
      missing: "Give it a title.",
      length: L.titleCharsMax,
      help: "Also the subject of the mail.",
    }),
    body: field.area({
      label: "Text",
      missing: "Write what you have to say.",
      max: L.bodyCharsMax,
      rows: 10,
      help: "Markdown. Begin with what people have to do, if anything.",
    }),
    audience: field.choice<Audience>({
      label: "For",
      control: "radios",
      wrong: "Choose one of these.",
      options: [
        { value: "all", label: "Everybody" },
        { value: "developers", label: "Developers" },
        { value: "app", label: "The people of one app" },
      ],
    }),
    clientPublicId: field.text({
      name: "app",
      label: "App",
      optional: true,
      mono: true,
      length: 64,
      help: "Its id, such as cli_01…; for its people alone.",
    }),
    banner: field.box({ label: "As a banner above every page of the console" }),
    told: field.box({ label: "As a notice, and as a mail to those who want such mails" }),
    endsMs: field.date({ name: "last_day", label: "Last day (UTC)", optional: true, help: "Empty: until you end it." }),
    reason: field.reason(),
  },
  { submit: "Look at it and publish" },
)

const END_FORM = form({ reason: field.reason() }, { submit: "End it", danger: true })

type Deps = Pick<AdminDeps, "announcements" | "oauth" | "clock">

export function announcementRoutes(site: AdminSite, deps: Deps): void {
  const { announcements, clock } = deps
  site.get(LIST, (page) => {
    const asked = Number(new URL(page.request.url).searchParams.get("before"))
    const before = Number.isSafeInteger(asked) && asked > 0 ? asked : null
    const { rows, next } = announcements.page(before)
    const pager = {
      previousHref: before === null ? undefined : LIST,
      nextHref: next === null ? undefined : `${LIST}?before=${next}`,
    }
    const shown = rows.map((one) => rowOf(deps, one))
    return page.render((frame) => AdminAnnouncementsPage({ frame, now: clock.now(), announcements: shown, pager }))
  })
  newRoute(site, deps)
  site.get(`${LIST}/:announcement`, (page, params) => {
    const one = announcements.one(params.announcement)
    const shown = { ...rowOf(deps, one), body: one.body, dismissals: one.dismissals }
    return page.render((frame) => AdminAnnouncementPage({ frame, now: clock.now(), announcement: shown }))
  })
  site.form(`${LIST}/:announcement/ending`, {
    summary: "End an announcement",
    load: (_, params) => announcements.one(params.announcement),
    form: END_FORM,
    fresh: true,
    async act(page, { reason }, { publicId, title }) {
      await announcements.end(page.ctx(reason), publicId)
      return { to: `${LIST}/${publicId}`, say: `“${title}” is over.` }
    },
    show: (page, form, one, status) =>
      page.render((frame) => AdminAnnouncementEndPage({ frame, announcement: rowOf(deps, one), form }), status),
  })
}

const WHOM: Readonly<Record<Audience, string>> = {
  all: "Everybody",
  developers: "Developers",
  app: "The people of the app",
}

function newRoute(site: AdminSite, { announcements }: Deps): void {
  site.form(
    `${LIST}/new`,
    {
      summary: "Publish an announcement",
      form: FORM,
      fresh: true,
      present: () => ({ audience: "all" as const, banner: true, told: false }),
      question: ({ audience, told, banner }) => ({
        words: [
          `${WHOM[audience]} ${audience === "all" ? "sees" : "see"} ${banner ? "it above the pages of the console" : "no banner"}${told ? " and gets a notice, and a mail where they want one" : ""}.`,
          "It cannot be changed afterwards; you can end it.",
        ],
        label: "Publish",
        danger: false,
      }),
      ask: (page, asked) =>
        page.render((frame) =>
          AdminAnnouncementAskedPage({ frame, title: asked.hidden.title ?? "", body: asked.hidden.body ?? "", asked }),
        ),
      async act(page, { reason, endsMs, ...input }) {
        const ends = endsMs === null ? null : endsMs + DAY_MS
        const made = await announcements.publish(page.ctx(reason), { ...input, endsMs: ends })
        return { to: `${LIST}/${made.publicId}`, say: "It is published.", result: { announcement: made.publicId } }
      },
      show: (page, form, _, status) => page.render((frame) => AdminAnnouncementNewPage({ frame, form }), status),
    },
    LIST,
  )
}

function rowOf({ oauth, clock }: Deps, one: Announcement): AnnouncementRow {
  const app = one.clientId === null ? null : (oauth.clientById(one.clientId)?.name ?? "An app")
  const open = isOpen(one, clock.now())
  return {
    id: one.publicId,
    title: one.title,
    whom: app === null ? WHOM[one.audience] : `The people of ${app}`,
    banner: one.banner,
    told: one.told,
    createdMs: one.createdMs,
    endsMs: one.endedMs ?? one.endsMs,
    isOpen: open,
    toldCount: one.toldCount,
    isTelling: open && one.told && one.toldMs === null,
  }
}
