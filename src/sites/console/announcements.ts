// /announcements/:announcement: one as its people read it. The banner leads here and is put away here.
import { AnnouncementPage } from "../../../views/console/announcement.tsx"
import { button } from "../../http/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "announcements" | "clock">

const readingOf = ({ session, user }: PageRequest) => ({ userId: session.userId, isDeveloper: user.isDeveloper })

export function announcementRoutes(site: ConsoleSite, { announcements, clock }: Deps): void {
  site.get("/announcements/:announcement", (page, { announcement: id }) => {
    const { title, body, createdMs } = announcements.readable(id, readingOf(page))
    return page.render((frame) => AnnouncementPage({ frame, now: clock.now(), title, body, createdMs }))
  })
  site.post("/announcements/:announcement/dismissal", {
    load: (page, { announcement: id }) => announcements.readable(id, readingOf(page)),
    form: button("Put it away"),
    async act(page, _, { publicId }) {
      await announcements.dismiss(page.ctx("put a banner away"), publicId, readingOf(page))
      return { to: "/dashboard" }
    },
    back: ({ publicId }) => `/announcements/${publicId}`,
  })
}
