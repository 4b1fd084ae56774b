// A form whose session was over when it was sent: what was typed is kept while the person signs in, and then the form stands there
// again as it was left, or the question that it asks. The act itself waits for one more press: a form that is sent by signing in could
// have been somebody else's idea.
import { AppError } from "../../app/index.ts"
import type { Form as Body, FieldDef, Fields, FormDef, Web } from "../../http/index.ts"
import { caseOf, errorsOf, type FormRoute, pathOf } from "./form-route.ts"
import type { BaseRequest } from "./request.ts"

/** Where what was typed is shown again; `at` is the address it was sent to. */
export const UNFINISHED_PATH = "/unfinished"
const NOT_YET = "You are signed in again. Nothing was done yet: look it over and send it once more."
const NOT_KEPT = "Passwords and keys were not kept."
const PRESS_AGAIN = "You are signed in again. That was not done yet: press the button once more."

/** Never kept: passwords, keys, codes. */
const isSecret = ({ secret, look }: FieldDef<unknown>): boolean =>
  secret === true || look.type === "password" || look.autocomplete === "one-time-code"

/** What may be kept of a form that was sent: its declared fields that are no secrets. */
export const keepable = (form: FormDef<Fields>, body: Body): [name: string, value: string][] =>
  Object.entries(form.fields).flatMap(([key, field]) => {
    const name = form.nameOf(key)
    return isSecret(field) ? [] : body.all(name).map((value): [string, string] => [name, value])
  })

/** A POST without a session: keeps what was typed, if a page of a person was sent, and leads to the sign-in. @throws AppError body_too_large */
export async function keepUnfinished(
  web: Web,
  form: FormDef<Fields>,
  request: Request,
  route: { pattern: string; params: Readonly<Record<string, string>> },
): Promise<Response | null> {
  const sent = await web.ownForm(request).catch((error: unknown) => {
    if (error instanceof AppError && error.code !== "body_too_large") return null
    throw error
  })
  if (!sent) return null
  const path = pathOf(request)
  const fields = keepable(form, sent.form)
  const cookie = web.kept.keepForm({ ...route, path, owner: sent.owner, fields })
  if (cookie === null)
    throw new AppError(
      "body_too_large",
      "You were signed out, and what you typed is too long to be kept while you sign in. Go back and copy it first.",
    )
  const next = `${UNFINISHED_PATH}?${new URLSearchParams({ at: path })}`
  return web.back(request, `/console/login?${new URLSearchParams({ next })}`, undefined, [cookie])
}

/** The form as it was left, or its question. */
export async function resumeForm<P extends BaseRequest, Params, F extends Fields, S>(
  web: Web,
  route: FormRoute<P, Params, F, S>,
  page: P,
  params: Params,
  body: Body,
): Promise<Response> {
  const one = await caseOf(route, page, params, (name) => body.get(name))
  const { form, subject, present } = one
  const parsed = form.parse(form.fromHtml(body), present)
  const action = pathOf(page.request)
  if (parsed.values && !errorsOf(route, one, parsed) && route.question && route.ask) {
    const isRefused = route.objection?.(parsed.values, subject) ?? null
    const hidden = { ...form.hiddenOf(parsed.values), confirmed: "1" }
    web.sayNow(page.request, { kind: "info", text: NOT_YET, stays: true })
    if (!isRefused)
      return route.ask(page, { ...(await route.question(parsed.values, subject)), action, hidden }, subject)
  }
  if (!route.show)
    return web.back(page.request, route.back?.(subject, page) ?? "/", { kind: "info", text: PRESS_AGAIN })
  const hasSecret = Object.values<FieldDef<unknown>>(form.fields).some(isSecret)
  web.sayNow(page.request, { kind: "info", text: hasSecret ? `${NOT_YET} ${NOT_KEPT}` : NOT_YET, stays: true })
  // No error, but not as it is at present either: what was typed stands in every field.
  const view = form.show({ action, present, typed: parsed.typed, errors: {} })
  return route.show(page, view, subject, { status: 200 })
}
