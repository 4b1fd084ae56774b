// /admin/prices: every model that is served, with its price and where it comes from; models that wait for one; reading the lists anew.
import { AdminPricesPage, type PriceRow, type PricesProps } from "../../../views/admin/prices.tsx"
import { withQuery } from "../../../views/ui/index.ts"
import { dayOf, LIMITS } from "../../app/index.ts"
import { refreshLists } from "../../gateway/index.ts"
import { button, field, form } from "../../http/index.ts"
import { CATALOGUE_ON } from "../../pricing/index.ts"
import { gridState, type ListDef, type ListRequest, type PageRequest, readList, undoTo } from "../base/index.ts"
import { isShown, type PriceSort, priceRows, SHOWS, type Show, sortedRows } from "./price-list.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import type { UnpricedCalls } from "./store-prices.ts"

const PATH = "/admin/prices"
const QUERY_CHARS_MAX = 200
const REFUSED_DAYS = 30

const LIST: ListDef<PriceSort> = {
  name: "prices",
  path: PATH,
  sorts: {
    model: "ascending",
    input: "descending",
    output: "descending",
    changed: "descending",
    refused: "descending",
  },
  sort: "model",
  columns: {
    upstreams: false,
    source: true,
    input: true,
    output: true,
    cached: true,
    context: false,
    changed: true,
    refused: false,
  },
}

const LEFT_OUT_FORM = form(
  {
    list: field.hidden({ label: "Price list" }),
    model: field.hidden({ label: "Model" }),
    leftOut: field.choice({
      label: "Whether it is left out",
      control: "hidden",
      options: [
        { value: "yes", label: "Left out" },
        { value: "no", label: "Asked about" },
      ],
    }),
  },
  { submit: "Leave out" },
)

export function priceRoutes(site: AdminSite, deps: AdminDeps): void {
  site.get(PATH, (page) => list(deps, page))

  site.post(`${PATH}/refresh`, {
    summary: "Read price and model lists",
    form: button("Read lists now"),
    async act(page) {
      const { catalogue, upstreams } = await refreshLists(deps, page.ctx("read the lists by hand"))
      const failed = upstreams.filter((one) => !one.test?.ok).map((one) => one.name)
      const own = failed.length > 0 ? ` No answer from ${failed.join(", ")}.` : ""
      const result = {
        ok: catalogue.ok,
        models: catalogue.models,
        changed: catalogue.changed,
        held: catalogue.held,
        failed,
      }
      const tone = catalogue.ok && failed.length === 0 ? ("ok" as const) : ("info" as const)
      return { to: PATH, say: `${catalogue.message}${own}`, tone, result }
    },
    back: () => PATH,
  })

  site.post(`${PATH}/left-out`, {
    summary: "Leave a model without a price, or ask about it again",
    form: LEFT_OUT_FORM,
    async act(page, { list, model, leftOut }) {
      const isOut = leftOut === "yes"
      await deps.pricing.leaveOut(
        page.ctx(isOut ? "left a model out" : "asked about a model again"),
        list,
        model,
        isOut,
      )
      const say = isOut
        ? `${model} stays refused, and is not asked about any more.`
        : `${model} waits for a price again.`
      const undo = undoTo(`${PATH}/left-out`, LEFT_OUT_FORM, { list, model, leftOut: isOut ? "no" : "yes" })
      return { to: `${PATH}?show=unpriced`, say, undo }
    },
    back: () => PATH,
  })
}

async function list(deps: AdminDeps, page: PageRequest): Promise<Response> {
  const { clock, pricing, settings } = deps
  const list = readList(deps.web, LIST, page.request)
  const params = new URL(page.request.url).searchParams
  const query = (params.get("q") ?? "").trim().slice(0, QUERY_CHARS_MAX)
  const show = SHOWS.find((one) => one === params.get("show")) ?? "all"
  const sinceDay = dayOf(clock.now()) - REFUSED_DAYS + 1
  const refused = await deps.reads.ask<UnpricedCalls[]>("admin.unpriced-calls", { sinceDay })
  const rows = priceRows(deps, refused)
  const found = rows.filter((row) => isNamed(row, query))
  const shown = found.filter((row) => isShown(row, show))
  // What is asked for most comes first where prices are missing.
  const isQueue = show === "unpriced" && !params.has("sort")
  const sort = isQueue ? ({ by: "refused", descending: true } as const) : list.sort
  const pages = Math.max(1, Math.ceil(shown.length / LIMITS.historyPageRows))
  const at = Math.min(pages, Math.max(1, Math.trunc(Number(params.get("at"))) || 1))
  const text = { q: query || undefined, show: show === "all" ? undefined : show }
  const reads = pricing.catalogue.reads()
  const props: Omit<PricesProps, "frame"> = {
    now: clock.now(),
    query,
    show,
    rows: sortedRows(shown, sort.by, sort.descending).slice(
      (at - 1) * LIMITS.historyPageRows,
      at * LIMITS.historyPageRows,
    ),
    state: stateOf(list, sort, text, at, pages, show),
    matching: shown.length,
    total: rows.length,
    facets: facetsOf(found, show, query),
    table: pricing.priceTableVersion,
    lastRead: reads[0] ?? null,
    lastGoodMs: reads.find((read) => read.ok)?.atMs ?? null,
    isDaily: settings.get(CATALOGUE_ON) === "on" && !deps.web.demo,
  }
  return page.render((frame) => AdminPricesPage({ frame, ...props }), { cookies: list.cookies })
}

const isNamed = (row: PriceRow, query: string): boolean =>
  [row.model, row.listName, ...row.upstreams].some((text) => text.toLowerCase().includes(query.toLowerCase()))

/** Pages are numbered: the rows are in memory, and few. */
function stateOf(
  list: ListRequest<PriceSort>,
  sort: ListRequest<PriceSort>["sort"],
  text: Record<string, string | undefined>,
  at: number,
  pages: number,
  show: Show,
): PricesProps["state"] {
  const state = gridState(LIST, { ...list, sort }, text, { previous: null, next: null })
  const columns =
    show === "unpriced" && !state.columns.includes("refused") ? [...state.columns, "refused"] : state.columns
  return {
    ...state,
    columns,
    isFirst: at === 1,
    previous: at > 1 ? String(at - 1) : null,
    next: at < pages ? String(at + 1) : null,
  }
}

const SHOW_LABELS: Readonly<Record<Show, string>> = {
  all: "All",
  unpriced: "Without a price",
  set: "Set here",
  published: "Published",
  held: "Held back",
  "left-out": "Left out",
}

function facetsOf(rows: readonly PriceRow[], current: Show, query: string): PricesProps["facets"] {
  return SHOWS.map((show) => ({
    label: SHOW_LABELS[show],
    href: withQuery(PATH, { q: query || undefined, show: show === "all" ? undefined : show }),
    rows: rows.filter((row) => isShown(row, show)).length,
    current: show === current,
  })).filter(({ rows: left, label, current: isCurrent }) => left > 0 || isCurrent || label === SHOW_LABELS.all)
}
