// What is dangerous asks first who is there: a form with `fresh` is acted upon only for a person who proved a moment ago, by all factors
// they have, that it is them. Everybody else is led to /confirm; what they typed is kept sealed meanwhile and stands there again, so that
// one more press does it. The act never happens by confirming: the form could have been somebody else's idea.
import { AppError } from "../../app/index.ts"
import {
  type Form as Body,
  type FieldDef,
  type Fields,
  type FormDef,
  formOwner,
  seeOther,
  type Web,
} from "../../http/index.ts"
import { isSecret, keepable, unfinishedAt } from "./keepable.ts"
import type { BaseRequest, PageRequest, SessionDeps } from "./request.ts"

/** Where a person confirms who they are, and then goes on to `next`. */
export const CONFIRM_PATH = "/confirm"

/** `true`: always. Else whether these values are dangerous: a limit that is raised is, one that is lowered is not. */
export type Fresh<Values, S> = true | ((values: Values, subject: S) => boolean)

const withNext = (path: string, next: string): string =>
  `${path}${path.includes("?") ? "&" : "?"}${new URLSearchParams({ next })}`

/**
 * Where the person of a page has to go first; null: they proved a moment ago who they are.
 * Console sessions have the proof of the sign-in that they hang below. One that hangs below another sign-in than this browser's is renewed.
 */
export function confirmAt(
  { web, identity }: Pick<SessionDeps, "web" | "identity">,
  page: Pick<PageRequest, "request" | "session">,
): string | null {
  if (identity.isFresh(page.session)) return null
  const here = identity.sessionByToken(web.cookies.read(page.request, "auth"), "auth")
  // Of several people who are signed in it is the one of this page; on another origin than sign-in's nobody is seen.
  if (here?.userId !== page.session.userId)
    return `${CONFIRM_PATH}?${new URLSearchParams({ as: page.session.publicId })}`
  return identity.isFresh(here) ? "/console/login" : CONFIRM_PATH
}

/** Whether this act has to wait until its person has confirmed who they are, and where they do. */
export function mustConfirm<Values, S>(
  fresh: Fresh<Values, S> | undefined,
  page: BaseRequest,
  values: Values,
  subject: S,
): string | null {
  if (fresh === undefined || (fresh !== true && !fresh(values, subject))) return null
  if (!page.confirmAt) throw new Error("a form with `fresh` stands on pages of people who are signed in")
  return page.confirmAt()
}

/** Where a page shows what only its proved person may read: to /confirm and back; null: they proved a moment ago who they are. */
export function confirmToRead(page: Pick<PageRequest, "confirmAt">, next: string): Response | null {
  const at = page.confirmAt?.() ?? null
  return at === null ? null : seeOther(withNext(at, next))
}

/** A page whose form takes what is never kept, such as a new password, asks before it is filled in. */
export function confirmToSee<F extends Fields>(
  fresh: Fresh<never, never> | undefined,
  form: FormDef<F>,
  page: BaseRequest,
): Response | null {
  if (fresh !== true || !Object.values<FieldDef<unknown>>(form.fields).some(isSecret)) return null
  const at = mustConfirm(true, page, {}, {})
  const { pathname, search } = new URL(page.request.url)
  return at === null ? null : seeOther(withNext(at, `${pathname}${search}`))
}

/** Keeps what was typed and leads to /confirm. @throws AppError body_too_large */
export function confirmFirst<F extends Fields>(
  web: Web,
  { form, at, body }: { form: FormDef<F>; at: string; body: Body },
  page: BaseRequest,
  route: { pattern: string; params: Readonly<Record<string, string>> },
): Response {
  if (form.hasFile) throw new Error("a file cannot be kept: a form with `fresh` takes none")
  const path = new URL(page.request.url).pathname
  const cookie = web.kept.keepFor(page.request, formOwner(page.user) ?? "", {
    ...route,
    path,
    fields: keepable(form, body),
  })
  if (cookie === null)
    throw new AppError(
      "body_too_large",
      `This needs you to confirm that it is you, and what you typed is too long to be kept meanwhile. Open ${CONFIRM_PATH} first, then send it again.`,
    )
  return web.back(page.request, withNext(at, unfinishedAt(path, "confirm")), undefined, [cookie])
}

/** To programs. @throws AppError */
export function refuseUnconfirmed(page: BaseRequest, at: string): never {
  if (page.byKey !== undefined)
    throw new AppError("forbidden", "No API key may do this: it asks who is there. Use the pages of the console.")
  const { origin } = new URL(page.request.url)
  throw new AppError(
    "confirmation_required",
    "This needs a proof of the last ten minutes that it is you. Open confirm_url in this browser, then send it again.",
    { fields: { confirm_url: `${origin}${at}` } },
  )
}
