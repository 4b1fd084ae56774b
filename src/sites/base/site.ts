// A site's routes, a line each: every address stands in the site's list of pages, every request passes the site's guard, every form
// CSRF. A form of a site that speaks JSON is also `POST /api/v1<path>`.
import type { TProperties } from "@sinclair/typebox"
import { Elysia, type TSchema } from "elysia"
import { type Fields, type FormDef, isMultipart, isSwap, readJsonObject, type Web } from "../../http/index.ts"
import { type FormRoute, showForm, submitForm, submitJson } from "./form-route.ts"
import type { PageEntry } from "./pages.ts"
import type { BaseRequest } from "./request.ts"
import { keepUnfinished, resumeForm } from "./unfinished.ts"

/** Bodies are read here, once and within their limits. */
const RAW = { parse: "none" } as const
export const API = "/api/v1"
const FILE_AGAIN = "You were signed out, and the file was not kept. Sign in, then choose it again."

/** "/admin/users/:user/plan" → { user: string }. */
export type ParamsOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { [Key in Name]: string } & ParamsOf<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? { [Key in Name]: string }
    : Record<never, never>

/** A form that programs may send, for the API's document. */
export interface ApiForm {
  /** With its parameters: `/api/v1/admin/plans/:plan`. */
  path: string
  summary: string
  schema: TSchema
  /** A right body. */
  example?: Readonly<Record<string, unknown>>
  /** Members of the answer beside `message`. */
  result?: TProperties
}

/** A form of a site as another route may send it: subject, rules and act, without a page. */
export type Program<P extends BaseRequest> = (
  page: P,
  params: Readonly<Record<string, string>>,
  body: Readonly<Record<string, unknown>>,
) => Promise<Response>

export interface SiteOptions<P extends BaseRequest, List extends readonly PageEntry[]> {
  web: Web
  pages: List
  /** The guard: who asks, or where those go who may not. @throws AppError */
  enter(request: Request): P | Response
  /** Whom the page is about, and whether its route is open to them: asked of every route, behind the guard. */
  admit?(page: P, method: "GET" | "POST", path: string): P | Response
  /** The same of routes that answer strangers in their own way; null: open. */
  admitOpen?(request: Request, path: string): Response | null
  /** The guard of programs; with it every form answers JSON too. @throws AppError */
  enterApi?(request: Request): P
  /** What the API's document says of a form beside its declaration, by path. */
  apiExamples?: Readonly<Record<string, { body: Readonly<Record<string, unknown>>; result?: TProperties }>>
}

const exampleOf = (said: NonNullable<SiteOptions<never, never>["apiExamples"]>[string] | undefined) =>
  said ? { example: said.body, ...(said.result ? { result: said.result } : {}) } : {}

type Answer = Response | Promise<Response>
type Context = { request: Request; params: unknown }

export interface Site<P extends BaseRequest, Paths extends string> {
  readonly routes: Elysia
  /** Forms as programs see them. */
  readonly api: readonly ApiForm[]
  /** By path. */
  readonly programs: ReadonlyMap<string, Program<P>>
  get<Path extends Paths>(path: Path, handler: (page: P, params: ParamsOf<Path>) => Answer): void
  /** Without the guard, for what answers strangers in its own way: streams, fragments, documents for programs. */
  open<Path extends Paths>(path: Path, handler: (request: Request, params: ParamsOf<Path>) => Answer): void
  /** A form with a page of its own: GET and POST of one address, or POST of the list that it adds to. */
  form<Path extends Paths, F extends Fields, S>(
    path: Path,
    route: FormRoute<P, ParamsOf<Path>, F, S>,
    to?: string,
  ): void
  /** A form that stands on another page, or a button. */
  post<Path extends string, F extends Fields, S>(path: Path, route: FormRoute<P, ParamsOf<Path>, F, S>): void
}

/** The address of a pattern, for what the present one names. */
const filled = (pattern: string, params: Readonly<Record<string, string>>): string =>
  pattern.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ""))

export function createSite<P extends BaseRequest, const List extends readonly PageEntry[]>(
  options: SiteOptions<P, List>,
): Site<P, List[number]["path"]> {
  const { web, enter, enterApi, admit = (page: P) => page, admitOpen } = options
  const routes = new Elysia()
  const api: ApiForm[] = []
  const programs = new Map<string, Program<P>>()
  const at = pastGate(enter, admit)
  const guarded =
    <Params>(path: string, handler: (page: P, params: Params) => Answer) =>
    ({ request, params }: Context): Answer => {
      const page = at(request, "GET", path)
      return page instanceof Response ? page : handler(page, params as Params)
    }
  const site: Site<P, List[number]["path"]> = {
    routes: routes as unknown as Elysia,
    api,
    programs,
    get: (path, handler) => void routes.get(path, guarded(path, handler)),
    open: (path, handler) =>
      void routes.get(path, ({ request, params }) => admitOpen?.(request, path) ?? handler(request, params as never)),
    form(path, route, to) {
      site.get(path, (page, params) => showForm(route, page, params, to && filled(to, params)))
      site.post((to ?? path) as typeof path, route)
    },
    post(path, route) {
      const submit = async ({ request, params }: Context): Promise<Response> => {
        const entered = enter(request)
        if (entered instanceof Response)
          return withoutSession(web, route.form, request, entered, { pattern: path, params: params as never })
        const page = admit(entered, "POST", path)
        if (page instanceof Response) return page
        const sent = await web.form(request, page.user, route.form)
        return submitForm(web, route, page, params as ParamsOf<typeof path>, sent, path)
      }
      routes.post(path, submit, RAW)
      web.resumes.set(path, (request, params, body, after) => {
        const page = at(request, "POST", path)
        if (page instanceof Response) return page
        return resumeForm(web, route, page, params as ParamsOf<typeof path>, body, after)
      })
      if (!enterApi) return
      programs.set(path, (page, params, body) => submitJson(route, page, params as ParamsOf<typeof path>, body))
      const send = async ({ request, params }: Context): Promise<Response> => {
        const page = enterApi(request)
        const body = page.byKey === undefined ? await web.json(request, page.user) : await readJsonObject(request)
        return submitJson(route, page, params as ParamsOf<typeof path>, body)
      }
      routes.post(`${API}${path}`, send, RAW)
      api.push({
        path: `${API}${path}`,
        summary: route.summary ?? route.form.options.submit,
        schema: route.form.schema(route.kept),
        ...exampleOf(options.apiExamples?.[path]),
      })
    },
  }
  return site
}

/** A form whose session is over: what was typed is kept while its person signs in. @param login what the guard answers */
async function withoutSession<F extends Fields>(
  web: Web,
  form: FormDef<F>,
  request: Request,
  login: Response,
  route: { pattern: string; params: Readonly<Record<string, string>> },
): Promise<Response> {
  // A file is too large to be kept: it is chosen again, or sent again from the page that a script leaves where it is.
  const there = login.headers.get("location")
  if (isMultipart(request) && isSwap(request)) return login
  if (isMultipart(request)) return there ? web.back(request, there, { kind: "info", text: FILE_AGAIN }) : login
  return (await keepUnfinished(web, form, request, route)) ?? login
}

/** Past the guard and the gate. */
const pastGate =
  <P extends BaseRequest>(
    enter: (request: Request) => P | Response,
    admit: (page: P, method: "GET" | "POST", path: string) => P | Response,
  ) =>
  (request: Request, method: "GET" | "POST", path: string): P | Response => {
    const entered = enter(request)
    return entered instanceof Response ? entered : admit(entered, method, path)
  }
