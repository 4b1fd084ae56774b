// What this house says to people: what was said, to whom, and how far it got.
import { AskedPage, ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import { DetailPage } from "../layout/detail-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { Badge, Button, Count, Empty, type FormView, Markdown, RowLink, Time, When } from "../ui/index.ts"

export interface AnnouncementRow {
  id: string
  title: string
  /** "Everybody" */
  whom: string
  banner: boolean
  told: boolean
  createdMs: number
  /** When it ends, or ended; null = when an admin says so. */
  endsMs: number | null
  isOpen: boolean
  toldCount: number
  /** Not everybody was told yet. */
  isTelling: boolean
}

const LIST = "/admin/announcements"
const UP = { href: LIST, label: "Announcements" }
const announcementPath = (id: string): string => `${LIST}/${encodeURIComponent(id)}`

const State = ({ isOpen, isTelling }: Pick<AnnouncementRow, "isOpen" | "isTelling">): JSX.Element =>
  isTelling ? <Badge text="Going out" /> : isOpen ? <Badge tone="ok" text="Open" /> : <Badge text="Over" />

const howWords = ({ banner, told }: Pick<AnnouncementRow, "banner" | "told">): string =>
  [...(banner ? ["banner"] : []), ...(told ? ["notice and mail"] : [])].join(", ")

export interface AdminAnnouncementsProps {
  frame: Frame
  now: number
  announcements: readonly AnnouncementRow[]
  pager: { previousHref: string | undefined; nextHref: string | undefined }
}

export function AdminAnnouncementsPage({ frame, now, announcements, pager }: AdminAnnouncementsProps): JSX.Element {
  const add = <Button kind="primary" icon="plus" href={`${LIST}/new`} label="Announce something" />
  const head = {
    frame,
    title: "Announcements",
    section: "Admin" as const,
    lead: "What you tell everybody, developers, or the people of one app: as a banner, a notice and a mail.",
  }
  if (announcements.length === 0)
    return (
      <ConsoleLayout {...head}>
        <Empty
          title="Nothing was announced yet"
          text="Tell people of maintenance, new models or changed prices before they notice."
          action={add}
        />
      </ConsoleLayout>
    )
  return (
    <ListPage
      {...head}
      action={add}
      pager={{ label: "Pages of announcements", ...pager }}
      table={{
        caption: "Announcements, newest first",
        columns: [
          { label: "Announcement" },
          { label: "State" },
          { label: "For" },
          { label: "How" },
          { label: "Told", numeric: true },
          { label: "Published" },
        ],
        rows: announcements.map((one) => [
          <RowLink href={announcementPath(one.id)} label={one.title} />,
          <State {...one} />,
          <bdi safe>{one.whom}</bdi>,
          <span safe>{howWords(one)}</span>,
          one.told ? <Count value={one.toldCount} /> : <span class="quiet">–</span>,
          <When ms={one.createdMs} now={now} />,
        ]),
      }}
    />
  )
}

export const AdminAnnouncementNewPage = ({ frame, form }: { frame: Frame; form: FormView }): JSX.Element => (
  <EditPage
    frame={frame}
    title="Announce something"
    section="Admin"
    lead="You see it as people will before it goes out."
    up={UP}
    form={form}
    cancelHref={LIST}
  />
)

interface AskedProps {
  frame: Frame
  title: string
  /** Markdown. */
  body: string
  asked: { action: string; hidden: Record<string, string>; words: readonly string[]; label: string; danger: boolean }
}

export const AdminAnnouncementAskedPage = ({ frame, title, body, asked }: AskedProps): JSX.Element => (
  <AskedPage frame={frame} title={`Publish: ${title}`} section="Admin" up={UP} cancelHref={`${LIST}/new`} {...asked}>
    <Markdown source={body} by="people" id="announcement" />
  </AskedPage>
)

export interface AdminAnnouncementProps {
  frame: Frame
  now: number
  announcement: AnnouncementRow & { body: string; dismissals: number }
}

export function AdminAnnouncementPage({ frame, now, announcement: one }: AdminAnnouncementProps): JSX.Element {
  return (
    <DetailPage
      frame={frame}
      title={one.title}
      section="Admin"
      up={UP}
      action={one.isOpen ? <Button dialog href={`${announcementPath(one.id)}/ending`} label="End it" /> : undefined}
      state={<State {...one} />}
      stats={[
        ...(one.told ? [{ label: "Told", value: <Count value={one.toldCount} /> }] : []),
        ...(one.banner ? [{ label: "Put the banner away", value: <Count value={one.dismissals} /> }] : []),
      ]}
      facts={{
        heading: "What it is",
        list: [
          { label: "For", text: one.whom },
          { label: "How", text: howWords(one) },
          { label: "Published", value: <When ms={one.createdMs} now={now} /> },
          {
            label: one.isOpen ? "Ends" : "Ended",
            ...(one.endsMs === null ? { text: "When you end it" } : { value: <Time ms={one.endsMs} /> }),
          },
        ],
      }}
    >
      <section aria-labelledby="text-title">
        <h2 id="text-title">As people read it</h2>
        <Markdown source={one.body} by="people" id="announcement" />
      </section>
    </DetailPage>
  )
}

interface EndProps {
  frame: Frame
  announcement: AnnouncementRow
  form: FormView
}

export const AdminAnnouncementEndPage = ({ frame, announcement: one, form }: EndProps): JSX.Element => (
  <ConfirmPage
    frame={frame}
    title={`End “${one.title}”`}
    section="Admin"
    up={{ href: announcementPath(one.id), label: one.title }}
    words={[
      one.isTelling
        ? "Its banner goes, and nobody who was not told yet is told any more. Mails that went out stay out."
        : "Its banner goes. Notices and mails that went out stay.",
    ]}
    form={form}
    cancelHref={announcementPath(one.id)}
  />
)
