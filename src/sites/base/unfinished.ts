// A form whose session was over when it was sent: what was typed is kept while the person signs in, and then the form stands there
// again as it was left, or the question that it asks. The act itself waits for one more press: a form that is sent by signing in could
// have been somebody else's idea.
import { AppError } from "../../app/index.ts"
import type { Form as Body, FieldDef, Fields, FormDef, Web } from "../../http/index.ts"
import { caseOf, errorsOf, type FormRoute, pathOf } from "./form-route.ts"
import { type After, isSecret, keepable, unfinishedAt } from "./keepable.ts"
import type { BaseRequest } from "./request.ts"

const HERE: Readonly<Record<After, string>> = {
  "sign-in": "You are signed in again.",
  confirm: "Thank you, it is you.",
}
const NOT_YET = "Nothing was done yet: look it over and send it once more."
const NOT_KEPT = "Passwords and keys were not kept."
const PRESS_AGAIN = "That was not done yet: press the button once more."

/** A POST without a session: keeps what was typed, if a page of a person was sent, and leads to the sign-in. @throws AppError body_too_large */
export async function keepUnfinished<F extends Fields>(
  web: Web,
  form: FormDef<F>,
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
  const next = unfinishedAt(path, "sign-in")
  return web.back(request, `/console/login?${new URLSearchParams({ next })}`, undefined, [cookie])
}

/** The form as it was left, or its question. */
export async function resumeForm<P extends BaseRequest, Params, F extends Fields, S>(
  web: Web,
  route: FormRoute<P, Params, F, S>,
  page: P,
  params: Params,
  body: Body,
  after: After,
): Promise<Response> {
  const one = await caseOf(route, page, params, (name) => body.get(name))
  const { form, subject, present } = one
  const parsed = form.parse(form.fromHtml(body), present)
  const action = pathOf(page.request)
  if (parsed.values && !errorsOf(route, one, parsed) && route.question && route.ask) {
    const isRefused = route.objection?.(parsed.values, subject) ?? null
    const hidden = { ...form.hiddenOf(parsed.values), confirmed: "1" }
    web.sayNow(page.request, { kind: "info", text: `${HERE[after]} ${NOT_YET}`, stays: true })
    if (!isRefused)
      return route.ask(page, { ...(await route.question(parsed.values, subject)), action, hidden }, subject)
  }
  if (!route.show)
    return web.back(page.request, route.back?.(subject, page) ?? "/", {
      kind: "info",
      text: `${HERE[after]} ${PRESS_AGAIN}`,
    })
  const hasSecret = Object.values<FieldDef<unknown>>(form.fields).some(isSecret)
  const text = `${HERE[after]} ${NOT_YET}${hasSecret ? ` ${NOT_KEPT}` : ""}`
  web.sayNow(page.request, { kind: "info", text, stays: true })
  // No error, but not as it is at present either: what was typed stands in every field.
  const view = form.show({ action, present, typed: parsed.typed, errors: {} })
  return route.show(page, view, subject, { status: 200 })
}
