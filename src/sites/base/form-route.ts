// What a form does, from the request to the answer: subject, CSRF, parse, rules of the domain, question, act. One road for browsers
// and programs, so that no handler can forget a step.
import type { Undo } from "../../../views/layout/index.ts"
import type { FormView } from "../../../views/ui/index.ts"
import { AppError, type ErrorCode } from "../../app/index.ts"
import {
  type Form as Body,
  type Fields,
  type FormDef,
  formErrors,
  ofTheForm,
  type Parsed,
  statusOf,
  type ValuesOf,
  type Web,
} from "../../http/index.ts"
import type { BaseRequest } from "./request.ts"
import { confirmFirst, confirmToSee, type Fresh, mustConfirm, refuseUnconfirmed } from "./step-up.ts"

/** What was done, for people (another page with a line on it) and for programs. */
export interface Done {
  /** Address of the page that follows. */
  to: string
  /** Said on it. */
  say?: string
  tone?: "ok" | "error" | "info"
  /** The ordinary form with the values that were before. Which acts have one, and which never: `undo.ts`. */
  undo?: Omit<Undo, "for"> | undefined
  cookies?: (string | null)[]
  /** What a program gets beside `message`. */
  result?: Record<string, unknown>
}

/** What a proved person may get beside it. */
export interface Made extends Done {
  /** Shown once on that page, which must be made for it. */
  secret?: string | undefined
}

/** Asked before the act, with what was typed kept in the page. */
export interface Question {
  /** What will happen, a sentence each. */
  words: readonly string[]
  label: string
  danger: boolean
}

/** What a page of the form is given beside its view. */
export interface Status {
  status: number
  /** Of the refusal. */
  code?: ErrorCode
  headers?: Record<string, string>
}

/** One form of a site. `S` is its subject: what `load` found. */
export type FormRoute<P extends BaseRequest, Params, F extends Fields, S> = Declared<P, Params, F, S> &
  (Proved<P, F, S> | Plain<P, F, S>)

/**
 * Its person has to have proved who they are within the last minutes, by all factors they have; else they are led to /confirm, and then
 * press once more. A page whose form takes a secret asks before it is shown. Programs are refused (`confirmation_required`), keys always.
 */
interface Proved<P extends BaseRequest, F extends Fields, S> {
  fresh: Fresh<ValuesOf<F>, S>
  /** A Response of its own only where no program is answered: on the way to an app. */
  act(page: P, values: ValuesOf<F>, subject: S): Promise<Made | Response>
}

/** Without a proof no secret is made: whoever finds a browser open would take it along. */
interface Plain<P extends BaseRequest, F extends Fields, S> {
  fresh?: undefined
  act(page: P, values: ValuesOf<F>, subject: S): Promise<(Done & { secret?: never }) | Response>
}

interface Declared<P extends BaseRequest, Params, F extends Fields, S> {
  /** What it does, in a few words: "Change a plan". For the API's document. */
  summary?: string
  /** Whom or what it is about. `sent` reads the body of a POST and the query of a GET. @throws AppError not_found */
  load?(page: P, params: Params, sent: (name: string) => string): S | Promise<S>
  form: FormDef<F>
  /** The form as this subject needs it: `form.with(…)`. */
  adapt?(form: FormDef<F>, subject: S, page: P): FormDef<F>
  /** How things are: stands in the fields at first, and stays where a field was not sent. */
  present?(subject: S): NoInfer<Partial<ValuesOf<F>>>
  /** Required fields that `present` has, by key: programs may leave them out. For the API's document. */
  kept?: readonly (keyof NoInfer<F> & string)[]
  /** Rules of the domain over what could be read, by key, so that all that is wrong is said at once. */
  check?(read: Pick<Parsed<F>, "readable" | "unread">, subject: S): Readonly<Record<string, string | undefined>>
  /** What speaks against it as things stand; not asked again once the person has confirmed. */
  objection?(values: ValuesOf<F>, subject: S): Readonly<Record<string, string>> | null
  /** Asked once more before the act; programs are sure. */
  question?(values: ValuesOf<F>, subject: S): Question | Promise<Question>
  /** The page that the form stands on. */
  show?(page: P, view: FormView, subject: S, status: Status): Response | Promise<Response>
  /** The page of the question. */
  ask?(page: P, asked: Asked, subject: S): Response
  /** For a button without a page of its own: where its refusal is said. */
  back?(subject: S, page: P): string
}

/** A question with all that was typed, to be sent again when the person is sure. */
export interface Asked extends Question {
  action: string
  hidden: Record<string, string>
}

export const pathOf = (request: Request): string => new URL(request.url).pathname

/** A form in one request: its route, its subject, and the form as that subject needs it. */
interface Case<P extends BaseRequest, F extends Fields, S> {
  page: P
  subject: S
  form: FormDef<F>
  present: Partial<ValuesOf<F>>
}

export async function caseOf<P extends BaseRequest, Params, F extends Fields, S>(
  route: FormRoute<P, Params, F, S>,
  page: P,
  params: Params,
  sent: (name: string) => string,
): Promise<Case<P, F, S>> {
  const subject = (await route.load?.(page, params, sent)) as S
  const form = route.adapt?.(route.form, subject, page) ?? route.form
  return { page, subject, form, present: route.present?.(subject) ?? {} }
}

/** All that is wrong: what nobody could read, and what the domain says of the rest. */
export function errorsOf<P extends BaseRequest, Params, F extends Fields, S>(
  route: FormRoute<P, Params, F, S>,
  { form, subject }: Case<P, F, S>,
  parsed: Parsed<F>,
): Record<string, string> | null {
  const errors = { ...form.named(route.check?.(parsed, subject) ?? {}), ...parsed.errors }
  return Object.keys(errors).length > 0 ? form.inOrder(errors) : null
}

