// Parameters and stored answers of an endpoint: each is added, changed and removed by a form of its own on the endpoint's page.
import type { FormView } from "../../../../views/ui/index.ts"
import { ensure } from "../../../app/index.ts"
import { field, form } from "../../../http/index.ts"
import type { Endpoint, ExampleDraft, ParameterDraft } from "../../../marketplace/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"
import { endpointPath, type Here } from "./endpoints.ts"
import { ANSWER_FORM, PARAMETER_FORM } from "./forms.ts"
import { mineOf } from "./places.ts"

const PATH = "/publisher/products/:product/endpoints/:endpoint"
const REMOVE_PARAMETER = form(
  { place: field.hidden({ label: "Place" }), name: field.hidden({ label: "Name" }) },
  { submit: "Remove" },
)
const REMOVE_ANSWER = form({ position: field.hidden({ label: "Place" }) }, { submit: "Remove" })

type Load = (page: PageRequest, ids: { product: string; endpoint: string }) => Here
type Show = (
  page: PageRequest,
  here: Here,
  sent: { parameter?: FormView; answer?: FormView },
  status: Status,
) => Response

const isSame = (one: Pick<ParameterDraft, "place" | "name">, other: { place: string; name: string }): boolean =>
  one.place === other.place && one.name === other.name

export function partRoutes(site: PortalSite, deps: PortalDeps, load: Load, show: Show): void {
  const { marketplace, store } = deps
  const save = (
    page: PageRequest,
    { product, endpoint }: Here,
    parts: { parameters?: ParameterDraft[]; examples?: ExampleDraft[] },
  ) => {
    const { method, path, title } = endpoint
    const input = { ...mineOf(page, product), endpointPublicId: endpoint.publicId, method, path, title, ...parts }
    return store.write(page.ctx("changed an endpoint"), (tx) => marketplace.catalog.saveEndpointIn(tx, input))
  }
  site.post(`${PATH}/parameters`, {
    load,
    form: PARAMETER_FORM,
    async act(page, values, here) {
      const others = here.endpoint.parameters
      const known = others.find((one) => isSame(one, values))
      // What an import knows of it beside these fields stays, as long as its type does.
      const schema = known && known.type === values.type ? known.schema : null
      const draft = {
        ...values,
        required: values.required || values.place === "path",
        example: values.example || null,
        schema,
      }
      const parameters = known ? others.map((one) => (one === known ? draft : one)) : [...others, draft]
      await save(page, here, { parameters })
      return { to: `${endpointPath(here.product, here.endpoint)}#parameters`, say: `${values.name} is saved.` }
    },
    show: (page, parameter, here, status) => show(page, here, { parameter }, status),
  })
  site.post(`${PATH}/parameters/removal`, {
    load,
    form: REMOVE_PARAMETER,
    async act(page, values, here) {
      const parameters = here.endpoint.parameters.filter((one) => !isSame(one, values))
      ensure(parameters.length < here.endpoint.parameters.length, "not_found", "There is no such parameter.")
      await save(page, here, { parameters })
      return { to: `${endpointPath(here.product, here.endpoint)}#parameters`, say: `${values.name} is gone.` }
    },
    back: ({ product, endpoint }) => endpointPath(product, endpoint),
  })
  answerRoutes(site, load, show, save)
}

function answerRoutes(
  site: PortalSite,
  load: Load,
  show: Show,
  save: (page: PageRequest, here: Here, parts: { examples: ExampleDraft[] }) => Promise<Endpoint>,
): void {
  site.post(`${PATH}/answers`, {
    load,
    form: ANSWER_FORM,
    async act(page, { position, ...draft }, here) {
      const all = here.endpoint.examples
      const known = all.find((one) => String(one.position) === position)
      await save(page, here, { examples: known ? all.map((one) => (one === known ? draft : one)) : [...all, draft] })
      return { to: `${endpointPath(here.product, here.endpoint)}#answers`, say: `The answer ${draft.status} is saved.` }
    },
    show: (page, answer, here, status) => show(page, here, { answer }, status),
  })
  site.post(`${PATH}/answers/removal`, {
    load,
    form: REMOVE_ANSWER,
    async act(page, { position }, here) {
      const examples = here.endpoint.examples.filter((one) => String(one.position) !== position)
      ensure(examples.length < here.endpoint.examples.length, "not_found", "There is no such answer.")
      await save(page, here, { examples })
      return { to: `${endpointPath(here.product, here.endpoint)}#answers`, say: "The answer is gone." }
    },
    back: ({ product, endpoint }) => endpointPath(product, endpoint),
  })
}

/** What the endpoint's page shows of them; `?place=…&name=…` and `?answer=…` open one to be changed. */
export function partsShown(
  page: PageRequest,
  endpoint: Endpoint,
  path: string,
  sent: { parameter?: FormView; answer?: FormView },
) {
  const query = new URL(page.request.url).searchParams
  const chosen = endpoint.parameters.find((one) =>
    isSame(one, { place: query.get("place") ?? "", name: query.get("name") ?? "" }),
  )
  const answer = endpoint.examples.find((one) => String(one.position) === query.get("answer"))
  const parameterForm = PARAMETER_FORM.show({
    action: `${path}/parameters`,
    present: chosen
      ? { ...pick(chosen), example: chosen.example ?? "" }
      : { place: "query", type: "string", required: false },
    submit: chosen ? `Save ${chosen.name}` : "Add parameter",
  })
  const answerForm = ANSWER_FORM.show({
    action: `${path}/answers`,
    present: answer
      ? {
          status: answer.status,
          meaning: answer.meaning,
          bodyType: answer.bodyType,
          body: answer.body,
          position: String(answer.position),
        }
      : { status: 200, bodyType: "application/json", position: "" },
    submit: answer ? "Save answer" : "Add answer",
  })
  return {
    parameters: endpoint.parameters.map((one) => ({ ...pick(one), example: one.example })),
    answers: endpoint.examples.map(({ status, meaning, bodyType, body, position }) => ({
      status,
      meaning,
      bodyType,
      body,
      position,
    })),
    parameterForm: { ...(sent.parameter ?? parameterForm), ids: "parameter" },
    answerForm: { ...(sent.answer ?? answerForm), ids: "answer" },
  }
}

const pick = ({ place, name, type, required, description = "" }: ParameterDraft & { type: string }) => ({
  place,
  name,
  type: type as never,
  required,
  description,
})
