// POST /admin/filters: a list of the admin's pages with its filters and order, kept under a name, and taken away again.
import { button, field, form } from "../../http/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

/** Pages with lists that may be kept. */
const PAGES = ["/admin/users", "/admin/audit"] as const

const SAVE = form(
  {
    page: field.choice({
      label: "Page",
      control: "hidden",
      options: PAGES.map((page) => ({ value: page, label: page })),
      wrong: "There is no such list.",
    }),
    query: field.hidden({ label: "Filters, as in the address but with spaces for &", optional: true }),
    name: field.text({ label: "Name", missing: "Give it a name." }),
  },
  { submit: "Save" },
)

/** Only what the list would write itself: names and values, nothing that leads elsewhere. Pairs come apart by spaces. */
const tidyQuery = (query: string): string => new URLSearchParams(query.replaceAll(" ", "&")).toString()
const addressOf = (page: string, query: string): string => (query ? `${page}?${query}` : page)

export function filterRoutes(site: AdminSite, { identity }: AdminDeps): void {
  site.post("/admin/filters", {
    summary: "Keep a list with its filters under a name",
    load: (_, __, sent) => ({
      page: PAGES.find((each) => each === sent("page")) ?? PAGES[0],
      query: tidyQuery(sent("query")),
    }),
    form: SAVE,
    async act(page, { name }, list) {
      await identity.saveList(page.ctx("keep a list"), { userId: page.session.userId, ...list, name })
      return { to: addressOf(list.page, list.query), say: `Saved as “${name.trim()}”.` }
    },
    back: ({ page, query }) => addressOf(page, query),
  })
  site.post("/admin/filters/:filter/removal", {
    summary: "Forget a list that was kept",
    load: (_, params) => Number(params.filter),
    form: button("Remove"),
    async act(page, _, id) {
      const list = await identity.removeList(page.ctx("forget a list"), { userId: page.session.userId, id })
      return { to: addressOf(list.page, list.query), say: `“${list.name}” is removed.` }
    },
    back: () => "/admin/users",
  })
}
