// Where subscribers find help: contacts by the support of their plan, and questions with answers.
import { QuestionPage, SupportPage } from "../../../../views/portal/publisher/support.tsx"
import type { FormView } from "../../../../views/ui/index.ts"
import { ensure } from "../../../app/index.ts"
import { button, field, form } from "../../../http/index.ts"
import type { Product } from "../../../marketplace/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"
import { CONTACT_FORM, KIND_LABEL, LEVEL_LABEL, QUESTION_FORM } from "./forms.ts"
import { mineOf, pathOf, productOf } from "./places.ts"
import { shown } from "./product.ts"

const PATH = "/publisher/products/:product/support"
const REMOVE = form({ contact: field.hidden({ label: "Contact" }) }, { submit: "Remove" })
const here = (product: Product): string => `${pathOf(product)}/support`

export function supportRoutes(site: PortalSite, deps: PortalDeps): void {
  const { marketplace, store } = deps
  const { catalog } = marketplace
  const load = (page: PageRequest, { product }: { product: string }) => productOf(deps, page, product)
  site.get(PATH, (page, ids) => supportPage(deps, page, load(page, ids), {}))
  site.post(`${PATH}/contacts`, {
    load,
    form: CONTACT_FORM,
    async act(page, values, product) {
      const input = { ...mineOf(page, product), ...values }
      await store.write(page.ctx("added a contact"), (tx) => catalog.addContactIn(tx, input))
      return { to: here(product), say: `${values.label} is there.` }
    },
    show: (page, contact, product, status) => supportPage(deps, page, product, { contact }, status),
  })
  site.post(`${PATH}/contacts/removal`, {
    load,
    form: REMOVE,
    async act(page, { contact }, product) {
      const input = { ...mineOf(page, product), contactPublicId: contact }
      await store.write(page.ctx("removed a contact"), (tx) => catalog.removeContactIn(tx, input))
      return { to: here(product), say: "The contact is gone." }
    },
    back: here,
  })
  site.post(`${PATH}/questions`, {
    load,
    form: QUESTION_FORM,
    async act(page, values, product) {
      const input = { ...mineOf(page, product), ...values }
      await store.write(page.ctx("added a question"), (tx) => catalog.saveQuestionIn(tx, input))
      return { to: here(product), say: "The question is there." }
    },
    show: (page, question, product, status) => supportPage(deps, page, product, { question }, status),
  })
  questionRoutes(site, deps)
}

function questionRoutes(site: PortalSite, deps: PortalDeps): void {
  const { marketplace, store } = deps
  const { catalog } = marketplace
  const one = (page: PageRequest, ids: { product: string; question: string }) => {
    const product = productOf(deps, page, ids.product)
    const question = catalog.question(product.id, ids.question)
    ensure(question, "not_found", "There is no such question.")
    return { product, question }
  }
  site.form(`${PATH}/:question`, {
    load: one,
    form: QUESTION_FORM,
    present: ({ question: { question, answer } }) => ({ question, answer }),
    async act(page, values, { product, question }) {
      const input = { ...mineOf(page, product), questionPublicId: question.publicId, ...values }
      await store.write(page.ctx("changed a question"), (tx) => catalog.saveQuestionIn(tx, input))
      return { to: here(product), say: "The question is saved." }
    },
    show(page, view, { product, question }, status) {
      const props = {
        product: shown(product),
        question: { id: question.publicId, question: question.question },
        form: view,
      }
      return page.render((frame) => QuestionPage({ frame, ...props }), status)
    },
  })
  site.post(`${PATH}/:question/removal`, {
    load: one,
    form: button("Delete question", true),
    async act(page, _, { product, question }) {
      const input = { ...mineOf(page, product), questionPublicId: question.publicId }
      await store.write(page.ctx("deleted a question"), (tx) => catalog.removeQuestionIn(tx, input))
      return { to: here(product), say: "The question is gone." }
    },
    back: ({ product }) => here(product),
  })
}

function supportPage(
  deps: PortalDeps,
  page: PageRequest,
  product: Product,
  sent: { contact?: FormView; question?: FormView },
  status?: Status,
): Response {
  const { contacts, questions } = deps.marketplace.catalog.supportOf(product.id)
  const path = here(product)
  const props = {
    product: shown(product),
    contacts: contacts.map(({ publicId, kind, label, target, level }) => ({
      id: publicId,
      label,
      target,
      kind: KIND_LABEL.get(kind) ?? kind,
      level: LEVEL_LABEL.get(level) ?? level,
    })),
    questions: questions.map(({ publicId, question, answer }) => ({ id: publicId, question, answer })),
    contactForm: { ...(sent.contact ?? CONTACT_FORM.show({ action: `${path}/contacts` })), ids: "contact" },
    questionForm: {
      ...(sent.question ?? QUESTION_FORM.show({ action: `${path}/questions`, submit: "Add question" })),
      ids: "question",
    },
  }
  return page.render((frame) => SupportPage({ frame: { ...frame, path }, ...props }), status)
}