/** GET of a form's own page. */
export async function showForm<P extends BaseRequest, Params, F extends Fields, S>(
  route: FormRoute<P, Params, F, S>,
  page: P,
  params: Params,
  action = pathOf(page.request),
): Promise<Response> {
  const query = new URL(page.request.url).searchParams
  const { form, present, subject } = await caseOf(route, page, params, (name) => query.get(name) ?? "")
  if (!route.show) throw new Error("a form without a page of its own cannot be shown")
  const asked = confirmToSee(route.fresh as Fresh<never, never> | undefined, form, page)
  if (asked) return asked
  return route.show(page, form.show({ action, present }), subject, { status: 200 })
}

/** POST of a browser; the body has passed CSRF. */
export async function submitForm<P extends BaseRequest, Params, F extends Fields, S>(
  web: Web,
  route: FormRoute<P, Params, F, S>,
  page: P,
  params: Params,
  body: Body,
  pattern: string,
): Promise<Response> {
  const one = await caseOf(route, page, params, (name) => body.get(name))
  const { form, subject, present } = one
  const parsed = form.parse(form.fromHtml(body), present, {}, (name) => body.file(name))
  const again = (errors: Readonly<Record<string, string>>, status: Status) =>
    refused(web, route, one, parsed, form.inOrder(errors), status)

  const errors = errorsOf(route, one, parsed)
  if (!parsed.values || errors) return again(errors ?? {}, { status: 422 })
  const at = mustConfirm(route.fresh, page, parsed.values, subject)
  if (at !== null) return confirmFirst(web, { form, at, body }, page, { pattern, params: params as never })
  if (body.get("confirmed") !== "1") {
    const objection = route.objection?.(parsed.values, subject)
    if (objection) return again(form.named(objection), { status: 422 })
    if (route.question && route.ask) {
      const hidden = { ...form.hiddenOf(parsed.values), confirmed: "1" }
      const question = await route.question(parsed.values, subject)
      return route.ask(page, { ...question, action: pathOf(page.request), hidden }, subject)
    }
  }
  try {
    const done = await route.act(page, parsed.values, subject)
    return done instanceof Response ? done : answered(web, page, done)
  } catch (error) {
    const refusal = ofTheForm(error)
    return again(form.named(formErrors(refusal) ?? {}), { ...statusOf(refusal), code: refusal.code })
  }
}

/** The page with the form again, or, for a button, the page it stood on with a line that says why not. */
function refused<P extends BaseRequest, Params, F extends Fields, S>(
  web: Web,
  route: FormRoute<P, Params, F, S>,
  { form, page, subject, present }: Case<P, F, S>,
  parsed: Parsed<F>,
  errors: Record<string, string>,
  status: Status,
): Response | Promise<Response> {
  if (!route.show) {
    const text = Object.values(errors)[0] ?? "That could not be done. Try again."
    return web.back(page.request, route.back?.(subject, page) ?? "/", { kind: "info", text })
  }
  const sent = { ...form.typedOf(parsed.readable), ...parsed.typed }
  // What was typed stays; saving again then means to overwrite what somebody else changed.
  const typed = status.code === "conflict" ? form.withoutVersion(sent) : sent
  return route.show(page, form.show({ action: pathOf(page.request), present, typed, errors }), subject, status)
}

function answered(web: Web, page: BaseRequest, done: Made): Response {
  if (done.secret !== undefined) return web.backWithSecret(page.request, done.to, done.secret)
  const undo = done.undo && { ...done.undo, for: page.user?.id }
  const flash = done.say === undefined ? undefined : { kind: done.tone ?? ("ok" as const), text: done.say, undo }
  return web.back(page.request, done.to, flash, done.cookies)
}

/** POST of a program: the same form as JSON, which answers JSON. @throws AppError, with `errors` by field where that says more */
export async function submitJson<P extends BaseRequest, Params, F extends Fields, S>(
  route: FormRoute<P, Params, F, S>,
  page: P,
  params: Params,
  body: Readonly<Record<string, unknown>>,
): Promise<Response> {
  const text = (name: string): string => (typeof body[name] === "string" ? body[name] : "")
  const one = await caseOf(route, page, params, text)
  const sent = one.form.fromJson(body)
  const parsed = one.form.parse(sent.typed, one.present, sent.errors)
  const errors = errorsOf(route, one, parsed)
  if (!parsed.values || errors) throw wrongFields(errors ?? {})
  const at = mustConfirm(route.fresh, page, parsed.values, one.subject)
  if (at !== null) refuseUnconfirmed(page, at)
  try {
    const done = await route.act(page, parsed.values, one.subject)
    if (done instanceof Response) return done
    const { say, secret, result }: Made = done
    const told = { message: say ?? "Done.", ...(secret === undefined ? {} : { secret }), ...result }
    return Response.json(told, { headers: { "cache-control": "no-store" } })
  } catch (error) {
    if (!(error instanceof AppError) || !error.extra.formErrors) throw error
    throw wrongFields(one.form.inOrder(one.form.named(error.extra.formErrors)), error)
  }
}

/** RFC 9457 with an extension member: what is wrong, by field. */
function wrongFields(errors: Record<string, string>, error?: AppError): AppError {
  const message = error?.message ?? "Some fields need another look: see errors."
  return new AppError(error?.code ?? "validation_failed", message, { ...error?.extra, fields: { errors } })
}
